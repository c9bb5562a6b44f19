/** The gate decision, as a table. */
import { describe, expect, test } from 'vitest';
import { decide, gateDate, indexRoster, type LastTouch, workerOf } from '../../device/gate.ts';
import type { Presented } from '../../shared/entry.ts';
import { WorkerId } from '../../shared/ids.ts';
import { type ClockReading, DAY_MS, uptimeMs, utcMs, workDate } from '../../shared/time.ts';
import { CARD, OTHER_CARD, WORKER } from '../fixtures/identities.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';

const rosterIndex = indexRoster(rosterOf());
const now: ClockReading = {
  wallMs: utcMs(Date.parse('2026-11-24T07:00:00+09:00')),
  uptimeMs: uptimeMs(500_000),
  bootId: 'boot-1',
  trust: 'trusted',
};
const card: Presented = { by: 'card', cardId: CARD };
const touchedAgo = (ms: number, bootId = 'boot-1'): LastTouch => ({
  bootId,
  uptimeMs: 500_000 - ms,
});

describe('decide', () => {
  test.each([
    ['a card on the roster', {}, 'recorded', []],
    ['a typed id on the roster', { presented: { by: 'typed', workerId: WORKER } }, 'recorded', []],
    [
      'an unknown card is recorded and pointed out',
      { presented: { by: 'card', cardId: OTHER_CARD } },
      'warned',
      ['unknown-card'],
    ],
    [
      'so is a typed id that is not on the roster',
      { presented: { by: 'typed', workerId: WorkerId.parse('99999999999999') } },
      'warned',
      ['not-on-roster'],
    ],
    ['without a roster nobody can be known', { rosterIndex: undefined }, 'warned', ['no-roster']],
    [
      'a clock that nobody trusts is said',
      { reading: { ...now, trust: 'untrusted' } },
      'warned',
      ['clock-untrusted'],
    ],
    [
      'every reason is named',
      { presented: { by: 'card', cardId: OTHER_CARD }, reading: { ...now, trust: 'untrusted' } },
      'warned',
      ['unknown-card', 'clock-untrusted'],
    ],
    ['again within the window', { lastTouch: touchedAgo(59_999) }, 'repeat', []],
    ['again just after the window', { lastTouch: touchedAgo(60_000) }, 'recorded', []],
    [
      'a touch before a reboot is not a repeat: uptime began anew',
      { lastTouch: touchedAgo(1, 'boot-0') },
      'recorded',
      [],
    ],
    [
      'nor where the new boot bears the same id: it was later in its boot than it is now',
      { lastTouch: touchedAgo(-1) },
      'recorded',
      [],
    ],
    [
      'a wall clock stepped back an hour locks nobody out',
      { lastTouch: touchedAgo(60_000), reading: { ...now, wallMs: utcMs(0) } },
      'recorded',
      [],
    ],
  ] as const)('%s', (_because, difference, kind, reasons) => {
    const question = {
      presented: card,
      rosterIndex,
      lastTouch: undefined,
      reading: now,
      repeatWindowMs: 60_000,
      rosterMaxAgeMs: 7 * DAY_MS,
    };
    expect(decide({ ...question, ...difference })).toMatchObject({ kind, reasons });
  });
});

