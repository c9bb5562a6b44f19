/** Asks the API and draws tables; nothing is worked out here that the API does not say. */
import { element, make, say } from '../elements.js';
import { japanNow, thisMonth, today } from '../japan-date.js';
import { askNames } from '../names.js';
import { ask, wordsFor } from '../who.js';

/** @import { AttendanceRow } from '../../reports/attendance-report.ts' */
/** @import { Unresolved } from '../../policies/contribution-doubts.ts' */
/** @import { Contribution } from '../../policies/contribution.ts' */
/** @import { NotPayable } from '../../policies/not-payable.ts' */

const REFRESH_MS = 10_000;

/** @typedef {{ terminalId: string, siteId: string, isOnline: boolean, lastBatchAt?: string }} Terminal */
/** @typedef {{ rows: readonly Contribution[], unresolved: readonly Unresolved[] }} ContributionsReport */

/** @type {Record<Unresolved['reason'], string>} */
const UNRESOLVED_JA = {
  'unknown-card': '未登録カードのタッチ',
  'unknown-worker': '台帳にない技能者',
  'no-employer': '所属事業者が分からない',
  'no-contract': 'どの契約か分からない',
  'awaiting-approval': '1日を超える日数の承認待ち',
  'approval-without-work': '働いていない日の承認',
  'approval-beyond-shift': '勤務より多い日数の承認',
  'member-no-shared': '被共済者番号が他の技能者と同じ',
  'too-late': '充当されないまま2年を過ぎた（期限切れ）',
  'future-dated': '受信より未来の日時のタッチ',
  undated: '日時の決まらないタッチ',
};
/** @type {Record<Unresolved['mendedBy'], string>} */
const MENDED_BY_JA = { prime: '元請', employer: '所属事業者' };
/** @type {Record<NotPayable, string>} */
const NOT_PAYABLE_JA = {
  officer: '役員',
  'other-scheme': '他制度加入',
  'sole-contractor': '一人親方（任意組合）',
  'no-member-no': '被共済者番号なし',
  'too-late': '期限切れ（2年経過）',
};
/** @type {Record<AttendanceRow['flags'][number], string>} */
const FLAG_JA = {
  'missing-out': '退場打刻なし',
  'missing-in': '入場打刻なし',
  'unknown-card': '未登録カード',
  corrected: '訂正あり',
};

/** @param {string} text */
const cell = (text, className = '', tag = 'td') => make(tag, className, text);
/** @param {readonly HTMLElement[]} cells */
const row = (...cells) => make('tr', '', ...cells);
/**
 * @param {string} selector
 * @param {readonly HTMLElement[]} rows
 * @param {number} columns
 */
const fill = (selector, rows, columns) => {
  const none = cell('ありません', 'empty');
  none.setAttribute('colspan', String(columns));
  element(selector).replaceChildren(...(rows.length === 0 ? [row(none)] : rows));
};

/** @type {import('../names.js').Names} */
let names = { workers: new Map(), companies: new Map(), sites: new Map() };
/** @param {string} workerId */
const nameOf = (workerId) => names.workers.get(workerId) ?? workerId;

/** @param {string | undefined} instant */
const time = (instant) => instant?.slice(11, 16) ?? '';

/** @param {readonly Terminal[]} terminals */
const drawTerminals = (terminals) =>
  fill(
    '#terminals tbody',
    terminals.map(({ terminalId, siteId, isOnline, lastBatchAt }) =>
      row(
        cell(terminalId),
        cell(names.sites.get(siteId) ?? siteId),
        cell(isOnline ? '接続中' : 'オフライン', isOnline ? '' : 'bad'),
        cell(lastBatchAt?.slice(0, 19).replace('T', ' ') ?? '–'),
      ),
    ),
    4,
  );

/**
 * Today an exit that is not there yet only means that the person is still on site.
 *
 * @param {AttendanceRow['flags'][number]} flag
 * @param {string | undefined} lastOut
 */
const noteOfToday = (flag, lastOut) =>
  flag === 'missing-out' && lastOut === undefined ? '在場中' : FLAG_JA[flag];

