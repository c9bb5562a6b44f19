/**
 * What worker and employer both agreed to show (開示の同意), by item and by whom it is shown to. Reading: a consent
 * rests on the employer of the day on which it begins, and lapses when the worker changes employer.
 */
import type { WorkerId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import { employmentOn, type RegistryIndex } from '../registry/registry.ts';
import type { RegistryRow } from '../registry/registry-document.ts';

export type Recipient = RegistryRow<'consents'>['to'];

/** The consent that opens it on that date; undefined = it stays closed. */
export const consentOn = (
  index: Pick<RegistryIndex, 'consentsByWorker' | 'employmentsByWorker'>,
  workerId: WorkerId,
  date: WorkDate,
  { item, to }: { readonly item: string; readonly to: Recipient },
): RegistryRow<'consents'> | undefined => {
  const employerOn = (on: WorkDate) => employmentOn(index, workerId, on)?.companyId;
  return index.consentsByWorker
    .get(workerId)
    ?.find(
      ({ from, ...consent }) =>
        consent.to === to &&
        consent.byWorker &&
        consent.byEmployer &&
        consent.items.includes(item) &&
        isValidOn({ from }, date) &&
        (from === undefined || employerOn(from) === employerOn(date)),
    );
};
