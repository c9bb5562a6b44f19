/** 訂正依頼: what waits for the 元請, a form to ask, and what was decided. The API judges; this page words it. */
/** @import { RequestRow, WaitingRow } from '../../api/correction-schemas.ts' */
import { button, choice, element, input, make, say } from '../elements.js';
import { dateTime, today } from '../japan-date.js';
import { ask, Refusal, wordsFor } from '../who.js';

const DAY_MS = 86_400_000;
/** Fewer days than this are shown as near. */
const NEAR_DAYS = 7;

/** @typedef {{ place: string, message: string }} Fault */
/** @typedef {{ requests: readonly RequestRow[], next: string, mayAsk: boolean, openMonths: readonly { month: string, due: string }[] }} RequestPage */
/** @typedef {{ siteId: string, siteName?: string, workerId: string, name?: string, companyId: string, companyName?: string }} RosterRow */

/** @type {Record<RequestRow['kind'], string>} */
const KIND_JA = {
  add: '就労していた',
  'set-in': '入場時刻を直す',
  'set-out': '退場時刻を直す',
  void: '就労していない（取り消し）',
};
/** @type {Record<RequestRow['state'], string>} */
const STATE_JA = { pending: '承認待ち', approved: '承認', rejected: '却下' };
/** What is wrong, by the field that it is wrong with. @type {Record<string, string>} */
const FAULT_JA = {
  '/siteId': '現場を選んでください。',
  '/workerId':
    'この現場・就労日について、この技能者の依頼はできません。技能者と所属を確かめてください。',
  '/workDate': '就労日は、今日までの実在する日付にしてください。',
  '/kind': '内容を選んでください。',
  '/at': '時刻は、その就労日の勤務の時間帯で、今より前にしてください。',
  '/reason': '理由を200文字以内で書いてください。',
  '/corrects': 'このタッチは、この技能者・現場のものではないか、もう決まっています。',
  '/late': 'CCUS の修正期限を過ぎています。過ぎた依頼として出すときは印を付けてください。',
};
/** @type {Record<number, string>} */
const STATUS_JA = {
  401: 'ログインが必要です。管理画面を開き直してください。',
  403: 'この操作は許されていません。',
  404: 'この依頼は見つかりません。',
  409: '同じ依頼が出ているか、ほかの人が先に決めています。',
  429: '短い時間に送りすぎています。少し待ってください。',
};

/** @param {number} status */
const statusJa = (status) => STATUS_JA[status] ?? `サーバーの応答 ${status}`;

/**
 * @param {string} path
 * @param {object} body
 * @param {Record<string, string>} headers
 * @returns {Promise<{ status: number, faults: readonly Fault[] }>}
 */
const post = async (path, body, headers = {}) => {
  try {
    await ask(path, { method: 'POST', body, headers });
    return { status: 200, faults: [] };
  } catch (cause) {
    if (cause instanceof Refusal) return { status: cause.status, faults: cause.faults };
    throw cause;
  }
};

/** @param {string} due */
const daysLeft = (due) => Math.round((Date.parse(due) - Date.parse(today())) / DAY_MS);

/** Names of sites, companies and workers, as far as the roster may be seen. @type {Map<string, string>} */
const nameById = new Map();
/** @type {readonly RosterRow[]} */
let roster = [];
/** @type {RequestPage['openMonths']} */
let openMonths = [];
/** @param {string | undefined} id */
const nameOf = (id) => (id === undefined ? '' : (nameById.get(id) ?? id));

/** @param {string} due */
const countdown = (due) => {
  const left = daysLeft(due);
  if (left < 0) return make('span', 'over', `期限切れ（${due} まで）`);
  return make(
    'span',
    left < NEAR_DAYS ? 'near' : '',
    left === 0 ? `今日まで（${due}）` : `あと${left}日（${due} まで）`,
  );
};

