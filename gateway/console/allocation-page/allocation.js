/** 充当: what the run of a month would allocate, its confirmation, and what was confirmed. The API decides; this page words it. */
import { button, choice, element, input, make, say } from '../elements.js';
import { dateTime, thisMonth } from '../japan-date.js';
import { askContractNames, askNames } from '../names.js';
import { ask, wordsFor } from '../who.js';

/** @import { AllocationFigures } from '../../allocation/allocation-figures.ts' */

const ROWS_SHOWN_MAX = 500;

/** @typedef {{ kind: string, reason?: string, workerId: string, companyId: string, workDate: string, method: string, colour: string, days: number, exemptDays: number, yen: number }} Row */
/** @typedef {{ contractId: string, month: string, asOf: string, rowsSha256: string, figures: AllocationFigures, rows: readonly Row[] }} Plan */
/** @typedef {{ runId: string, month: string, rowsSha256: string, confirmedAt: string, confirmedBy: string, figures: AllocationFigures }} Run */

/** @type {Readonly<Record<string, string>>} */
const WORDS = {
  points: 'ポイント',
  stamps: '証紙',
  red: '赤',
  blue: '青',
  regular: '当月分',
  addition: '追加',
  reversal: '取消',
  withdrawn: '就労でなくなった',
  changed: '日数・方式・単価が変わった',
  short: '残高不足',
  'member-no-shared': '被共済者番号の重複',
  'allocated-elsewhere': '別の契約で充当済み',
  officer: '事業主・役員',
  'other-scheme': '他の退職金共済に加入',
  'sole-contractor': '一人親方（任意組合が納付）',
  'no-member-no': '被共済者番号なし',
  'too-late': '期限切れ（2年を過ぎた）',
  prime: '元請',
  employer: '所属事業者',
};
/** @type {Readonly<Record<number, string>>} */
const STATUS_JA = {
  403: 'この操作は許されていません。確定できるのは、この現場の元請と管理者だけです',
  404: 'この工事の充当は表示できません',
  409: '試算した後に数字が変わりました。新しい試算を確かめてください',
  422: 'この月はまだ始まっていないか、2年より前です',
};

const contractChoice = choice('#contract');
const monthInput = input('#month');
const askConfirm = /** @type {HTMLButtonElement} */ (element('#ask-confirm'));
const confirmButton = /** @type {HTMLButtonElement} */ (element('#confirm'));

const fragment = new URLSearchParams(location.hash.slice(1));

/** Names of companies and workers, as far as the roster may be seen. @type {ReadonlyMap<string, string>} */
let nameById = new Map();
/** @param {string} id */
const nameOf = (id) => nameById.get(id) ?? id;
/** @param {string} code */
const word = (code) => WORDS[code] ?? code;
/** @param {number} yen */
const yenText = (yen) => `${yen.toLocaleString('ja-JP')}円`;
/** @param {number} days */
const daysText = (days) => `${days.toLocaleString('ja-JP')}日`;
/** @param {string} date */
const dateText = (date) => {
  const [year, month, day] = date.split('-').map(Number);
  return `${year}年${month}月${day}日`;
};

/**
 * A figure stands to the right, a warning in red; whatever is an empty text says nothing.
 * @typedef {string | { readonly text: string, readonly className: string }} Cell
 */
/** @param {string} text @returns {Cell} */
const figure = (text) => ({ text, className: 'figure' });
/** @param {string} text @returns {Cell} */
const bad = (text) => ({ text, className: 'figure bad' });

/**
 * @param {string} selector
 * @param {readonly string[]} head
 * @param {readonly (readonly (Cell | Node)[])[]} rows
 */
const fill = (selector, head, rows) => {
  const table = element(selector);
  table
    .querySelector('thead')
    ?.replaceChildren(make('tr', '', ...head.map((title) => make('th', '', title))));
  table.querySelector('tbody')?.replaceChildren(
    ...rows.map((cells) =>
      make(
        'tr',
        '',
        ...cells.map((cell) => {
          if (typeof cell === 'string' || cell instanceof Node) return make('td', '', cell);
          return make('td', cell.className, cell.text);
        }),
      ),
    ),
  );
};

/** @param {{ method: string, valueYen?: number | undefined, colour?: string | undefined }} account */
const accountText = ({ method, valueYen, colour }) =>
  valueYen === undefined
    ? word(method)
    : `${word(method)} ${yenText(valueYen)}（${word(colour ?? '')}）`;

