/** The neutral rows of each export, from the same functions as reports and documents. Pure. */
import type { CompanyId } from '../../shared/ids.ts';
import { isValidOn, type Month, monthOf, type WorkDate } from '../../shared/time.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import { contributionsOf } from '../policies/contributions.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry } from '../registry/registry-document.ts';
import { stampMovementsOf } from '../reports/contract-facts.ts';
import { monthAsked, type ReportFilter } from '../reports/report.ts';
import { byKeys } from '../reports/row-order.ts';
import type { ExportName, ExportRow } from './export-fields.ts';

export interface ExportFilter extends ReportFilter {
  readonly contractId?: string | undefined;
  readonly companyId?: CompanyId | undefined;
}

export interface ExportInput {
  readonly registry: Registry;
  readonly index: RegistryIndex;
  /** Of every site; whole months of a worker where two sites matter. */
  readonly days: readonly AttendanceDay[];
  readonly asOf: WorkDate;
  readonly filter: ExportFilter;
}

const companyOf = (index: RegistryIndex, companyId: CompanyId) => {
  const company = index.companyById.get(companyId);
  return { companyId, contractorNo: company?.contractorNo, companyName: company?.name };
};

const contractOf = (index: RegistryIndex, contractId: string | undefined) => ({
  contractId,
  contractName: contractId === undefined ? undefined : index.contractById.get(contractId)?.name,
});

const isAsked = (
  filter: ExportFilter,
  row: {
    readonly siteId?: string | undefined;
    readonly contractId?: string | undefined;
    readonly companyId: string;
  },
  month: Month,
): boolean =>
  (filter.siteId === undefined || row.siteId === filter.siteId) &&
  (filter.contractId === undefined || row.contractId === filter.contractId) &&
  (filter.companyId === undefined || row.companyId === filter.companyId) &&
  (filter.month === undefined || month === filter.month);

const contributionDays = ({ index, days, asOf, filter }: ExportInput): readonly ExportRow[] =>
  contributionsOf(days, index, { asOf, ...monthAsked(filter) })
    .contributions.filter((row) => isAsked(filter, row, monthOf(row.workDate)))
    .toSorted(byKeys(['workDate', 'companyId', 'workerId', 'siteId']))
    .map((row) => {
      const worker = index.workerById.get(row.workerId);
      return {
        workDate: row.workDate,
        month: monthOf(row.workDate),
        workerId: row.workerId,
        memberNo: worker?.memberNo,
        workerName: worker?.name,
        ...companyOf(index, row.companyId),
        siteId: row.siteId,
        siteName: row.siteId === undefined ? undefined : index.siteById.get(row.siteId)?.name,
        ...contractOf(index, row.contractId),
        days: row.days,
        yen: row.yen,
        rateYen: row.rate.yen,
        method: row.method,
        colour: row.colour,
        basis: row.basis,
        reportDue: row.reportDue,
        notPayable: row.notPayable,
      };
    });

const stampMovements = (input: ExportInput): readonly ExportRow[] => {
  const { index, filter } = input;
  return stampMovementsOf(input)
    .filter((row) => {
      const siteId = index.contractById.get(row.contractId)?.siteId;
      return (
        isValidOn(monthAsked(filter), row.date) &&
        isAsked(filter, { ...row, siteId }, monthOf(row.date))
      );
    })
    .map((row) => ({
      date: row.date,
      month: monthOf(row.date),
      ...contractOf(index, row.contractId),
      ...companyOf(index, row.companyId),
      kind: row.kind,
      counterpartId: row.counterpartId,
      counterpartName:
        row.counterpartId === undefined
          ? undefined
          : index.companyById.get(row.counterpartId)?.name,
      valueYen: row.valueYen,
      colour: row.colour,
      stamps: row.days,
      yen: row.days * row.valueYen,
    }));
};

const ROWS: Readonly<Record<ExportName, (input: ExportInput) => readonly ExportRow[]>> = {
  'contribution-days': contributionDays,
  'stamp-movements': stampMovements,
};

export const exportRows = (name: ExportName, input: ExportInput): readonly ExportRow[] =>
  ROWS[name](input);

/** Stamps are carried over from the beginning; days stand by themselves. */
export const exportNeeds = (name: ExportName, filter: ExportFilter) =>
  name === 'contribution-days' ? monthAsked(filter) : {};
