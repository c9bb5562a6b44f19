/**
 * Whatever happens and whenever periods are closed and amended: the statement with all its amendments is
 * today's figure, what was issued stays as it was, and every amendment says why.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Registry } from '../../../gateway/registry/registry-document.ts';
import type { Period } from '../../../gateway/statements/period.ts';
import { runToEnd } from '../../../gateway/turns.ts';
import type { Direction, SiteId } from '../../../shared/ids.ts';
import { month, workDate } from '../../../shared/time.ts';
import {
  CARD_ID,
  FIRST_TIER,
  OTHER_COMPANY,
  SECOND_SITE,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';
import { createStatementWorld, type StatementWorld } from '../../fixtures/statement-world.ts';

const START = Date.parse('2026-11-01T00:00:00+09:00');
const DAY = 86_400_000;
const MINUTES = 60 * 24 * 6;
const CARDS = [CARD_ID, '01140A261A2B0002'] as const;
const OTHER_WORKER = '10000000000002';
const SITES = [SITE_ID, SECOND_SITE] as const;
const PERIODS: readonly Period[] = [month('2026-11'), ...[1, 2, 3, 4].map((day) => dateOf(day))];

function dateOf(day: number) {
  return workDate(`2026-11-0${day}`);
}

const day = fc.integer({ min: 1, max: 5 });
const which = fc.constantFrom<0 | 1>(0, 1);
const aChange = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('touch' as const),
      minute: fc.integer({ min: 0, max: MINUTES }),
      direction: fc.constantFrom<Direction>('in', 'out', 'auto'),
      card: which,
      site: which,
      isUntrusted: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('recover' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('void' as const),
      seq: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bind' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('hold' as const), from: day, isOther: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('move' as const), isOther: fc.boolean(), from: day }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('reckon' as const),
      dayStart: fc.constantFrom('00:00', '05:00', '23:00'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), day }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('approve-void' as const), day }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('approve' as const), day }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('rename' as const),
      memberNo: fc.option(fc.constant('123456789'), { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('correct' as const),
      day,
      kind: fc.constantFrom('add' as const, 'void' as const, 'set-in' as const, 'set-out' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('close' as const), site: which, period: fc.nat(4) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('amend' as const), site: which, period: fc.nat(4) }),
  },
);
type Change = typeof aChange extends fc.Arbitrary<infer Of> ? Of : never;

const rows = <Of>(value: unknown): Of => value as Of;

const apply = (world: StatementWorld, change: Change, at: number): void => {
  const iso = (ms: number): string => new Date(ms).toISOString();
  switch (change.do) {
    case 'touch':
      world.touch({
        at: START + change.minute * 60_000,
        direction: change.direction,
        cardId: CARDS[change.card],
        siteId: SITES[change.site],
        isUntrusted: change.isUntrusted,
      });
      break;
    case 'recover':
      world.recoverClock();
      break;
    case 'void':
      world.commit({
        kind: 'manual',
        change: { do: 'void', seq: change.seq },
        by: '所長',
        reason: '間違い',
      });
      break;
    case 'bind':
      world.commit({
        kind: 'bind',
        cardId: CARDS[1],
        workerId: WORKER_ID,
        by: '所長',
        reason: '再発行',
      });
      break;
    case 'hold':
      world.useRegistry(({ cards }) => ({
        cards: [
          ...cards.filter(({ cardId }) => cardId !== CARDS[1]),
          rows<Registry['cards'][number]>({
            cardId: CARDS[1],
            workerId: change.isOther ? OTHER_WORKER : WORKER_ID,
            from: dateOf(change.from),
          }),
        ],
      }));
      break;
    case 'move':
      world.useRegistry(({ assignments }) => ({
        assignments: assignments.map((row) => ({
          ...row,
          companyId: change.isOther ? OTHER_COMPANY : FIRST_TIER,
          from: dateOf(change.from),
        })),
      }));
      break;
    case 'reckon':
      world.useRegistry(({ sites }) => ({
        sites: sites.map((site) => ({ ...site, dayStart: change.dayStart })),
      }));
      break;
    case 'approve-void':
      world.approveVoid(dateOf(change.day));
      break;
    case 'leave':
      world.useRegistry(() => ({
        leave: [
          {
            workerId: WORKER_ID,
            companyId: FIRST_TIER,
            date: dateOf(change.day),
            kind: 'paid-leave',
          },
        ],
      }));
      break;
    case 'approve':
      world.useRegistry(() => ({
        approvals: [
          { workerId: WORKER_ID, workDate: dateOf(change.day), days: 2, by: '元請', at: iso(at) },
        ],
      }));
      break;
    case 'rename':
      world.useRegistry(({ workers }) => ({
        workers: workers.map(({ memberNo: _, ...row }) =>
          change.memberNo === undefined ? row : { ...row, memberNo: change.memberNo },
        ),
      }));
      break;
    case 'correct':
      world.useRegistry(({ corrections }) => ({
        corrections: [
          ...corrections,
          {
            siteId: SITE_ID,
            workerId: WORKER_ID,
            workDate: dateOf(change.day),
            kind: change.kind,
            at: iso(START + (change.day - 1) * DAY + 10 * 3_600_000),
            by: '元請',
            reason: '確認済み',
            recordedAt: iso(at),
          },
        ],
      }));
      break;
    case 'close':
    case 'amend': {
      const period = PERIODS[change.period];
      const siteId = SITES[change.site] as SiteId;
      if (period !== undefined) world.desk[change.do]({ siteId, period }, 'token:test');
      break;
    }
  }
};

test('statement + amendments = today, frozen for ever, each change with its reason', () => {
  fc.assert(
    fc.property(fc.array(aChange, { minLength: 15, maxLength: 60, size: 'max' }), (changes) => {
      const world = createStatementWorld({
        workers: [WORKER_ID, OTHER_WORKER].map((workerId, at) => ({
          workerId,
          name: '試験',
          kana: 'シケン',
          birthDate: '1980-04-01',
          memberNo: `48765432${at}`,
          ccusRegistered: true,
        })),
      });
      const frozen = new Map<number, string | undefined>();
      for (const [index, change] of changes.entries()) {
        const at = Date.parse('2026-12-05T02:00:00+09:00') + index * 60_000;
        world.setNow(at);
        apply(world, change, at);
        for (const kind of ['statement', 'amendment'] as const)
          for (const per of ['month', 'date'] as const)
            for (const { issueNo } of world.store.list(kind, { per }, 1_000)) {
              const text = world.store.contentOf(issueNo);
              if (!frozen.has(issueNo)) frozen.set(issueNo, text);
              expect(text).toBe(frozen.get(issueNo));
            }
      }
      for (const siteId of SITES as readonly string[] as readonly SiteId[])
        for (const period of PERIODS) {
          if (world.store.ofPeriod(siteId, period).length === 0) continue;
          const [statement] = world.store.ofPeriod(siteId, period);
          const difference = world.desk.difference(statement?.issueNo ?? 0) ?? [];
          const outcome = world.desk.amend({ siteId, period }, 'token:test');
          expect(outcome.kind).toBe(difference.length === 0 ? 'nothing-changed' : 'issued');
          expect(world.rowsIssued(siteId, period)).toEqual(world.rowsNow(siteId, period));
          expect(world.desk.amend({ siteId, period }, 'token:test').kind).toBe('nothing-changed');
        }
      const amendments = [
        ...world.store.list('amendment', { per: 'month' }, 1_000),
        ...world.store.list('amendment', { per: 'date' }, 1_000),
      ];
      for (const { issueNo } of amendments)
        for (const { reasons } of JSON.parse(world.store.contentOf(issueNo) ?? '[]')) {
          expect(reasons.length).toBeGreaterThan(0);
          expect(reasons).not.toContain('unexplained');
        }
      expect(runToEnd(world.store.verifying()).kind).toBe('intact');
      world.ledger.close();
    }),
    { numRuns: 120 },
  );
}, 300_000);