/** @param {string} selector @param {string} rest @param {readonly Row[]} rows */
const fillRows = (selector, rest, rows) => {
  fill(
    selector,
    ['区分', '就労日', '技能者', '会社', '方式', '日数', '免除', '金額', '理由'],
    rows
      .slice(0, ROWS_SHOWN_MAX)
      .map((row) => [
        word(row.kind),
        row.workDate,
        nameOf(row.workerId),
        nameOf(row.companyId),
        word(row.method),
        figure(String(row.days)),
        figure(row.exemptDays === 0 ? '' : String(row.exemptDays)),
        figure(yenText(row.yen)),
        row.reason === undefined ? '' : word(row.reason),
      ]),
  );
  const more = rows.length - ROWS_SHOWN_MAX;
  element(rest).textContent = more > 0 ? `ほかに${more}件。すべては API で取り出せます。` : '';
};

/** @param {AllocationFigures['forecasts'][number]} forecast */
const forecastText = (forecast) => {
  const { basis, expectedYen, spanDays, until, runsOutOn, missingYen, missingDays } = forecast;
  const how =
    basis === 'planned-days'
      ? `計画人日の残り（${yenText(expectedYen)}）を完成までの日数で割った見込み`
      : `最近${spanDays}日間の実績（${yenText(expectedYen)}）が続く見込み`;
  return runsOutOn === undefined
    ? `${accountText(forecast)}：${how}では、${dateText(until)}まで足ります。`
    : `${accountText(forecast)}：${how}では、${dateText(runsOutOn)}から足りません。${dateText(until)}までに ${daysText(missingDays)}分 ${yenText(missingYen)} の購入が必要です。`;
};

/** @type {Plan | undefined} */
let plan;

/** @param {AllocationFigures} figures */
const drawFindings = ({ findings }) => {
  const byId = Map.groupBy(findings, ({ id }) => id);
  element('#findings').replaceChildren(
    ...[...byId.values()].flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const places = [first, ...others].map(({ place }) => place).filter((place) => place !== '');
      return [
        make(
          'li',
          '',
          make('b', '', word(first.mendedBy)),
          first.textJa,
          make(
            'small',
            '',
            places.length === 0
              ? ''
              : `台帳 ${places.slice(0, 3).join('、')}${places.length > 3 ? ` ほか${places.length - 3}件` : ''}`,
          ),
        ),
      ];
    }),
  );
};

/** @param {AllocationFigures} figures */
const drawShort = ({ balances }) => {
  const told = balances.flatMap(({ short, ...account }) =>
    short === undefined
      ? []
      : [
          `${accountText(account)}が足りません：${dateText(short.from)}から ${daysText(short.days)}分 ${yenText(short.yen)}（購入が必要な額 ${yenText(short.missingYen)}）`,
        ],
  );
  const box = element('#short');
  box.hidden = told.length === 0;
  box.replaceChildren(...told.map((text) => make('div', '', text)));
};

const drawPlan = () => {
  if (plan === undefined) return;
  const { figures, rows, asOf } = plan;
  element('#as-of').textContent = `${dateText(asOf)}現在`;
  const { days, yen, workers, regularDays, additionDays, reversalDays, exemptDays } = figures;
  element('#sum').replaceChildren(
    rows.length === 0
      ? '充当するものはありません'
      : `${workers}名 ${daysText(days)} ${yenText(yen)}`,
    make(
      'small',
      '',
      rows.length === 0
        ? ''
        : `（当月分 ${regularDays}日・追加 ${additionDays}日・取消 ${reversalDays}日${exemptDays === 0 ? '' : `・うち免除 ${exemptDays}日`}）`,
    ),
  );
  drawShort(figures);
  drawFindings(figures);
  fill(
    '#balances',
    ['口座', '購入', '充当済み', '今回の前', '今回', '今回の後', '不足'],
    figures.balances.map((balance) => [
      accountText(balance),
      figure(yenText(balance.purchasedYen)),
      figure(yenText(balance.usedYen)),
      balance.beforeYen < 0 ? bad(yenText(balance.beforeYen)) : figure(yenText(balance.beforeYen)),
      figure(yenText(balance.allocatedYen)),
      balance.afterYen < 0 ? bad(yenText(balance.afterYen)) : figure(yenText(balance.afterYen)),
      balance.short === undefined
        ? ''
        : bad(`${balance.short.days}日 ${yenText(balance.short.yen)}`),
    ]),
  );
  element('#forecast').replaceChildren(
    ...figures.forecasts.map((forecast) =>
      make('div', forecast.runsOutOn === undefined ? '' : 'bad', forecastText(forecast)),
    ),
  );
  element('#by-company').hidden = figures.companies.length === 0;
  fill(
    '#companies',
    ['会社', '方式', '人数', '日数', '金額'],
    figures.companies.map((company) => [
      nameOf(company.companyId),
      word(company.method),
      figure(String(company.workers)),
      figure(String(company.days)),
      figure(yenText(company.yen)),
    ]),
  );
  element('#venture').hidden = figures.jointVenture.length === 0;
  fill(
    '#members',
    ['構成員', '割合', '今回の日数', '今回の金額', '購入'],
    figures.jointVenture.map((member) => [
      nameOf(member.companyId),
      figure(`${member.sharePercent}%`),
      figure(String(member.days)),
      figure(yenText(member.yen)),
      figure(yenText(member.purchasedYen)),
    ]),
  );
  const leftOut = [
    ...figures.held.map(({ reason, days: count, workers: people, from }) => [
      word(reason),
      figure(String(count)),
      figure(String(people)),
      from,
    ]),
    ...Object.entries(figures.notPayable).map(([reason, count]) => [
      word(reason),
      figure(String(count)),
      '',
      '',
    ]),
  ];
  element('#left-out').hidden = leftOut.length === 0;
  fill('#held', ['理由', '日数', '人数', '最初の就労日'], leftOut);
  fillRows('#rows', '#rows-rest', rows);
  askConfirm.disabled = rows.length === 0;
  element('#really-text').textContent =
    `${Number(plan.month.slice(5))}月の充当 ${daysText(days)} ${yenText(yen)} を確定します。書き換えはできません。`;
};

