/** Report `work-history` (就業履歴): one row per worker, site and day, and what is to be mended by whom. */
import { z } from 'zod';
import { isoInJapan, type WorkDate } from '../../shared/time.ts';
import { ChecklistItem, mendJa, reasonJa } from '../../shared/verdict.ts';
import {
  type CorrectionStage,
  correctionDue,
  correctionStage,
} from '../policies/correction-deadline.ts';
import { MendedBy, mendedBy } from '../policies/mended-by.ts';
import { type WorkHistoryRecord, workHistoryOf } from '../policies/work-history.ts';
import { isAsked, monthAsked, type Report, type ReportInput } from './report.ts';
import { byKeys } from './row-order.ts';

const Stage = z.enum(['before-extract', 'after-extract', 'closed']);

const WorkHistoryRow = z.object({
  siteId: z.string(),
  workerId: z.string(),
  workDate: z.string(),
  companyId: z.string().optional(),
  trade: z.string().optional(),
  role: z.enum(['foreman', 'crew-leader', 'general', 'safety', 'engineer']).optional(),
  work: z.string().optional(),
  firstIn: z.string().optional(),
  lastOut: z.string().optional(),
  complete: z.boolean(),
  missing: z.array(ChecklistItem).readonly(),
  /** Of an incomplete record: last day to mend it, and whether the month was extracted already. */
  mendDue: z.string().optional(),
  stage: Stage.optional(),
  evidence: z.array(z.string()).readonly(),
});
type WorkHistoryRow = z.infer<typeof WorkHistoryRow>;

/** One thing to do: the same line of the checklist of one company on one site in one month. */
export const ToMendRow = z.object({
  siteId: z.string(),
  companyId: z.string().optional(),
  item: ChecklistItem,
  textJa: z.string(),
  mendedBy: MendedBy,
  howJa: z.string(),
  workerIds: z.array(z.string()).readonly(),
  records: z.int(),
  mendDue: z.string(),
  stage: Stage,
});
type ToMendRow = z.infer<typeof ToMendRow>;

export const UnknownCardRow = z.object({
  siteId: z.string(),
  cardId: z.string(),
  workDate: z.string(),
  mendedBy: MendedBy,
  howJa: z.string(),
  mendDue: z.string(),
  stage: Stage,
  evidence: z.array(z.string()).readonly(),
});

type Moment = Pick<ReportInput, 'asOf' | 'extractDay'>;

/** Until when a day can be mended, and how late it is for that. */
const deadlineOf = (
  workDate: WorkDate,
  { asOf, extractDay }: Moment,
): { readonly mendDue: WorkDate; readonly stage: CorrectionStage } => ({
  mendDue: correctionDue(workDate),
  stage: correctionStage(workDate, asOf, extractDay),
});

const rowOf = (record: WorkHistoryRecord, moment: Moment): WorkHistoryRow => {
  const { firstIn, lastOut, missing, evidence, complete, ...rest } = record;
  return {
    ...rest,
    ...(firstIn === undefined ? {} : { firstIn: isoInJapan(firstIn) }),
    ...(lastOut === undefined ? {} : { lastOut: isoInJapan(lastOut) }),
    complete,
    missing,
    ...(complete ? {} : deadlineOf(record.workDate, moment)),
    evidence,
  };
};

const toMend = (records: readonly WorkHistoryRecord[], moment: Moment): readonly ToMendRow[] => {
  const groups = new Map<
    string,
    { readonly item: ChecklistItem; readonly of: WorkHistoryRecord[] }
  >();
  for (const record of records) {
    for (const item of record.missing) {
      const key = [record.siteId, record.companyId, item, correctionDue(record.workDate)].join(' ');
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { item, of: [record] });
      else group.of.push(record);
    }
  }
  return [...groups.values()].flatMap(({ item, of }) => {
    const [first] = of;
    if (first === undefined) return [];
    const { siteId, companyId, workDate } = first;
    return [
      {
        siteId,
        ...(companyId === undefined ? {} : { companyId }),
        item,
        textJa: reasonJa(item),
        mendedBy: mendedBy(item),
        howJa: mendJa(item),
        workerIds: [...new Set(of.map(({ workerId }) => workerId))].sort(),
        records: of.length,
        ...deadlineOf(workDate, moment),
      },
    ];
  });
};

export const workHistory: Report = {
  name: 'work-history',
  titleJa: '就業履歴',
  key: ['siteId', 'workerId', 'workDate'],
  row: WorkHistoryRow,
  beside: {
    toMend: z.array(ToMendRow).readonly(),
    unknownCards: z.array(UnknownCardRow).readonly(),
  },
  besideKeys: {
    toMend: ['siteId', 'companyId', 'item', 'mendDue'],
    unknownCards: ['siteId', 'cardId', 'workDate'],
  },
  needs: monthAsked,
  make: ({ index, days, filter, ...moment }) => {
    const { records, unknownCards } = workHistoryOf(
      days.filter((day) => isAsked(filter, day)),
      index,
    );
    return {
      report: 'work-history',
      rows: records
        .map((record) => rowOf(record, moment))
        .sort(byKeys(['siteId', 'workerId', 'workDate'])),
      toMend: [...toMend(records, moment)].sort(byKeys(['mendDue', 'siteId', 'companyId', 'item'])),
      unknownCards: unknownCards
        .map((day) => ({
          ...day,
          mendedBy: 'site-staff' as const,
          howJa: mendJa('unknown-card'),
          ...deadlineOf(day.workDate, moment),
        }))
        .sort(byKeys(['siteId', 'workDate', 'cardId'])),
    };
  },
};
