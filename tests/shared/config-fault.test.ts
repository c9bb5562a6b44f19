/** Configurations are told of in Japanese, also where the words are ours and not the schema library's. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parseTerminalConfig, TerminalConfig } from '../../device/config.ts';
import { GatewayConfig, parseGatewayConfig } from '../../gateway/config.ts';
import { readBeforeEnrolment } from '../../provisioning/enrol/enrolled-config.ts';
import { configFaultsJa } from '../../shared/config-fault.ts';
import type { Result } from '../../shared/result.ts';
import { gatewaySigner, SITE, TERMINAL } from '../fixtures/identities.ts';
import { messagesOf } from '../fixtures/schema-messages.ts';

const KANA = /[ぁ-んァ-ヶ]/;
const inJapanese = (message: string): string =>
  configFaultsJa([{ place: '/x', message }])[0]?.message ?? '';

const [ofGateway, ofTerminal] = [messagesOf(GatewayConfig), messagesOf(TerminalConfig)];

test.each([...ofGateway.placeByMessage.keys(), ...ofTerminal.placeByMessage.keys()])(
  'the schema says %j',
  (message) => {
    expect(inJapanese(message)).toMatch(KANA);
  },
);

const own = { dataDir: 'data', signingKeyFile: 'key.pem' };
const publicKey = gatewaySigner.publicKey;
const terminals = [TERMINAL, TERMINAL].map((terminalId) => ({
  terminalId,
  siteId: SITE,
  publicKey,
}));
const gateway = (fields: object) => parseGatewayConfig(JSON.stringify({ ...own, ...fields }));
const columns = [
  { heading: '', field: 'nothing' },
  { heading: '' },
  { heading: '', constant: '', codes: {} },
];
const WORDED: Readonly<Record<string, Result<unknown>>> = {
  '/exports': gateway({ exports: { name: { of: 'contribution-days', columns } } }),
  '/signals/lines': parseTerminalConfig(
    JSON.stringify({
      ...own,
      terminalId: TERMINAL,
      siteId: SITE,
      gateway: { url: 'mqtt://127.0.0.1', publicKey },
      signals: { lines: { red: { line: 1 }, green: { line: 1 } } },
    }),
  ),
};

describe('faults that are worded when they are found', () => {
  test('have an example each', () => {
    expect(Object.keys(WORDED)).toEqual([...ofGateway.worded, ...ofTerminal.worded]);
  });

  test.each<[string, Result<unknown>, number]>([
    ['of an export', WORDED['/exports'] as Result<unknown>, 3],
    ['of two wires on one line', WORDED['/signals/lines'] as Result<unknown>, 1],
    ['of one terminal twice', gateway({ terminals }), 1],
    ['of plain MQTT to others', gateway({ broker: { kind: 'embedded', host: '0.0.0.0' } }), 1],
    ['of MQTT over TLS without trust', gateway({ broker: { kind: 'embedded', tls: true } }), 1],
    ['of a plain broker elsewhere', gateway({ broker: { kind: 'external', url: 'mqtt://b' } }), 1],
    ['of mqtts without trust', gateway({ broker: { kind: 'external', url: 'mqtts://b' } }), 1],
    ['of a text that is not JSON', parseGatewayConfig('{'), 1],
    ['before an enrolment, of the same', readBeforeEnrolment('{'), 1],
    ['before an enrolment, of a list', readBeforeEnrolment('[]'), 1],
  ])('%s', (_what, read, count) => {
    const faults = read.ok ? [] : read.faults;
    expect(faults).toHaveLength(count);
    for (const { message } of faults) expect(inJapanese(message)).toMatch(KANA);
  });
});

test('what has no words here stays as it is, and the whole document has a name', () => {
  const fault = { place: '', message: '無効な入力です' };
  expect(configFaultsJa([fault])).toEqual([{ ...fault, place: '全体' }]);
});

describe('a command tells of its configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'genba-faults-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify({ ...own, siteId: '1', terminals: [{ siteId: '1' }], x: 1 }));

  test.each([
    ['gateway/main.ts', ['account', 'list']],
    ['provisioning/genba.ts', ['status']],
    ['provisioning/genba.ts', ['enrol', 'x']],
  ])('%s %j', (program, words) => {
    const path = fileURLToPath(new URL(`../../${program}`, import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [path, ...words, '--config', file], {
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^ {2}全体: /m);
    for (const line of stderr.split('\n').slice(1, -1)) expect(line).toMatch(KANA);
  });
});
