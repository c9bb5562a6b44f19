/** 現場の帳票: one table for every report of the API, and first of all what is to be done, by whom, until when. */
import { button, choice, element, input, make, say } from '../elements.js';
import { thisMonth } from '../japan-date.js';
import { createReportText } from '../report-text.js';
import { ask, wordsFor } from '../who.js';

/** @import { DescribedReport } from '../../reports/describe-report.ts' */

const ROWS_SHOWN_MAX = 500;
const TODO = 'todo';

/** @typedef {Readonly<Record<string, unknown>>} Row */
/** @typedef {{ readonly rows: readonly Row[] } & Readonly<Record<string, unknown>>} Document_ */
/** @typedef {{ column: string, titleJa: string, kind: string }} Column */
/** @typedef {{ who: string, what: string, how: string, due: string, stage: string, report: string, filter: string }} ToDo */

/** Codes that ask for a look, and those that are well; the others are plain words. */
const BAD = new Set(
  'missing-out missing-in unknown-card unknown-worker no-employer no-contract closed overdue hold none missed forgot terminal-down card-expired no-card reduced over-45-month over-360-year over-720-year over-100-month over-80-average over-45-months'.split(
    ' ',
  ),
);
const NEAR = new Set(
  'after-extract unknown allow-with-reason not-agreed near-45-month near-360-year near-720-year near-100-month near-80-average near-45-months pace-45-month no-sample-dates no-headcounts sample-date-ahead sample-date-without-companies sample-date-without-workers more-touches-than-headcount'.split(
    ' ',
  ),
);
const GOOD = new Set('allow achieved respected before-extract done'.split(' '));

const siteChoice = choice('#site');
const monthInput = input('#month');
const filterInput = input('#filter');

const fragment = new URLSearchParams(location.hash.slice(1));

/** @type {readonly DescribedReport[]} */
let reports = [];
/** @type {Readonly<Record<string, string>>} */
let words = {};
/** Names of sites, companies and workers, as far as the roster may be seen. */
const nameById = new Map();
let shown = fragment.get('report') ?? TODO;
/** @type {{ column: string, isDown: boolean } | undefined} */
let sorting;

const query = () => {
  const asked = new URLSearchParams();
  if (siteChoice.value !== '') asked.set('siteId', siteChoice.value);
  if (monthInput.value !== '') asked.set('month', monthInput.value);
  return asked.size === 0 ? '' : `?${asked}`;
};
/**
 * @param {string} name
 * @returns {Promise<Document_>}
 */
const askReport = (name) => ask(`/v1/reports/${name}${query()}`);

/** @param {unknown} code */
const word = (code) => words[String(code)] ?? String(code);
/** @param {unknown} id */
const nameOf = (id) => nameById.get(id) ?? String(id);
const text = createReportText({ word, nameOf });

const FIGURES = new Set(['number', 'yen', 'minutes', 'hours', 'percent', 'instant']);
/** @param {unknown} code */
const tone = (code) =>
  BAD.has(String(code))
    ? 'bad'
    : NEAR.has(String(code))
      ? 'near'
      : GOOD.has(String(code))
        ? 'good'
        : '';

/** Of which list rows are, where they stand beside the report's own, and what tells them apart. */
/** @typedef {{ list?: string, key: readonly string[] }} Told */

/** Where the page stands that says why a figure is what it is. @param {Row} row @param {string} column @param {Told} told */
const whyAddress = (row, column, { list, key }) => {
  const asked = new URLSearchParams({ report: shown, column });
  if (list !== undefined) asked.set('list', list);
  if (siteChoice.value !== '') asked.set('reportSite', siteChoice.value);
  if (monthInput.value !== '') asked.set('reportMonth', monthInput.value);
  for (const field of key) {
    const value = row[field];
    if (value !== undefined) asked.set(field, String(value));
  }
  return `/console/why#${asked}`;
};

/** A figure leads to its reasons. @param {string} href @param {readonly (Node | string)[]} children */
const whyLink = (href, ...children) => {
  const made = /** @type {HTMLAnchorElement} */ (make('a', 'why', ...children));
  made.href = href;
  made.title = 'なぜこの数字か';
  return made;
};

