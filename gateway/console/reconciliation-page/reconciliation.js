/** 突合: files of CCUS and 建退共 go in; what differs from the gate comes out, by worker and day, with its likely cause. */
import { button, choice, element, input, make, say } from '../elements.js';
import { dateTime, lastMonth } from '../japan-date.js';
import { askNames } from '../names.js';
import { ask, askFile, Refusal, session, wordsFor } from '../who.js';

/** @import { z } from 'zod' */
/** @import { ReconciliationAnswer, ReconciledFile, ReconciledDifference } from '../../api/reconciliation-views.ts' */

/** @typedef {z.infer<typeof ReconciliationAnswer>} Answer */
/** @typedef {z.infer<typeof ReconciledFile>} StoredFile */
/** @typedef {z.infer<typeof ReconciledDifference>} Difference */
/** @typedef {StoredFile['source']} Source */
/** @typedef {Difference['causes'][number]} Cause */

const API = '/v1/reconciliations';
const ROWS_SHOWN_MAX = 500;

/** @type {Record<Source, string>} */
const SOURCE_JA = { ccus: 'CCUS', kentaikyo: '建退共' };
/** The neutral file: its headings are the fields' own names. @type {Record<Source, object>} */
const NEUTRAL = {
  ccus: {
    dateFormat: 'YYYY-MM-DD',
    columns: { workerId: 'workerId', workDate: 'workDate', way: 'way' },
    ways: { card: 'card', 'direct-input': 'direct-input', 'r-method': 'r-method' },
  },
  kentaikyo: {
    dateFormat: 'YYYY-MM-DD',
    columns: { memberNo: 'memberNo', workDate: 'workDate', count: 'count' },
  },
};
/** @type {Record<number, string>} */
const STATUS_JA = {
  403: 'このログインには許可されていません。取り込みは管理者だけができます。',
  413: 'ファイルが大きすぎます（32MBまで）。',
  422: '誤りがあるので、何も取り込んでいません。',
  429: '短い時間に送りすぎています。少し待ってください。',
};
/** What the gateway says of a place, in Japanese; what is not here is shown as it is. @type {readonly [RegExp, string][]} */
const FAULTS_JA = [
  [/^has no column "(.+)" \(\w+\)$/, '列「$1」がありません'],
  [/^has the column "(.+)" twice$/, '列「$1」が二つあります'],
  [/^is no date (.+)$/, '$1 の形の日付ではありません'],
  [/^is not in (.+)$/, '$1 の日付ではありません'],
  [/must be (\d+) digits$/, '$1桁の数字ではありません'],
  [/^must be a number to 999$/, '999までの数字ではありません'],
  [/^is no character of (.+)$/, '$1 の文字ではありません'],
  [/^is UTF-16/, 'UTF-16です。「CSV UTF-8」か CSV で保存し直してください'],
  [/^is empty/, '空です。1行目に見出しが要ります'],
  [/^has (\d+) rows; the limit is (\d+)$/, '$1行あります（$2行まで）'],
  [/^has (\d+) more faults$/, 'ほかに$1件の誤りがあります'],
  [/^opens a quote that is never closed$/, '引用符（"）が閉じていません'],
  [/quote/, '引用符（"）の位置が正しくありません'],
  [/^stands either here or in a column$/, '現場を列で示すか、示さないかの一方にしてください'],
  [/^needs either workerId or memberNo$/, 'workerId か memberNo のどちらか一つが要ります'],
  [/^Unrecognized keys?: (.+)$/, '知らない項目です：$1'],
  [/^Invalid option: expected one of (.+)$/, '次のどれかにしてください：$1'],
  [/received undefined$/, '書いてください'],
];

const siteChoice = choice('#site');
const monthInput = input('#month');
const filterInput = input('#filter');

/** @type {ReadonlyMap<string, string>} */
let workers = new Map();
/** @type {(Answer & { viewing?: unknown }) | undefined} */
let answer;
/** @type {Cause | undefined} */
let chosenCause;

/** @param {Difference} difference */
const personOf = ({ workerId, memberNo }) =>
  workerId !== undefined
    ? (workers.get(workerId) ?? workerId)
    : memberNo !== undefined
      ? `被共済者番号 ${memberNo}`
      : '台帳にない人';
/** @param {Cause} cause */
const causeJa = (cause) => answer?.words[cause] ?? cause;

/** @param {string} place */
const placeJa = (place) => {
  const [, line, column, character] =
    /^line (\d+)(?:, column (.+)|, character (\d+))?$/.exec(place) ?? [];
  if (line !== undefined)
    return `${line}行目${column === undefined ? '' : `・列「${column}」`}${character === undefined ? '' : `・${character}文字目`}`;
  if (!place.startsWith('/mapping')) return 'ファイル';
  const field = place.split('/').slice(2).join(' の ');
  return field === '' ? '対応付け' : `対応付け「${field}」`;
};
/** @param {string} message */
const messageJa = (message) => {
  const [pattern, text] = FAULTS_JA.find(([each]) => each.test(message)) ?? [];
  if (pattern === undefined || text === undefined) return `確かめてください（${message}）`;
  const [whole = ''] = pattern.exec(message) ?? [];
  return whole.replace(pattern, text);
};

