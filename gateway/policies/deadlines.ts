/**
 * 期限の暦: what is to be done by when, by whom and why – for every contract, site, employer and book at once.
 *
 * Pure. Each rule is the one that its own policy knows; here they are only put side by side. A deadline is
 * `done` where that can be seen: a receipt that was handed in, a report that was mailed or whose month is
 * allocated, records with nothing left to mend, days that stand allocated. What is never seen is not said.
 */
import {
  addMonths,
  firstDateOf,
  isValidOn,
  monthOf,
  monthsAfter,
  type WorkDate,
} from '../../shared/time.ts';
import { primeOf } from '../registry/registry.ts';
import { allocationDeadlines, lapseDeadlines } from './allocation-deadlines.ts';
import { BOOKLET_DAYS, bookletRenewalDue } from './booklet.ts';
import { purchasesBy, receiptOn } from './contract-use.ts';
import { correctionDue, correctionStage, extractDate } from './correction-deadline.ts';
import {
  type Deadline,
  type DeadlineQuestion,
  monthJa,
  type ReasonedDeadline,
  stateOf,
} from './deadline.ts';
import { oldestPayable } from './not-payable.ts';
import { ordererProfile } from './orderer-profiles.ts';
import { receiptDue } from './receipt-deadline.ts';
import type { UnknownCardDay, WorkHistoryRecord } from './work-history.ts';
import { presentBooklet } from './worker-totals.ts';

const receipts = ({ index, contracts, asOf }: DeadlineQuestion): readonly ReasonedDeadline[] =>
  contracts.flatMap((contract) => {
    const profile = ordererProfile(index.ordererProfiles, contract.ordererProfileId);
    if (profile?.thresholdYen !== undefined && contract.costYen < profile.thresholdYen) return [];
    const { contractId, siteId, contractDate, method } = contract;
    const received = receiptOn(
      contract,
      purchasesBy(index.purchasesByContract.get(contractId), asOf),
    );
    const due = receiptDue(contractDate, method, profile?.receiptDays);
    const isDone = received !== undefined && received <= asOf;
    return [
      {
        row: {
          due,
          kind: 'receipt',
          state: stateOf(due, isDone, asOf),
          who: 'prime',
          whyJa: `契約日 ${contractDate}（${method === 'points' ? '電子' : '証紙'}）`,
          siteId,
          contractId,
        },
        contract,
      },
    ];
  });

const reports = ({
  index,
  contributions,
  settled,
  asOf,
}: DeadlineQuestion): readonly ReasonedDeadline[] =>
  [
    ...Map.groupBy(
      contributions,
      ({ siteId, companyId, workDate }) => `${siteId} ${companyId} ${monthOf(workDate)}`,
    ).values(),
  ].flatMap((rows): readonly ReasonedDeadline[] => {
    const [first] = rows;
    if (first?.siteId === undefined) return [];
    const { siteId, companyId, reportDue: due } = first;
    // The 元請 has nobody above it to report to.
    if (primeOf(index, siteId) === companyId) return [];
    const month = monthOf(first.workDate);
    const contractIds = [...new Set(rows.flatMap(({ contractId }) => contractId ?? []))];
    const mail = settled.reportedBy(siteId, companyId, month);
    const runs = contractIds.map((contractId) => settled.allocatedBy(contractId, month));
    const isDone =
      mail !== undefined || (runs.length > 0 && runs.every((ofContract) => ofContract.length > 0));
    return [
      {
        row: {
          due,
          kind: 'report',
          state: stateOf(due, isDone, asOf),
          who: 'employer',
          whyJa: `${monthJa(month)}の就労 延べ${rows.length}人日`,
          siteId,
          companyId,
          month,
        },
        contributions: rows,
        ...(mail === undefined ? {} : { mail }),
        runs: runs.flat(),
      },
    ];
  });

/** A record, or a touch that becomes one once somebody has said whose card it is. */
type Mendable = WorkHistoryRecord | UnknownCardDay;
const isRecord = (row: Mendable): row is WorkHistoryRecord => 'complete' in row;

