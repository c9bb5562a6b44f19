/**
 * Derivation of only what changed: whatever arrives in whatever order, the ledger's attendance is what one
 * plain pass over all touches says.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttendanceDay } from '../../../gateway/attendance/attendance.ts';
import { deriveDirty } from '../../../gateway/attendance/derive.ts';
import { subjectKey } from '../../../gateway/attendance/subject-key.ts';
import {
  createJournalReader,
  type NumberedEntry,
} from '../../../gateway/attendance/touches-of-journals.ts';
import { stillWaiting } from '../../../gateway/attendance/waiting-touches.ts';
import { START_POSITION } from '../../../gateway/ingest.ts';
import { effectiveRegistry } from '../../../gateway/registry/effective-registry.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { diffRegistry } from '../../../gateway/registry/registry-diff.ts';
import type { Registry } from '../../../gateway/registry/registry-document.ts';
import { basisOfJournals, type ReportBasis } from '../../../gateway/report-basis.ts';
import { markStale } from '../../../gateway/stale.ts';
import type { Ledger } from '../../../gateway/store/ledger.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { parseEntry } from '../../../shared/entry.ts';
import { type Direction, JournalId, TerminalId } from '../../../shared/ids.ts';
import { dateInJapan, utcMs, workDate } from '../../../shared/time.ts';
import { SITE, WORKER } from '../../fixtures/identities.ts';
import { createLargeLedger } from '../../fixtures/large-ledger.ts';
import {
  aChange,
  type Change,
  createGateScript,
  dayText,
  type GateChange,
  HISTORY_END,
  isOfficeChange,
  latestAtOf,
  registryAfter,
  registryAtFirst,
} from '../../fixtures/random-history.ts';

const JOURNAL = {
  terminalId: TerminalId.parse('gate'),
  journalId: JournalId.parse('00000000-0000-4000-8000-000000000001'),
};

/** A ledger, a registry, and all that ever happened, for one plain pass. */
const createWorld = () => {
  const ledger = openSqliteLedger(openDurableSqlite(':memory:', { checkpointPages: 1_000 }));
  const script = createGateScript();
  const entries: NumberedEntry[] = [];
  let registry = registryAtFirst();
  let effective = registry;

  const use = (next: Registry): void => {
    registry = next;
    const after = effectiveRegistry(next, ledger.bindings());
    markStale(ledger, diffRegistry(effective, after), after);
    effective = after;
  };
  const commit = (change: GateChange): void => {
    const seq = entries.length + 1;
    const { body, reading } = script.write(change);
    const { trust: clock, ...moment } = reading;
    const text = JSON.stringify({ v: 1, ...JOURNAL, seq, ...moment, clock, ...body });
    const parsed = parseEntry(text);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const outcome = ledger.commit({
      ...JOURNAL,
      entries: [{ seq, text, hash: START_POSITION.headHash, entry: parsed.value }],
      position: { ...START_POSITION, committedSeq: seq },
      receivedAt: HISTORY_END,
      latestAt: latestAtOf(change),
    });
    expect(outcome).toEqual({ kind: 'committed' });
    entries.push({
      ledgerNo: seq,
      entry: parsed.value,
      receivedAt: HISTORY_END,
      latestAt: latestAtOf(change),
    });
    if (parsed.value.kind === 'bind') effective = effectiveRegistry(registry, ledger.bindings());
  };

  return {
    ledger,
    use: (change: (registry: Registry) => Registry): void => use(change(registry)),
    apply: (change: Change): void => {
      if (isOfficeChange(change)) use(registryAfter(registry, change));
      else commit(change);
    },
    derive: (): void => {
      const index = indexRegistry(effective);
      while (deriveDirty(ledger, index, HISTORY_END) > 0);
    },
    waiting: () => stillWaiting(ledger.waitingTouches(), indexRegistry(effective)),
    /** One plain pass over the entries. */
    expected: (): ReportBasis => {
      const reader = createJournalReader();
      for (const entry of entries) reader.take(JOURNAL, entry);
      return basisOfJournals(registry, reader.meanings());
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
        const { days, waitingTouches } = world.expected();
        expect(inOrder(world.ledger.attendance({}))).toEqual(inOrder(days));
        expect(world.waiting()).toEqual(waitingTouches);
        world.ledger.close();
      }),
      { numRuns: 1_000 },
    );
  }, 300_000);

  test('a day that a person vouches for begins with the day of its site, though nobody touched', () => {
    const world = createWorld();
    world.use((registry) => ({
      ...registry,
      corrections: [
        {
          siteId: SITE,
          workerId: WORKER,
          workDate: workDate(dayText(2)),
          kind: 'add',
          by: '元請',
          reason: '確認済み',
          recordedAt: '2026-11-05T09:00:00+09:00',
        },
      ],
    }));
    world.derive();
    world.apply({ do: 'reckon', dayStart: '05:00', maxShiftHours: 18 });
    world.derive();
    const { days } = world.expected();
    expect(days).toHaveLength(1);
    expect(world.ledger.attendance({})).toEqual(days);
    world.ledger.close();
  });

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

  test('a late touch reads no more of a long history than of a short one', () => {
    const rowsRead = (days: number): number => {
      const { ledger, index, cardOf, startOfDay } = createLargeLedger(':memory:', {
        workers: 1,
        days,
      });
      const day = Math.floor(days / 2);
      const at = startOfDay(day);
      ledger.markDirty({
        siteId: SITE,
        bearer: { kind: 'card', cardId: cardOf(0) },
        from: at,
        to: at,
      });
      let rows = 0;
      const counting: Ledger = {
        ...ledger,
        touchesOfBearer: (...asked) => {
          const touches = ledger.touchesOfBearer(...asked);
          rows += touches.length;
          return touches;
        },
      };
      expect(deriveDirty(counting, index, at)).toBe(1);
      ledger.close();
      return rows;
    };
    expect(rowsRead(10)).toBeGreaterThan(0);
    expect(rowsRead(1_000)).toBe(rowsRead(10));
  });
});
