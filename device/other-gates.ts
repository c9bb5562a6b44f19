/**
 * What is known here of the site's other gates, and how old that is (他のゲート). Pure.
 *
 * A list of people that looks complete and is not costs lives: every screen that counts people says what stands here.
 */
import type { TerminalId } from '../shared/ids.ts';
import type { PresenceStatement } from '../shared/presence-statement.ts';
import {
  type ClockReading,
  clockTimeInJapan,
  dateInJapan,
  MINUTE_MS,
  type UtcMs,
} from '../shared/time.ts';
import { momentOf, type Stamp } from './stamp.ts';

/** The statement of who is on site that was heard last, and when. */
export interface HeardStatement {
  readonly statement: PresenceStatement;
  readonly heard: ClockReading;
}

export interface OtherGate {
  readonly gate: TerminalId;
  /** What it noted is known up to now. */
  readonly isCurrent: boolean;
  /** Else up to then; undefined where nothing of it is known. */
  readonly asOf: UtcMs | undefined;
}

/** `untold`: by an older gateway, or because there was never a link. */
export type OtherGates =
  | { readonly kind: 'untold' }
  /** This terminal is the only one of the site. */
  | { readonly kind: 'none' }
  | { readonly kind: 'told'; readonly gates: readonly OtherGate[] };

/** The gateway speaks at least every two minutes. */
export const SILENCE_MAX_MS = 5 * MINUTE_MS;

/**
 * A moment by the ledger, as a stamp of the boot that heard of it. Where this terminal's clock is right it is compared
 * with the ledger's as it is; where it is not, the statement's own clock says how long ago it was.
 */
export const toldStamp = ({ statement, heard }: HeardStatement, at: UtcMs): Stamp => {
  const saidAt = heard.trust === 'trusted' ? heard.wallMs : statement.atMs;
  return { wallMs: at, uptimeMs: heard.uptimeMs - (saidAt - at), bootId: heard.bootId };
};

export const otherGates = (
  last: HeardStatement | undefined,
  {
    own,
    isLinked,
    now,
  }: { readonly own: TerminalId; readonly isLinked: boolean; readonly now: ClockReading },
): OtherGates => {
  if (last === undefined) return { kind: 'untold' };
  const { statement, heard } = last;
  const others = statement.gates.filter(({ terminalId }) => terminalId !== own);
  if (others.length === 0) return { kind: 'none' };
  const isHeardNow =
    isLinked && heard.bootId === now.bootId && now.uptimeMs - heard.uptimeMs < SILENCE_MAX_MS;
  return {
    kind: 'told',
    gates: others.map(({ terminalId, knownUntilMs }): OtherGate => {
      if (knownUntilMs === 0) return { gate: terminalId, isCurrent: false, asOf: undefined };
      const until = toldStamp(last, knownUntilMs ?? statement.atMs);
      const asOf = momentOf(knownUntilMs === undefined ? heard : until, now);
      return { gate: terminalId, isCurrent: isHeardNow && knownUntilMs === undefined, asOf };
    }),
  };
};

const momentJa = (at: UtcMs, now: UtcMs): string => {
  const date = dateInJapan(at);
  const day =
    date === dateInJapan(now) ? '' : `${Number(date.slice(5, 7))}/${Number(date.slice(8))} `;
  return `${day}${clockTimeInJapan(at)} 現在`;
};

const asOfJa = (asOf: UtcMs | undefined, now: UtcMs): string =>
  asOf === undefined ? '受信なし' : momentJa(asOf, now);

const oldOnes = (others: OtherGates): readonly OtherGate[] =>
  others.kind === 'told' ? others.gates.filter(({ isCurrent }) => !isCurrent) : [];

/** The oldest first; of which nothing is known before all. */
const byAge = (a: OtherGate, b: OtherGate): number => (a.asOf ?? 0) - (b.asOf ?? 0);

/**
 * In a few words, for screens that are read in passing: how old what is known of other gates is, where it is old,
 * 「他のゲート：14:32 現在」. Undefined where there is nothing to say.
 */
export const ageOfOthersJa = (others: OtherGates, now: UtcMs): string | undefined => {
  const old = oldOnes(others);
  const [oldest] = old.toSorted(byAge);
  if (others.kind !== 'told' || oldest === undefined) return undefined;
  const which = old.length === others.gates.length ? '他のゲート' : '一部のゲート';
  return `${which}：${asOfJa(oldest.asOf, now)}`;
};

/** The same of each gate by its name: 「gate-2：14:32 現在、gate-3：受信なし」. */
export const agesByGateJa = (others: OtherGates, now: UtcMs): string | undefined => {
  const old = oldOnes(others);
  if (old.length === 0) return undefined;
  return old.map(({ gate, asOf }) => `${gate}：${asOfJa(asOf, now)}`).join('、');
};

/** What whoever reads a list of people must know of it. */
export const coverageJa = (others: OtherGates, now: UtcMs): string => {
  if (others.kind !== 'told')
    return 'この端末のタッチと手入力による一覧です。ほかの端末での出入りは含みません。';
  const ages = agesByGateJa(others, now);
  return ages === undefined
    ? 'すべてのゲートのタッチと手入力による一覧です。'
    : `他のゲート（${ages}）：それより後の出入りは含みません。`;
};

/** Whether the list needs to say at which gate somebody passed. */
export const hasOtherGates = ({ kind }: OtherGates): boolean => kind === 'told';
