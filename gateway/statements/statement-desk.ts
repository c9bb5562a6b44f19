/**
 * Issues statements and amendments (締め・追加分): reads what is derived at one moment, lets pure functions
 * decide, and keeps the outcome with the position that it rests on.
 */
import type { SiteId } from '../../shared/ids.ts';
import { onceEach } from '../../shared/lazily.ts';
import { addDays, dateInJapan, type Month, monthOf, type UtcMs } from '../../shared/time.ts';
import { extractDate } from '../policies/correction-deadline.ts';
import type { SettledWork } from '../policies/deadline.ts';
import { type RegistryIndex, siteRulesOf } from '../registry/registry.ts';
import { diffRegistry, type RegistryChange } from '../registry/registry-diff.ts';
import type { Registry } from '../registry/registry-document.ts';
import type { Ledger } from '../store/ledger.ts';
import { differenceOf, type RowChange, rowsOfContents } from './amendment.ts';
import {
  AmendmentReason,
  type DaysIndex,
  daysIndex,
  type ExplainedChange,
  evidenceAsked,
  explained,
  type ReasonFacts,
} from './amendment-reasons.ts';
import { amendmentFigures, statementFigures } from './figures.ts';
import { datesOf, endOfPeriod, monthOfPeriod, type Period } from './period.ts';
import { rowsOfMonth, rowsWithin, type StatementRows } from './statement-rows.ts';
import type {
  AmendmentHead,
  IssuedHead,
  StatementHead,
  StatementPosition,
  StatementStore,
} from './statement-store.ts';

/** Days of the period were removed on purpose: what is left of it is not what it was. */
interface Purged {
  readonly kind: 'purged';
}

export type CloseOutcome =
  | { readonly kind: 'issued'; readonly statement: StatementHead }
  /** A period is closed once; what changes after it is an amendment. */
  | { readonly kind: 'already-issued'; readonly statement: StatementHead }
  /** Shifts of the period can still begin. */
  | { readonly kind: 'not-over' }
  | { readonly kind: 'unknown-site' }
  | Purged;

export type AmendOutcome =
  | { readonly kind: 'issued'; readonly amendment: AmendmentHead }
  | { readonly kind: 'nothing-changed' }
  | { readonly kind: 'not-closed' }
  | Purged;

export interface PeriodOfSite {
  readonly siteId: SiteId;
  readonly period: Period;
}

export interface StatementDesk {
  readonly close: (what: PeriodOfSite, by: string) => CloseOutcome;
  readonly amend: (what: PeriodOfSite, by: string) => AmendOutcome;
  /** Closes or amends whatever of one month is named, in one go over its rows. */
  readonly workOff: (
    month: Month,
    what: readonly PeriodOfSite[],
    by: string,
  ) => { readonly statements: number; readonly amendments: number };
  /** What the next amendment would contain; undefined where there is no such statement. */
  readonly difference: (issueNo: number) => readonly ExplainedChange[] | undefined;
}

export interface StatementDeskDeps {
  readonly ledger: Pick<Ledger, 'attendance' | 'transaction'>;
  readonly store: StatementStore;
  readonly registry: () => Registry;
  readonly registryIndex: () => RegistryIndex;
  /** Whether a run of 充当 paid a day. */
  readonly isAllocated: SettledWork['isAllocated'];
  /** Works off some of what is stale; 0 = all is derived. */
  readonly derive: () => number;
  readonly now: () => UtcMs;
  readonly version: string;
  /** Day of the next month on which the month is extracted, 1 to 28. */
  readonly extractDay: number;
}

/** What everything that is issued at one moment shares. */
interface Moment {
  readonly at: UtcMs;
  readonly position: StatementPosition;
  readonly rowsBySite: ReadonlyMap<string, StatementRows>;
  /** The days from which a period may have got its rows, by what they rest on. */
  readonly daysAround: (period: Period) => DaysIndex;
  /** What was imported, and what 元請 approved beside it. */
  readonly registryChanges: (since: StatementPosition) => readonly RegistryChange[] | undefined;
}

/** Dates beside the period to which a touch of it may have moved. */
const DATES_BESIDE = 2;

