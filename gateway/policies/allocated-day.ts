/** A day that is paid out of what was bought: what runs of 充当 leave behind. */
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import type { WorkDate } from '../../shared/time.ts';
import type { Method } from '../registry/registry-document.ts';
import type { StampColour } from './contribution.ts';

/** What was allocated for a day, all runs together: more than 0 days. */
export interface AllocatedDay {
  readonly contractId: string;
  readonly siteId?: SiteId;
  readonly workerId: WorkerId;
  readonly companyId: CompanyId;
  readonly workDate: WorkDate;
  readonly method: Method;
  readonly colour: StampColour;
  readonly dayYen: number;
  readonly days: number;
  /** Of the days, those of a first book that the state pays: no stamp is used. */
  readonly exemptDays: number;
}
