/**
 * Who may see what (閲覧範囲): one pure decision for API, console, documents and exports alike.
 *
 * Closed by default. Sources: MLIT policy package of 2020-03, 「CCUSによる技能者情報の閲覧範囲について」
 * (ポイント1: the worker's page is for the worker and the employer; 2: opening takes both consents; 3: 元請 and
 * upper tiers see roster items and the history on their own sites while works go on), and the orderer's
 * viewing with the 元請's consent. Where they leave room, the reading stands at the rule.
 */
import type { WorkerId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import { consentOn, type Recipient } from '../policies/consents.ts';
import { primeOf, type RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';
import type { Viewer } from './viewer.ts';
import {
  activeSitesOf,
  assignmentRowOn,
  contractsOf,
  isLowerTier,
  rowsOf,
  siteOf,
  type ViewedSubject,
} from './viewing-relations.ts';

/** Kinds of data; also the words that a consent names in `items`. */
export const ITEMS = [
  /** 作業員名簿の項目: name, kana, trade, role, work, period, whether a member of 建退共 */
  'roster',
  /** 生年月日・年齢 */
  'birth-date',
  /** 社会保険 */
  'insurance',
  /** 保有資格 */
  'qualifications',
  /** レベル */
  'level',
  /** 出面・就業履歴 of one site */
  'history',
  /** 掛金・被共済者番号 */
  'contributions',
  /** カードの番号 */
  'card',
  /** 本人の画面: what adds up over all sites, such as overtime, days to the next level, statement */
  'own-page',
  /** 率・集計: figures that name no worker */
  'figures',
  /** 契約・施工体制・証紙 */
  'works',
  /** 訂正依頼: between whoever may ask and the 元請 who decides; opens to nobody by consent */
  'corrections',
  /** 元請の現場管理: terminals, their alerts, subcontractors' quotes */
  'site-state',
] as const;
export type Item = (typeof ITEMS)[number];

export interface ViewingQuestion {
  readonly viewer: Viewer;
  readonly subject: ViewedSubject;
  readonly item: Item;
  /** The date that the data is about. */
  readonly date: WorkDate;
  /** The date on which it is asked for. */
  readonly today: WorkDate;
}

export type OpenRule =
  | 'administrator'
  | 'central-system'
  | 'own-record'
  | 'own-employee'
  | 'own-assignment'
  | 'own-company'
  | 'own-contract'
  | 'own-active-site'
  | 'past-own-site'
  | 'asked-of-own-site'
  | 'lower-tier'
  | 'prime-consented'
  | 'both-consented';

export type ClosedRule =
  | 'not-theirs'
  | 'not-an-own-active-site'
  | 'worker-not-on-site'
  | 'worker-page'
  | 'needs-both-consents'
  | 'prime-has-not-consented';

export type Sighting =
  | { readonly isVisible: true; readonly rule: OpenRule }
  | { readonly isVisible: false; readonly rule: ClosedRule };

const open = (rule: OpenRule): Sighting => ({ isVisible: true, rule });
const closed = (rule: ClosedRule): Sighting => ({ isVisible: false, rule });

export const sightingOf = (index: RegistryIndex, question: ViewingQuestion): Sighting => {
  const { viewer, subject } = question;
  switch (viewer.kind) {
    case 'admin':
      return open('administrator');
    case 'central':
      return open('central-system');
    case 'metrics':
      return closed('not-theirs');
    case 'worker':
      return subject.workerId === viewer.workerId ? open('own-record') : closed('not-theirs');
    case 'employer':
      return toEmployer(index, question, viewer.companyId);
    case 'prime':
      return toPrime(index, question, viewer.companyId);
    case 'upper':
      return toUpper(index, question, viewer.companyId);
    case 'orderer-contract':
    case 'orderer-site':
      return toOrderer(index, question, viewer);
  }
};

/** What a company wrote into the 作業員名簿 itself, or counts for it there. */
const OF_ASSIGNMENT: readonly Item[] = [
  'roster',
  'birth-date',
  'insurance',
  'history',
  'contributions',
  'corrections',
];
const ON_ROSTER: readonly Item[] = ['roster', 'birth-date', 'insurance'];

/**
 * The employer of that date; a former employer sees the days of the employment and nothing later.
 * Reading: a company on whose name somebody else's worker is assigned sees that worker there only.
 */
const toEmployer = (
  index: RegistryIndex,
  { subject, item, date, today }: ViewingQuestion,
  companyId: string,
): Sighting => {
  const { workerId } = subject;
  if (workerId === undefined)
    return subject.companyId === companyId ? open('own-company') : closed('not-theirs');
  const isEmployed = rowsOf(index.employmentsByWorker, workerId).some(
    (row) => row.companyId === companyId && isValidOn(row, date),
  );
  if (isEmployed) return open('own-employee');
  const isAssigned = rowsOf(index.assignmentsByWorker, workerId).some(
    (row) => row.companyId === companyId && row.siteId === subject.siteId && isValidOn(row, date),
  );
  if (isAssigned && OF_ASSIGNMENT.includes(item)) return open('own-assignment');
  // 生年月日 stays closed to other companies whatever is consented to.
  if (item === 'birth-date') return closed('not-theirs');
  return byConsent(index, workerId, item, 'other-company', today);
};

const toPrime = (
  index: RegistryIndex,
  { subject, item, today }: ViewingQuestion,
  companyId: string,
): Sighting => {
  const { workerId } = subject;
  const site = siteOf(index, subject);
  const isOwn = site?.primeId === companyId;
  const isActive = isOwn && isValidOn(site, today);
  if (workerId === undefined) {
    // The contract's own figures stay open to its party after completion: they name nobody.
    if (isOwn && (item === 'works' || item === 'figures')) return open('own-contract');
    if (isActive) return open('own-active-site');
    if (site === undefined && subject.companyId === companyId) return open('own-company');
    return closed(isOwn ? 'not-an-own-active-site' : 'not-theirs');
  }
  if (item === 'own-page') return closed('worker-page');
  // What is asked of the 元請 of a site is shown to it, also when the works are over: it has to decide.
  if (item === 'corrections') return isOwn ? open('asked-of-own-site') : closed('not-theirs');
  if (isActive && (item === 'history' || item === 'contributions')) return open('own-active-site');
  const ownSites = activeSitesOf(
    index,
    workerId,
    today,
    ({ siteId }) => primeOf(index, siteId) === companyId,
  );
  if (ownSites.length === 0)
    return closed(isActive ? 'worker-not-on-site' : 'not-an-own-active-site');
  if (isActive && ON_ROSTER.includes(item) && ownSites.some(({ siteId }) => siteId === site.siteId))
    return open('own-active-site');
  if (isOwn && item === 'history') return open('past-own-site');
  return byConsent(index, workerId, item, 'prime', today);
};

/** Like the 元請, but only for the companies below on that site, and without their 掛金. */
const toUpper = (
  index: RegistryIndex,
  { subject, item, date, today }: ViewingQuestion,
  companyId: string,
): Sighting => {
  const { workerId } = subject;
  const site = siteOf(index, subject);
  const isActive = site !== undefined && isValidOn(site, today);
  const isBelow = (siteId: string, lower: string | undefined, on: WorkDate): boolean =>
    lower !== undefined &&
    isLowerTier(index, siteId, { lowerId: lower, upperId: companyId, date: on });
  if (workerId === undefined) {
    if (subject.companyId === companyId) return open('own-company');
    if (!isActive) return closed('not-an-own-active-site');
    return isBelow(site.siteId, subject.companyId, date) && ['history', 'works'].includes(item)
      ? open('lower-tier')
      : closed('not-theirs');
  }
  if (item === 'own-page') return closed('worker-page');
  const lowerSites = activeSitesOf(index, workerId, today, (row) =>
    isBelow(row.siteId, row.companyId, today),
  );
  const wasBelow =
    site !== undefined &&
    isBelow(site.siteId, assignmentRowOn(index, site.siteId, workerId, date)?.companyId, date);
  if (isActive && wasBelow && item === 'history') return open('lower-tier');
  if (lowerSites.length === 0) {
    if (!isActive) return closed('not-an-own-active-site');
    return closed(wasBelow ? 'worker-not-on-site' : 'not-theirs');
  }
  const isOnIt = lowerSites.some(({ siteId }) => siteId === site?.siteId);
  if (isActive && isOnIt && ON_ROSTER.includes(item)) return open('lower-tier');
  if (wasBelow && item === 'history') return open('past-own-site');
  return byConsent(index, workerId, item, 'upper', today);
};

/** Rates, totals and documents of the contract once the 元請 has consented; a worker only by both. */
const toOrderer = (
  index: RegistryIndex,
  { subject, item, date, today }: ViewingQuestion,
  viewer: Extract<Viewer, { kind: 'orderer-contract' | 'orderer-site' }>,
): Sighting => {
  const contracts = contractsOf(index, subject, date);
  const isTheirs = (row: RegistryRow<'contracts'>): boolean =>
    viewer.kind === 'orderer-site'
      ? row.siteId === viewer.siteId
      : row.contractId === viewer.contractId;
  // A row of a site with several contracts shows of all of them, so all of them must be theirs.
  if (contracts.length === 0 || !contracts.every(isTheirs)) return closed('not-theirs');
  const isConsented = contracts.every(
    ({ ordererViewing }) => ordererViewing !== undefined && isValidOn(ordererViewing, today),
  );
  if (!isConsented) return closed('prime-has-not-consented');
  const { workerId } = subject;
  if (workerId === undefined)
    return item === 'works' || item === 'figures'
      ? open('prime-consented')
      : closed('needs-both-consents');
  if (item === 'own-page') return closed('worker-page');
  const isOnIt = rowsOf(index.assignmentsByWorker, workerId).some(
    (row) => contracts.some(({ siteId }) => siteId === row.siteId) && isValidOn(row, date),
  );
  return isOnIt ? byConsent(index, workerId, item, 'orderer', today) : closed('worker-not-on-site');
};

const byConsent = (
  index: RegistryIndex,
  workerId: string,
  item: Item,
  to: Recipient,
  today: WorkDate,
): Sighting => {
  if (item === 'own-page') return closed('worker-page');
  if (item === 'corrections') return closed('not-theirs');
  return consentOn(index, workerId as WorkerId, today, { item, to }) === undefined
    ? closed('needs-both-consents')
    : open('both-consented');
};
