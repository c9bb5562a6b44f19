/** The gateway killed in the middle of sending: what was given away is never given away again by itself. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../fixtures/event-log.ts';
import type { TestMailServer } from '../fixtures/mail-server.ts';
import { type MailingSite, openMailingSite } from '../fixtures/mailing-site.ts';
import type { RunningService } from '../fixtures/service.ts';
import type { Site } from '../fixtures/site.ts';
import { DEMO_REBAR, DEMO_SITE, MONTH } from '../fixtures/worked-month.ts';

let mailing: MailingSite;
let server: TestMailServer;
let site: Site;
let gateway: RunningService;

beforeEach(async () => {
  mailing = await openMailingSite();
  ({ server, site } = mailing);
  gateway = await site.startGateway();
});
afterEach(async () => {
  await gateway.kill('SIGKILL');
  await mailing.close();
});

const ask = async (method: string, path: string, body?: object) => {
  const response = await site.api(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.json();
};
const submit = async (): Promise<string> => {
  const wanted = { siteId: DEMO_SITE, companyId: DEMO_REBAR, month: MONTH };
  return (await ask('POST', '/v1/submissions', wanted)).mail.mailId;
};
const becomes = (mailId: string, kind: string) =>
  until(
    async () => (await ask('GET', `/v1/mails/${mailId}`)).mail.state.kind === kind,
    `the mail is ${kind}`,
    40,
  );
const restart = async (): Promise<void> => {
  await gateway.kill('SIGKILL');
  server.behave('take');
  gateway = await site.startGateway();
};

test('killed before the end of the message has left, it sends the mail after it is back, once', async () => {
  server.behave('hold-at-recipient');
  const mailId = await submit();
  await until(() => server.heldAtRecipient() === 1, 'the server keeps it waiting', 40);
  await restart();
  await becomes(mailId, 'sent');
  expect(server.received).toHaveLength(1);
});

test('killed while it waits for the answer, it asks a person, and sends only on their word', async () => {
  server.behave('hold-after-message');
  const mailId = await submit();
  await until(() => server.received.length === 1, 'the server has it', 40);
  await restart();
  await becomes(mailId, 'uncertain');
  await ask('POST', `/v1/mails/${mailId}/settle`, { as: 'send-again' });
  await becomes(mailId, 'sent');
  expect(server.received).toHaveLength(2);
  const [first, second] = server.received;
  expect(second?.bytes.equals(first?.bytes ?? Buffer.alloc(0))).toBe(true);
});