const corrections = ({
  records,
  unknownCards,
  asOf,
  extractDay,
}: DeadlineQuestion): readonly ReasonedDeadline[] =>
  [
    ...Map.groupBy<string, Mendable>(
      [...records, ...unknownCards],
      ({ siteId, workDate }) => `${siteId} ${monthOf(workDate)}`,
    ).values(),
  ].flatMap((rows): readonly ReasonedDeadline[] => {
    const [first] = rows;
    if (first === undefined) return [];
    const { siteId, workDate } = first;
    const month = monthOf(workDate);
    const open = rows.filter((row) => !isRecord(row) || !row.complete).length;
    const countedFrom = {
      records: rows.filter(isRecord),
      unknownCards: rows.filter((row): row is UnknownCardDay => !isRecord(row)),
    };
    const extract = extractDate(workDate, extractDay);
    const due = correctionDue(workDate);
    const isLate = correctionStage(workDate, asOf, extractDay) === 'after-extract';
    const what = open === 0 ? '直すものはありません' : `足りない記録 ${open}件`;
    return [
      {
        row: {
          due: extract,
          kind: 'extract',
          state: stateOf(extract, asOf >= extract, asOf),
          who: 'prime',
          whyJa:
            asOf >= extract
              ? `${monthJa(month)}分。この後に直したものは追加分になります`
              : `${monthJa(month)}分。これより前に直せば当月分に入ります（${what}）`,
          siteId,
          month,
        },
        ...countedFrom,
      },
      {
        row: {
          due,
          kind: 'correction',
          state: stateOf(due, open === 0, asOf),
          who: 'prime',
          whyJa: `${monthJa(month)}分 ${what}${isLate && open > 0 ? '（追加分）' : ''}`,
          siteId,
          month,
        },
        ...countedFrom,
      },
    ];
  });

const booklets = ({
  index,
  contributions,
  asOf,
}: DeadlineQuestion): readonly ReasonedDeadline[] => {
  const byWorker = Map.groupBy(contributions, ({ workerId }) => workerId);
  return [...index.bookletsByWorker.keys()].flatMap((workerId): readonly ReasonedDeadline[] => {
    const book = presentBooklet(index, workerId, byWorker.get(workerId) ?? []);
    if (book === undefined) return [];
    const { due, because } = bookletRenewalDue(book.issuedOn, book.filledOn);
    const employer = index.employmentsByWorker.get(workerId)?.find((row) => isValidOn(row, asOf));
    const stamps =
      book.number === 1 && book.stamps > 0
        ? `、証紙${book.stamps}枚・免除${book.exemptDays}日`
        : '';
    return [
      {
        row: {
          due,
          kind: 'booklet',
          state: stateOf(due, false, asOf),
          who: 'employer',
          whyJa: `${book.number}冊目 ${book.days}/${BOOKLET_DAYS}日${stamps}（${
            because === 'full' ? '満了' : '交付から2年'
          }）`,
          workerId,
          ...(employer === undefined ? {} : { companyId: employer.companyId }),
        },
        bookletOf: workerId,
        contributions: byWorker.get(workerId) ?? [],
      },
    ];
  });
};

const KEEP_CONTRIBUTIONS_MONTHS = 12;
const KEEP_ATTENDANCE_MONTHS = 60;

const keeping = ({ contracts, asOf }: DeadlineQuestion): readonly ReasonedDeadline[] =>
  contracts.flatMap((contract): readonly ReasonedDeadline[] => {
    const { contractId, siteId, completionDate } = contract;
    if (completionDate === undefined || completionDate > asOf) return [];
    return (
      [
        ['keep-contributions', KEEP_CONTRIBUTIONS_MONTHS],
        ['keep-attendance', KEEP_ATTENDANCE_MONTHS],
      ] as const
    ).map(([kind, months]) => {
      const due = monthsAfter(completionDate, months);
      const row: Deadline = {
        due,
        kind,
        state: asOf > due ? 'done' : 'due',
        who: 'prime',
        whyJa: `完成日 ${completionDate}。この日まで消さない`,
        siteId,
        contractId,
      };
      return { row, contract };
    });
  });

/**
 * In no promised order. Work months of which some day cannot be reported any more (730 days) are left out, but for
 * what of them lapsed unpaid; so are days off that are still to come.
 */
export const reasonedDeadlines = (question: DeadlineQuestion): readonly ReasonedDeadline[] => {
  const { asOf } = question;
  const oldest = firstDateOf(addMonths(monthOf(oldestPayable(asOf)), 1));
  const isRecent = ({ workDate }: { readonly workDate: WorkDate }): boolean =>
    oldest <= workDate && workDate <= asOf;
  const recent = {
    ...question,
    contributions: question.contributions.filter(isRecent),
    records: question.records.filter(isRecent),
    unknownCards: question.unknownCards.filter(isRecent),
  };
  return [
    ...receipts(question),
    ...reports(recent),
    ...corrections(recent),
    ...allocationDeadlines(recent),
    ...lapseDeadlines(question),
    ...booklets(question),
    ...keeping(question),
  ];
};
