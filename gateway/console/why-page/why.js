/** なぜこの数字か: one row of a report, figure by figure, down to touches, rows of the registry and rules. */

import { element, make, say } from '../elements.js';
import { askNames } from '../names.js';
import { createReportText } from '../report-text.js';
import { ask, Refusal, wordsFor } from '../who.js';

/** @import { Figure, RowLink, Why, WhyNode } from '../../why/why.ts' */
/** @import { DescribedReport } from '../../reports/describe-report.ts' */

/** What is opened at once; more stays folded until somebody asks. */
const OPEN_MAX = 400;

/** @type {readonly DescribedReport[]} */
let reports = [];
/** @type {Readonly<Record<string, string>>} */
let words = {};
/** Names of sites, companies and workers, as far as the roster may be seen. */
const nameById = new Map();

/** @param {unknown} code */
const word = (code) => words[String(code)] ?? String(code);
/** @param {unknown} id */
const nameOf = (id) => nameById.get(id) ?? String(id);
const text = createReportText({ word, nameOf });

/** `list`: of rows that stand beside the report's own. @param {string} report @param {string} [list] */
const tableOf = (report, list) => {
  const described = reports.find(({ name }) => name === report);
  return list === undefined ? described : described?.beside.find(({ name }) => name === list);
};
/** @param {string} report @param {string} column @param {string} [list] */
const columnOf = (report, column, list) =>
  tableOf(report, list)?.columns.find((each) => each.column === column);

const HOW_JA = {
  sum: '次の合計',
  product: '次の積',
  mean: '次の平均',
  count: '次の件数',
  list: '当てはまるもの',
  tally: '内訳',
  decided: '',
};
const ROUNDING_JA = {
  down: '切り捨て',
  'half-up': '四捨五入',
  minutes: '分未満切り捨て',
  hours: '30分で四捨五入',
  percent: '小数第3位を四捨五入',
};
const TRUST_JA = {
  trusted: '時計は正確',
  recovered: '時刻は後から確定',
  unknown: '時刻は不明',
};
const BY_JA = {
  card: 'カード',
  typed: '技能者IDの手入力',
  face: '顔認証',
  manager: '職員の手入力',
  document: '取り込んだ記録',
};
/** @type {Record<string, string>} */
const DIRECTION_JA = { in: '入場', out: '退場', auto: '入退場' };
/** @type {Record<string, string>} */
const VERDICT_JA = { recorded: '記録', repeat: '記録済み', warned: '要確認', held: '待機' };
const UNUSED = new Set(['repeat', 'void', 'set-aside']);

/** Codes of the registry that no report has. @type {Record<string, string>} */
const REGISTRY_JA = {
  employee: '雇用',
  'sole-contractor': '一人親方',
  officer: '役員',
  corporation: '法人',
  'sole-5-or-more': '個人（5人以上）',
  'sole-4-or-less': '個人（4人以下）',
  'self-employed': '一人親方',
  small: '中小',
  large: '大手',
  ccus: 'CCUS',
  paper: '書類',
  end: '末日',
  'not-subtracted': '休憩を引かない',
  statutory: '法定の休憩を引く',
  'of-remainder': '8時間ごとの残りで数える',
  'without-whole-unit': '8時間ごとの日がないときだけ',
};

/** @param {string} iso */
const moment = (iso) => {
  const at = new Date(Date.parse(iso) + 9 * 3_600_000).toISOString();
  return `${at.slice(0, 10)} ${at.slice(11, 19)}`;
};

/** Arrays and objects of the registry, in a line. @param {unknown} value @returns {string} */
const plain = (value) => {
  if (typeof value === 'boolean') return value ? 'はい' : 'いいえ';
  if (Array.isArray(value)) return value.map(plain).join('、');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([field, each]) => `${field}=${plain(each)}`)
      .join(' ');
  const id = String(value);
  return nameById.has(id) ? `${nameOf(id)}（${id}）` : (REGISTRY_JA[id] ?? word(id));
};

/** @param {string} kind @param {string} className @param {string} title @param {readonly string[]} notes */
const leaf = (kind, className, title, ...notes) =>
  make(
    'span',
    `leaf ${className}`,
    make('span', 'kind', kind),
    title,
    ...notes.filter((note) => note !== '').map((note) => make('small', '', note)),
  );

/** @param {Extract<WhyNode, { kind: 'touch' }>} touch */
const touchLeaf = (touch) => {
  const { meaning, meaningJa, at, readerId, direction, by, verdict, trust, manager } = touch;
  const made = leaf(
    'タッチ',
    'touch',
    '',
    [
      `端末 ${readerId}（${DIRECTION_JA[direction] ?? direction}）`,
      BY_JA[by],
      verdict === undefined ? '' : `判定 ${VERDICT_JA[verdict] ?? verdict}`,
      trust === undefined ? '' : TRUST_JA[trust],
    ]
      .filter((each) => each !== '')
      .join('・'),
    manager === undefined ? '' : `${manager.by}：${manager.reason}（${manager.entryId}）`,
    `記録 ${touch.entryId}`,
  );
  made.firstElementChild?.after(
    make('span', UNUSED.has(meaning) ? 'unused' : '', moment(at)),
    ` ${meaningJa}`,
  );
  return made;
};

