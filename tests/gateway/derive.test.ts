/**
 * Derivation of only what changed: whatever arrives in whatever order, the ledger's attendance is what one
 * plain pass over all touches says.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttendanceDay } from '../../gateway/attendance.ts';
import { attendanceOfTouches } from '../../gateway/attendance-of-touches.ts';
import { deriveDirty, subjectOf } from '../../gateway/derive.ts';
import { effectiveRegistry } from '../../gateway/effective-registry.ts';
import { START_POSITION } from '../../gateway/ingest.ts';
import { indexRegistry } from '../../gateway/registry.ts';
import { diffRegistry } from '../../gateway/registry-diff.ts';
import type { Registry } from '../../gateway/registry-document.ts';
import type { Touch } from '../../gateway/shifts.ts';
import { markStale } from '../../gateway/stale.ts';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { subjectKey } from '../../gateway/subject-key.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { type Entry, parseEntry } from '../../shared/entry.ts';
import { type Direction, entryId, JournalId, TerminalId } from '../../shared/ids.ts';
import { dateInJapan, utcMs } from '../../shared/time.ts';
import { registryWith, SITE_ID, WORKER_ID } from '../fixtures/registry.ts';

const JOURNAL = {
  terminalId: TerminalId.parse('gate'),
  journalId: JournalId.parse('00000000-0000-4000-8000-000000000001'),
};
const CARDS = ['01140A261A2B0001', '01140A261A2B0002'] as const;
const OTHER_WORKER = '10260000000099';
const START = Date.parse('2026-11-01T00:00:00+09:00');
const MINUTES = 60 * 24 * 12;

type Change =
  | {
      readonly do: 'touch';
      readonly minute: number;
      readonly direction: Direction;
      readonly card: 0 | 1;
      readonly readerId: string;
    }
  | { readonly do: 'type' | 'enter'; readonly minute: number; readonly direction: 'in' | 'out' }
  | { readonly do: 'void'; readonly which: number }
  | { readonly do: 'bind'; readonly card: 0 | 1 }
  | {
      readonly do: 'hold';
      readonly card: 0 | 1;
      readonly from: number;
      readonly days: number;
      readonly isOther: boolean;
    }
  | { readonly do: 'reckon'; readonly dayStart: string; readonly maxShiftHours: number }
  | {
      readonly do: 'correct';
      readonly day: number;
      readonly kind: 'add' | 'void' | 'set-in' | 'set-out';
      readonly minute: number;
    };

const minute = fc.integer({ min: 0, max: MINUTES });
const card = fc.constantFrom<0 | 1>(0, 1);
const aChange: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('touch' as const),
      minute,
      direction: fc.constantFrom<Direction>('in', 'out', 'auto'),
      card,
      readerId: fc.constantFrom('east', 'west'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('type' as const, 'enter' as const),
      minute,
      direction: fc.constantFrom('in' as const, 'out' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('void' as const), which: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bind' as const), card }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      card,
      from: fc.integer({ min: 1, max: 12 }),
      days: fc.nat(6),
      isOther: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('reckon' as const),
      dayStart: fc.constantFrom('00:00', '05:00', '23:00'),
      maxShiftHours: fc.constantFrom(6, 18),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('correct' as const),
      day: fc.integer({ min: 1, max: 12 }),
      kind: fc.constantFrom('add' as const, 'void' as const, 'set-in' as const, 'set-out' as const),
      minute: fc.nat(60 * 24),
    }),
  },
);

const dayText = (day: number): string => `2026-11-${String(day).padStart(2, '0')}`;
const iso = (at: number): string => new Date(at).toISOString();

/** A ledger, a registry, and all that ever happened, for one plain pass. */
const createWorld = () => {
  const ledger = openSqliteLedger(openDurableSqlite(':memory:', { checkpointPages: 1_000 }));
  const entries: Entry[] = [];
  let registry: Registry = registryWith({ cards: [] });
  registry = {
    ...registry,
    workers: [
      ...registry.workers,
      ...registry.workers.slice(0, 1).map((row) => ({ ...row, workerId: OTHER_WORKER as never })),
    ],
  };
  let effective = registry;
  const now = utcMs(START + 40 * 86_400_000);

  const use = (next: Registry): void => {
    registry = next;
    const after = effectiveRegistry(next, ledger.bindings());
    markStale(ledger, diffRegistry(effective, after));
    effective = after;
  };
  const commit = (body: object): void => {
    const seq = entries.length + 1;
    const head = { v: 1, ...JOURNAL, seq, uptimeMs: 1, bootId: 'boot', clock: 'trusted' };
    const text = JSON.stringify({ ...head, wallMs: now, siteId: SITE_ID, ...body });
    const parsed = parseEntry(text);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const outcome = ledger.commit({
      ...JOURNAL,
      entries: [{ seq, text, hash: START_POSITION.headHash, entry: parsed.value }],
      position: { ...START_POSITION, committedSeq: seq },
      receivedAt: now,
    });
    expect(outcome).toEqual({ kind: 'committed' });
    entries.push(parsed.value);
    if (parsed.value.kind === 'bind') use(registry);
  };
  const tap = (at: number, direction: Direction, presented: object, readerId: string): void =>
    commit({
      kind: 'tap',
      wallMs: at,
      readerId,
      direction,
      presented,
      verdict: 'recorded',
      reasons: [],
    });

  return {
    ledger,
    apply: (change: Change): void => {
      switch (change.do) {
        case 'touch':
          return tap(
            START + change.minute * 60_000,
            change.direction,
            { by: 'card', cardId: CARDS[change.card] },
            change.readerId,
          );
        case 'type':
          return tap(
            START + change.minute * 60_000,
            change.direction,
            { by: 'typed', workerId: WORKER_ID },
            'keypad',
          );
        case 'enter':
          return commit({
            kind: 'manual',
            change: {
              do: 'add',
              workerId: WORKER_ID,
              direction: change.direction,
              at: START + change.minute * 60_000,
            },
            by: '所長',
            reason: '忘れ',
          });
        case 'void':
          return commit({
            kind: 'manual',
            change: { do: 'void', seq: change.which + 1 },
            by: '所長',
            reason: '間違い',
          });
        case 'bind':
          return commit({
            kind: 'bind',
            cardId: CARDS[change.card],
            workerId: WORKER_ID,
            by: '所長',
            reason: '再発行',
          });
        case 'hold': {
          const cardId = CARDS[change.card];
          const row = {
            cardId,
            workerId: change.isOther ? OTHER_WORKER : WORKER_ID,
            from: dayText(change.from),
            to: dayText(change.from + change.days),
          } as Registry['cards'][number];
          return use({
            ...registry,
            cards: [...registry.cards.filter((each) => each.cardId !== cardId), row],
          });
        }
        case 'reckon': {
          const { dayStart, maxShiftHours } = change;
          return use({
            ...registry,
            sites: registry.sites.map((site) =>
              site.siteId === SITE_ID ? { ...site, dayStart, maxShiftHours } : site,
            ),
          });
        }
        case 'correct': {
          const row = {
            siteId: SITE_ID,
            workerId: WORKER_ID,
            workDate: dayText(change.day),
            kind: change.kind,
            at: iso(START + (change.day - 1) * 86_400_000 + change.minute * 60_000),
            by: '元請',
            reason: '確認済み',
            recordedAt: iso(now + registry.corrections.length * 1_000),
          } as Registry['corrections'][number];
          return use({ ...registry, corrections: [...registry.corrections, row] });
        }
      }
    },
    derive: (): void => {
      const index = indexRegistry(effective);
      while (deriveDirty(ledger, index, now) > 0);
    },
    /** One plain pass over the entries. */
    expected: (): readonly AttendanceDay[] => {
      const index = indexRegistry(effective);
      const idOf = (seq: number): string => entryId(JOURNAL.terminalId, JOURNAL.journalId, seq);
      const voidedBy = new Map<number, string>();
      for (const entry of entries)
        if (
          entry.kind === 'manual' &&
          entry.change.do === 'void' &&
          !voidedBy.has(entry.change.seq)
        )
          if (entry.change.seq < entry.seq)
            // A touch that is yet to come cannot be taken back.
            voidedBy.set(entry.change.seq, idOf(entry.seq));
      const touches = entries.flatMap((entry): readonly Touch[] => {
        const id = idOf(entry.seq);
        if (entry.kind === 'tap') {
          const { presented, siteId, readerId, direction, wallMs: at } = entry;
          const bearer =
            presented.by === 'card'
              ? ({ kind: 'card', cardId: presented.cardId } as const)
              : ({ kind: 'worker', workerId: presented.workerId } as const);
          const by = voidedBy.get(entry.seq);
          return [
            {
              id,
              siteId,
              readerId: `gate/${readerId}`,
              direction,
              at,
              subject: subjectOf(index, bearer, at),
              ...(by === undefined ? {} : { voidedBy: by }),
            },
          ];
        }
        if (entry.kind !== 'manual' || entry.change.do !== 'add') return [];
        const { at, direction, workerId } = entry.change;
        return [
          {
            id,
            siteId: entry.siteId,
            readerId: 'gate/manual',
            direction,
            at,
            subject: { kind: 'worker', workerId },
            isManual: true,
          },
        ];
      });
      return attendanceOfTouches(touches, index);
    },
  };
};

