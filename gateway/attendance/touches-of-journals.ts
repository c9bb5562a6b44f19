/**
 * Touches of whole journals (ジャーナルからのタッチ): what the ledger keeps beside its entries – times, passages
 * by hand, touches taken back, cards bound – made again from the entries alone. Pure.
 */
import type { BindBody, Entry, ManualBody, TapEntry } from '../../shared/entry.ts';
import { entryId } from '../../shared/ids.ts';
import type { UtcMs } from '../../shared/time.ts';
import { type BootOffsetMs, bearerOf, bootOffsetOf, datedAt, isFutureDated } from '../ingest.ts';
import type { Binding, JournalName, LedgerTouch } from '../store/ledger.ts';
import type { ToldEntries } from '../told-entry.ts';
import type { WaitingTouch } from './waiting-touches.ts';

/** An entry, and its place in the order of commit over all journals. */
export interface NumberedEntry {
  readonly ledgerNo: number;
  readonly entry: Entry;
  readonly receivedAt: UtcMs;
  /** The latest time that a touch of it may claim; absent = the gateway's clock was not to be believed. */
  readonly latestAt?: UtcMs | undefined;
}

export interface JournalMeanings {
  /** That count: of which the time is known, and not later than their arrival; in no promised order. */
  readonly touches: readonly LedgerTouch[];
  /** That do not count until a person says for which day; in ledger order. */
  readonly waiting: readonly WaitingTouch[];
  /** In ledger order. */
  readonly bindings: readonly Binding[];
  /** Touches and what managers did by hand, as they were written. */
  readonly told: ToldEntries;
}

interface KeptTap extends Pick<NumberedEntry, 'ledgerNo' | 'receivedAt' | 'latestAt'> {
  readonly tap: TapEntry;
  voidedBy: (Numbered & { readonly id: string }) | undefined;
}

type Numbered = Pick<NumberedEntry, 'ledgerNo'>;

type NumberedWaiting = WaitingTouch & Numbered;
type NumberedOffset = Numbered & { readonly offsetMs: BootOffsetMs };

/** Of one journal, whose entries come in order of seq. */
interface JournalState {
  readonly tapBySeq: Map<number, KeptTap>;
  readonly passages: (Numbered & { readonly touch: LedgerTouch })[];
  /** Passages by hand that claim to be later than their arrival. */
  readonly waitingPassages: NumberedWaiting[];
  readonly offsetByBoot: Map<string, NumberedOffset>;
  readonly manualBySeq: Map<number, Entry>;
}

const touchOf = (
  { terminalId, journalId }: JournalName,
  { tap, latestAt, voidedBy }: KeptTap,
  offsetMs: BootOffsetMs | undefined,
  upTo: number,
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
        ...(voidedBy === undefined || voidedBy.ledgerNo > upTo ? {} : { voidedBy: voidedBy.id }),
      };
};

/** Undefined where it counts, or where a manager took it back. */
const waitingOf = (
  { terminalId, journalId }: JournalName,
  { tap, ledgerNo, receivedAt, latestAt, voidedBy }: KeptTap,
  offsetMs: BootOffsetMs | undefined,
  upTo: number,
): NumberedWaiting | undefined => {
  const { at } = datedAt(tap, offsetMs);
  const isWaiting = at === undefined || isFutureDated(at, latestAt);
  if (!isWaiting || (voidedBy !== undefined && voidedBy.ledgerNo <= upTo)) return undefined;
  return {
    ledgerNo,
    reason: at === undefined ? 'undated' : 'future-dated',
    id: entryId(terminalId, journalId, tap.seq),
    terminalId,
    siteId: tap.siteId,
    bearer: bearerOf(tap),
    claimedAt: at ?? tap.wallMs,
    receivedAt,
  };
};

export interface JournalReader {
  /** Entries of one journal come in order of seq; journals in any order, also mixed. */
  readonly take: (journal: JournalName, entry: NumberedEntry) => void;
  /**
   * As the ledger had it when `upTo` was its last entry: what came later says nothing, also not of what came
   * before it. Everything where it is absent.
   */
  readonly meanings: (upTo?: number) => JournalMeanings;
}