/** @param {Extract<WhyNode, { kind: 'registry' }>} row */
const registryLeaf = ({ tableJa, fields, found }) => {
  const told = fields.map(({ fieldJa, value }) => `${fieldJa}：${plain(value)}`).join('　');
  return leaf('台帳', 'registry', found === 'none' ? `${tableJa}に該当なし` : tableJa, told);
};

/** @param {Extract<WhyNode, { kind: 'rule' }>} rule */
const ruleLeaf = ({ textJa, from, value, unit, source }) =>
  leaf(
    '規則',
    'rule',
    `${textJa}${value === undefined ? '' : `：${text(unit ?? 'text', value)}`}`,
    from === undefined ? '' : `${from} から`,
    `出典 ${source}`,
  );

/** @param {Extract<WhyNode, { kind: 'correction' }>} correction */
const correctionLeaf = ({ textJa, at, by, reason, recordedAt }) =>
  leaf(
    '訂正',
    'correction',
    `${textJa}${at === undefined ? '' : ` ${moment(at)}`}`,
    `${by}：${reason}（${moment(recordedAt)} 登録）`,
  );

/** @param {Extract<WhyNode, { kind: 'done' }>} done */
const doneLeaf = ({ by, id, at, days }) =>
  leaf(
    by === 'mail' ? '送信' : '充当',
    'registry',
    `${moment(at)} ${by === 'mail' ? 'メールで提出' : `確定した充当 ${days}日`}`,
    `控え ${id}`,
  );

/** @param {RowLink | Figure} node @param {number} position @param {Figure} within */
const signOf = ({ role }, position, { how }) => {
  if (how === 'sum') return role === 'minus' ? '−' : position === 0 ? '' : '+';
  if (how === 'product') return role === 'divide' ? '÷' : position === 0 ? '' : '×';
  return '';
};

/** @param {string} sign @param {string} label @param {string} value @param {string} how @param {boolean} isOpen */
const foldable = (sign, label, value, how, isOpen) => {
  const made = /** @type {HTMLDetailsElement} */ (document.createElement('details'));
  made.open = isOpen;
  made.append(
    make(
      'summary',
      '',
      ...(sign === '' ? [] : [make('span', 'sign', sign)]),
      make('span', 'label', label),
      make('span', 'value', value),
      ...(how === '' ? [] : [make('span', 'how', how)]),
    ),
  );
  return made;
};

/** Links whose reasons stand open somewhere already: once is enough. @type {Set<string>} */
const shownLinks = new Set();
let opened = 0;
const opens = () => {
  opened += 1;
  return opened <= OPEN_MAX;
};

/** @param {Figure} figure */
const howOf = ({ how, rounding, parts }) =>
  how === 'decided' || parts.length === 0
    ? ''
    : `＝ ${HOW_JA[how]}${rounding === undefined ? '' : `（${ROUNDING_JA[rounding]}）`}`;

/** @param {Figure} figure */
const childrenOf = (figure) =>
  make(
    'ul',
    '',
    ...figure.parts.map((node, at) => make('li', '', drawNode(node, at, figure))),
    ...figure.grounds.map((node, at) => make('li', '', drawNode(node, at, figure))),
  );

/** Who and what a row is about, in words. @param {RowLink} link */
const linkLabel = ({ report, key, column }) => {
  const title = reports.find(({ name }) => name === report)?.titleJa ?? report;
  const about = Object.entries(key).map(([field, value]) =>
    text(columnOf(report, field)?.kind ?? 'text', value),
  );
  return `${title}（${about.join(' ')}）${columnOf(report, column)?.titleJa ?? column}`;
};

/** @param {RowLink} link */
const queryOf = ({ key, reportSite }) => {
  const query = new URLSearchParams(key);
  if (reportSite !== undefined) query.set('reportSite', reportSite);
  return query;
};

/** What is below a link is asked for when somebody opens it. @param {RowLink} link @param {string} sign */
const drawLink = (link, sign) => {
  const { report, column, value, unit } = link;
  const made = foldable(sign, linkLabel(link), text(unit, value), '', false);
  /** @param {Figure | undefined} figure */
  const fill = (figure) =>
    made.append(
      ...(figure === undefined
        ? [make('p', 'closed', 'ここから先は表示できません')]
        : [make('p', 'says', `${figure.textJa} ${howOf(figure)}`), childrenOf(figure)]),
    );
  if (link.figure !== undefined) {
    fill(link.figure);
    const id = `${report} ${column} ${queryOf(link)}`;
    made.open = !shownLinks.has(id) && opens();
    shownLinks.add(id);
    return made;
  }
  let isAsked = false;
  made.addEventListener('toggle', async () => {
    if (!made.open || isAsked) return;
    isAsked = true;
    try {
      /** @type {Why} */
      const why = await ask(`/v1/why/${report}?${queryOf(link)}`);
      fill(why.figures.find(({ code }) => code === column));
    } catch (cause) {
      isAsked = false;
      if (cause instanceof Refusal && cause.status === 404) fill(undefined);
      else say('#state', wordsFor(cause), true);
    }
  });
  return made;
};