/** @param {RequestRow} request */
const whatJa = ({ kind, at, workDate }) => {
  if (at === undefined) return KIND_JA[kind];
  const day = at.slice(0, 10) === workDate ? '' : '翌日 ';
  const time = `${day}${at.slice(11, 16)}`;
  return kind === 'add' ? `就労していた（入場 ${time}）` : `${KIND_JA[kind]}：${time}`;
};
/** @param {string} scope */
const scopeJa = (scope) => {
  const [kind = '', id] = scope.split(':');
  const kindJa = { prime: '元請', employer: '所属事業者', worker: '本人' }[kind] ?? kind;
  return `${kindJa} ${nameOf(id)}`;
};

/** @param {RequestRow} request */
const decision = (request) => {
  if (!request.mayDecide) return make('p', 'decide hint', '元請の承認を待っています。');
  const reason = document.createElement('input');
  reason.maxLength = 200;
  reason.ariaLabel = '決めた理由';
  reason.placeholder = '決めた理由（必須）';
  const message = make('span', 'fault');
  /** @param {'approved' | 'rejected'} verdict @param {string} word @param {string} className */
  const decide = (verdict, word, className) => {
    const made = button(
      word,
      async () => {
        if (reason.value.trim() === '') {
          message.textContent = '理由を書いてください。';
          reason.ariaInvalid = 'true';
          reason.focus();
          return;
        }
        made.disabled = true;
        const { status } = await post(`/v1/correction-requests/${request.id}/decision`, {
          verdict,
          reason: reason.value,
        });
        if (status === 200) return load();
        made.disabled = false;
        message.textContent = statusJa(status);
        if (status === 409) await load();
      },
      className,
    );
    return made;
  };
  return make(
    'div',
    'decide',
    reason,
    decide('approved', '承認する', ''),
    decide('rejected', '却下する', 'no'),
    message,
  );
};

/** @param {RequestRow} request */
const pendingItem = (request) =>
  make(
    'li',
    request.isLate ? 'late' : '',
    make(
      'div',
      '',
      make('span', 'what', `${request.workDate}　${nameOf(request.workerId)}`),
      make('small', '', `${nameOf(request.companyId)}　${nameOf(request.siteId)}`),
    ),
    make(
      'div',
      '',
      make('span', 'what', whatJa(request)),
      make('small', '', `理由：${request.reason}`),
      make('small', '', `依頼：${scopeJa(request.askedFor)}　${dateTime(request.askedAt)}`),
    ),
    make(
      'div',
      '',
      countdown(request.mendDue),
      request.isLate ? make('small', '', '期限後の依頼。CCUS では直せません。') : '',
      request.stage === 'after-extract' ? make('small', '', '抽出後（追加分になります）') : '',
    ),
    decision(request),
  );

/** @param {RequestRow} request */
const decidedRow = (request) =>
  make(
    'tr',
    '',
    ...[
      request.workDate,
      nameOf(request.workerId),
      whatJa(request),
      request.reason,
      scopeJa(request.askedFor),
    ].map((text) => make('td', '', text)),
    make('td', request.state === 'approved' ? 'good' : 'over', STATE_JA[request.state]),
    make('td', '', `${request.decidedBy ?? ''} ${dateTime(request.decidedAt)}`),
    make('td', '', request.decisionReason ?? ''),
  );

/** The touch that the form's request settles. @type {WaitingRow | undefined} */
let chosenTouch;
/** @param {WaitingRow} touch */
const touchJa = ({ reason, terminalId, claimedAt, receivedAt }) =>
  reason === 'future-dated'
    ? `端末 ${terminalId} の時刻 ${dateTime(claimedAt)}（受信 ${dateTime(receivedAt)} より未来）`
    : `端末 ${terminalId} の時計が未同期（受信 ${dateTime(receivedAt)}）`;

