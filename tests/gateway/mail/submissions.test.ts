/** 就労状況報告書 by mail: from a person's word, over the API, to a real mail server, and what comes back. */

import { hash } from 'node:crypto';
import PostalMime from 'postal-mime';
import { readSheet } from 'read-excel-file/node';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeNamedDocument } from '../../../gateway/api/document-routes.ts';
import { createApi } from '../../../gateway/api/server.ts';
import { MailConfig } from '../../../gateway/mail/mail-config.ts';
import { type MailOffice, startMail } from '../../../gateway/mail/start-mail.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { openSqliteOutbox } from '../../../gateway/store/sqlite-outbox.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { HOUR_MS, startOfDate, type UtcMs, utcMs } from '../../../shared/time.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { openAccess } from '../../fixtures/access.ts';
import { bounceOf } from '../../fixtures/bounce.ts';
import { until } from '../../fixtures/event-log.ts';
import { watchFleet } from '../../fixtures/fleet.ts';
import {
  EMPLOYER_ADDRESS,
  PRIME_ADDRESS,
  registryWithAddresses,
} from '../../fixtures/mail-registry.ts';
import {
  type Identity,
  loopbackIdentity,
  openMailServer,
  PASSWORD,
  type TestMailServer,
  USER,
} from '../../fixtures/mail-server.ts';
import { storeDays } from '../../fixtures/store-days.ts';
import {
  AS_OF,
  DEMO_PRIME,
  DEMO_REBAR,
  DEMO_SITE,
  MONTH,
  workedDays,
} from '../../fixtures/worked-month.ts';

const TOKEN = 'administer';
const FROM = 'gate@example.jp';
const wanted = { siteId: DEMO_SITE, companyId: DEMO_REBAR, month: MONTH };

let identity: Identity;
let server: TestMailServer;
let office: MailOffice;
let audited: unknown[];
let now: UtcMs;
let ask: (method: string, path: string, body?: unknown) => Promise<Response>;
let close: () => void;

beforeAll(async () => {
  identity = await loopbackIdentity();
});

