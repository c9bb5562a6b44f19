/** 月締め・追加分: what a month was closed with, what has changed since, and every amendment with its reasons. */
import { button, choice, element, input, make, say } from '../elements.js';
import { dateTime, lastMonth } from '../japan-date.js';
import { askNames } from '../names.js';
import { ask, wordsFor } from '../who.js';

/** @import { z } from 'zod' */
/** @import { AmendmentReason } from '../../statements/amendment-reasons.ts' */
/** @import { StatementReport } from '../../statements/statement-rows.ts' */
/** @import { AmendmentRow, ChangeView, StatementRow, StatementView } from '../../api/statement-views.ts' */
/** @import { DescribedReport } from '../../reports/describe-report.ts' */

const ROWS_SHOWN_MAX = 300;

/** @typedef {z.infer<typeof StatementRow>} Company */
/** @typedef {z.infer<typeof AmendmentRow>} Amendment */
/** @typedef {z.infer<typeof ChangeView>} Change */
/** @typedef {Readonly<Record<string, unknown>>} Row */

/** @type {Record<AmendmentReason, string>} */
const REASON_JA = {
  'late-touch': '遅れて届いたタッチ',
  'clock-recovered': '時刻の確定',
  correction: '訂正',
  'card-bound': 'カードの紐付け',
  'registry-change': '台帳の変更',
  'neighbouring-day': '前後の日の変化',
  'program-change': 'プログラムの版',
  unexplained: '理由不明（要確認）',
};
/** @type {Record<Change['kind'], string>} */
const KIND_JA = { added: '追加', changed: '変更', withdrawn: '取消' };
/** @type {Record<StatementReport, string>} */
const REPORT_JA = { attendance: '出面', 'work-history': '就業履歴', contributions: '掛金' };
/** Tables of the registry that a change may come from. @type {Record<string, string>} */
const TABLE_JA = {
  companies: '事業者',
  workers: '技能者',
  cards: 'カード',
  employments: '所属',
  sites: '現場',
  contracts: '契約',
  organisation: '施工体制',
  assignments: '作業員名簿',
  leave: '休暇',
  approvals: '2日分の承認',
  surcharges: '上乗せ',
  contributionReadings: '解釈の設定',
};
/** @type {Record<number, string>} */
const STATUS_JA = {
  403: 'このログインでは締められません。管理者のログインを使ってください。',
  409: 'まだ締められません。月が終わっていないか、すでに締めてあります。',
  429: '短い時間に送りすぎています。少し待ってください。',
};

const siteChoice = choice('#site');
const monthInput = input('#month');
const dialog = /** @type {HTMLDialogElement} */ (element('#confirm'));

const fragment = new URLSearchParams(location.hash.slice(1));

/** @type {ReadonlyMap<string, string>} */
let nameById = new Map();
/** @type {readonly DescribedReport[]} */
let reports = [];
/** @type {Readonly<Record<string, string>>} */
let words = {};

/** @param {unknown} id */
const nameOf = (id) => (id === undefined ? '—' : (nameById.get(String(id)) ?? String(id)));
/** @param {number} count */
const signed = (count) =>
  count > 0 ? `+${count.toLocaleString('ja-JP')}` : count.toLocaleString('ja-JP');
/** @param {string | undefined} by */
const byJa = (by) =>
  by === undefined ? '' : by === 'gateway' ? '自動' : by.replace(/^(token|user):/, '');
/** @param {readonly AmendmentReason[]} reasons */
const reasonsJa = (reasons) => reasons.map((reason) => REASON_JA[reason]).join('、');