/** @param {Run} run */
const showRun = async ({ runId, month, confirmedAt, rowsSha256 }) => {
  const { rows, isIntact } = /** @type {{ rows: readonly Row[], isIntact: boolean }} */ (
    await ask(`/v1/allocations/${runId}`)
  );
  element('#run').hidden = false;
  element('#run-title').textContent =
    `${month} の充当（${dateTime(confirmedAt)} 確定、照合値 ${rowsSha256.slice(0, 12)}${isIntact ? '' : '：明細と一致しません'}）`;
  fillRows('#run-rows', '#run-rest', rows);
};

/** @param {readonly Run[]} runs */
const drawRuns = (runs) => {
  element('#none').hidden = runs.length > 0;
  element('#run').hidden = true;
  fill(
    '#runs',
    runs.length === 0 ? [] : ['月', '確定', '確定した人', '日数', '金額', '不足', '明細'],
    runs.map((run) => {
      const short = run.figures.balances.reduce((sum, each) => sum + (each.short?.days ?? 0), 0);
      return [
        run.month,
        dateTime(run.confirmedAt),
        run.confirmedBy,
        figure(String(run.figures.days)),
        figure(yenText(run.figures.yen)),
        short === 0 ? '' : bad(`${short}日`),
        button('見る', () => showRun(run).catch(fail)),
      ];
    }),
  );
};

/** @param {unknown} cause */
const fail = (cause) => {
  say('#state', wordsFor(cause, STATUS_JA), true);
};

const load = async () => {
  say('#state', '読み込み中…');
  element('#really').hidden = true;
  askConfirm.hidden = false;
  const asked = new URLSearchParams({ contractId: contractChoice.value, month: monthInput.value });
  try {
    const [planned, { allocations }] =
      /** @type {[{ plan: Plan }, { allocations: readonly Run[] }]} */ (
        await Promise.all([
          ask(`/v1/allocations/plan?${asked}`),
          ask(`/v1/allocations?${new URLSearchParams({ contractId: contractChoice.value })}`),
        ])
      );
    plan = planned.plan;
    drawPlan();
    drawRuns(allocations);
    element('main').hidden = false;
    say('#state', '');
  } catch (cause) {
    plan = undefined;
    element('main').hidden = true;
    fail(cause);
  }
};

const confirm = async () => {
  if (plan === undefined) return;
  confirmButton.disabled = true;
  const { contractId, month, rowsSha256 } = plan;
  try {
    await ask('/v1/allocations', {
      method: 'POST',
      body: { contractId, month, dryRun: false, rowsSha256 },
    });
    say('#said', '確定しました。');
  } catch (cause) {
    say('#said', wordsFor(cause, STATUS_JA), true);
  }
  confirmButton.disabled = false;
  await load();
};

const begin = async () => {
  monthInput.value = fragment.get('month') ?? thisMonth();
  try {
    const [{ workers, companies }, contracts] = await Promise.all([askNames(), askContractNames()]);
    nameById = new Map([...workers, ...companies]);
    contractChoice.append(
      ...[...contracts].map(([contractId, name]) => new Option(name, contractId)),
    );
    const wanted = fragment.get('contract');
    if (wanted !== null) contractChoice.value = wanted;
  } catch (cause) {
    return fail(cause);
  }
  if (contractChoice.value === '') {
    element('#state').textContent = '工事の登録がありません';
    return;
  }
  const reload = () => {
    element('#said').textContent = '';
    return load();
  };
  contractChoice.addEventListener('change', reload);
  monthInput.addEventListener('change', reload);
  askConfirm.addEventListener('click', () => {
    askConfirm.hidden = true;
    element('#really').hidden = false;
    confirmButton.focus();
  });
  element('#not-now').addEventListener('click', () => {
    element('#really').hidden = true;
    askConfirm.hidden = false;
  });
  confirmButton.addEventListener('click', confirm);
  await load();
};

await begin();