export const createStatementDesk = (deps: StatementDeskDeps): StatementDesk => {
  const { ledger, store, registry, registryIndex, now } = deps;

  /** All is derived, and nobody can commit in between: what is read is what the position says. */
  const atOneMoment = <Outcome>(
    month: Month,
    siteId: SiteId | undefined,
    work: (moment: Moment) => Outcome,
  ): Outcome => {
    let outcome: { readonly value: Outcome } | undefined;
    ledger.transaction(() => {
      while (deps.derive() > 0);
      const at = now();
      const rowsBySite = rowsOfMonth({
        registry: registry(),
        index: registryIndex(),
        days: ledger.attendance(datesOf(month)),
        month,
        siteId,
        asOf: dateInJapan(at),
        isAllocated: deps.isAllocated,
      });
      const position = { ...store.frontier(), version: deps.version };
      const daysAround = onceEach((period: Period) => period, daysAroundPeriod);
      const registryChanges = onceEach(
        ({ importNo, decisionNo }: StatementPosition) => `${importNo} ${decisionNo}`,
        (since) => registryChangesSince(since, position),
      );
      outcome = { value: work({ at, position, rowsBySite, daysAround, registryChanges }) };
    });
    if (outcome === undefined) throw new Error('the transaction did not run');
    return outcome.value;
  };

  const isPurgedInto = (period: Period): boolean => datesOf(period).from < store.purgedBefore();

  const closeAt = (
    { at, position, rowsBySite }: Moment,
    { siteId, period }: PeriodOfSite,
    by: string,
  ): CloseOutcome => {
    const [standing] = store.ofPeriod(siteId, period);
    if (standing?.kind === 'statement') return { kind: 'already-issued', statement: standing };
    if (isPurgedInto(period)) return { kind: 'purged' };
    if (!registryIndex().siteById.has(siteId) && !rowsBySite.has(siteId))
      return { kind: 'unknown-site' };
    if (at < endOfPeriod(period, siteRulesOf(registryIndex(), siteId))) return { kind: 'not-over' };
    const rows = rowsWithin(rowsBySite.get(siteId), period);
    const figures = statementFigures(rows);
    const statement = store.issue(
      { kind: 'statement', siteId, period, position, at, by, figures },
      JSON.stringify(rows),
    );
    return { kind: 'issued', statement: asStatement(statement) };
  };

  /** The rows as they stand issued: the statement with all its amendments, none of them purged. */
  const issuedRows = (heads: readonly IssuedHead[]): StatementRows => {
    const contents = heads.flatMap(({ issueNo }) => store.contentOf(issueNo) ?? []);
    const [statement, ...amendments] = contents;
    if (statement === undefined || contents.length < heads.length)
      throw new Error(`a content is missing of issue ${heads[0]?.issueNo}`);
    return rowsOfContents(statement, amendments);
  };

  const changesAt = (moment: Moment, heads: readonly IssuedHead[]): readonly ExplainedChange[] => {
    const last = heads.at(-1);
    if (last === undefined || isPurgedInto(last.period)) return [];
    const { siteId, period } = last;
    const issued = issuedRows(heads);
    const changes = differenceOf(issued, rowsWithin(moment.rowsBySite.get(siteId), period));
    return changes.length === 0 ? [] : explainedAll(changes, last, moment);
  };

  const daysAroundPeriod = (period: Period): DaysIndex => {
    const { from, to } = datesOf(period);
    return daysIndex(
      ledger.attendance({ from: addDays(from, -DATES_BESIDE), to: addDays(to, DATES_BESIDE) }),
    );
  };

  const explainedAll = (
    changes: readonly RowChange[],
    { period, position }: IssuedHead,
    { daysAround, registryChanges }: Moment,
  ): readonly ExplainedChange[] => {
    const index = daysAround(period);
    const facts: ReasonFacts = {
      ...index,
      since: position,
      version: deps.version,
      origins: store.originsOf(evidenceAsked(changes, index)),
      boundCards: store.cardsBoundAfter(position.ledgerNo),
      registryChanges: registryChanges(position),
    };
    return changes.map((change) => explained(change, facts));
  };

  const registryChangesSince = (
    before: StatementPosition,
    current: StatementPosition,
  ): readonly RegistryChange[] | undefined => {
    const decided = store.requestsDecidedAfter(before.decisionNo);
    const approved = [...registryIndex().correctionsByWorker.values()]
      .flat()
      .filter(({ requestId }) => requestId !== undefined && decided.has(requestId))
      .map((after) => ({ table: 'corrections', kind: 'added', after }) as const);
    if (before.importNo === current.importNo) return approved;
    const then = store.registryOfImport(before.importNo);
    return then && [...diffRegistry(then, registry()), ...approved];
  };

  const amendAt = (moment: Moment, what: PeriodOfSite, by: string): AmendOutcome => {
    const heads = store.ofPeriod(what.siteId, what.period);
    const [statement] = heads;
    if (statement === undefined) return { kind: 'not-closed' };
    if (isPurgedInto(what.period)) return { kind: 'purged' };
    const changes = changesAt(moment, heads);
    if (changes.length === 0) return { kind: 'nothing-changed' };
    const { at, position } = moment;
    const found = new Set(changes.flatMap(({ reasons }) => reasons));
    const extractOn = extractDate(datesOf(what.period).from, deps.extractDay);
    const amendment = store.issue(
      {
        kind: 'amendment',
        ...what,
        position,
        at,
        by,
        amendmentNo: heads.length,
        statementNo: statement.issueNo,
        reasons: AmendmentReason.options.filter((reason) => found.has(reason)),
        isAfterExtract: dateInJapan(at) >= extractOn,
        figures: amendmentFigures(changes),
      },
      JSON.stringify(changes),
    );
    return { kind: 'issued', amendment: asAmendment(amendment) };
  };

  return {
    close: (what, by) =>
      atOneMoment(monthOfPeriod(what.period), what.siteId, (moment) => closeAt(moment, what, by)),
    amend: (what, by) =>
      atOneMoment(monthOfPeriod(what.period), what.siteId, (moment) => amendAt(moment, what, by)),
    workOff: (month, what, by) =>
      atOneMoment(month, undefined, (moment) => {
        let [statements, amendments] = [0, 0];
        for (const each of what) {
          if (closeAt(moment, each, by).kind === 'issued') statements += 1;
          else if (amendAt(moment, each, by).kind === 'issued') amendments += 1;
        }
        return { statements, amendments };
      }),
    difference: (issueNo) => {
      const head = store.find(issueNo);
      if (head?.kind !== 'statement') return undefined;
      const { siteId, period } = head;
      return atOneMoment(monthOf(datesOf(period).from), siteId, (moment) =>
        changesAt(moment, store.ofPeriod(siteId, period)),
      );
    },
  };
};

const asStatement = (head: IssuedHead): StatementHead => {
  if (head.kind !== 'statement') throw new Error(`issue ${head.issueNo} is no statement`);
  return head;
};
const asAmendment = (head: IssuedHead): AmendmentHead => {
  if (head.kind !== 'amendment') throw new Error(`issue ${head.issueNo} is no amendment`);
  return head;
};