/** One value as people read it. @param {string} kind @param {unknown} value @returns {string} */
const text = (kind, value) => {
  if (value === undefined) return 'なし';
  if (kind === 'evidence') return `${Array.isArray(value) ? value.length : 0}件`;
  if (Array.isArray(value))
    return value.length === 0 ? 'なし' : value.map((each) => text(kind, each)).join('、');
  switch (kind) {
    case 'flag':
      return value === true ? '○' : '×';
    case 'yen':
      return `${Number(value).toLocaleString('ja-JP')}円`;
    case 'minutes':
      return `${Math.floor(Number(value) / 60)}:${String(Number(value) % 60).padStart(2, '0')}`;
    case 'instant':
      return String(value).slice(11, 16);
    case 'site':
    case 'company':
    case 'worker':
      return nameOf(value);
    default:
      return words[String(value)] ?? String(value);
  }
};

/** @param {StatementReport} report @param {string} field */
const columnOf = (report, field) =>
  reports.find(({ name }) => name === report)?.columns.find(({ column }) => column === field);

/** Fields that a person looks at first, of rows that came or went. @type {Record<StatementReport, readonly string[]>} */
const TOLD = {
  attendance: ['firstIn', 'lastOut', 'minutes'],
  'work-history': ['complete'],
  contributions: ['days', 'yen', 'notPayable'],
};

/** What differs, one line a field. @param {Change} change */
const detail = ({ report, kind, fields, before, after }) => {
  const row = after ?? before ?? {};
  const told =
    kind === 'changed' ? fields : TOLD[report].filter((field) => row[field] !== undefined);
  return told.map((field) => {
    const column = columnOf(report, field);
    const title = column?.titleJa ?? field;
    const shown = (/** @type {Row | undefined} */ of) => text(column?.kind ?? 'text', of?.[field]);
    return make(
      'div',
      '',
      make('span', 'field', title),
      kind === 'changed' ? `${shown(before)} → ${shown(after)}` : shown(row),
    );
  });
};

/**
 * @param {HTMLElement} table
 * @param {readonly string[]} titles
 * @param {readonly HTMLElement[]} rows
 */
const fill = (table, titles, rows) => {
  table.hidden = rows.length === 0;
  table
    .querySelector('thead')
    ?.replaceChildren(make('tr', '', ...titles.map((title) => make('th', '', title))));
  table.querySelector('tbody')?.replaceChildren(...rows);
};

const CHANGE_TITLES = ['就労日', '技能者', '帳票', '区分', '内容', '理由'];
/** @param {Change} change */
const changeRow = (change) => {
  const row = change.after ?? change.before ?? {};
  const tables = change.tables.map((table) => TABLE_JA[table] ?? table).join('、');
  return make(
    'tr',
    '',
    make('td', 'date', String(row.workDate ?? '')),
    make(
      'td',
      '',
      row.workerId === undefined ? `カード ${row.cardId ?? ''}` : nameOf(row.workerId),
      make('small', '', row.companyId === undefined ? '' : nameOf(row.companyId)),
    ),
    make('td', '', REPORT_JA[change.report]),
    make('td', change.kind, KIND_JA[change.kind]),
    make('td', '', ...detail(change)),
    make(
      'td',
      '',
      reasonsJa(change.reasons),
      make('small', '', tables === '' ? '' : `（${tables}）`),
    ),
  );
};
/** By date and worker, so that what belongs together stands together. @param {readonly Change[]} changes */
const changeRows = (changes) => {
  /** @param {Change} change */
  const key = ({ before, after }) => {
    const row = after ?? before ?? {};
    return `${row.workDate} ${row.workerId ?? row.cardId ?? ''}`;
  };
  return changes
    .toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
    .slice(0, ROWS_SHOWN_MAX)
    .map(changeRow);
};

/** The one row of a month in which nobody worked: it tells that the month is closed. @param {Company} row */
const isOfNobody = ({ companyId, workers, attendanceDays, completeRecords, contributionDays }) =>
  companyId === undefined &&
  [workers, attendanceDays, completeRecords, contributionDays ?? 0].every((count) => count === 0);

