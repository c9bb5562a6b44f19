/**
 * The work of a night (夜間処理): plain functions in the order in which they run. Each is done with what the
 * ledger says at that moment, so a night that was missed is made up for by running the same once, later.
 */
import { setImmediate } from 'node:timers/promises';
import type { ChainHead } from '../../shared/chain.ts';
import type { SiteId } from '../../shared/ids.ts';
import { addDays, dateInJapan, type Month, type UtcMs } from '../../shared/time.ts';
import type { AuditEvent, AuditLog, AuditRecord } from '../access/audit-log.ts';
import type { Deadline } from '../policies/deadline.ts';
import { DAYS_LATE_MAX } from '../policies/not-payable.ts';
import { type RegistryIndex, siteRulesOf } from '../registry/registry.ts';
import type { ClosingConfig } from '../statements/closing-config.ts';
import type { Statements } from '../statements/open-statements.ts';
import { monthOfPeriod } from '../statements/period.ts';
import type { PeriodOfSite } from '../statements/statement-desk.ts';
import type { Ledger } from '../store/ledger.ts';
import { runInTurns } from '../turns.ts';
import { datesToClose, monthsToClose, type SiteToClose } from './due-periods.ts';
import type { AmendMark, JobName, JobRecord, NightlyStore, PurgeDigest } from './nightly-store.ts';

export interface NightlyJob {
  readonly name: JobName;
  /** Counts for the record; nobody's name or id. Throws where the work cannot be done. */
  readonly run: () => Promise<JobRecord['detail']>;
}

export interface NightlyJobsDeps {
  readonly store: NightlyStore;
  readonly statements: Statements;
  readonly ledger: Pick<Ledger, 'attendance'>;
  readonly registryIndex: () => RegistryIndex;
  readonly audit: Pick<AuditLog, 'append' | 'page' | 'verifying'>;
  /** Works off some of what is stale; 0 = all is derived. */
  readonly derive: () => number;
  /** 期限の暦 as of now, of everything. */
  readonly deadlines: () => readonly Pick<Deadline, 'due' | 'state'>[];
  readonly closing: Pick<ClosingConfig, 'monthDay'>;
  readonly version: string;
  readonly now: () => UtcMs;
}

const BY = 'gateway';
/** More than anybody makes: each takes a person's name. */
const PURGES_MAX = 10_000;

/**
 * Attendance older than this is not closed, and what is closed longer ago is amended by a person's word alone:
 * nothing of it can be reported any more.
 */
const DAYS_LOOKED_BACK = DAYS_LATE_MAX;

export const nightlyJobs = (deps: NightlyJobsDeps): readonly NightlyJob[] => [
  { name: 'verify-chains', run: () => verifyChains(deps) },
  {
    name: 'close-dates',
    run: () => close(deps, (site) => datesToClose(site, deps.now())),
  },
  {
    name: 'close-months',
    run: () => close(deps, (site) => monthsToClose(site, deps.now(), deps.closing.monthDay)),
  },
  { name: 'amend', run: () => amend(deps) },
  { name: 'deadlines', run: () => countDeadlines(deps) },
];

/** A week's notice. */
const SOON_DAYS = 7;

/** What has passed raises an alert, so that nobody must look at the calendar to know. */
const countDeadlines = async ({
  deadlines,
  derive,
  now,
}: NightlyJobsDeps): Promise<JobRecord['detail']> => {
  await drained(derive);
  const soon = addDays(dateInJapan(now()), SOON_DAYS);
  const open = deadlines();
  return {
    overdue: open.filter(({ state }) => state === 'overdue').length,
    dueSoon: open.filter(({ state, due }) => state === 'due' && due <= soon).length,
  };
};

/** The head of a chain as the last run that found it whole put it down. */
const notedHead = (
  records: readonly JobRecord[],
  [position, hash]: readonly [string, string],
): ChainHead | undefined => {
  const { detail } = records.find(({ job }) => job === 'verify-chains') ?? {};
  const noted = { position: detail?.[position], hash: detail?.[hash] };
  return typeof noted.position === 'number' && typeof noted.hash === 'string'
    ? { position: noted.position, hash: noted.hash }
    : undefined;
};
const AUDIT_HEAD = ['auditNo', 'auditHash'] as const;
const ISSUED_HEAD = ['issueNo', 'issuedHash'] as const;
const headDetail = (
  [position, hash]: readonly [string, string],
  head: ChainHead | undefined,
): JobRecord['detail'] =>
  head === undefined ? {} : { [position]: head.position, [hash]: head.hash };

/**
 * Journals, audit log, and what was issued. Every fault goes into the audit log, which raises the alarm.
 *
 * The heads of both logs go into the job's record, from where they reach the log of the service: whoever cuts off
 * an end must find and change each of them.
 */
