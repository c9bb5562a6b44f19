/**
 * Who can mend what (是正できる人): each line of the checklist belongs to one party of the site.
 *
 * As the words beside each line in `shared/verdict.ts` say; here as a code, to sort and to count by.
 */
import { z } from 'zod';
import type { ChecklistItem } from '../../shared/verdict.ts';

export const MendedBy = z.enum(['prime', 'upper', 'employer', 'worker', 'site-staff']);
export type MendedBy = z.infer<typeof MendedBy>;

const MENDED_BY: Readonly<Record<ChecklistItem, MendedBy>> = {
  'site-not-registered': 'prime',
  'outside-period': 'prime',
  'worker-unknown': 'employer',
  'no-employer': 'employer',
  'employer-not-in-organisation': 'upper',
  'employer-not-accepted': 'employer',
  'worker-not-assigned': 'employer',
  'upper-tier-missing': 'upper',
  'card-invalid': 'worker',
};

export const mendedBy = (item: ChecklistItem): MendedBy => MENDED_BY[item];