/** @param {Column} column @param {Row} row @param {Told} told */
const cell = ({ column, titleJa, kind }, row, told) => {
  const value = row[column];
  const written = text(kind, value);
  const made = make('td', FIGURES.has(kind) ? 'figure' : written.length > 30 ? 'long' : '');
  made.dataset.label = titleJa;
  const isFigure = told.key.length > 0 && written !== '' && !told.key.includes(column);
  const content = isFigure ? whyLink(whyAddress(row, column, told)) : make('span', '');
  if (kind === 'codes') {
    const codes = Array.isArray(value) ? value : value === undefined ? [] : [value];
    codes.forEach((code, index) => {
      if (index > 0) content.append('、');
      content.append(make('span', tone(code), word(code)));
    });
  } else content.append(written);
  // An empty cell stays empty: narrow screens leave it out.
  if (written !== '') made.append(content);
  if (kind === 'worker' || kind === 'company') made.title = String(value);
  return made;
};

/** @param {readonly Column[]} columns @param {readonly Row[]} rows */
const filtered = (columns, rows) => {
  const wanted = filterInput.value.trim();
  const found =
    wanted === ''
      ? rows
      : rows.filter((row) =>
          columns.some(({ column, kind }) => text(kind, row[column]).includes(wanted)),
        );
  if (sorting === undefined) return found;
  const { column, isDown } = sorting;
  const kind = columns.find((each) => each.column === column)?.kind ?? 'text';
  /** @param {Row} row */
  const key = (row) => {
    const value = row[column];
    return typeof value === 'number' ? value : text(kind, value);
  };
  return found.toSorted((a, b) => {
    const left = key(a);
    const right = key(b);
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : String(left).localeCompare(String(right), 'ja');
    return isDown ? -order : order;
  });
};

/** A column that says nothing in any row, or the same site as chosen, is left out. */
/** @param {readonly Column[]} columns @param {readonly Row[]} rows */
const worthShowing = (columns, rows) =>
  columns.filter(
    ({ column, kind }) =>
      !(kind === 'site' && siteChoice.value !== '') &&
      column !== 'siteName' &&
      column !== 'companyName' &&
      rows.some((row) => text(kind, row[column]) !== ''),
  );

/** The report's own rows can be sorted and filtered. @param {readonly Column[]} columns @param {readonly Row[]} rows @param {Told} told */
const table = (columns, rows, told) => {
  const isSortable = told.list === undefined;
  const visible = worthShowing(columns, rows);
  const found = isSortable ? filtered(visible, rows) : rows;
  if (isSortable) element('#count').textContent = `${found.length}件`;
  if (found.length === 0) return make('p', 'none', 'この条件では、ありません。');
  const head = visible.map(({ column, titleJa }) => {
    const made = make('th', '', titleJa);
    if (!isSortable) return made;
    const isDown = sorting?.column === column && sorting.isDown;
    if (sorting?.column === column) made.ariaSort = isDown ? 'descending' : 'ascending';
    made.replaceChildren(
      button(titleJa, () => {
        sorting = { column, isDown: sorting?.column === column && !sorting.isDown };
        draw();
      }),
    );
    return made;
  });
  const body = found
    .slice(0, ROWS_SHOWN_MAX)
    .map((row) => make('tr', '', ...visible.map((column) => cell(column, row, told))));
  const rest = found.length - body.length;
  return make(
    'div',
    'scroll',
    make('table', '', make('thead', '', make('tr', '', ...head)), make('tbody', '', ...body)),
    rest > 0 ? make('p', 'none', `ほかに${rest}件。現場・月・しぼり込みで減らせます。`) : '',
  );
};

/** @type {Document_ | undefined} */
let current;
/** Undefined where they did not come. @type {readonly ToDo[] | undefined} */
let toDos;

/** What to do about a day of 掛金 that cannot be settled as it is, by its reason. @type {Record<string, string>} */
const UNSETTLED_HOW = {
  'awaiting-approval': '「日数の承認」で、何日分とするかを決める',
  'no-contract': '工事（契約）を台帳に登録',
  'approval-without-work': '承認の日付か技能者を確かめる',
  'approval-beyond-shift': '承認の日数を確かめる',
  'member-no-shared': '被共済者番号を直す',
  'too-late': '所属事業者に知らせ、納付済みか、扱いをどうするかを建退共に確かめる',
  'no-member-no': '手帳の申込みか、番号の登録',
};