/** @param {readonly AttendanceRow[]} rows */
const drawToday = (rows) => {
  const touched = rows.filter(({ workDate }) => workDate === today());
  element('#today-count').textContent = `${touched.length} 名`;
  fill(
    '#today tbody',
    touched.map(({ workerId, cardId, companyId, firstIn, lastOut, flags }) =>
      row(
        cell(workerId === undefined ? `カード ${cardId}` : nameOf(workerId)),
        cell(names.companies.get(companyId ?? '') ?? companyId ?? '–'),
        cell(time(firstIn)),
        cell(time(lastOut)),
        cell(flags.map((flag) => noteOfToday(flag, lastOut)).join('、')),
      ),
    ),
    5,
  );
};

/** @param {readonly Contribution[]} rows */
const mark = (rows) => {
  const days = rows.reduce((sum, each) => sum + each.days, 0);
  if (rows.length === 0) return '';
  if (rows.some((each) => each.notPayable !== undefined)) return '×';
  if (rows.some((each) => each.candidateDays > each.days)) return '△';
  return days === 1 ? '●' : '②';
};

/**
 * @param {string} month
 * @param {ContributionsReport} report
 */
const drawContributions = (month, { rows }) => {
  const [year = 0, monthNo = 0] = month.split('-').map(Number);
  const dates = Array.from({ length: new Date(year, monthNo, 0).getDate() }, (_, index) => ({
    date: `${month}-${String(index + 1).padStart(2, '0')}`,
    className: [0, 6].includes(new Date(year, monthNo - 1, index + 1).getDay()) ? 'weekend' : '',
  }));
  const heading = [
    cell('技能者', '', 'th'),
    ...dates.map(({ className }, index) => cell(String(index + 1), className, 'th')),
    ...['日数', '掛金', '備考'].map((text) => cell(text, '', 'th')),
  ];
  element('#contributions thead').replaceChildren(row(...heading));
  const workers = [...new Set(rows.map(({ workerId }) => workerId))];
  /** @param {readonly Contribution[]} of */
  const yenOf = (of) => of.reduce((sum, { yen }) => sum + yen, 0);
  fill(
    '#contributions tbody',
    workers.map((workerId) => {
      const own = rows.filter((each) => each.workerId === workerId);
      const reasons = new Set(
        own.flatMap(({ notPayable }) =>
          notPayable === undefined ? [] : [NOT_PAYABLE_JA[notPayable]],
        ),
      );
      return row(
        cell(nameOf(workerId)),
        ...dates.map(({ date, className }) =>
          cell(mark(own.filter(({ workDate }) => workDate === date)), className),
        ),
        cell(String(own.reduce((sum, { days }) => sum + days, 0)), 'total'),
        cell(`${yenOf(own).toLocaleString('ja-JP')}円`, 'total'),
        cell([...reasons].join('、')),
      );
    }),
    heading.length,
  );
  element('#sum').textContent = `${yenOf(rows).toLocaleString('ja-JP')}円`;
};

/** @param {ContributionsReport} report */
const drawUnresolved = ({ unresolved }) =>
  fill(
    '#unresolved tbody',
    unresolved.map(({ workDate, reason, workerId, cardId, mendedBy }) =>
      row(
        cell(workDate),
        cell(UNRESOLVED_JA[reason]),
        cell(workerId === undefined ? (cardId ?? '') : nameOf(workerId)),
        cell(MENDED_BY_JA[mendedBy]),
      ),
    ),
    4,
  );

const month = element('#month');
if (!(month instanceof HTMLInputElement)) throw new Error('#month is no input');
month.value = thisMonth();

const refresh = async () => {
  try {
    const [terminals, attendance, contributions] = await Promise.all([
      /** @type {Promise<{ terminals: readonly Terminal[] }>} */ (ask('/v1/terminals')),
      /** @type {Promise<{ rows: readonly AttendanceRow[] }>} */ (
        ask(`/v1/attendance?month=${thisMonth()}`)
      ),
      /** @type {Promise<ContributionsReport>} */ (ask(`/v1/contributions?month=${month.value}`)),
    ]);
    drawTerminals(terminals.terminals);
    drawToday(attendance.rows);
    drawContributions(month.value, contributions);
    drawUnresolved(contributions);
    say('#state', `${japanNow().slice(11, 19)} 更新`);
  } catch (cause) {
    say('#state', wordsFor(cause), true);
  }
};

month.addEventListener('change', refresh);
// Who may not see the 作業員名簿 sees ids.
names = await askNames().catch(() => names);
await refresh();
setInterval(refresh, REFRESH_MS);
