/** 報告書の提出: which employers' reports of a month went to the 元請, what became of each mail, and sending them. */
import { button, choice, element, input, make, say } from '../elements.js';
import { dateTime, lastMonth, today } from '../japan-date.js';
import { askNames } from '../names.js';
import { ask, session, wordsFor } from '../who.js';

const LOOK_AGAIN_MS = 1_500;

/** @typedef {{ kind: 'queued' | 'sending' | 'handing-over' | 'sent' | 'uncertain' | 'failed' | 'bounced', at?: string, dueAt?: string, failures?: number, reason?: string }} State */
/** @typedef {{ mailId: string, recipient: string, queuedAt: string, queuedBy: string, state: State }} Mail */
/** @typedef {{ siteId: string, companyId: string, month: string, primeId: string, recipient?: string, reportDue: string, workers?: number, days?: number, yen?: number, maySend: boolean, isOutdated: boolean, mail?: Mail }} Row */

/** @type {Readonly<Record<number, string>>} */
const STATUS_JA = {
  403: 'この操作は許されていません。送れるのは、その事業者・元請・管理者です',
  404: 'メールの設定がありません。管理者に「mail」の設定を頼んでください',
  422: '送れませんでした。元請のメールアドレスと、その月の就労を確かめてください',
};
/** Of a bounce that is read. @type {Readonly<Record<number, string>>} */
const BOUNCE_JA = {
  404: 'この中継サーバが送ったメールの不達通知ではありません',
  413: 'ファイルが大きすぎます',
  422: '不達通知として読めません',
};
/** Nothing more happens to it by itself. */
const RESTING = new Set(['sent', 'uncertain', 'failed', 'bounced']);
const LOST = new Set(['failed', 'bounced']);

const siteChoice = choice('#site');
const monthInput = input('#month');

/** Names as far as the roster may be seen. @type {ReadonlyMap<string, string>} */
let nameById = new Map();
/** @param {string} id */
const nameOf = (id) => nameById.get(id) ?? id;

/** What became of the mail. @param {State} state */
const stateJa = ({ kind, at, dueAt, failures = 0, reason }) => {
  switch (kind) {
    case 'queued':
      return failures === 0
        ? ['送信待ち', '']
        : [`${failures}回送れませんでした。${dateTime(dueAt)}にまた送ります`, reason ?? ''];
    case 'sending':
    case 'handing-over':
      return ['送信中', ''];
    case 'sent':
      return [`送信済み ${dateTime(at)}`, ''];
    case 'uncertain':
      return [`届いたか分かりません ${dateTime(at)}`, reason ?? ''];
    case 'failed':
      return [`送れませんでした ${dateTime(at)}`, reason ?? ''];
    case 'bounced':
      return [`不達 ${dateTime(at)}`, reason ?? ''];
  }
};

/** @param {string} text @param {string} className @param {() => Promise<unknown>} work @param {HTMLElement} message */
const doing = (text, className, work, message) => {
  const made = button(
    text,
    async () => {
      made.disabled = true;
      message.textContent = '';
      try {
        await work();
        await load();
      } catch (cause) {
        made.disabled = false;
        message.textContent = wordsFor(cause, STATUS_JA);
      }
    },
    className,
  );
  return made;
};

/** @param {string} text @param {string} href */
const link = (text, href) => {
  const made = document.createElement('a');
  made.href = href;
  made.textContent = text;
  made.target = '_blank';
  made.rel = 'noopener';
  return made;
};

/** @param {Row} row */
const actions = ({ siteId, companyId, month, recipient, maySend, isOutdated, mail }) => {
  const message = make('span', 'fault');
  const isLost = mail === undefined || LOST.has(mail.state.kind);
  /** @param {boolean} again */
  const send = (again) => () =>
    ask('/v1/submissions', { method: 'POST', body: { siteId, companyId, month, again } });
  /** @param {'sent' | 'send-again'} as */
  const settle = (as) => () =>
    ask(`/v1/mails/${mail?.mailId}/settle`, { method: 'POST', body: { as } });
  const made = make('div', 'actions');
  if (maySend && recipient !== undefined && isLost)
    made.append(doing('元請へ送る', 'go', send(false), message));
  if (maySend && mail?.state.kind === 'sent')
    made.append(doing('もう一度送る', isOutdated ? 'go' : '', send(true), message));
  if (session.isAdmin && mail?.state.kind === 'uncertain')
    made.append(
      doing('届いたことにする', '', settle('sent'), message),
      doing('もう一度送る', '', settle('send-again'), message),
    );
  made.append(message);
  return made;
};