/** @param {string} id @param {readonly string[]} titles @param {readonly (readonly HTMLElement[])[]} rows */
const fill = (id, titles, rows) => {
  const table = element(`${id} table`);
  table.hidden = rows.length === 0;
  element('thead', table).replaceChildren(
    make('tr', '', ...titles.map((title) => make('th', '', title))),
  );
  element('tbody', table).replaceChildren(
    ...rows.map((cells) => {
      cells.forEach((cell, at) => {
        cell.dataset.label = titles[at] ?? '';
      });
      return make('tr', '', ...cells);
    }),
  );
};

/** @param {Answer & { viewing?: unknown }} shown */
const drawFiles = ({ files, viewing }) => {
  const ofSite = files.filter(({ sites }) => sites.includes(siteChoice.value)).toReversed();
  /** @param {StoredFile} file */
  const isCompared = ({ source, fileNo }) =>
    ofSite.find((file) => file.source === source)?.fileNo === fileNo;
  fill(
    '#files',
    ['番号', '書き出し元', '行数', '取り込み', '取り込んだ人', '突合', 'SHA-256'],
    ofSite.map((file) => {
      const hash = make('abbr', '', `${file.sha256.slice(0, 16)}…`);
      hash.title = file.sha256;
      return [
        make('td', 'figure', String(file.fileNo)),
        make('td', '', SOURCE_JA[file.source]),
        make('td', 'figure', `${file.rows.toLocaleString('ja-JP')}行`),
        make('td', 'date', dateTime(file.importedAt)),
        make('td', '', file.importedBy.replace(/^(token|user):/, '')),
        make('td', '', isCompared(file) ? '使用中' : '後のファイルに交代'),
        make('td', '', hash),
      ];
    }),
  );
  element('#files .none').textContent =
    viewing !== undefined
      ? 'ファイルの一覧は、見られる範囲の限られたログインには出ません。'
      : ofSite.length === 0
        ? 'この現場のこの月のファイルは、まだありません。'
        : '';
  return ofSite.length > 0;
};

/** @param {number | undefined} count @param {string} unit @param {boolean} isOff */
const figure = (count, unit, isOff) =>
  make('td', isOff ? 'figure missing' : 'figure', count === undefined ? '—' : `${count}${unit}`);

/** By worker, then by day. @param {Difference} a @param {Difference} b */
const inOrder = (a, b) =>
  personOf(a).localeCompare(personOf(b), 'ja') || (a.workDate < b.workDate ? -1 : 1);

/** @param {readonly Difference[]} rows */
const drawCauses = (rows) => {
  const counts = Map.groupBy(
    rows.flatMap(({ causes }) => causes),
    (cause) => cause,
  );
  if (chosenCause !== undefined && !counts.has(chosenCause)) chosenCause = undefined;
  element('#causes').replaceChildren(
    ...[...counts].map(([cause, { length }]) => {
      const made = button(`${causeJa(cause)} ${length}件`, () => {
        chosenCause = cause === chosenCause ? undefined : cause;
        draw();
      });
      made.ariaPressed = String(cause === chosenCause);
      return made;
    }),
  );
};

const draw = () => {
  if (answer === undefined) return;
  const isCompared = drawFiles(answer);
  const { differences } = answer;
  drawCauses(differences);
  const wanted = filterInput.value.trim();
  const found = differences
    .filter(({ causes }) => chosenCause === undefined || causes.includes(chosenCause))
    .filter((row) =>
      [personOf(row), row.workDate, ...row.causes.map(causeJa)].some((text) =>
        text.includes(wanted),
      ),
    )
    .toSorted(inOrder);
  element('#count').textContent =
    found.length === differences.length
      ? `${found.length}件`
      : `${differences.length}件のうち${found.length}件`;
  fill(
    '#differences',
    ['技能者', '就労日', '門', 'CCUS', '掛金', '建退共', '原因の見込み'],
    found.slice(0, ROWS_SHOWN_MAX).map((row) => {
      const { workDate, atGate, atCcus, owedDays, atKentaikyo, causes } = row;
      return [
        make('td', '', personOf(row)),
        make('td', 'date', workDate),
        make('td', atGate ? '' : 'missing', atGate ? 'あり' : 'なし'),
        figure(atCcus, '件', atCcus !== undefined && atCcus !== Number(atGate)),
        figure(owedDays, '日', false),
        figure(atKentaikyo, '日', atKentaikyo !== owedDays),
        make('td', '', causes.map(causeJa).join('、')),
      ];
    }),
  );
  const rest = found.length - ROWS_SHOWN_MAX;
  element('#rest').textContent = rest > 0 ? `ほかに${rest}件。しぼり込みで減らせます。` : '';
  element('#differences .none').textContent =
    found.length > 0
      ? ''
      : differences.length > 0
        ? 'この条件では、ありません。'
        : isCompared
          ? '違いのある日はありません。'
          : answer.viewing !== undefined
            ? 'あなたが見られる違いはありません。'
            : 'ファイルを取り込むと、違いがここに出ます。';
};