const inLedgerOrder = <Item extends Numbered>(
  items: readonly Item[],
): readonly Omit<Item, 'ledgerNo'>[] =>
  items.toSorted((a, b) => a.ledgerNo - b.ledgerNo).map(({ ledgerNo: _, ...item }) => item);

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
      waitingPassages: [],
      offsetByBoot: new Map(),
      manualBySeq: new Map(),
    };
    journals.set(key, { name, state });
    return state;
  };

  const takeManual = (
    { tapBySeq, passages, waitingPassages }: JournalState,
    { terminalId, siteId, change }: Entry & ManualBody,
    id: string,
    { ledgerNo, receivedAt, latestAt }: NumberedEntry,
  ): void => {
    if (change.do === 'add') {
      const { workerId, direction, at } = change;
      const bearer = { kind: 'worker', workerId } as const;
      if (isFutureDated(at, latestAt)) {
        const reason = 'future-dated';
        const waiting = { ledgerNo, reason, id, terminalId, siteId, bearer, receivedAt } as const;
        waitingPassages.push({ ...waiting, claimedAt: at });
        return;
      }
      const readerId = `${terminalId}/manual`;
      const touch = { id, siteId, readerId, direction, bearer, at, isManual: true };
      passages.push({ ledgerNo, touch });
      return;
    }
    // Who took it back first did it; a touch that is yet to come cannot be taken back.
    const kept = tapBySeq.get(change.seq);
    if (kept !== undefined) kept.voidedBy ??= { ledgerNo, id };
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
      return {
        entry: tap,
        trust: datedAt(tap, state.offsetByBoot.get(tap.bootId)?.offsetMs).trust,
      };
    const manual = state?.manualBySeq.get(seq);
    return manual && { entry: manual };
  };

  return {
    take: (journal, numbered) => {
      const { ledgerNo, entry, receivedAt, latestAt } = numbered;
      const state = stateOf(journal);
      const { offsetByBoot, tapBySeq } = state;
      if (entry.clock === 'trusted' && !offsetByBoot.has(entry.bootId))
        offsetByBoot.set(entry.bootId, { ledgerNo, offsetMs: bootOffsetOf(entry) });
      const id = entryId(journal.terminalId, journal.journalId, entry.seq);
      switch (entry.kind) {
        case 'tap':
          tapBySeq.set(entry.seq, {
            tap: entry,
            ledgerNo,
            receivedAt,
            latestAt,
            voidedBy: undefined,
          });
          break;
        case 'manual':
          state.manualBySeq.set(entry.seq, entry);
          takeManual(state, entry, id, numbered);
          break;
        case 'bind':
          takeBinding(entry, ledgerNo, id);
          break;
        default:
          break;
      }
    },
    meanings: (upTo = Number.POSITIVE_INFINITY) => {
      const isThere = ({ ledgerNo }: Numbered): boolean => ledgerNo <= upTo;
      const states = [...journals.values()].map(({ name, state }) => ({
        name,
        taps: [...state.tapBySeq.values()].filter(isThere),
        passages: state.passages.filter(isThere),
        waitingPassages: state.waitingPassages.filter(isThere),
        offsetOf: ({ tap: { bootId } }: KeptTap): BootOffsetMs | undefined => {
          const offset = state.offsetByBoot.get(bootId);
          return offset !== undefined && isThere(offset) ? offset.offsetMs : undefined;
        },
      }));
      return {
        touches: states.flatMap(({ name, taps, passages, offsetOf }) => [
          ...taps.flatMap((kept) => touchOf(name, kept, offsetOf(kept), upTo) ?? []),
          ...passages.map(({ touch }) => touch),
        ]),
        waiting: inLedgerOrder(
          states.flatMap(({ name, taps, waitingPassages, offsetOf }) => [
            ...taps.flatMap((kept) => waitingOf(name, kept, offsetOf(kept), upTo) ?? []),
            ...waitingPassages,
          ]),
        ),
        bindings: inLedgerOrder(bindings.filter(isThere)),
        told,
      };
    },
  };
};
