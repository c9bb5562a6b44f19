/**
 * The ordered checklist of a full work-history record (就業履歴): what is missing, in the order in which
 * it is mended. Source: miyagi-ccus.com/works13.html, works14.html (conditions 1 to 5), and the card.
 *
 * A failed line never drops a touch; without 施工体制 the record lacks 職種 and 立場, which levels need.
 */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import type { ChecklistItem } from '../../shared/verdict.ts';
import { assignmentOn, employmentOn, type RegistryIndex } from '../registry.ts';

export interface ChecklistQuestion {
  readonly siteId: SiteId;
  readonly workerId: WorkerId;
  readonly date: WorkDate;
}

/** Tiers of one site are few; a chain longer than this goes round in a circle. */
const TIERS_MAX = 50;

const organisationOn = (
  registry: RegistryIndex,
  { siteId, date }: ChecklistQuestion,
  companyId: CompanyId,
) =>
  registry.organisationBySite
    .get(siteId)
    ?.find((row) => row.companyId === companyId && isValidOn(row, date));

/** Whether every company above, up to the prime, is in the 施工体制 of that date. */
const areUpperTiersThere = (
  registry: RegistryIndex,
  question: ChecklistQuestion,
  companyId: CompanyId,
): boolean => {
  const primeId = registry.siteById.get(question.siteId)?.primeId;
  let at = companyId;
  for (let tier = 0; tier < TIERS_MAX; tier += 1) {
    const row = organisationOn(registry, question, at);
    if (row === undefined) return at === primeId;
    if (row.upperId === undefined) return at === primeId || primeId === undefined;
    at = row.upperId;
  }
  return false;
};

/** 所属事業者 on that site and date: the assignment's company, else the employer. */
const companyOf = (
  registry: RegistryIndex,
  { siteId, workerId, date }: ChecklistQuestion,
): CompanyId | undefined =>
  assignmentOn(registry, siteId, workerId, date)?.companyId ??
  employmentOn(registry, workerId, date)?.companyId;

/** Everything about site, worker and organisation, in order; a card is asked of at its touch. */
export const missingForWorkHistory = (
  registry: RegistryIndex,
  question: ChecklistQuestion,
): readonly ChecklistItem[] => {
  const { siteId, workerId, date } = question;
  const missing: ChecklistItem[] = [];
  const site = registry.siteById.get(siteId);
  if (site === undefined) missing.push('site-not-registered');
  else if (!isValidOn(site, date)) missing.push('outside-period');
  if (registry.workerById.get(workerId)?.ccusRegistered !== true) missing.push('worker-unknown');
  const assignment = assignmentOn(registry, siteId, workerId, date);
  const employment = employmentOn(registry, workerId, date, assignment?.companyId);
  const isEmployed =
    employment !== undefined &&
    (assignment === undefined || employment.companyId === assignment.companyId);
  if (!isEmployed) missing.push('no-employer');
  const companyId = companyOf(registry, question);
  if (companyId !== undefined) {
    const organisation = organisationOn(registry, question, companyId);
    const isPrime = site?.primeId === companyId;
    if (organisation === undefined && !isPrime) missing.push('employer-not-in-organisation');
    if (organisation !== undefined && !organisation.accepted) missing.push('employer-not-accepted');
    if (assignment === undefined) missing.push('worker-not-assigned');
    // Without a place in the 施工体制 there is nothing above to look at yet.
    if (organisation !== undefined && !areUpperTiersThere(registry, question, companyId))
      missing.push('upper-tier-missing');
  } else missing.push('worker-not-assigned');
  return missing;
};