/** @param {WaitingRow} touch */
const waitingItem = (touch) => {
  const choose = button('この日時を決める', () => {
    chosenTouch = touch;
    choice('#ask-site').value = touch.siteId;
    input('#worker').value = `${touch.workerId} ${nameById.get(touch.workerId ?? '') ?? ''}`.trim();
    input('#date').value = touch.workDate;
    input('input[name="kind"][value="set-in"]').checked = true;
    drawForm();
    input('#time').focus();
  });
  return make(
    'li',
    'late',
    make(
      'div',
      '',
      make(
        'span',
        'what',
        touch.workerId === undefined ? `カード ${touch.cardId ?? ''}` : nameOf(touch.workerId),
      ),
      make('small', '', nameOf(touch.siteId)),
    ),
    make('div', '', touchJa(touch)),
    touch.workerId === undefined
      ? make('div', 'hint', '先にカードを技能者に結び付けてください。')
      : make('div', '', choose),
  );
};

/** @param {string} state @returns {Promise<RequestPage>} */
const everyPage = async (state) => {
  const site = choice('#site').value;
  const query = `state=${state}&limit=1000${site === '' ? '' : `&siteId=${site}`}`;
  /** @type {RequestRow[]} */
  const requests = [];
  for (let after = '0'; ; ) {
    /** @type {RequestPage} */
    const page = await ask(`/v1/correction-requests?${query}&after=${after}`);
    requests.push(...page.requests);
    if (page.next === after) return { ...page, requests };
    after = page.next;
  }
};

const load = async () => {
  try {
    const [pending, decided, waiting] = await Promise.all([
      everyPage('pending'),
      everyPage('decided'),
      /** @type {Promise<{ touches: readonly WaitingRow[] }>} */ (ask('/v1/waiting-touches')),
    ]);
    element('#waiting-section').hidden = waiting.touches.length === 0;
    element('#waiting-count').textContent = `${waiting.touches.length}件`;
    element('#waiting').replaceChildren(...waiting.touches.map(waitingItem));
    openMonths = pending.openMonths;
    const dueFirst = pending.requests.toSorted((a, b) => (a.workDate < b.workDate ? -1 : 1));
    element('#pending-count').textContent = `${dueFirst.length}件`;
    element('#pending').replaceChildren(
      ...(dueFirst.length === 0
        ? [make('p', 'none', '承認待ちの依頼はありません。')]
        : dueFirst.map(pendingItem)),
    );
    element('#decided').hidden = decided.requests.length === 0;
    element('#none-decided').hidden = decided.requests.length > 0;
    element('#decided tbody').replaceChildren(...decided.requests.toReversed().map(decidedRow));
    element('#form').hidden = !pending.mayAsk;
    element('#not-asking').hidden = pending.mayAsk;
    drawForm();
    say('#state', '');
  } catch (cause) {
    say('#state', wordsFor(cause, STATUS_JA), true);
  }
};

/** @returns {RequestRow['kind']} */
const chosenKind = () => {
  const chosen = input('input[name="kind"]:checked').value;
  return /** @type {RequestRow['kind']} */ (chosen);
};

const drawForm = () => {
  const kind = chosenKind();
  element('#corrects-field').hidden = chosenTouch === undefined;
  element('#corrects').textContent = chosenTouch === undefined ? '' : touchJa(chosenTouch);
  element('#time-field').hidden = kind === 'add' || kind === 'void';
  element('#next-day-label').hidden = kind !== 'set-out';
  const date = input('#date').value;
  const open = openMonths.find(({ month }) => month === date.slice(0, 7));
  const isLate = date !== '' && date <= today() && open === undefined;
  element('#deadline').replaceChildren(
    date === '' || date > today()
      ? ''
      : open === undefined
        ? make('span', 'over', 'CCUS の修正期限を過ぎています')
        : countdown(open.due),
  );
  element('#late-field').hidden = !isLate;
  if (!isLate) input('#late').checked = false;
  const site = choice('#ask-site').value;
  const workers = new Map(
    roster.filter((row) => row.siteId === site).map((row) => [row.workerId, row]),
  );
  element('#workers').replaceChildren(
    ...[...workers.values()].map(
      ({ workerId, name, companyName }) =>
        new Option(`${name ?? ''} ${companyName ?? ''}`, `${workerId} ${name ?? ''}`),
    ),
  );
};

