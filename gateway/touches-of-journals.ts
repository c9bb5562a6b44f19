/**
 * Touches of whole journals (ジャーナルからのタッチ): what the ledger keeps beside its entries – times, passages
 * by hand, touches taken back, cards bound – made again from the entries alone. Pure.
 */
import type { BindBody, Entry, ManualBody, TapEntry } from '../shared/entry.ts';
import { entryId } from '../shared/ids.ts';
import type { UtcMs } from '../shared/time.ts';
import { type BootOffsetMs, bearerOf, bootOffsetOf, datedAt, isFutureDated } from './ingest.ts';
import type { Binding, JournalName, LedgerTouch } from './store/ledger.ts';
import type { ToldEntries } from './told-entry.ts';

/** An entry, and its place in the order of commit over all journals. */
export interface NumberedEntry {
  readonly ledgerNo: number;
  readonly entry: Entry;
  /** The latest time that a touch of it may claim; absent = the gateway's clock was not to be believed. */
  readonly latestAt?: UtcMs | undefined;
}

export interface JournalMeanings {
  /** That count: of which the time is known, and not later than their arrival; in no promised order. */
  readonly touches: readonly LedgerTouch[];
  /** In ledger order. */
  readonly bindings: readonly Binding[];
  /** Touches and what managers did by hand, as they were written. */
  readonly told: ToldEntries;
}

interface KeptTap {
  readonly tap: TapEntry;
  readonly latestAt: UtcMs | undefined;
  voidedBy: string | undefined;
}

/** Of one journal, whose entries come in order of seq. */
interface JournalState {
  readonly tapBySeq: Map<number, KeptTap>;
  readonly passages: LedgerTouch[];
  readonly offsetByBoot: Map<string, BootOffsetMs>;
  readonly manualBySeq: Map<number, Entry>;
}

const touchOf = (
  { terminalId, journalId }: JournalName,
  { tap, latestAt, voidedBy }: KeptTap,
  offsetMs: BootOffsetMs | undefined,
): LedgerTouch | undefined => {
  const { at } = datedAt(tap, offsetMs);
  return at === undefined || isFutureDated(at, latestAt)
    ? undefined
    : {
        id: entryId(terminalId, journalId, tap.seq),
        siteId: tap.siteId,
        readerId: `${terminalId}/${tap.readerId}`,
        direction: tap.direction,
        bearer: bearerOf(tap),
        at,
        ...(voidedBy === undefined ? {} : { voidedBy }),
      };
};

export interface JournalReader {
  /** Entries of one journal come in order of seq; journals in any order, also mixed. */
  readonly take: (journal: JournalName, entry: NumberedEntry) => void;
  readonly meanings: () => JournalMeanings;
}

export const createJournalReader = (): JournalReader => {
  const journals = new Map<string, { readonly name: JournalName; readonly state: JournalState }>();
  const bindings: (Binding & { readonly ledgerNo: number })[] = [];

  const stateOf = (name: JournalName): JournalState => {
    const key = `${name.terminalId}/${name.journalId}`;
    const known = journals.get(key);
    if (known !== undefined) return known.state;
    const state = {
      tapBySeq: new Map(),
      passages: [],
      offsetByBoot: new Map(),
      manualBySeq: new Map(),
    };
    journals.set(key, { name, state });
    return state;
  };

  const takeManual = (
    { tapBySeq, passages }: JournalState,
    { terminalId, siteId, change }: Entry & ManualBody,
    id: string,
    latestAt: UtcMs | undefined,
  ): void => {
    if (change.do === 'add') {
      const { workerId, direction, at } = change;
      if (isFutureDated(at, latestAt)) return;
      const readerId = `${terminalId}/manual`;
      const bearer = { kind: 'worker', workerId } as const;
      passages.push({ id, siteId, readerId, direction, bearer, at, isManual: true });
      return;
    }
    // Who took it back first did it; a touch that is yet to come cannot be taken back.
    const kept = tapBySeq.get(change.seq);
    if (kept !== undefined) kept.voidedBy ??= id;
  };

  const takeBinding = ({ cardId, workerId }: BindBody, ledgerNo: number, id: string): void => {
    bindings.push({ ledgerNo, entryId: id, cardId, workerId });
  };

  const told: ToldEntries = (id) => {
    const slash = id.lastIndexOf('/');
    const state = journals.get(id.slice(0, slash))?.state;
    const seq = Number(id.slice(slash + 1));
    const tap = state?.tapBySeq.get(seq)?.tap;
    if (state !== undefined && tap !== undefined)
      return { entry: tap, trust: datedAt(tap, state.offsetByBoot.get(tap.bootId)).trust };
    const manual = state?.manualBySeq.get(seq);
    return manual && { entry: manual };
  };

  return {
    take: (journal, { ledgerNo, entry, latestAt }) => {
      const state = stateOf(journal);
      const { offsetByBoot, tapBySeq } = state;
      if (entry.clock === 'trusted' && !offsetByBoot.has(entry.bootId))
        offsetByBoot.set(entry.bootId, bootOffsetOf(entry));
      const id = entryId(journal.terminalId, journal.journalId, entry.seq);
      switch (entry.kind) {
        case 'tap':
          tapBySeq.set(entry.seq, { tap: entry, latestAt, voidedBy: undefined });
          break;
        case 'manual':
          state.manualBySeq.set(entry.seq, entry);
          takeManual(state, entry, id, latestAt);
          break;
        case 'bind':
          takeBinding(entry, ledgerNo, id);
          break;
        default:
          break;
      }
    },
    meanings: () => ({
      touches: [...journals.values()].flatMap(({ name, state }) => [
        ...[...state.tapBySeq.values()].flatMap(
          (kept) => touchOf(name, kept, state.offsetByBoot.get(kept.tap.bootId)) ?? [],
        ),
        ...state.passages,
      ]),
      bindings: bindings
        .toSorted((a, b) => a.ledgerNo - b.ledgerNo)
        .map(({ ledgerNo: _, ...binding }) => binding),
      told,
    }),
  };
};
