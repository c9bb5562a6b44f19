/**
 * The ordered checklist of a full work-history record (就業履歴): what is missing, in the order in which
 * it is mended. Source: miyagi-ccus.com/works13.html, works14.html (conditions 1 to 5), and the card.
 *
 * A failed line never drops a touch; without 施工体制 the record lacks 職種 and 立場, which levels need.
 */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import type { ChecklistItem } from '../../shared/verdict.ts';
import {
  assignmentOn,
  employmentOn,
  organisationOn,
  primeOf,
  type RegistryIndex,
} from '../registry/registry.ts';
import { foundOrNot, type Ground } from './grounds.ts';

export interface ChecklistQuestion {
  readonly siteId: SiteId;
  readonly workerId: WorkerId;
  readonly date: WorkDate;
}

/** Tiers of one site are few; a chain longer than this goes round in a circle. */
const TIERS_MAX = 50;

/** The rows from the company up to the prime, and whether the chain is whole. */
interface UpperTiers {
  readonly grounds: readonly Ground[];
  readonly areThere: boolean;
}

const upperTiers = (
  registry: RegistryIndex,
  { siteId, date }: ChecklistQuestion,
  companyId: CompanyId,
): UpperTiers => {
  const primeId = primeOf(registry, siteId);
  const grounds: Ground[] = [];
  let at = companyId;
  for (let tier = 0; tier < TIERS_MAX; tier += 1) {
    const row = organisationOn(registry, siteId, at, date);
    grounds.push(foundOrNot('organisation', row, { siteId, companyId: at, from: date }));
    if (row === undefined) return { grounds, areThere: at === primeId };
    if (row.upperId === undefined)
      return { grounds, areThere: at === primeId || primeId === undefined };
    at = row.upperId;
  }
  return { grounds, areThere: false };
};

export interface ChecklistLine {
  readonly item: ChecklistItem;
  readonly isPassed: boolean;
  /** The rows that say so. */
  readonly grounds: readonly Ground[];
}

/**
 * Everything about site, worker and organisation, line by line in order; a line that cannot be asked yet is
 * not there. A card is asked of at its touch.
 */
export const checklistLines = (
  registry: RegistryIndex,
  question: ChecklistQuestion,
): readonly ChecklistLine[] => {
  const { siteId, workerId, date } = question;
  const site = registry.siteById.get(siteId);
  const worker = registry.workerById.get(workerId);
  const assignment = assignmentOn(registry, siteId, workerId, date);
  const employment = employmentOn(registry, workerId, date, assignment?.companyId);
  const siteGround = foundOrNot('sites', site, { siteId });
  const assignmentGround = foundOrNot('assignments', assignment, { siteId, workerId, from: date });
  const employmentGround = foundOrNot('employments', employment, { workerId, from: date });
  const line = (
    item: ChecklistItem,
    isPassed: boolean,
    ...grounds: readonly Ground[]
  ): ChecklistLine => ({ item, isPassed, grounds });
  const ofSiteAndWorker = [
    line('site-not-registered', site !== undefined, siteGround),
    ...(site === undefined ? [] : [line('outside-period', isValidOn(site, date), siteGround)]),
    line(
      'worker-unknown',
      worker?.ccusRegistered === true,
      foundOrNot('workers', worker, { workerId }),
    ),
    line(
      'no-employer',
      employment !== undefined &&
        (assignment === undefined || employment.companyId === assignment.companyId),
      employmentGround,
      assignmentGround,
    ),
  ];
  const assigned = line('worker-not-assigned', assignment !== undefined, assignmentGround);
  const companyId = assignment?.companyId ?? employmentOn(registry, workerId, date)?.companyId;
  if (companyId === undefined) return [...ofSiteAndWorker, assigned];
  const organisation = organisationOn(registry, siteId, companyId, date);
  const organisationGround = foundOrNot('organisation', organisation, {
    siteId,
    companyId,
    from: date,
  });
  const inOrganisation = line(
    'employer-not-in-organisation',
    organisation !== undefined || site?.primeId === companyId,
    organisationGround,
  );
  // Without a place in the 施工体制 there is nothing to accept and nothing above to look at yet.
  if (organisation === undefined) return [...ofSiteAndWorker, inOrganisation, assigned];
  const upper = upperTiers(registry, question, companyId);
  return [
    ...ofSiteAndWorker,
    inOrganisation,
    line('employer-not-accepted', organisation.accepted, organisationGround),
    assigned,
    line('upper-tier-missing', upper.areThere, siteGround, ...upper.grounds),
  ];
};

/** What is missing, in the order of the checklist. */
export const missingForWorkHistory = (
  registry: RegistryIndex,
  question: ChecklistQuestion,
): readonly ChecklistItem[] =>
  checklistLines(registry, question).flatMap(({ item, isPassed }) => (isPassed ? [] : [item]));
