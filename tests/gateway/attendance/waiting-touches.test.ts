/** Touches that claim to be later than their own arrival: kept, told, counted for nothing until a person says which day. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Journal, openJournal } from '../../../device/journal.ts';
import { encodeBatch } from '../../../shared/batch.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import type { EntryBody } from '../../../shared/entry.ts';
import { WorkerId } from '../../../shared/ids.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, utcMs } from '../../../shared/time.ts';
import { topicOf } from '../../../shared/topics.ts';
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts';
import {
  type CorrectionWorld,
  callAs,
  openCorrections,
  type Who,
} from '../../fixtures/correction-world.ts';
import { OTHER_CARD, SITE, TERMINAL, terminalSigner, WORKER } from '../../fixtures/identities.ts';
import { TAP_BODY } from '../../fixtures/tap-body.ts';

let world: CorrectionWorld;
let journal: Journal;
/** The terminal's clock; the gateway has its own. */
let clock: FakeClock;

beforeEach(() => {
  world = openCorrections();
  journal = openJournal(openDurableSqlite(':memory:', { checkpointPages: 1_000 }), TERMINAL);
  clock = createFakeClock('2026-11-25T12:00:00+09:00');
});
afterEach(() => {
  journal.close();
  world.ledger.close();
});

const send = (body: EntryBody = TAP_BODY): void => {
  const outcome = journal.append(body, clock.read());
  if (outcome.kind !== 'stored') throw new Error(outcome.message);
  const { seq } = outcome.entry;
  const bytes = encodeBatch(
    journal,
    journal.hashAt(seq - 1) ?? '',
    journal.read(seq, seq),
    terminalSigner,
  );
  world.gateway.onMessage(topicOf(TERMINAL, 'journal'), bytes);
};
const derive = (): void => {
  while (world.gateway.derive() > 0);
};
const dates = () => {
  derive();
  return world.ledger.attendance({}).map(({ workDate }) => workDate);
};
const get = async (who: Who, path: string) => (await callAs(world, who, 'GET', path)).body;
const waiting = async (who: Who) => (await get(who, '/v1/waiting-touches')).touches;
const unresolved = async (who: Who) =>
  (await get(who, '/v1/contributions?month=2026-11')).unresolved.filter(
    ({ reason }: { reason: string }) => reason === 'future-dated' || reason === 'undated',
  );
const alerts = async () => {
  await world.fleet.watch();
  return world.fleet.alerts().map(({ rule, detail }) => `${rule} ${detail}`);
};