/** @param {Row} row */
const item = (row) => {
  const { siteId, companyId, month, primeId, recipient, reportDue, mail } = row;
  const query = new URLSearchParams({ siteId, companyId, month });
  const [said = '', why = ''] =
    mail === undefined
      ? recipient === undefined
        ? ['送れません', '台帳に元請のメールアドレス(contactEmail)がありません']
        : ['まだ送っていません', '']
      : stateJa(mail.state);
  const isSent = mail?.state.kind === 'sent';
  const isOver = !isSent && reportDue < today();
  return make(
    'li',
    isSent ? 'sent' : mail !== undefined && LOST.has(mail.state.kind) ? 'lost' : '',
    make(
      'div',
      '',
      make('span', 'what', nameOf(companyId)),
      make('small', '', nameOf(siteId)),
      make(
        'small',
        '',
        link('月別', `/v1/documents/employment-report-monthly?${query}`),
        '　',
        link('日別', `/v1/documents/employment-report-daily?${query}`),
      ),
    ),
    make(
      'div',
      '',
      row.days === undefined ? '' : `${row.workers}名 ${row.days.toLocaleString('ja-JP')}日`,
      make('small', '', row.yen === undefined ? '' : `${row.yen.toLocaleString('ja-JP')}円`),
      make(
        'small',
        isOver ? 'over' : '',
        `報告期限 ${reportDue}${isOver ? '（過ぎています）' : ''}`,
      ),
    ),
    make(
      'div',
      '',
      make('span', 'what', said),
      make('small', '', why),
      row.isOutdated
        ? make('small', 'over', '送った後に数字が変わりました。もう一度送ってください')
        : '',
      make('small', '', `宛先 ${nameOf(primeId)} ${mail?.recipient ?? recipient ?? ''}`),
      ...(mail === undefined
        ? []
        : [
            make('small', '', `受付 ${dateTime(mail.queuedAt)} ${mail.queuedBy}`),
            session.isAdmin
              ? make('small', '', link('送ったメールの控え', `/v1/mails/${mail.mailId}/message`))
              : '',
          ]),
    ),
    actions(row),
  );
};

/** An answer to another question comes too late. */
const question = () => `${siteChoice.value} ${monthInput.value}`;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let lookingAgain;

const load = async () => {
  clearTimeout(lookingAgain);
  const of = question();
  const query = new URLSearchParams({ month: monthInput.value });
  if (siteChoice.value !== '') query.set('siteId', siteChoice.value);
  try {
    /** @type {{ submissions: readonly Row[] }} */
    const { submissions } = await ask(`/v1/submissions?${query}`);
    if (of !== question()) return;
    element('#submissions').replaceChildren(
      ...(submissions.length === 0
        ? [make('li', 'none', 'この月に、元請へ報告する就労はありません。')]
        : submissions.map(item)),
    );
    say('#state', '');
    const isMoving = submissions.some(
      ({ mail }) => mail !== undefined && !RESTING.has(mail.state.kind),
    );
    if (isMoving) lookingAgain = setTimeout(load, LOOK_AGAIN_MS);
  } catch (cause) {
    if (of !== question()) return;
    element('#submissions').replaceChildren();
    say('#state', wordsFor(cause, STATUS_JA), true);
  }
};

/** @param {File} file */
const readBounce = async (file) => {
  const said = element('#bounced');
  try {
    /** @type {{ outcome: string, mail: Mail }} */
    const { outcome, mail } = await ask('/v1/mails/bounces', { method: 'POST', body: file });
    said.textContent =
      outcome === 'bounced'
        ? `${mail.recipient} に届いていませんでした。`
        : '届かなかったという知らせではありません。';
    await load();
  } catch (cause) {
    said.textContent = wordsFor(cause, BOUNCE_JA);
  }
};

const begin = async () => {
  monthInput.value = new URLSearchParams(location.hash.slice(1)).get('month') ?? lastMonth();
  element('#bounces').hidden = !session.isAdmin;
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
  element('#bounce').addEventListener('change', ({ currentTarget }) => {
    const [file] = /** @type {HTMLInputElement} */ (currentTarget).files ?? [];
    if (file !== undefined) void readBounce(file);
  });
  await load();
};

await begin();
