/**
 * 掛金充当書 for the worker: days and 掛金 month by month, in total, how much of a book they fill, and how far
 * the next level is, in the worker's own language.
 */
import { z } from 'zod';
import { WorkerId } from '../../shared/ids.ts';
import { Language } from '../../shared/language.ts';
import { type Fault, faulty, ok } from '../../shared/result.ts';
import { addMonths, Month, monthOf } from '../../shared/time.ts';
import type { Contribution } from '../policies/contribution.ts';
import { contributionsOf } from '../policies/contributions.ts';
import { type LevelProgress, levelProgress } from '../policies/level-progress.ts';
import { workHistoryOf } from '../policies/work-history.ts';
import { presentBooklet } from '../policies/worker-totals.ts';
import { employmentOn, type RegistryIndex } from '../registry/registry.ts';
import { groupedBy, pendingDays, rateSources, sumOf } from './contribution-figures.ts';
import type { Facts, Table } from './document.ts';
import {
  type DocumentInput,
  documentKind,
  notInOrder,
  notThere,
  refused,
} from './document-kind.ts';
import { companyName, memberNoOf, siteName, workerName } from './names.ts';
import { STATEMENT_WORDS } from './statement-translations.ts';
import type { StatementWords } from './statement-words.ts';

const MONTHS_MAX = 120;

const query = z.object({
  workerId: WorkerId,
  from: Month,
  to: Month,
  /** The worker's language of the registry, else Japanese. */
  language: Language.optional(),
});

const spanFault = ({ from, to }: z.infer<typeof query>): Fault | undefined => {
  const disorder = notInOrder(from, to);
  if (disorder !== undefined) return disorder;
  return to > addMonths(from, MONTHS_MAX - 1)
    ? { place: '/to', message: `is more than ${MONTHS_MAX} months from ${from}` }
    : undefined;
};

const remarks = (words: StatementWords, rows: readonly Contribution[]): string => {
  const pending = pendingDays(rows);
  return [
    ...new Set(rows.flatMap(({ notPayable }) => (notPayable ? [words.why[notPayable]] : []))),
    ...(rows.some(({ basis }) => basis !== 'shift') ? [words.leave] : []),
    ...(pending > 0 ? [`${words.awaiting} ${pending}`] : []),
  ].join(' / ');
};

const monthTable = (
  index: RegistryIndex,
  words: StatementWords,
  rows: readonly Contribution[],
): Table => ({
  kind: 'table',
  title: words.monthly,
  columns: [
    { key: 'month', title: words.month, kind: 'id' },
    { key: 'company', title: words.employer, kind: 'text' },
    { key: 'site', title: words.site, kind: 'text' },
    { key: 'method', title: words.method, kind: 'words' },
    { key: 'workedDays', title: words.workedDays, kind: 'days' },
    { key: 'days', title: words.days, kind: 'days' },
    { key: 'yen', title: words.yen, kind: 'yen' },
    { key: 'remark', title: words.remark, kind: 'words' },
  ],
  rows: groupedBy(
    rows,
    ({ workDate, companyId, siteId, method }) =>
      `${monthOf(workDate)} ${companyId} ${siteId} ${method}`,
  ).map((own) => {
    const [{ workDate, companyId, siteId, method }] = own;
    return {
      month: monthOf(workDate),
      company: companyName(index, companyId),
      site: siteId === undefined ? undefined : siteName(index, siteId),
      method: method === undefined ? undefined : words.methods[method],
      ...sumOf(own),
      remark: remarks(words, own),
    };
  }),
  totals: { ...sumOf(rows) },
  empty: words.empty,
});

const bookletFacts = (
  index: RegistryIndex,
  words: StatementWords,
  workerId: WorkerId,
  rows: readonly Contribution[],
): Facts => {
  const book = presentBooklet(index, workerId, rows);
  return {
    kind: 'facts',
    title: words.booklet,
    facts:
      book === undefined
        ? [{ label: words.booklet, kind: 'words', value: words.noBooklet }]
        : [
            { label: words.bookletNumber, kind: 'count', value: book.number },
            { label: words.bookletDays, kind: 'days', value: book.days },
            { label: words.bookletDaysLeft, kind: 'days', value: book.daysLeft },
          ],
  };
};

const levelFacts = (
  words: StatementWords,
  { trade, level, days, daysLeft }: LevelProgress,
): Facts => ({
  kind: 'facts',
  title: words.level,
  facts: [
    { label: words.trade, kind: 'id', value: trade },
    { label: words.presentLevel, kind: 'count', value: level },
    { label: words.levelDays, kind: 'days', value: days },
    ...(daysLeft === undefined
      ? []
      : [{ label: words.levelDaysLeft, kind: 'days' as const, value: daysLeft }]),
  ],
});

const levelsOf = (
  { registry, index, asOf }: DocumentInput,
  workerId: WorkerId,
  days: DocumentInput['days'],
) =>
  levelProgress(
    {
      registry: index,
      criteria: registry.levelCriteria,
      careerDays: registry.careerDays.filter((row) => row.workerId === workerId),
    },
    workHistoryOf(days, index).records,
    asOf,
  );

export const workerStatementDocument = documentKind({
  name: 'worker-statement',
  titleJa: '掛金充当書（本人用）',
  query,
  needs: () => ({}),
  make: (input, asked) => {
    const { index, asOf } = input;
    const { workerId, from, to } = asked;
    const worker = index.workerById.get(workerId);
    if (worker === undefined) return refused(notThere('workerId', workerId, 'workers'));
    const fault = spanFault(asked);
    if (fault !== undefined) return faulty(fault);
    const language = asked.language ?? worker.language ?? 'ja';
    const words = STATEMENT_WORDS[language];
    const days = input.days.filter(
      ({ subject }) => subject.kind === 'worker' && subject.workerId === workerId,
    );
    // What was worked and due is the worker's, however long ago it was.
    const all = contributionsOf(days, index, { asOf, isSettled: () => true }).contributions.filter(
      (row) => row.workerId === workerId,
    );
    const rows = all.filter(({ workDate }) => monthOf(workDate) >= from && monthOf(workDate) <= to);
    const employer = employmentOn(index, workerId, asOf)?.companyId;
    const total = sumOf(all);
    return ok({
      name: 'worker-statement',
      language,
      ...(language === 'ja' ? { hasFurigana: true as const } : {}),
      orientation: 'portrait',
      title: words.title,
      // A dash that CP932 lacks would refuse the whole file.
      subtitle: from === to ? from : `${from} ～ ${to}`,
      madeOn: asOf,
      addressee: workerName(index, workerId),
      issuer: employer === undefined ? [] : [companyName(index, employer)],
      sections: [
        { kind: 'prose', paragraphs: [words.about] },
        {
          kind: 'facts',
          facts: [
            { label: words.name, kind: 'text', value: `${worker.name}（${worker.kana}）` },
            { label: words.workerId, kind: 'id', value: workerId },
            { label: words.memberNo, kind: 'id', value: memberNoOf(index, workerId) },
            {
              label: words.employer,
              kind: 'text',
              value: employer === undefined ? undefined : companyName(index, employer),
            },
          ],
        },
        monthTable(index, words, rows),
        {
          kind: 'facts',
          title: words.soFar,
          facts: [
            { label: words.totalDays, kind: 'days', value: total.days },
            { label: words.totalYen, kind: 'yen', value: total.yen },
          ],
        },
        bookletFacts(index, words, workerId, all),
        ...levelsOf(input, workerId, days).map((progress) => levelFacts(words, progress)),
      ],
      notes: words.notes,
      sources: rateSources(rows),
    });
  },
});