/** @param {readonly Company[]} companies */
const drawStatement = (companies) => {
  const [first] = companies;
  element('#closed').textContent =
    first === undefined ? '' : `${dateTime(first.issuedAt)} ${byJa(first.issuedBy)}`;
  element('#close-line').hidden = first !== undefined;
  const worked = companies.filter((row) => !isOfNobody(row));
  element('#no-rows').hidden = first === undefined || worked.length > 0;
  fill(
    element('#statement table'),
    ['会社', '人数', '出面', '完全な就業履歴', '掛金', '金額'],
    worked.map((row) =>
      make(
        'tr',
        '',
        make(
          'td',
          '',
          row.companyId === undefined ? '会社が分からないもの' : nameOf(row.companyId),
        ),
        make('td', 'figure', `${row.workers}人`),
        make('td', 'figure', `${row.attendanceDays}人日`),
        make('td', 'figure', `${row.completeRecords}件`),
        make('td', 'figure', row.contributionDays === undefined ? '' : `${row.contributionDays}日`),
        make('td', 'figure', row.yen === undefined ? '' : `${row.yen.toLocaleString('ja-JP')}円`),
      ),
    ),
  );
};

/** @param {z.infer<typeof StatementView> | undefined} statement */
const drawBasis = (statement) => {
  element('#basis').textContent =
    statement === undefined
      ? ''
      : `締め番号 ${statement.statementId}。根拠：台帳の${statement.position.ledgerNo}番まで、台帳取り込み第${statement.position.importNo}回、版 ${statement.position.version}。SHA-256 ${statement.sha256}`;
};

/** @param {readonly Change[] | undefined} changes undefined where nothing is closed */
const drawDifference = (changes) => {
  element('#difference').hidden = changes === undefined;
  if (changes === undefined) return;
  element('#difference-count').textContent = changes.length === 0 ? '' : `${changes.length}件`;
  element('#no-difference').hidden = changes.length > 0;
  element('#amend-line').hidden = changes.length === 0;
  fill(element('#difference table'), CHANGE_TITLES, changeRows(changes));
};

/** Rows of one amendment stand together. @param {readonly Amendment[]} rows */
const amendmentItem = (rows) => {
  const [first] = rows;
  if (first === undefined) return '';
  /** @param {(row: Amendment) => number | undefined} of */
  const sum = (of) => rows.reduce((total, row) => total + (of(row) ?? 0), 0);
  const changes = make('div', 'scroll');
  const toggle = button('内容を見る', () =>
    inPeace(async () => {
      if (changes.childElementCount > 0) {
        changes.replaceChildren();
        toggle.textContent = '内容を見る';
        toggle.ariaExpanded = 'false';
        return;
      }
      /** @type {{ changes: readonly Change[] }} */
      const amendment = await ask(`/v1/amendments/${first.amendmentId}`);
      const table = make('table', '', make('thead', ''), make('tbody', ''));
      fill(table, CHANGE_TITLES, changeRows(amendment.changes));
      changes.replaceChildren(table);
      toggle.textContent = '閉じる';
      toggle.ariaExpanded = 'true';
    }),
  );
  toggle.ariaExpanded = 'false';
  return make(
    'li',
    '',
    make(
      'p',
      'head',
      make('b', '', `第${first.amendmentNo}回`),
      ` ${dateTime(first.issuedAt)} ${byJa(first.issuedBy)}`,
      make('span', 'mark', first.isAfterExtract ? '抽出後の追加分' : ''),
    ),
    make(
      'p',
      '',
      `追加 ${sum(({ added }) => added)}・変更 ${sum(({ changed }) => changed)}・取消 ${sum(({ withdrawn }) => withdrawn)}行、掛金 ${signed(sum(({ contributionDays }) => contributionDays))}日・${signed(sum(({ yen }) => yen))}円`,
      make('small', '', `理由：${reasonsJa(first.reasons)}`),
    ),
    toggle,
    changes,
  );
};

/** @param {readonly Amendment[]} rows @param {boolean} isClosed */
const drawAmendments = (rows, isClosed) => {
  element('#amendments').hidden = !isClosed;
  element('#no-amendments').hidden = rows.length > 0;
  element('#amendment-list').replaceChildren(
    ...[...Map.groupBy(rows, ({ amendmentId }) => amendmentId).values()].map(amendmentItem),
  );
};

