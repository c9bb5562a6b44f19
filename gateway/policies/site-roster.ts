/**
 * 作業員名簿: who is on the list of a site, with what the list must say, and what changed when.
 *
 * Content: 建設業法施行規則第14条の2第1項第4号チ (氏名, 生年月日・年齢, 職種, 社会保険, 中退共・建退共,
 * 安全衛生教育, 資格). Qualifications only where worker and employer both agreed to open `qualifications`
 * to the prime, which is stricter than the rule's "unless the worker objects". Not an official form.
 */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import { organisationOn, primeOf, type RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import { type Recipient as Consented, consentOn } from './consents.ts';
import { type DatedChange, datedChanges } from './dated-changes.ts';
import {
  ageOn,
  decideInsurance,
  type InsuranceDecision,
  insuranceRowOn,
} from './social-insurance.ts';

type Assignment = RegistryRow<'assignments'>;
type Insurance = RegistryRow<'insurance'>;

/** The item of a consent that opens qualifications. */
const QUALIFICATIONS_ITEM = 'qualifications';

export interface RosterEntry {
  readonly siteId: SiteId;
  readonly companyId: CompanyId;
  /** 1 = the prime's own, 2 = 一次下請…; absent while the 施工体制 does not lead up to the prime. */
  readonly tier?: number;
  readonly workerId: WorkerId;
  readonly name: string;
  readonly kana: string;
  readonly birthDate: WorkDate;
  readonly age: number;
  readonly trade: string;
  readonly role: Assignment['role'];
  readonly work?: string;
  readonly level?: 1 | 2 | 3 | 4;
  readonly from?: WorkDate;
  readonly to?: WorkDate;
  readonly health?: Insurance['health'];
  readonly pension?: Insurance['pension'];
  readonly employment?: Insurance['employment'];
  readonly insuranceDecision: InsuranceDecision['decision'];
  /** 建退共, 中退共 and the like; `none` where nothing is known. */
  readonly mutualAid: 'kentaikyo' | 'chutaikyo' | 'seitaikyo' | 'rintaikyo' | 'none';
  /** Absent = not opened; empty = opened and none held. */
  readonly qualifications?: readonly string[];
}

const TIERS_MAX = 50;

export interface Tiers {
  /** How many steps from the prime down to the company; absent where the 施工体制 does not lead there. */
  readonly tier: number | undefined;
  /** The rows on the way up. */
  readonly rows: readonly RegistryRow<'organisation'>[];
}

export const tiersUp = (
  registry: RegistryIndex,
  siteId: SiteId,
  companyId: CompanyId,
  date: WorkDate,
): Tiers => {
  const primeId = primeOf(registry, siteId);
  const rows: RegistryRow<'organisation'>[] = [];
  let at = companyId;
  for (let tier = 1; tier <= TIERS_MAX; tier += 1) {
    if (at === primeId) return { tier, rows };
    const row = organisationOn(registry, siteId, at, date);
    if (row !== undefined) rows.push(row);
    if (row?.upperId === undefined) return { tier: undefined, rows };
    at = row.upperId;
  }
  return { tier: undefined, rows };
};

/** The tier alone. */
export const tierOf = (
  registry: RegistryIndex,
  siteId: SiteId,
  companyId: CompanyId,
  date: WorkDate,
): number | undefined => tiersUp(registry, siteId, companyId, date).tier;

/** What opens the qualifications of a worker: absent = they stay closed. */
export const qualificationsConsent = (
  registry: RegistryIndex,
  workerId: WorkerId,
  date: WorkDate,
  to: Recipient,
): RegistryRow<'consents'> | undefined =>
  consentOn(registry, workerId, date, { item: QUALIFICATIONS_ITEM, to });

/** Who a list is made for; qualifications need a consent that names it. */
type Recipient = Extract<Consented, 'prime' | 'orderer'>;

/** Qualifications that are valid on that date. */
export const qualificationsOn = (
  { qualificationsByWorker }: Pick<RegistryIndex, 'qualificationsByWorker'>,
  workerId: WorkerId,
  date: WorkDate,
): readonly RegistryRow<'qualifications'>[] =>
  (qualificationsByWorker.get(workerId) ?? []).filter((row) => isValidOn(row, date));

/** One line of the list, as of a date within the assignment. */
export const rosterEntry = (
  registry: RegistryIndex,
  assignment: Assignment,
  date: WorkDate,
  recipient: Recipient = 'prime',
): RosterEntry | undefined => {
  const { siteId, companyId, workerId, trade, role, work, from, to } = assignment;
  const worker = registry.workerById.get(workerId);
  if (worker === undefined) return undefined;
  const insurance = insuranceRowOn(registry, workerId, date);
  const tier = tierOf(registry, siteId, companyId, date);
  const held = qualificationsOn(registry, workerId, date)
    .map(({ name }) => name)
    .sort();
  return {
    siteId,
    companyId,
    ...(tier === undefined ? {} : { tier }),
    workerId,
    name: worker.name,
    kana: worker.kana,
    birthDate: worker.birthDate,
    age: ageOn(worker.birthDate, date),
    trade,
    role,
    ...(work === undefined ? {} : { work }),
    ...(worker.level === undefined ? {} : { level: worker.level }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(insurance === undefined
      ? {}
      : {
          health: insurance.health,
          pension: insurance.pension,
          employment: insurance.employment,
        }),
    insuranceDecision: decideInsurance(registry, { siteId, workerId, companyId, date }).decision,
    mutualAid: worker.otherScheme ?? (worker.memberNo === undefined ? 'none' : 'kentaikyo'),
    ...(qualificationsConsent(registry, workerId, date, recipient) !== undefined
      ? { qualifications: held }
      : {}),
  };
};

/** A dated change of the list: the orderer gets the list again when it changes (入契法第15条). */
export interface RosterChange {
  readonly date: WorkDate;
  readonly siteId: SiteId;
  readonly companyId: CompanyId;
  readonly workerId: WorkerId;
  readonly kind: DatedChange<unknown>['kind'];
}

/** An assignment that follows on another of the same worker is a change of company, trade, role or work. */
export const rosterChanges = (assignments: readonly Assignment[]): readonly RosterChange[] =>
  datedChanges(assignments, ({ siteId, workerId }) => `${siteId} ${workerId}`).map(
    ({ date, kind, row: { siteId, companyId, workerId } }) => ({
      siteId,
      companyId,
      workerId,
      date,
      kind,
    }),
  );
