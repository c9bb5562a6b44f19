/**
 * Who may ask for a correction, and who decides (訂正依頼の権限): the worker, the employer and the 元請 ask;
 * the 元請 of the site decides.
 *
 * As with CCUS's 直接入力: worker or employer enters, the 元請 approves (ccus-support.com/column_80317.html).
 */
import type { SiteId, WorkerId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Viewer } from './viewer.ts';
import { rowsOf } from './viewing-relations.ts';

/** The day that is to be corrected. */
export interface CorrectedDay {
  readonly siteId: string;
  readonly workerId: string;
  readonly workDate: WorkDate;
}

type Company = Extract<Viewer, { readonly kind: 'prime' | 'employer' }>;

/** Whether one of the scopes is that of the site's 元請. */
export const primeOfSite = (
  index: RegistryIndex,
  viewers: readonly Viewer[],
  siteId: string,
): Company | undefined => {
  const primeId: string | undefined = index.siteById.get(siteId as SiteId)?.primeId;
  return viewers.find(
    (viewer): viewer is Company => viewer.kind === 'prime' && viewer.companyId === primeId,
  );
};

/** Whether any of the scopes may ask for corrections at all. */
export const mayAsk = (viewers: readonly Viewer[]): boolean =>
  viewers.some(({ kind }) => kind === 'prime' || kind === 'employer' || kind === 'worker');

/**
 * The scope on whose behalf the asker asks for that day: 元請, else employer, else the worker; undefined where
 * none of them may, which is not told from a worker that nobody knows.
 *
 * `hasTouched`: whether anything was counted for the worker there on that date. A 元請 asks for people who
 * are or were on the roster of its site, or touched there; an employer for its own people of that date.
 */
export const askingScope = (
  index: RegistryIndex,
  viewers: readonly Viewer[],
  { siteId, workerId, workDate }: CorrectedDay,
  { hasTouched }: { readonly hasTouched: boolean },
): Viewer | undefined => {
  if (!index.workerById.has(workerId as WorkerId)) return undefined;
  const assignments = rowsOf(index.assignmentsByWorker, workerId).filter(
    (row) => row.siteId === siteId,
  );
  const prime = primeOfSite(index, viewers, siteId);
  if (prime !== undefined && (assignments.length > 0 || hasTouched)) return prime;
  const isOwn = ({ companyId }: { readonly companyId: string }): boolean =>
    rowsOf(index.employmentsByWorker, workerId).some(
      (row) => row.companyId === companyId && isValidOn(row, workDate),
    ) || assignments.some((row) => row.companyId === companyId && isValidOn(row, workDate));
  return (
    viewers.find((viewer) => viewer.kind === 'employer' && isOwn(viewer)) ??
    viewers.find((viewer) => viewer.kind === 'worker' && viewer.workerId === workerId)
  );
};