/** The instant that the form says, in Japanese time. */
const chosenAt = () => {
  const date = input('#date').value;
  const time = input('#time').value;
  if (element('#time-field').hidden || date === '' || time === '') return undefined;
  const isNext = input('#next-day').checked && chosenKind() === 'set-out';
  const day = new Date(Date.parse(date) + (isNext ? DAY_MS : 0)).toISOString().slice(0, 10);
  return `${day}T${time}:00+09:00`;
};
/** Only what was filled in: what is missing is for the API to tell. */
const chosen = () => {
  const at = chosenAt();
  return {
    siteId: choice('#ask-site').value,
    workerId: /\d{14}/.exec(input('#worker').value)?.[0] ?? input('#worker').value,
    workDate: input('#date').value,
    kind: chosenKind(),
    ...(at === undefined ? {} : { at }),
    reason: input('#reason').value,
    ...(chosenTouch === undefined ? {} : { corrects: chosenTouch.id }),
    ...(input('#late').checked ? { late: true } : {}),
  };
};

/** @param {readonly Fault[]} faults */
const showFaults = (faults) => {
  const places = new Set(faults.map(({ place }) => place));
  for (const field of document.querySelectorAll('#form [data-field]')) {
    if (!(field instanceof HTMLElement)) continue;
    const place = `/${field.dataset.field}`;
    const isBad = places.has(place);
    field.ariaInvalid = String(isBad);
    const message = field.closest('.field')?.querySelector('.fault');
    if (message !== null && message !== undefined)
      message.textContent = isBad ? (FAULT_JA[place] ?? '') : '';
  }
};

/** One key a form as filled in: sent twice, it is one request. */
let key = crypto.randomUUID();
let sentText = '';
/** @param {Event} event */
const submit = async (event) => {
  event.preventDefault();
  const body = chosen();
  const text = JSON.stringify(body);
  if (text !== sentText) key = crypto.randomUUID();
  sentText = text;
  const { status, faults } = await post('/v1/correction-requests', body, {
    'idempotency-key': key,
  });
  const isGood = status === 200;
  showFaults(faults);
  const result = element('#result');
  result.dataset.bad = String(!isGood);
  result.textContent = isGood
    ? '依頼しました。元請の承認を待っています。'
    : status === 422
      ? '赤い所を直してください。'
      : statusJa(status);
  if (!isGood) return;
  chosenTouch = undefined;
  input('#worker').value = '';
  input('#reason').value = '';
  await load();
};

const begin = async () => {
  try {
    /** @type {{ rows: readonly RosterRow[] }} */
    const report = await ask('/v1/reports/roster');
    roster = report.rows;
  } catch (cause) {
    say('#state', wordsFor(cause, STATUS_JA), true);
    return;
  }
  for (const { siteId, siteName, workerId, name, companyId, companyName } of roster) {
    if (siteName !== undefined) nameById.set(siteId, siteName);
    if (name !== undefined) nameById.set(workerId, name);
    if (companyName !== undefined) nameById.set(companyId, companyName);
  }
  for (const siteId of new Set(roster.map((row) => row.siteId))) {
    choice('#site').append(new Option(nameOf(siteId), siteId));
    choice('#ask-site').append(new Option(nameOf(siteId), siteId));
  }
  input('#date').max = today();
  choice('#site').addEventListener('change', load);
  element('#form').addEventListener('input', drawForm);
  element('#form').addEventListener('submit', submit);
  element('#corrects-none').addEventListener('click', () => {
    chosenTouch = undefined;
    drawForm();
  });
  await load();
};

await begin();
