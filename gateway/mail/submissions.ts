/**
 * Which employer's 就労状況報告書 of a month goes to which 元請 (提出先), as a pure list: whoever had work or
 * paid leave at a site, but the 元請 itself. The address is the company's, never a worker's.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { CompanyId, SiteId } from '../../shared/ids.ts';
import { Month, type WorkDate } from '../../shared/time.ts';
import type { Contribution } from '../policies/contribution.ts';
import type { RegistryIndex } from '../registry/registry.ts';

export interface Submission {
  readonly siteId: SiteId;
  readonly companyId: CompanyId;
  readonly month: Month;
  readonly primeId: CompanyId;
  /** Absent where the registry has no address of the 元請. */
  readonly recipient: string | undefined;
  readonly reportDue: WorkDate;
  readonly workers: number;
  readonly days: number;
  readonly yen: number;
  /** Fingerprint of every day that it says: whether a mail sent before still says the same. */
  readonly figures: string;
}

export type SubmissionKey = Pick<Submission, 'siteId' | 'companyId' | 'month'>;

/** What the mails of one report have in common. */
export const purposeOf = ({ siteId, companyId, month }: SubmissionKey): string =>
  `employment-report ${siteId} ${companyId} ${month}`;

/** The report that mails of that purpose carry; undefined where they carry something else. */
export const submissionOfPurpose = (purpose: string): SubmissionKey | undefined => {
  const [, siteId, companyId, month] =
    /^employment-report (\d{14}) (\d{14}) (\d{4}-\d{2})$/.exec(purpose) ?? [];
  const key = z
    .object({ siteId: SiteId, companyId: CompanyId, month: Month })
    .safeParse({ siteId, companyId, month });
  return key.data;
};

const figuresOf = (rows: readonly Contribution[]): string =>
  hash(
    'sha256',
    rows
      .map(({ workerId, workDate, days, yen, basis }) =>
        [workerId, workDate, days, yen, basis].join(' '),
      )
      .sort()
      .join('\n'),
  );

/** `rows`: the contributions of the month. In order of site and company. */
export const submissionsOf = (
  index: RegistryIndex,
  month: Month,
  rows: readonly Contribution[],
): readonly Submission[] => {
  const groups = Map.groupBy(rows, ({ siteId, companyId }) => `${siteId} ${companyId}`);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, own]) => {
      const [first] = own;
      const site = first?.siteId === undefined ? undefined : index.siteById.get(first.siteId);
      if (first === undefined || site === undefined || site.primeId === first.companyId) return [];
      return [
        {
          siteId: site.siteId,
          companyId: first.companyId,
          month,
          primeId: site.primeId,
          recipient: index.companyById.get(site.primeId)?.contactEmail,
          reportDue: first.reportDue,
          workers: new Set(own.map(({ workerId }) => workerId)).size,
          days: own.reduce((sum, { days }) => sum + days, 0),
          yen: own.reduce((sum, { yen }) => sum + yen, 0),
          figures: figuresOf(own),
        },
      ];
    });
};