/** @param {readonly Row[]} unresolved @param {readonly Row[]} rows @returns {readonly ToDo[]} */
const unsettledDays = (unresolved, rows) => {
  /** @type {readonly Row[]} */
  const withoutNumber = rows
    .filter(({ notPayable }) => notPayable === 'no-member-no')
    .map((row) => ({ ...row, reason: 'no-member-no', mendedBy: 'employer' }));
  const known = [...unresolved, ...withoutNumber].filter(({ reason }) =>
    Object.hasOwn(UNSETTLED_HOW, String(reason)),
  );
  return [...Map.groupBy(known, ({ reason }) => String(reason))].map(([reason, of]) => ({
    who: word(of[0]?.mendedBy),
    what: `建退共：${word(reason)} ${of.length}件（${text('worker', [...new Set(of.map(({ workerId }) => workerId))])}）`,
    how: UNSETTLED_HOW[reason] ?? '',
    due: '',
    stage: '',
    report: 'contributions',
    filter: reason === 'no-member-no' ? word(reason) : '',
  }));
};

/** What a person has to do, out of the reports that know it, most pressing first. */
/** @returns {Promise<readonly ToDo[]>} */
const collectToDos = async () => {
  const [history, missing, insurance, overtime, model, contributions] = await Promise.all(
    ['work-history', 'not-touched', 'insurance', 'overtime', 'model-works', 'contributions'].map(
      askReport,
    ),
  );
  /** @param {unknown} rows @returns {readonly Row[]} */
  const list = (rows) => (Array.isArray(rows) ? rows : []);
  const forgotten = Map.groupBy(
    list(missing?.rows).filter((row) => row.mendedBy !== undefined),
    (row) => [row.reason, row.companyId, row.mendDue].join(' '),
  );
  const held = list(insurance?.rows).filter(({ decision }) => decision === 'hold');
  const warned = list(overtime?.rows).filter((row) => list(row.warnings).length > 0);
  /** @type {readonly ToDo[]} */
  const found = [
    ...list(history?.toMend).map((row) => ({
      who: `${word(row.mendedBy)} ${row.companyId === undefined ? '' : nameOf(row.companyId)}`,
      what: `${row.textJa} ${row.records}件（${text('worker', row.workerIds)}）`,
      how: String(row.howJa),
      due: String(row.mendDue),
      stage: String(row.stage),
      report: 'work-history',
      filter: String(row.textJa),
    })),
    ...list(history?.unknownCards).map((row) => ({
      who: word(row.mendedBy),
      what: `未登録カードのタッチ ${row.workDate}（${row.cardId ?? ''}）`,
      how: String(row.howJa),
      due: String(row.mendDue),
      stage: String(row.stage),
      report: 'attendance',
      filter: word('unknown-card'),
    })),
    ...[...forgotten.values()].flatMap(([first, ...others]) =>
      first === undefined
        ? []
        : [
            {
              who: `${word(first.mendedBy)} ${nameOf(first.companyId)}`,
              what: `タッチなし：${word(first.reason)} ${others.length + 1}件`,
              how: String(first.howJa),
              due: String(first.mendDue),
              stage: String(first.stage),
              report: 'not-touched',
              filter: word(first.reason),
            },
          ],
    ),
    ...unsettledDays(list(contributions?.unresolved), list(contributions?.rows)),
    ...(held.length === 0
      ? []
      : [
          {
            who: '所属事業者',
            what: `社会保険の確認待ち ${held.length}件`,
            how: '加入の確認書類、または特段の理由の承認',
            due: '',
            stage: '',
            report: 'insurance',
            filter: word('hold'),
          },
        ]),
    ...(warned.length === 0
      ? []
      : [
          {
            who: '所属事業者',
            what: `時間外労働の警告 ${warned.length}名`,
            how: '残業の予定を見直す',
            due: '',
            stage: '',
            report: 'overtime',
            filter: '時間',
          },
        ]),
    ...list(model?.rows)
      .filter((row) => row.statementRequired === true || list(row.attention).length > 0)
      .map((row) => ({
        who: '元請',
        what: `モデル工事 ${row.contractId}：${row.statementRequired === true ? '公表文が必要' : text('codes', row.attention)}`,
        how:
          row.statementRequired === true
            ? '文案に要因と改善策を書き、ホームページで公表'
            : '足りないものを登録',
        due: '',
        stage: '',
        report: 'model-works',
        filter: '',
      })),
  ];
  // What is over can no longer be mended in CCUS: shown last.
  /** @param {ToDo} item */
  const order = ({ stage, due }) => `${stage === 'closed' ? 1 : 0} ${due === '' ? '9999' : due}`;
  return found.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
};

/** @param {string} name @param {string} [filter] */
const show = async (name, filter = '') => {
  shown = name;
  sorting = undefined;
  filterInput.value = filter;
  await load();
};