describe('what the roster says of the worker', () => {
  const day = workDate;
  const withWorker = (
    fields: Parameters<typeof rosterWorkerOf>[0],
    roster: Parameters<typeof rosterOf>[0] = {},
  ) => indexRoster(rosterOf({ ...roster, workers: [rosterWorkerOf(fields)] }));
  const found = [{ reason: 'no-employer' }, { reason: 'worker-not-assigned' }] as const;
  const held = { effects: { 'insurance-unconfirmed': 'hold' } } as const;

  test.each<[string, ReturnType<typeof withWorker>, Partial<ClockReading>, string, string[]]>([
    [
      'every line of the checklist that fails is named, in its order',
      withWorker({ findings: [...found] }),
      {},
      'warned',
      ['no-employer', 'worker-not-assigned'],
    ],
    [
      'a finding that ended yesterday is over',
      withWorker({ findings: [{ reason: 'no-employer', to: day('2026-11-23') }] }),
      {},
      'recorded',
      [],
    ],
    [
      'one that begins tomorrow is not yet',
      withWorker({ findings: [{ reason: 'no-employer', from: day('2026-11-25') }] }),
      {},
      'recorded',
      [],
    ],
    [
      'weeks without a network change the day, not the roster',
      withWorker({ findings: [{ reason: 'outside-period', from: day('2026-11-27') }] }),
      { wallMs: utcMs(Date.parse('2026-11-27T00:00:00+09:00')) },
      'warned',
      ['outside-period'],
    ],
    [
      'a lack of insurance is only noted where the site says nothing',
      withWorker({ findings: [{ reason: 'insurance-unconfirmed' }] }),
      {},
      'recorded',
      ['insurance-unconfirmed'],
    ],
    [
      'and holds the worker where the site says so',
      withWorker({ findings: [{ reason: 'insurance-unconfirmed' }, ...found] }, held),
      {},
      'held',
      ['insurance-unconfirmed', 'no-employer', 'worker-not-assigned'],
    ],
    [
      'a card whose dates are over names nobody',
      withWorker({ cards: [{ cardId: CARD, to: day('2026-11-23') }] }),
      {},
      'warned',
      ['card-invalid'],
    ],
    [
      'an old roster is noted; the worker can do nothing about it',
      withWorker({}, { issuedAtMs: utcMs(Date.parse('2026-11-17T06:59:59+09:00')) }),
      {},
      'recorded',
      ['roster-old'],
    ],
    [
      'which a clock that nobody trusts cannot tell',
      withWorker({}, { issuedAtMs: utcMs(Date.parse('2026-11-17T06:59:59+09:00')) }),
      { trust: 'untrusted' },
      'warned',
      ['clock-untrusted'],
    ],
    [
      'without a trusted clock the day of the roster decides',
      withWorker({ findings: [{ reason: 'no-employer', from: day('2026-11-24') }] }),
      { wallMs: utcMs(0), trust: 'untrusted' },
      'warned',
      ['no-employer', 'clock-untrusted'],
    ],
  ])('%s', (_because, index, reading, kind, reasons) => {
    const question = {
      presented: card,
      rosterIndex: index,
      lastTouch: undefined,
      reading: { ...now, ...reading },
      repeatWindowMs: 60_000,
      rosterMaxAgeMs: 7 * DAY_MS,
    };
    expect(decide(question)).toMatchObject({ kind, reasons });
  });

  test.each<[string, 'warn' | 'hold' | 'note', string]>([
    ['who waits for staff does not pass by touching again', 'hold', 'held'],
    ['nor does whom somebody should look at', 'warn', 'warned'],
    ['what is only noted is a plain repeat', 'note', 'recorded'],
  ])('%s', (_because, effect, standing) => {
    const reason = 'insurance-unconfirmed';
    const question = {
      presented: card,
      rosterIndex: withWorker({ findings: [{ reason }] }, { effects: { [reason]: effect } }),
      lastTouch: touchedAgo(5_000),
      reading: now,
      repeatWindowMs: 60_000,
      rosterMaxAgeMs: 7 * DAY_MS,
    };
    expect(decide(question)).toEqual({ kind: 'repeat', standing, reasons: [reason] });
  });

  test('a card handed on names who holds it that day', () => {
    const other = WorkerId.parse('10000000000002');
    const index = indexRoster(
      rosterOf({
        workers: [
          rosterWorkerOf({ cards: [{ cardId: CARD, to: day('2026-11-23') }] }),
          rosterWorkerOf({ workerId: other, cards: [{ cardId: CARD, from: day('2026-11-24') }] }),
        ],
      }),
    );
    expect(workerOf(index, card, day('2026-11-23'))?.workerId).toBe(WORKER);
    expect(workerOf(index, card, gateDate(index, now))?.workerId).toBe(other);
  });
});