const chosen = () => ({ siteId: siteChoice.value, month: monthInput.value });

/** What belongs to another month than the chosen one is not shown. @param {boolean} isThere */
const showAnswer = (isThere) => {
  for (const id of ['#files', '#differences']) element(id).hidden = !isThere;
};

const load = async () => {
  const asked = chosen();
  if (asked.siteId === '') {
    element('#state').textContent = '見られる現場がありません。';
    return;
  }
  if (asked.month === '') return;
  /** @type {Answer & { viewing?: unknown }} */
  const came = await ask(`${API}?${new URLSearchParams(asked)}`).catch((cause) => {
    showAnswer(false);
    throw cause;
  });
  const now = chosen();
  if (now.siteId !== asked.siteId || now.month !== asked.month) return;
  answer = came;
  draw();
  showAnswer(true);
};

/** What goes wrong is said where the page says how it is. @param {() => Promise<void>} work */
const inPeace = async (work) => {
  say('#state', '');
  try {
    await work();
  } catch (cause) {
    say('#state', wordsFor(cause, STATUS_JA), true);
  }
};

/** With what is chosen above; undefined where the text is no JSON object. @param {Source} source @param {string} text */
const mappingOf = (source, text) => {
  try {
    const written = JSON.parse(text);
    if (typeof written !== 'object' || written === null) return undefined;
    const { siteId, month } = chosen();
    const isBySite = written.columns?.siteId === undefined;
    return { ...written, source, month, ...(isBySite ? { siteId } : {}) };
  } catch {
    return undefined;
  }
};

/** @param {HTMLFormElement} form */
const prepareForm = (form) => {
  const source = form.dataset.source === 'ccus' ? 'ccus' : 'kentaikyo';
  const textarea = /** @type {HTMLTextAreaElement} */ (element('textarea', form));
  const fileInput = /** @type {HTMLInputElement} */ (element('input', form));
  const done = element('.done', form);
  const faults = element('.faults', form);
  const submit = /** @type {HTMLButtonElement} */ (element('[type=submit]', form));
  const details = /** @type {HTMLDetailsElement} */ (element('details', form));
  const neutral = JSON.stringify(NEUTRAL[source], null, 2);
  const KEPT = `genba-reconciliation-${source}`;
  textarea.value = localStorage.getItem(KEPT) ?? neutral;
  element('.reset', form).addEventListener('click', () => {
    textarea.value = neutral;
  });
  /** @param {readonly { place: string, message: string }[]} found @param {string} head */
  const tell = (head, found = []) => {
    faults.replaceChildren(
      make('li', '', make('b', '', head)),
      ...found.map(({ place, message }) =>
        make('li', '', `${placeJa(place)}：${messageJa(message)}`),
      ),
    );
    if (found.some(({ place }) => place.startsWith('/mapping'))) details.open = true;
  };
  const take = async () => {
    done.textContent = '';
    faults.replaceChildren();
    if (!monthInput.reportValidity()) return;
    const mapping = mappingOf(source, textarea.value);
    const [file] = fileInput.files ?? [];
    if (mapping === undefined || file === undefined) {
      details.open = true;
      tell('対応付けが JSON になっていません。括弧・引用符・コンマを確かめてください。');
      return;
    }
    const body = new FormData();
    body.set('mapping', JSON.stringify(mapping));
    body.set('file', file);
    submit.disabled = true;
    try {
      /** @type {StoredFile} */
      const { rows, fileNo } = await ask(API, { method: 'POST', body });
      localStorage.setItem(KEPT, textarea.value);
      done.textContent = `取り込みました（番号${fileNo}、${rows.toLocaleString('ja-JP')}行）。`;
      fileInput.value = '';
      await inPeace(load);
    } catch (cause) {
      tell(wordsFor(cause, STATUS_JA), cause instanceof Refusal ? cause.faults : []);
    } finally {
      submit.disabled = false;
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void take();
  });
};

/** @param {'utf-8' | 'cp932'} encoding */
const save = (encoding) =>
  inPeace(async () => {
    const query = new URLSearchParams({ ...chosen(), format: 'csv', encoding });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await askFile(`${API}?${query}`));
    link.download = `突合 ${siteChoice.selectedOptions[0]?.textContent} ${monthInput.value}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  });

const begin = async () => {
  // Last month is the one that the other systems have whole.
  const fragment = new URLSearchParams(location.hash.slice(1));
  monthInput.value = fragment.get('month') ?? lastMonth();
  element('#not-admin').hidden = session.isAdmin;
  element('#forms').hidden = !session.isAdmin;
  element('#how').hidden = !session.isAdmin;
  const names = await askNames();
  workers = names.workers;
  siteChoice.replaceChildren(...[...names.sites].map(([id, name]) => new Option(name, id)));
  await load();
};

for (const form of document.forms) prepareForm(form);
const reload = () => inPeace(load);
siteChoice.addEventListener('change', reload);
monthInput.addEventListener('change', reload);
filterInput.addEventListener('input', draw);
element('#csv').addEventListener('click', () => save('utf-8'));
element('#csv-cp932').addEventListener('click', () => save('cp932'));
await inPeace(begin);