const inOrder = (days: readonly AttendanceDay[]): readonly AttendanceDay[] =>
  [...days].sort((a, b) =>
    `${subjectKey(a.subject)} ${a.workDate}` < `${subjectKey(b.subject)} ${b.workDate}` ? -1 : 1,
  );

describe('derivation of what changed', () => {
  test('whatever happens in whatever order: the same as one plain pass over everything', () => {
    fc.assert(
      fc.property(fc.array(fc.array(aChange, { maxLength: 8 }), { maxLength: 8 }), (turns) => {
        const world = createWorld();
        for (const turn of turns) {
          for (const change of turn) world.apply(change);
          world.derive();
        }
        expect(inOrder(world.ledger.attendance({}))).toEqual(inOrder(world.expected()));
        world.ledger.close();
      }),
      { numRuns: 1_000 },
    );
  }, 300_000);

  test('a late touch changes its own day, and the feed of changes names that day alone', () => {
    const world = createWorld();
    world.apply({ do: 'hold', card: 0, from: 1, days: 20, isOther: false });
    const passage = (day: number, hour: number, direction: Direction) =>
      world.apply({
        do: 'touch',
        minute: (day - 1) * 1_440 + hour * 60,
        direction,
        card: 0,
        readerId: 'east',
      });
    for (let day = 1; day <= 12; day += 1) {
      passage(day, 8, 'in');
      if (day !== 5) passage(day, 17, 'out');
    }
    world.derive();
    const before = world.ledger.changesAfter(0, 100, undefined);
    expect(before).toHaveLength(12);
    passage(5, 17, 'out');
    world.derive();
    const last = before.at(-1)?.changeNo ?? 0;
    const after = world.ledger.changesAfter(last, 100, undefined);
    expect(after.map(({ workDate }) => workDate)).toEqual([dayText(5)]);
    expect(world.ledger.attendance({}).filter(({ minutes }) => minutes === 540)).toHaveLength(12);
    expect(dateInJapan(after[0]?.at ?? utcMs(0))).toBe('2026-12-11');
    world.ledger.close();
  });
});