describe('a terminal’s clock that runs a month ahead', () => {
  beforeEach(() => {
    clock.stepWall(31 * DAY_MS);
    send();
  });

  test('makes no day, and says so everywhere', async () => {
    expect(dates()).toEqual([]);
    const { taps } = await get('prime', '/v1/taps');
    expect(taps).toMatchObject([{ at: '2026-12-26T12:00:00+09:00', futureDated: true }]);
    expect(await waiting('prime')).toMatchObject([
      {
        id: taps[0].id,
        reason: 'future-dated',
        workerId: WORKER,
        claimedAt: '2026-12-26T12:00:00+09:00',
        receivedAt: '2026-11-25T12:00:00+09:00',
        workDate: '2026-11-25',
      },
    ]);
    expect(await unresolved('prime')).toMatchObject([
      {
        reason: 'future-dated',
        mendedBy: 'prime',
        workerId: WORKER,
        workDate: '2026-11-25',
        evidence: [taps[0].id],
      },
    ]);
    expect(await alerts()).toContain('future-dated-taps 1件（gate-1）');
  });

  test('says why the day is not settled, with what the touch claims', async () => {
    derive();
    const [{ siteId, workDate, workerId }] = await unresolved('prime');
    const key = new URLSearchParams({ reason: 'future-dated', siteId, workDate, workerId });
    const { figures } = await get('prime', `/v1/why/contributions?list=unresolved&${key}`);
    expect(figures.find(({ code }: { code: string }) => code === 'evidence').grounds).toMatchObject(
      [
        { kind: 'touch', at: '2026-12-26T12:00:00+09:00', meaning: 'future-dated', by: 'card' },
        { kind: 'rule', id: 'waiting-touch' },
      ],
    );
  });

  test('makes none when that day comes, either', () => {
    world.clock.advance(60 * DAY_MS);
    expect(dates()).toEqual([]);
  });

  test('is settled by a correction that names the touch', async () => {
    const [touch] = await waiting('employer');
    const asked = await callAs(world, 'employer', 'POST', '/v1/correction-requests', {
      siteId: SITE,
      workerId: WORKER,
      workDate: '2026-11-25',
      kind: 'set-in',
      at: '2026-11-25T08:00:00+09:00',
      reason: '端末の時計の誤り',
      corrects: touch.id,
    });
    expect(asked.status).toBe(201);
    expect(await waiting('employer')).toHaveLength(1);
    await callAs(world, 'prime', 'POST', `/v1/correction-requests/${asked.body.id}/decision`, {
      verdict: 'approved',
      reason: '日報で確認',
    });
    expect(dates()).toEqual(['2026-11-25']);
    expect(world.ledger.attendance({})[0]?.evidence).toEqual([
      `correction/${asked.body.id}`,
      touch.id,
    ]);
    expect(await waiting('employer')).toEqual([]);
    expect(await unresolved('employer')).toEqual([]);
    await alerts();
    world.clock.advance(5 * MINUTE_MS);
    expect(await alerts()).not.toContain('future-dated-taps 1件（gate-1）');
  });

  test('is settled by the manager who takes the touch back', async () => {
    send({
      kind: 'manual',
      siteId: SITE,
      change: { do: 'void', seq: 1 },
      by: '所長',
      reason: '時計の誤り',
    });
    expect(await waiting('prime')).toEqual([]);
    expect(dates()).toEqual([]);
  });

  test('is shown within the scope only', async () => {
    expect(await waiting('employer')).toHaveLength(1);
    expect(await waiting('stranger')).toEqual([]);
    expect(await waiting('former')).toEqual([]);
    expect(await waiting('worker')).toHaveLength(1);
  });

  test('does not lend its touch to somebody else’s correction', async () => {
    const [touch] = await waiting('prime');
    const { body } = await callAs(world, 'former', 'POST', '/v1/correction-requests', {
      siteId: SITE,
      workerId: '10000000000003',
      workDate: '2026-11-25',
      kind: 'add',
      reason: '就労',
      corrects: touch.id,
    });
    expect(body.faults).toMatchObject([{ place: '/corrects' }]);
  });
});

test('five minutes ahead are no future; a manager’s passage further ahead is', async () => {
  clock.stepWall(5 * MINUTE_MS);
  send();
  expect(dates()).toEqual(['2026-11-25']);
  const at = utcMs(clock.read().wallMs + DAY_MS);
  send({
    kind: 'manual',
    siteId: SITE,
    change: { do: 'add', workerId: WorkerId.parse(WORKER), direction: 'in', at },
    by: '所長',
    reason: '忘れ',
  });
  expect(dates()).toEqual(['2026-11-25']);
  expect(await waiting('prime')).toMatchObject([{ reason: 'future-dated' }]);
});

test('where the gateway’s own clock is not believed, nothing is of the future', async () => {
  world.clock.setTrust('untrusted');
  clock.stepWall(31 * DAY_MS);
  send();
  expect(dates()).toEqual(['2026-12-26']);
  expect(await waiting('prime')).toEqual([]);
});

test('a boot that is dated afterwards is judged by when its touches arrived', async () => {
  clock.setTrust('untrusted');
  send();
  expect(await waiting('prime')).toMatchObject([{ reason: 'undated' }]);
  expect(await unresolved('prime')).toEqual([]);
  world.clock.advance(DAY_MS);
  expect(await unresolved('prime')).toMatchObject([{ reason: 'undated' }]);
  // The clock that comes at last is wrong by two days: the touch would be later than its arrival.
  clock.setTrust('trusted');
  clock.stepWall(2 * DAY_MS);
  clock.advance(HOUR_MS);
  send({ kind: 'clock' });
  expect(dates()).toEqual([]);
  expect(await waiting('prime')).toMatchObject([{ reason: 'future-dated' }]);
});

test('a card that a manager binds at the gate counts at once', async () => {
  send({ ...TAP_BODY, presented: { by: 'card', cardId: OTHER_CARD } });
  derive();
  expect(world.ledger.attendance({})).toMatchObject([{ subject: { kind: 'card' } }]);
  send({
    kind: 'bind',
    siteId: SITE,
    cardId: OTHER_CARD,
    workerId: WorkerId.parse(WORKER),
    by: '所長',
    reason: '再発行',
  });
  derive();
  expect(world.ledger.attendance({})).toMatchObject([
    { subject: { kind: 'worker', workerId: WORKER } },
  ]);
});