/** @param {readonly ToDo[]} toDos */
const drawToDos = (toDos) => {
  element('#title').textContent = 'やること';
  element('#hint').textContent =
    '直せる人と期限の順です。期限は働いた月の翌月末、翌月の一括抽出を過ぎると追加分になります。';
  element('#count').textContent = `${toDos.length}件`;
  const items = toDos.map(({ who, what, how, due, stage, report, filter }) =>
    make(
      'li',
      stage === 'closed' ? '' : stage === 'after-extract' ? 'urgent' : '',
      make('span', 'who', who),
      make('span', 'what', what, make('small', '', how)),
      make(
        'span',
        'due',
        make(
          'span',
          tone(stage),
          due === '' ? '' : `${due} まで ${stage === '' ? '' : `（${word(stage)}）`} `,
        ),
        button('見る', () => show(report, filter)),
      ),
    ),
  );
  const todo = make('ul', '', ...items);
  todo.id = 'todo';
  element('#tables').replaceChildren(
    items.length === 0 ? make('p', 'good', '直すものはありません。') : todo,
  );
};

const draw = () => {
  for (const each of element('#reports').querySelectorAll('button'))
    each.ariaCurrent = each.dataset.report === shown ? 'page' : null;
  if (shown === TODO) {
    if (toDos !== undefined) drawToDos(toDos);
    return;
  }
  const report = reports.find(({ name }) => name === shown);
  if (report === undefined || current === undefined) return;
  element('#title').textContent = report.titleJa;
  element('#hint').textContent = report.hintJa;
  const document_ = current;
  element('#tables').replaceChildren(
    table(report.columns, document_.rows, { key: report.key }),
    ...report.beside.flatMap(({ name, titleJa, key, columns }) => {
      const rows = document_[name];
      return Array.isArray(rows) && rows.length > 0
        ? [make('h3', '', titleJa), table(columns, rows, { list: name, key })]
        : [];
    }),
  );
};

/** Whoever comes back from another page finds what they left. */
const keepInAddress = () => {
  const kept = new URLSearchParams({ report: shown, month: monthInput.value });
  if (siteChoice.value !== '') kept.set('site', siteChoice.value);
  if (filterInput.value !== '') kept.set('filter', filterInput.value);
  history.replaceState(undefined, '', `#${kept}`);
};

/** What page, site and month are chosen: an answer to another question comes too late. */
const question = () => [shown, siteChoice.value, monthInput.value].join(' ');

const load = async () => {
  keepInAddress();
  const asked = shown;
  const of = question();
  try {
    say('#state', '読み込み中…');
    const roster = await askReport('roster');
    for (const row of roster.rows) {
      nameById.set(row.workerId, row.name);
      nameById.set(row.companyId, row.companyName);
      nameById.set(row.siteId, row.siteName);
    }
    const found = asked === TODO ? await collectToDos() : undefined;
    const document_ = asked === 'roster' ? roster : found ? undefined : await askReport(asked);
    if (of !== question()) return;
    toDos = found;
    current = document_;
    draw();
    say('#state', '');
  } catch (cause) {
    if (of !== question()) return;
    // Rows of another month must not stand under the chosen one.
    current = undefined;
    toDos = undefined;
    element('#tables').replaceChildren();
    element('#count').textContent = '';
    say('#state', wordsFor(cause), true);
  }
};

const begin = async () => {
  monthInput.value = fragment.has('report') ? (fragment.get('month') ?? '') : thisMonth();
  filterInput.value = fragment.get('filter') ?? '';
  try {
    const catalogue =
      /** @type {{ reports: readonly DescribedReport[], words: Record<string, string> }} */ (
        await ask('/v1/reports')
      );
    reports = catalogue.reports;
    words = catalogue.words;
    /** @type {Document_} */
    const everybody = await ask('/v1/reports/roster');
    const sites = new Map(everybody.rows.map(({ siteId, siteName }) => [siteId, siteName]));
    siteChoice.append(
      ...[...sites].map(([siteId, siteName]) => new Option(String(siteName), String(siteId))),
    );
  } catch (cause) {
    say('#state', wordsFor(cause), true);
    return;
  }
  siteChoice.value = fragment.get('site') ?? '';
  const tabs = [{ name: TODO, titleJa: 'やること' }, ...reports].map(({ name, titleJa }) => {
    const made = button(titleJa, () => show(name));
    made.dataset.report = name;
    return made;
  });
  element('#reports').replaceChildren(...tabs);
  siteChoice.addEventListener('change', load);
  monthInput.addEventListener('change', load);
  filterInput.addEventListener('input', () => {
    keepInAddress();
    draw();
  });
  await load();
};

await begin();
