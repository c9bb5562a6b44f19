/** The registry, indexed: who is who on which date. Lookups cost the rows of one key, not of the table. */
import type { CardId, CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { isValidOn, utcMs, type WorkDate } from '../../shared/time.ts';
import type { PersonAtSite } from '../attendance/attendance.ts';
import type { Subject } from '../attendance/shifts.ts';
import { DEFAULT_SITE_RULES, type SiteRules } from '../attendance/site-rules.ts';
import type { DayCorrection } from '../corrections.ts';
import type { Registry, RegistryRow } from './registry-document.ts';

type CompanyRow = RegistryRow<'companies'>;
type WorkerRow = RegistryRow<'workers'>;
type SiteRow = RegistryRow<'sites'>;
type ContractRow = RegistryRow<'contracts'>;
type CardRow = RegistryRow<'cards'>;
type EmploymentRow = RegistryRow<'employments'>;
type AssignmentRow = RegistryRow<'assignments'>;
type OrganisationRow = RegistryRow<'organisation'>;
type ApprovalRow = RegistryRow<'approvals'>;
type LeaveRow = RegistryRow<'leave'>;
type InsuranceRow = RegistryRow<'insurance'>;
type InsuranceReasonRow = RegistryRow<'insuranceReasons'>;
type QualificationRow = RegistryRow<'qualifications'>;
type CorrectionRow = RegistryRow<'corrections'>;
type ConsentRow = RegistryRow<'consents'>;

type Rows<Key, Row> = ReadonlyMap<Key, readonly Row[]>;

export interface RegistryIndex {
  readonly companyById: ReadonlyMap<CompanyId, CompanyRow>;
  readonly workerById: ReadonlyMap<WorkerId, WorkerRow>;
  readonly siteById: ReadonlyMap<SiteId, SiteRow>;
  readonly contractById: ReadonlyMap<string, ContractRow>;
  readonly holdingsByCard: Rows<CardId, CardRow>;
  readonly holdingsByWorker: Rows<WorkerId, CardRow>;
  readonly employmentsByWorker: Rows<WorkerId, EmploymentRow>;
  readonly assignmentsByWorker: Rows<WorkerId, AssignmentRow>;
  readonly assignmentsBySite: Rows<SiteId, AssignmentRow>;
  readonly organisationBySite: Rows<SiteId, OrganisationRow>;
  readonly contractsBySite: Rows<SiteId, ContractRow>;
  readonly approvalsByWorker: Rows<WorkerId, ApprovalRow>;
  readonly leave: readonly LeaveRow[];
  readonly insuranceByWorker: Rows<WorkerId, InsuranceRow>;
  readonly insuranceReasonsByWorker: Rows<WorkerId, InsuranceReasonRow>;
  readonly qualificationsByWorker: Rows<WorkerId, QualificationRow>;
  /** By worker, in the order in which they were recorded, of every site. */
  readonly correctionsByWorker: Rows<WorkerId, CorrectionRow>;
  readonly surchargesByWorker: Rows<WorkerId, RegistryRow<'surcharges'>>;
  readonly bookletsByWorker: Rows<WorkerId, RegistryRow<'booklets'>>;
  readonly contributionReadings: readonly RegistryRow<'contributionReadings'>[];
  readonly purchasesByContract: Rows<string, RegistryRow<'purchases'>>;
  readonly stampIssuesByContract: Rows<string, RegistryRow<'stampIssues'>>;
  readonly stampExchangesByContract: Rows<string, RegistryRow<'stampExchanges'>>;
  readonly ordererProfiles: readonly RegistryRow<'ordererProfiles'>[];
  readonly consentsByWorker: Rows<WorkerId, ConsentRow>;
}

/** By worker, in the order in which they were recorded; those of one instant in the order given. */
export const indexCorrections = (
  corrections: readonly CorrectionRow[],
): RegistryIndex['correctionsByWorker'] =>
  Map.groupBy(
    corrections.toSorted((a, b) => Date.parse(a.recordedAt) - Date.parse(b.recordedAt)),
    ({ workerId }) => workerId,
  );

export const indexRegistry = (registry: Registry): RegistryIndex => ({
  companyById: new Map(registry.companies.map((row) => [row.companyId, row])),
  workerById: new Map(registry.workers.map((row) => [row.workerId, row])),
  siteById: new Map(registry.sites.map((row) => [row.siteId, row])),
  contractById: new Map(registry.contracts.map((row) => [row.contractId, row])),
  holdingsByCard: Map.groupBy(registry.cards, ({ cardId }) => cardId),
  holdingsByWorker: Map.groupBy(registry.cards, ({ workerId }) => workerId),
  employmentsByWorker: Map.groupBy(registry.employments, ({ workerId }) => workerId),
  assignmentsByWorker: Map.groupBy(registry.assignments, ({ workerId }) => workerId),
  assignmentsBySite: Map.groupBy(registry.assignments, ({ siteId }) => siteId),
  organisationBySite: Map.groupBy(registry.organisation, ({ siteId }) => siteId),
  contractsBySite: Map.groupBy(registry.contracts, ({ siteId }) => siteId),
  approvalsByWorker: Map.groupBy(registry.approvals, ({ workerId }) => workerId),
  leave: registry.leave,
  insuranceByWorker: Map.groupBy(registry.insurance, ({ workerId }) => workerId),
  insuranceReasonsByWorker: Map.groupBy(registry.insuranceReasons, ({ workerId }) => workerId),
  qualificationsByWorker: Map.groupBy(registry.qualifications, ({ workerId }) => workerId),
  correctionsByWorker: indexCorrections(registry.corrections),
  surchargesByWorker: Map.groupBy(registry.surcharges, ({ workerId }) => workerId),
  bookletsByWorker: Map.groupBy(registry.booklets, ({ workerId }) => workerId),
  contributionReadings: registry.contributionReadings,
  purchasesByContract: Map.groupBy(registry.purchases, ({ contractId }) => contractId),
  stampIssuesByContract: Map.groupBy(registry.stampIssues, ({ contractId }) => contractId),
  stampExchangesByContract: Map.groupBy(registry.stampExchanges, ({ contractId }) => contractId),
  ordererProfiles: registry.ordererProfiles,
  consentsByWorker: Map.groupBy(registry.consents, ({ workerId }) => workerId),
});

/** The 元請 of a site; undefined where the registry does not know the site. */
export const primeOf = (
  index: Pick<RegistryIndex, 'siteById'>,
  siteId: SiteId | undefined,
): CompanyId | undefined => siteId && index.siteById.get(siteId)?.primeId;

export const holderOf = (
  index: RegistryIndex,
  cardId: CardId,
  date: WorkDate,
): WorkerId | undefined =>
  index.holdingsByCard.get(cardId)?.find((row) => isValidOn(row, date))?.workerId;

/** Who ever held the card, and the card itself: it may have stood for itself before somebody held it. */
export const subjectsOfCard = (index: RegistryIndex, cardId: CardId): readonly Subject[] => {
  const holders = new Set(index.holdingsByCard.get(cardId)?.map(({ workerId }) => workerId));
  return [
    ...[...holders].map((workerId) => ({ kind: 'worker', workerId }) as const),
    { kind: 'card', cardId },
  ];
};

/** Every card the worker ever held. */
export const cardsOf = (index: RegistryIndex, workerId: WorkerId): readonly CardId[] => [
  ...new Set(index.holdingsByWorker.get(workerId)?.map(({ cardId }) => cardId)),
];

/** The employment of that date: with `companyId` where there is one, else the one listed first. */
export const employmentOn = (
  index: Pick<RegistryIndex, 'employmentsByWorker'>,
  workerId: WorkerId,
  date: WorkDate,
  companyId?: CompanyId,
): EmploymentRow | undefined => {
  const rows = index.employmentsByWorker.get(workerId)?.filter((row) => isValidOn(row, date));
  return rows?.find((row) => row.companyId === companyId) ?? rows?.[0];
};

export const assignmentOn = (
  index: Pick<RegistryIndex, 'assignmentsByWorker'>,
  siteId: SiteId,
  workerId: WorkerId,
  date: WorkDate,
): AssignmentRow | undefined =>
  index.assignmentsByWorker
    .get(workerId)
    ?.find((row) => row.siteId === siteId && isValidOn(row, date));

export interface CompanyGrounds {
  readonly assignment: AssignmentRow | undefined;
  readonly employment: EmploymentRow | undefined;
  readonly companyId: CompanyId | undefined;
}

/** The rows that say whose worker that is on that date. */
export const companyGroundsOn = (
  index: RegistryIndex,
  siteId: SiteId,
  workerId: WorkerId,
  date: WorkDate,
): CompanyGrounds => {
  const assignment = assignmentOn(index, siteId, workerId, date);
  const employment = assignment === undefined ? employmentOn(index, workerId, date) : undefined;
  return { assignment, employment, companyId: assignment?.companyId ?? employment?.companyId };
};

/** Whose worker that is on that date: the company of the assignment on the site, else the employer. */
export const companyOn = (
  index: RegistryIndex,
  siteId: SiteId,
  workerId: WorkerId,
  date: WorkDate,
): CompanyId | undefined => companyGroundsOn(index, siteId, workerId, date).companyId;

/** The row of the 施工体制 by which a company works on a site on that date. */
export const organisationOn = (
  index: RegistryIndex,
  siteId: SiteId,
  companyId: CompanyId,
  date: WorkDate,
): OrganisationRow | undefined =>
  index.organisationBySite
    .get(siteId)
    ?.find((row) => row.companyId === companyId && isValidOn(row, date));

/**
 * The contract under which a company works on a site: the one its 施工体制 row names, else, where the
 * site has a single contract, that one. A site with several and no word on whose is whose has none.
 */
export const contractFor = (
  index: RegistryIndex,
  siteId: SiteId,
  companyId: CompanyId,
  date: WorkDate,
): ContractRow | undefined => {
  const named = organisationOn(index, siteId, companyId, date)?.contractId;
  if (named !== undefined) return index.contractById.get(named);
  const contracts = index.contractsBySite.get(siteId) ?? [];
  return contracts.length === 1 ? contracts[0] : undefined;
};

/** How attendance is derived at a site; the defaults where the registry says nothing. */
export const siteRulesOf = (index: RegistryIndex, siteId: SiteId): SiteRules => {
  const site = index.siteById.get(siteId);
  const [hours = 0, minutes = 0] = (site?.dayStart ?? '00:00').split(':').map(Number);
  return {
    ...DEFAULT_SITE_RULES,
    dayStartMinutes: hours * 60 + minutes,
    maxShiftHours: site?.maxShiftHours ?? DEFAULT_SITE_RULES.maxShiftHours,
  };
};

/** The id by which a corrected day names its correction: evidence, hence without anybody's name. */
export const correctionId = ({
  kind,
  workDate,
  recordedAt,
  requestId,
}: Pick<CorrectionRow, 'kind' | 'workDate' | 'recordedAt' | 'requestId'>): string =>
  `correction/${requestId ?? `${kind}/${workDate}/${recordedAt}`}`;

const correctionsOf = (
  index: RegistryIndex,
  siteId: SiteId,
  subject: Subject,
): readonly DayCorrection[] =>
  (subject.kind === 'worker' ? (index.correctionsByWorker.get(subject.workerId) ?? []) : [])
    .filter((row) => row.siteId === siteId)
    .map((row) => ({
      id: correctionId(row),
      workDate: row.workDate,
      kind: row.kind,
      at: row.at === undefined ? undefined : utcMs(Date.parse(row.at)),
      corrects: row.corrects,
    }));

/** Ids of the corrections of a day, as its evidence names them. */
export const correctionIdsOf = (
  index: RegistryIndex,
  {
    siteId,
    workerId,
    workDate,
  }: { readonly siteId: string; readonly workerId: string; readonly workDate: WorkDate },
): readonly string[] =>
  (index.correctionsByWorker.get(workerId as WorkerId) ?? [])
    .filter((row) => row.siteId === siteId && row.workDate === workDate)
    .map(correctionId);

/** What derivation must know of somebody at a site, beside the touches. */
export const personAtSite = (
  index: RegistryIndex,
  siteId: SiteId,
  subject: Subject,
): PersonAtSite => ({
  siteId,
  subject,
  rules: siteRulesOf(index, siteId),
  corrections: correctionsOf(index, siteId, subject),
});