const verifyChains = async ({
  store,
  statements,
  audit,
}: NightlyJobsDeps): Promise<JobRecord['detail']> => {
  const journals = await runInTurns(store.verifyingJournals());
  const before = store.records();
  const noted = {
    audit: notedHead(before, AUDIT_HEAD),
    issued: notedHead(before, ISSUED_HEAD),
  };
  const auditLog = await runInTurns(audit.verifying(noted.audit));
  const issued = await runInTurns(statements.store.verifying(noted.issued));
  const purges = alteredPurges(store.purges(), audit.page({ limit: PURGES_MAX, kind: 'purged' }));
  const faults: readonly AuditEvent['detail'][] = [
    ...purges.map((purgeNo) => ({ chain: 'purge', purgeNo })),
    ...journals.map((broken) => ({ chain: 'journal', ...broken })),
    ...(auditLog.kind === 'broken' ? [{ chain: 'audit', auditNo: auditLog.auditNo }] : []),
    ...(issued.kind === 'broken' ? [{ chain: 'issued', issueNo: issued.issueNo }] : []),
  ];
  for (const detail of faults) audit.append({ kind: 'chain-failed', actor: BY, detail });
  // What is broken keeps the head that it should have, and is told every night.
  const heads = {
    audit:
      auditLog.kind === 'broken'
        ? noted.audit
        : { position: auditLog.records, hash: auditLog.headHash },
    issued:
      issued.kind === 'broken' ? noted.issued : { position: issued.issued, hash: issued.headHash },
  };
  return {
    faults: faults.length,
    ...headDetail(AUDIT_HEAD, heads.audit),
    ...headDetail(ISSUED_HEAD, heads.issued),
  };
};

/** Purges of which the audit log says something else, or nothing, or which are missing. */
const alteredPurges = (
  purges: readonly PurgeDigest[],
  audited: readonly AuditRecord[],
): readonly number[] => {
  const kept = new Map(purges.map(({ purgeNo, sha256 }) => [purgeNo, sha256]));
  const noted = new Map(audited.map(({ detail }) => [Number(detail.purgeNo), detail.sha256]));
  return [...new Set([...kept.keys(), ...noted.keys()])].filter(
    (purgeNo) => kept.get(purgeNo) !== noted.get(purgeNo),
  );
};

const drained = async (derive: () => number): Promise<void> => {
  while (derive() > 0) await setImmediate();
};

const lookedBack = (now: UtcMs) => addDays(dateInJapan(now), -DAYS_LOOKED_BACK);

/** Every site of the registry, and those at which somebody touched without it. */
const sitesToClose = ({
  store,
  ledger,
  registryIndex,
  now,
}: NightlyJobsDeps): readonly SiteToClose[] => {
  const index = registryIndex();
  const open = new Map(store.openPeriods(lookedBack(now())).map((each) => [each.siteId, each]));
  return [...new Set<SiteId>([...index.siteById.keys(), ...open.keys()])].map((siteId) => ({
    lastClosedDate: undefined,
    lastClosedMonth: undefined,
    openDates: [],
    openMonths: [],
    ...open.get(siteId),
    siteId,
    rules: siteRulesOf(index, siteId),
    accumulation: index.siteById.get(siteId),
    hasOpenShift: (date) =>
      ledger
        .attendance({ siteId, from: date, to: date })
        .some(({ openSince }) => openSince !== undefined),
  }));
};

/** One month after the other, with a chance for others between them. */
const workOff = async (
  { statements: { desk } }: NightlyJobsDeps,
  byMonth: ReadonlyMap<Month, readonly PeriodOfSite[]>,
): Promise<{ readonly statements: number; readonly amendments: number }> => {
  let [statements, amendments] = [0, 0];
  for (const [month, periods] of [...byMonth].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const done = desk.workOff(month, periods, BY);
    statements += done.statements;
    amendments += done.amendments;
    await setImmediate();
  }
  return { statements, amendments };
};

const close = async (
  deps: NightlyJobsDeps,
  due: (site: SiteToClose) => readonly PeriodOfSite['period'][],
): Promise<JobRecord['detail']> => {
  // Whether somebody is still at work must be known before.
  await drained(deps.derive);
  const periods = sitesToClose(deps).flatMap((site) =>
    due(site).map((period) => ({ siteId: site.siteId, period })),
  );
  const { statements } = await workOff(
    deps,
    Map.groupBy(periods, ({ period }) => monthOfPeriod(period)),
  );
  return { statements };
};

/** Only months in which attendance changed; all of them where registry or program are other ones. */
const amend = async (deps: NightlyJobsDeps): Promise<JobRecord['detail']> => {
  const { store, statements, now, version } = deps;
  await drained(deps.derive);
  const before = store.amendMark();
  const mark: AmendMark = {
    changeNo: store.lastChangeNo(),
    importNo: statements.store.frontier().importNo,
    version,
  };
  const isOnlyAttendance = before?.importNo === mark.importNo && before.version === mark.version;
  const changed = isOnlyAttendance ? store.monthsChangedAfter(before.changeNo) : undefined;
  const closed = [...store.closedSince(lookedBack(now()))].filter(
    ([month]) => changed === undefined || changed.has(month),
  );
  const { amendments } = await workOff(deps, new Map(closed));
  store.setAmendMark(mark);
  return { amendments };
};