beforeEach(async () => {
  server = await openMailServer({ ...identity });
  now = utcMs(startOfDate(AS_OF) + 9 * HOUR_MS);
  audited = [];
  const database = openDurableSqlite(':memory:', { checkpointPages: 1_000 });
  const ledger = openSqliteLedger(database);
  const nobody = { contacts: () => [], contactsToStore: () => [] };
  storeDays(ledger, workedDays());
  const registry = registryWithAddresses();
  const index = indexRegistry(registry);
  const documents = {
    ledger,
    registry: () => registry,
    registryIndex: () => index,
    now: () => now,
  };
  office = startMail({
    ...documents,
    config: MailConfig.parse({
      host: '127.0.0.1',
      port: server.port,
      auth: { user: USER, passwordFile: 'unread here' },
      from: FROM,
      submitOnDay: 3,
    }),
    secrets: { ca: identity.ca, password: PASSWORD },
    outbox: openSqliteOutbox(database, { now: () => now, random: () => 0.5 }),
    makeDocument: (name, parameters) =>
      makeNamedDocument({ ...documents, ...nobody }, name, parameters),
    audit: { append: (event) => audited.push(event) },
    log: () => undefined,
  });
  const api = createApi({
    ...documents,
    importRegistry: () => undefined,
    ...nobody,
    ...watchFleet({
      db: database,
      ledger,
      gateway: nobody,
      clock: createFakeClock(`${AS_OF}T00:00:00+09:00`),
    }),
    access: openAccess(database, createFakeClock(`${AS_OF}T00:00:00+09:00`), { admin: [TOKEN] }),
    version: '1.2.3',
    nextCommit: async () => 'late',
    nextDerived: async () => 'late',
    mail: office,
    log: () => undefined,
  });
  ask = async (method, path, body) =>
    api.request(path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(body === undefined
        ? {}
        : { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
    });
  close = () => {
    office.stop();
    ledger.close();
  };
});
afterEach(async () => {
  close();
  await server.close();
});

const submit = async (body: object = wanted) => (await ask('POST', '/v1/submissions', body)).json();
const stateOf = async (mailId: string) =>
  (await (await ask('GET', `/v1/mails/${mailId}`)).json()).mail.state;
const becomes = (mailId: string, kind: string) =>
  until(async () => (await stateOf(mailId)).kind === kind, `the mail is ${kind}`);

describe('a report', () => {
  test('goes to the 元請 with its figures and files, and its very bytes are kept', async () => {
    const { outcome, mail } = await submit();
    expect(outcome).toBe('queued');
    expect(mail).toMatchObject({ recipient: PRIME_ADDRESS, queuedBy: 'token:admin-0' });
    await becomes(mail.mailId, 'sent');
    expect(await stateOf(mail.mailId)).toMatchObject({ response: '250 taken as number 7' });

    const [arrived] = server.received;
    expect(arrived).toMatchObject({ from: FROM, to: [PRIME_ADDRESS], isEncrypted: true });
    const bytes = arrived?.bytes ?? Buffer.alloc(0);
    const kept = await ask('GET', `/v1/mails/${mail.mailId}/message`);
    expect(Buffer.from(await kept.arrayBuffer()).equals(bytes)).toBe(true);
    expect(mail.sha256).toBe(hash('sha256', bytes));

    const read = await PostalMime.parse(bytes, { attachmentEncoding: 'arraybuffer' });
    expect(read.subject).toBe(
      '就労状況報告書 2026年11月分 北浜鉄筋工業株式会社（県道みなと橋 橋脚補強工事）',
    );
    expect(read.messageId).toBe(mail.messageId);
    expect(read.replyTo).toMatchObject([{ address: EMPLOYER_ADDRESS }]);
    expect(read.text).toContain('掛金　　　54,400円');
    expect(read.attachments.map(({ filename }) => filename)).toEqual([
      `employment-report-${MONTH}-${DEMO_REBAR}-monthly.xlsx`,
      `employment-report-${MONTH}-${DEMO_REBAR}-daily.xlsx`,
      `employment-report-${MONTH}-${DEMO_REBAR}-daily.csv`,
    ]);
    const sheet = await readSheet(Buffer.from(Object(read.attachments[0]?.content)));
    expect(sheet.flat()).toContain(54_400);
    expect(audited).toEqual([
      {
        kind: 'mail-sent',
        actor: 'gateway',
        detail: {
          mailId: mail.mailId,
          purpose: `employment-report ${DEMO_SITE} ${DEMO_REBAR} ${MONTH}`,
        },
      },
    ]);
  });

  test('goes once, and a second time only on a person’s word', async () => {
    const first = await submit();
    await becomes(first.mail.mailId, 'sent');
    const second = await submit();
    expect(second).toMatchObject({
      outcome: 'already-submitted',
      mail: { mailId: first.mail.mailId },
    });
    const [one, other] = await Promise.all([submit({ ...wanted, again: true }), submit()]);
    expect([one.outcome, other.outcome].sort()).toEqual(['already-submitted', 'queued']);
    const mails = (await (await ask('GET', '/v1/mails')).json()).mails;
    expect(mails).toHaveLength(2);
  });

  test('that the server refuses for now waits, with the reason, and goes when its time has come', async () => {
    server.behave({ at: 'recipient', code: 450, text: 'mailbox busy' });
    const { mail } = await submit();
    await until(async () => (await stateOf(mail.mailId)).failures === 1, 'a failed try');
    expect(await stateOf(mail.mailId)).toMatchObject({
      kind: 'queued',
      reason: expect.stringContaining('mailbox busy'),
      dueAt: '2026-12-05T09:01:00+09:00',
    });
    server.behave('take');
    office.drainSoon();
    now = utcMs(now + HOUR_MS);
    office.drainSoon();
    await becomes(mail.mailId, 'sent');
    expect(server.received).toHaveLength(1);
    const { history } = await (await ask('GET', `/v1/mails/${mail.mailId}`)).json();
    expect(history.map(({ state }: { state: { kind: string } }) => state.kind)).toEqual([
      'queued',
      'sending',
      'queued',
      'sending',
      'handing-over',
      'sent',
    ]);
  });

  test('whose answer was lost is left to a person, who has it sent again under the same id', async () => {
    server.behave('drop-after-message');
    const { mail } = await submit();
    await becomes(mail.mailId, 'uncertain');
    server.behave('take');
    now = utcMs(now + 48 * HOUR_MS);
    office.drainSoon();
    expect(await submit()).toMatchObject({ outcome: 'already-submitted' });
    expect(server.received).toHaveLength(1);

    await ask('POST', `/v1/mails/${mail.mailId}/settle`, { as: 'send-again' });
    await becomes(mail.mailId, 'sent');
    expect(server.received).toHaveLength(2);
    expect(server.received[1]?.bytes.equals(server.received[0]?.bytes ?? Buffer.alloc(0))).toBe(
      true,
    );
    const settled = await ask('POST', `/v1/mails/${mail.mailId}/settle`, { as: 'sent' });
    expect(settled.status).toBe(422);
  });

  test('that comes back is shown as bounced, by its Message-ID, with the reason', async () => {
    const { mail } = await submit();
    await becomes(mail.mailId, 'sent');
    const bounce = bounceOf(PRIME_ADDRESS, mail.messageId);
    const answer = await ask('POST', '/v1/mails/bounces', Buffer.from(bounce));
    expect(await answer.json()).toMatchObject({
      outcome: 'bounced',
      mail: { state: { kind: 'bounced', reason: `${PRIME_ADDRESS}: 5.1.1 550 no such user` } },
    });
    const stranger = bounce.replace(mail.messageId, '<other@example.jp>');
    expect((await ask('POST', '/v1/mails/bounces', Buffer.from(stranger))).status).toBe(404);
    // What did not arrive may be sent anew without further words.
    expect(await submit()).toMatchObject({ outcome: 'queued' });
  });
});

describe('what cannot be submitted is told', () => {
  test.each<[object, number, readonly string[], string]>([
    [{}, 400, ['/siteId', '/companyId', '/month'], 'everything missing at once'],
    [{ ...wanted, companyId: DEMO_PRIME }, 422, ['/companyId'], 'the 元請 to itself'],
    [{ ...wanted, month: '2026-02' }, 422, ['/companyId'], 'no work in that month'],
  ])('%o with %i at %o (%s)', async (body, status, places, _because) => {
    const response = await ask('POST', '/v1/submissions', body);
    expect(response.status).toBe(status);
    const { faults } = await response.json();
    expect(faults.map(({ place }: { place: string }) => place)).toEqual(places);
  });
});

test('from its day of the month on, each employer’s report goes by itself, once', async () => {
  expect(await office.desk.queueDue()).toBe(2);
  expect(await office.desk.queueDue()).toBe(0);
  office.drainSoon();
  await until(() => server.received.length === 2, 'both have arrived');
  const { submissions } = await (await ask('GET', `/v1/submissions?month=${MONTH}`)).json();
  expect(
    submissions.map(({ companyId, days, mail }: Record<string, never>) => [
      companyId,
      days,
      mail && 'sent',
    ]),
  ).toEqual([
    [DEMO_REBAR, 170, 'sent'],
    ['20260000000003', expect.any(Number), 'sent'],
  ]);
  now = utcMs(startOfDate(AS_OF) - 3 * 24 * HOUR_MS);
  expect(await office.desk.queueDue()).toBe(0);
});