/** @param {WhyNode} node @param {number} at @param {Figure} within @returns {HTMLElement} */
const drawNode = (node, at, within) => {
  switch (node.kind) {
    case 'figure': {
      const made = foldable(
        signOf(node, at, within),
        node.textJa,
        text(node.unit, node.value),
        howOf(node),
        node.value !== false && opens(),
      );
      made.append(childrenOf(node));
      return made;
    }
    case 'row':
      return drawLink(node, signOf(node, at, within));
    case 'touch':
      return touchLeaf(node);
    case 'correction':
      return correctionLeaf(node);
    case 'registry':
      return registryLeaf(node);
    case 'rule':
      return ruleLeaf(node);
    case 'done':
      return doneLeaf(node);
    case 'closed':
      return leaf('', 'closed', '閲覧範囲の外です');
  }
};

/** @param {Figure} figure @param {Why} why @param {boolean} isChosen */
const drawFigure = (figure, { report, list }, isChosen) => {
  const title = columnOf(report, figure.code, list)?.titleJa ?? figure.code;
  const value = text(figure.unit, figure.value);
  const made = foldable('', title, value === '' ? '（なし）' : value, howOf(figure), isChosen);
  made.classList.add('column');
  made.id = figure.code;
  made.append(make('p', 'says', figure.textJa), childrenOf(figure));
  return made;
};

const fragment = new URLSearchParams(location.hash.slice(1));
const name = fragment.get('report') ?? '';
const column = fragment.get('column') ?? '';
const OURS = new Set(['report', 'column']);

/** @param {Why} why */
const draw = (why) => {
  const { report, list, titleJa, key, figures } = why;
  const title =
    list === undefined ? titleJa : `${titleJa}：${tableOf(report, list)?.titleJa ?? list}`;
  element('#title').textContent = title;
  document.title = `なぜこの数字か ${title}`;
  element('#key').replaceChildren(
    ...Object.entries(key).map(([field, value]) => {
      const described = columnOf(report, field, list);
      return make(
        'div',
        '',
        make('dt', '', described?.titleJa ?? field),
        make('dd', '', text(described?.kind ?? 'text', value)),
      );
    }),
  );
  const chosen = figures.some(({ code }) => code === column) ? column : figures[0]?.code;
  const inOrder = figures.toSorted((a, b) => Number(b.code === chosen) - Number(a.code === chosen));
  element('#figures').replaceChildren(
    ...inOrder.map((figure) => drawFigure(figure, why, figure.code === chosen)),
  );
  element('#tools').hidden = false;
};

/** Everything that is there already; links that were never opened stay closed. */
const openAll = () => {
  for (const each of document.querySelectorAll('details'))
    if (each.querySelector(':scope > ul, :scope > .says') !== null) each.open = true;
};

const begin = async () => {
  const back = new URLSearchParams({ report: name });
  for (const [field, from] of [
    ['site', 'reportSite'],
    ['month', 'reportMonth'],
  ])
    if (from !== undefined && fragment.get(from) !== null)
      back.set(field ?? '', fragment.get(from) ?? '');
  /** @type {HTMLAnchorElement} */ (element('#back')).href = `/console/reports#${back}`;
  const query = new URLSearchParams([...fragment].filter(([field]) => !OURS.has(field)));
  try {
    const [catalogue, names, why] =
      /** @type {[{ reports: readonly DescribedReport[], words: Record<string, string> }, Awaited<ReturnType<typeof askNames>>, Why]} */ (
        await Promise.all([
          ask('/v1/reports'),
          askNames(),
          ask(`/v1/why/${encodeURIComponent(name)}?${query}`),
        ])
      );
    reports = catalogue.reports;
    words = catalogue.words;
    for (const byId of Object.values(names)) for (const [id, each] of byId) nameById.set(id, each);
    draw(why);
    say('#state', '');
  } catch (cause) {
    const isGone = cause instanceof Refusal && [400, 404].includes(cause.status);
    say(
      '#state',
      isGone ? 'この行は見つかりません。帳票からもう一度選んでください' : wordsFor(cause),
      true,
    );
  }
};

element('#open').addEventListener('click', openAll);
element('#print').addEventListener('click', () => print());
addEventListener('beforeprint', openAll);

await begin();
