/** 日数の承認: shifts that would earn more than one day of 掛金, and the word of the 元請 how many count. */
import { button, choice, element, input, make, say } from '../elements.js';
import { dateTime, thisMonth } from '../japan-date.js';
import { askNames } from '../names.js';
import { ask, wordsFor } from '../who.js';

/** @typedef {{ workerId: string, workDate: string, companyId: string, siteId: string, candidateDays: number, days: number, intervals: readonly { in: string, out: string }[], reportDue: string, approvedDays?: number, approvedBy?: string, approvedAt?: string, mayDecide: boolean }} Row */

/** @type {Readonly<Record<number, string>>} */
const STATUS_JA = {
  403: 'この操作は許されていません。決められるのは、その現場の元請です',
  422: 'この勤務は変わりました。開き直して確かめてください',
};

const siteChoice = choice('#site');
const monthInput = input('#month');

/** Names as far as the roster may be seen. @type {ReadonlyMap<string, string>} */
let nameById = new Map();
/** @param {string} id */
const nameOf = (id) => nameById.get(id) ?? id;

/** Hours and minutes; a moment of the next day says so. @param {string} instant @param {string} workDate */
const time = (instant, workDate) =>
  `${instant.slice(0, 10) === workDate ? '' : '翌日 '}${instant.slice(11, 16)}`;

/** @param {Row} row */
const shiftJa = ({ intervals, workDate }) =>
  intervals.map((each) => `${time(each.in, workDate)}～${time(each.out, workDate)}`).join('、');

/** @param {Row} row */
const decision = (row) => {
  if (!row.mayDecide) return make('p', 'decide hint', '元請が決めます。');
  const message = make('span', 'fault');
  /** @param {number} days @param {string} text @param {string} className */
  const choose = (days, text, className) => {
    const made = button(
      text,
      async () => {
        made.disabled = true;
        try {
          const { workerId, workDate } = row;
          await ask('/v1/approvals', { method: 'PUT', body: { workerId, workDate, days } });
          await load();
        } catch (cause) {
          made.disabled = false;
          message.textContent = wordsFor(cause, STATUS_JA);
        }
      },
      className,
    );
    made.disabled = row.approvedDays === days;
    return made;
  };
  const more = Array.from({ length: row.candidateDays - 1 }, (_each, at) => row.candidateDays - at);
  return make(
    'div',
    'decide',
    ...more.map((days, at) => choose(days, `${days}日とする`, at === 0 ? 'go' : '')),
    choose(1, '1日とする', ''),
    message,
  );
};

/** @param {Row} row */
const item = (row) =>
  make(
    'li',
    '',
    make(
      'div',
      '',
      make('span', 'what', `${row.workDate}　${nameOf(row.workerId)}`),
      make('small', '', `${nameOf(row.companyId)}　${nameOf(row.siteId)}`),
    ),
    make('div', '', shiftJa(row), make('small', '', `候補 ${row.candidateDays}日`)),
    make(
      'div',
      '',
      row.approvedDays === undefined ? '承認待ち（今は1日分）' : `${row.days}日分`,
      make(
        'small',
        '',
        row.approvedDays === undefined
          ? `報告期限 ${row.reportDue}`
          : `${row.approvedBy ?? ''} ${dateTime(row.approvedAt)}`,
      ),
    ),
    decision(row),
  );

/** @param {string} selector @param {readonly Row[]} rows @param {string} none */
const fill = (selector, rows, none) =>
  element(selector).replaceChildren(
    ...(rows.length === 0 ? [make('li', 'none', none)] : rows.map(item)),
  );

/** An answer to another question comes too late. */
const question = () => `${siteChoice.value} ${monthInput.value}`;

const load = async () => {
  const of = question();
  const query = new URLSearchParams({ month: monthInput.value });
  if (siteChoice.value !== '') query.set('siteId', siteChoice.value);
  try {
    /** @type {{ approvals: readonly Row[] }} */
    const { approvals } = await ask(`/v1/approvals?${query}`);
    if (of !== question()) return;
    const pending = approvals.filter(({ approvedDays }) => approvedDays === undefined);
    element('#pending-count').textContent = `${pending.length}件`;
    fill('#pending', pending, 'この月に承認待ちの勤務はありません。');
    fill(
      '#decided',
      approvals.filter(({ approvedDays }) => approvedDays !== undefined),
      'まだありません。',
    );
    say('#state', '');
  } catch (cause) {
    if (of !== question()) return;
    for (const list of ['#pending', '#decided', '#pending-count']) element(list).replaceChildren();
    say('#state', wordsFor(cause, STATUS_JA), true);
  }
};

const begin = async () => {
  monthInput.value = new URLSearchParams(location.hash.slice(1)).get('month') ?? thisMonth();
  try {
    const { workers, companies, sites } = await askNames();
    nameById = new Map([...workers, ...companies, ...sites]);
    for (const [id, name] of sites) siteChoice.append(new Option(name, id));
  } catch (cause) {
    say('#state', wordsFor(cause, STATUS_JA), true);
    return;
  }
  siteChoice.addEventListener('change', load);
  monthInput.addEventListener('change', load);
  await load();
};

await begin();
