/** What `genba-gateway` says to who asks it for a code or a first configuration with wrong words. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatewayCommand } from '../fixtures/gateway-command.ts';
import { createSite, freePort, type Site } from '../fixtures/site.ts';

let site: Site;
beforeEach(async () => {
  site = await createSite({
    gatewaySettings: {
      terminals: [],
      trust: { host: 'localhost', enrolment: { listen: '127.0.0.1', port: await freePort() } },
    },
  });
  const gateway = await site.startGateway();
  await site.importRegistry();
  await gateway.kill('SIGTERM');
});
afterEach(() => site.remove());

test.each<[string, readonly string[], RegExp]>([
  ['a site that is no site', ['enrolment-code', '--site', '39999999999999'], /現場ではありません/],
  [
    'every fault at once',
    ['enrolment-code', '--site', '1', '--minutes', '0', '--terminal', 'A/B'],
    /14桁[\s\S]*端末の名前[\s\S]*--minutes/,
  ],
  ['a second configuration', ['init', '--host', 'gateway.example'], /すでにあります/],
  ['no host', ['init'], /--host/],
])('%s is refused', async (_what, words, message) => {
  const { code, text } = await gatewayCommand(
    ...words,
    '--config',
    join(site.folder, 'gateway.json'),
  );
  expect([code, text]).toEqual([2, expect.stringMatching(message)]);
});
