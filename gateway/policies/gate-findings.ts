/**
 * Gate findings (入場時の確認事項): what a terminal must know of a worker for each day to come, so that
 * it can decide for weeks without a network. The rules stay here; the terminal gets their outcome.
 *
 * Everything that a finding rests on begins or ends on a date of the registry, so it is enough to ask
 * on `today` and on each later date on which something changes.
 */
import type { SiteId, WorkerId } from '../../shared/ids.ts';
import type { Finding } from '../../shared/roster.ts';
import { addDays, type Dated, dayAfter, isValidOn, type WorkDate } from '../../shared/time.ts';
import type { Reason } from '../../shared/verdict.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import { decideInsurance, reasonAgeFrom } from './social-insurance.ts';
import { missingForWorkHistory } from './work-history-checklist.ts';

interface OfWorker {
  readonly siteId: SiteId;
  readonly workerId: WorkerId;
}

const lacksQualification = (
  registry: RegistryIndex,
  { siteId, workerId }: OfWorker,
  date: WorkDate,
): boolean => {
  const held = registry.qualificationsByWorker.get(workerId) ?? [];
  return (registry.siteById.get(siteId)?.requiredQualifications ?? []).some(
    (code) => !held.some((row) => row.code === code && isValidOn(row, date)),
  );
};

/** In the order of the checklist, then social insurance, then qualifications. */
const reasonsOn = (registry: RegistryIndex, of: OfWorker, date: WorkDate): readonly Reason[] => [
  ...missingForWorkHistory(registry, { ...of, date }),
  ...(decideInsurance(registry, { ...of, date }).decision === 'hold'
    ? (['insurance-unconfirmed'] as const)
    : []),
  ...(lacksQualification(registry, of, date) ? (['qualification-missing'] as const) : []),
];

/** The first day of each stretch, `today` first, on which every row about the worker stays as it is. */
const turningDays = (
  registry: RegistryIndex,
  { siteId, workerId }: OfWorker,
  today: WorkDate,
): readonly WorkDate[] => {
  const birthDate = registry.workerById.get(workerId)?.birthDate;
  const sixty: readonly Dated[] =
    birthDate === undefined ? [] : [{ from: reasonAgeFrom(birthDate) }];
  const site = registry.siteById.get(siteId);
  const rows: readonly Dated[] = [
    ...sixty,
    ...(site === undefined ? [] : [site]),
    ...(registry.organisationBySite.get(siteId) ?? []),
    ...(registry.assignmentsByWorker.get(workerId) ?? []),
    ...(registry.employmentsByWorker.get(workerId) ?? []),
    ...(registry.insuranceByWorker.get(workerId) ?? []),
    ...(registry.insuranceReasonsByWorker.get(workerId) ?? []),
    ...(registry.qualificationsByWorker.get(workerId) ?? []),
  ];
  const days = new Set(
    rows.flatMap(({ from, to }) => [from, dayAfter({ to })].filter((day) => day !== undefined)),
  );
  return [today, ...[...days].filter((day) => day > today).sort()];
};

/** Findings from `today` on; each stretch of days on which a reason holds is one finding. */
export const gateFindings = (
  registry: RegistryIndex,
  of: OfWorker,
  today: WorkDate,
): readonly Finding[] => {
  const findings: Finding[] = [];
  const openSince = new Map<Reason, WorkDate>();
  for (const day of turningDays(registry, of, today)) {
    const reasons = reasonsOn(registry, of, day);
    for (const [reason, from] of openSince) {
      if (reasons.includes(reason)) continue;
      findings.push({ reason, from, to: addDays(day, -1) });
      openSince.delete(reason);
    }
    for (const reason of reasons) if (!openSince.has(reason)) openSince.set(reason, day);
  }
  for (const [reason, from] of openSince) findings.push({ reason, from });
  const order = (finding: Finding): string => `${finding.from} ${finding.to ?? '9'}`;
  return findings.sort((a, b) => (order(a) < order(b) ? -1 : 1));
};