const monthOfSite = () => ({ siteId: siteChoice.value, month: monthInput.value });
/** @param {ReturnType<typeof monthOfSite>} asked */
const isChosen = ({ siteId, month }) => siteId === siteChoice.value && month === monthInput.value;

/** What belongs to another month than the chosen one is not shown. @param {boolean} isThere */
const showAnswer = (isThere) => {
  element('main').hidden = !isThere;
};

/** @param {ReturnType<typeof monthOfSite>} asked */
const askMonth = async (asked) => {
  const query = new URLSearchParams(asked);
  const [{ statements }, { amendments }] = await Promise.all([
    /** @type {Promise<{ statements: readonly Company[] }>} */ (ask(`/v1/statements?${query}`)),
    /** @type {Promise<{ amendments: readonly Amendment[] }>} */ (ask(`/v1/amendments?${query}`)),
  ]);
  const id = statements[0]?.statementId;
  const [found, difference] =
    id === undefined
      ? [undefined, undefined]
      : await Promise.all([
          /** @type {Promise<{ statement: z.infer<typeof StatementView> }>} */ (
            ask(`/v1/statements/${id}`)
          ),
          /** @type {Promise<{ changes: readonly Change[] }>} */ (
            ask(`/v1/statements/${id}/difference`)
          ),
        ]);
  return { statements, amendments, statement: found?.statement, changes: difference?.changes };
};

const load = async () => {
  const asked = monthOfSite();
  if (asked.siteId === '' || asked.month === '') return showAnswer(false);
  try {
    const { statements, amendments, statement, changes } = await askMonth(asked);
    if (!isChosen(asked)) return;
    drawStatement(statements);
    drawBasis(statement);
    drawDifference(changes);
    drawAmendments(amendments, statement !== undefined);
    showAnswer(true);
  } catch (cause) {
    if (!isChosen(asked)) return;
    showAnswer(false);
    throw cause;
  }
};

/** What goes wrong is said where the page says how it is. @param {() => Promise<void>} work */
const inPeace = async (work) => {
  try {
    say('#state', '読み込み中…');
    await work();
    say('#state', '');
  } catch (cause) {
    say('#state', wordsFor(cause, STATUS_JA), true);
  }
};

/** @param {string} question @returns {Promise<boolean>} */
const confirmed = (question) => {
  element('#question').textContent = question;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true }),
  );
};

/** @param {string} path @param {string} question */
const issue = async (path, question) => {
  const asked = monthOfSite();
  const name = siteChoice.selectedOptions[0]?.textContent ?? asked.siteId;
  if (!(await confirmed(`${name} ${asked.month}：${question}`))) return;
  await inPeace(async () => {
    await ask(path, { method: 'POST', body: asked });
    await load();
  });
};

const begin = async () => {
  // Last month is the one to be closed.
  monthInput.value = fragment.get('month') ?? lastMonth();
  const [catalogue, names] = await Promise.all([
    /** @type {Promise<{ reports: readonly DescribedReport[], words: Record<string, string> }>} */ (
      ask('/v1/reports')
    ),
    askNames(),
  ]);
  reports = catalogue.reports;
  words = catalogue.words;
  nameById = new Map([...names.workers, ...names.companies, ...names.sites]);
  siteChoice.replaceChildren(
    ...[...names.sites].map(([siteId, siteName]) => new Option(siteName, siteId)),
  );
  await load();
};

for (const answer of ['yes', 'no'])
  element(`#${answer}`).addEventListener('click', () => dialog.close(answer));
const reload = () => inPeace(load);
siteChoice.addEventListener('change', reload);
monthInput.addEventListener('change', reload);
element('#close').addEventListener('click', () =>
  issue('/v1/statements', '締めます。締めた内容は変えられません。よろしいですか？'),
);
element('#amend').addEventListener('click', () =>
  issue('/v1/amendments', '追加分を出します。よろしいですか？'),
);
await inPeace(begin);
