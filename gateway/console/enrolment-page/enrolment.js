/** 端末の登録: codes for technicians are made here, and enrolments and certificates are taken back. For administrators. */
import { button, choice, element, make, say } from '../elements.js';
import { dateTime } from '../japan-date.js';
import { ask, wordsFor } from '../who.js';

/** @typedef {'waiting' | 'expired' | 'enrolled' | 'revoked' | 'replaced'} State */
/** @typedef {{ enrolmentId: number, siteId: string, terminalId: string, state: State, createdBy: string, createdAt: string, expiresAt: string, enrolledAt?: string, endedAt?: string, certificateEnds?: string }} Enrolment */
/** @typedef {Enrolment & { code: string, url: string, qrText: string, qrSvg: string }} Made */

/** @type {Record<State, string>} */
const STATE_JA = {
  waiting: '○ コード待ち',
  expired: '期限切れ',
  enrolled: '● 登録済み',
  revoked: '✕ 取消済み',
  replaced: '入れ替え済み',
};
const NEW_PLACE = '';

/** @type {ReadonlyMap<string, string>} */
let nameBySite = new Map();
/** @type {readonly Enrolment[]} */
let enrolments = [];

const STATUS_JA = { 404: 'この中継サーバは端末を登録しません（設定の trust）。' };

/** Places of the chosen site: a new one, or one that a new machine takes over. */
const drawPlaces = () => {
  const siteId = choice('#site').value;
  const ofSite = enrolments.filter((each) => each.siteId === siteId);
  const enrolled = new Set(
    ofSite.filter(({ state }) => state === 'enrolled').map(({ terminalId }) => terminalId),
  );
  // A code that was taken back before anybody used it made no place.
  const empty = new Set(
    ofSite
      .filter(({ state, enrolledAt }) => state === 'revoked' && enrolledAt !== undefined)
      .map(({ terminalId }) => terminalId)
      .filter((terminalId) => !enrolled.has(terminalId)),
  );
  choice('#place').replaceChildren(
    new Option('新しい端末', NEW_PLACE),
    ...[...enrolled].map((terminalId) => new Option(`${terminalId} の入れ替え`, terminalId)),
    ...[...empty].map((terminalId) => new Option(`${terminalId} の再登録（取消済み）`, terminalId)),
  );
  drawHint();
};
const drawHint = () => {
  element('#place-hint').textContent =
    choice('#place').value === NEW_PLACE
      ? ''
      : '新しい機械が登録されると、前の機械の証明書は使えなくなります。未送信のタッチは genba rescue で救い出せます。';
};

/** @param {Enrolment} enrolment */
const rowOf = (enrolment) => {
  const { terminalId, siteId, state, createdAt, expiresAt, enrolledAt, certificateEnds } =
    enrolment;
  const isLive = state === 'enrolled' || state === 'waiting';
  return make(
    'tr',
    isLive ? '' : 'ended',
    make('td', '', terminalId),
    make('td', '', nameBySite.get(siteId) ?? siteId),
    make(
      'td',
      state,
      STATE_JA[state],
      state === 'waiting' ? `（${dateTime(expiresAt)} まで）` : '',
    ),
    make('td', '', dateTime(createdAt)),
    make('td', '', dateTime(enrolledAt)),
    make('td', '', state === 'enrolled' ? (certificateEnds ?? '').slice(0, 10) : ''),
    make('td', '', ...(isLive ? [button('取り消し', () => askToRevoke(enrolment))] : [])),
  );
};

const refresh = async () => {
  const answer = /** @type {{ enrolments: readonly Enrolment[] }} */ (await ask('/v1/enrolments'));
  enrolments = answer.enrolments;
  element('#enrolments').replaceChildren(...enrolments.toReversed().map(rowOf));
};

/** @type {Enrolment | undefined} */
let doubted;
const really = /** @type {HTMLDialogElement} */ (element('#really'));
/** @param {Enrolment} enrolment */
const askToRevoke = (enrolment) => {
  doubted = enrolment;
  element('#really-text').textContent =
    enrolment.state === 'waiting'
      ? `${enrolment.terminalId} の登録コードを取り消しますか。`
      : `端末 ${enrolment.terminalId} の登録を取り消しますか。証明書がすぐに使えなくなり、端末は送信と名簿の受信ができなくなります（タッチは端末に残ります）。もとに戻すには、新しい登録コードで genba enrol --replace が要ります。`;
  really.showModal();
};
really.addEventListener('close', async () => {
  const enrolment = doubted;
  doubted = undefined;
  if (really.returnValue !== 'yes' || enrolment === undefined) return;
  really.returnValue = '';
  try {
    await ask(`/v1/enrolments/${enrolment.enrolmentId}`, { method: 'DELETE' });
    await refresh();
    drawPlaces();
    say('#state', `${enrolment.terminalId} を取り消しました`);
  } catch (cause) {
    say('#state', wordsFor(cause, STATUS_JA), true);
  }
});

/** The gateway's own drawing; an image, so that nothing in it could ever be run. @param {string} svg */
const drawQr = (svg) => {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  image.alt = '';
  element('#qr').replaceChildren(image);
};

element('#order').addEventListener('submit', async (event) => {
  event.preventDefault();
  const siteId = choice('#site').value;
  const terminalId = choice('#place').value;
  try {
    const made = /** @type {Made} */ (
      await ask('/v1/enrolments', {
        method: 'POST',
        body: {
          siteId,
          ...(terminalId === NEW_PLACE ? {} : { terminalId }),
          validMinutes: Number(choice('#minutes').value),
        },
      })
    );
    drawQr(made.qrSvg);
    element('#code').textContent = made.code;
    element('#made-for').textContent =
      `${nameBySite.get(siteId) ?? siteId}・端末 ${made.terminalId}・${dateTime(made.expiresAt)} まで`;
    element('#command').textContent = `sudo genba enrol '${made.qrText}'`;
    element('#made').hidden = false;
    await refresh();
    say('#state', '登録コードを作りました');
  } catch (cause) {
    say('#state', wordsFor(cause, STATUS_JA), true);
  }
});
choice('#site').addEventListener('change', drawPlaces);
choice('#place').addEventListener('change', drawHint);

const begin = async () => {
  try {
    const { sites } = /** @type {{ sites: readonly { siteId: string, name: string }[] }} */ (
      await ask('/v1/registry/sites')
    );
    nameBySite = new Map(sites.map(({ siteId, name }) => [siteId, name]));
    await refresh();
    choice('#site').replaceChildren(
      ...[...nameBySite].map(([siteId, name]) => new Option(name, siteId)),
    );
    drawPlaces();
    element('main').hidden = false;
    say(
      '#state',
      nameBySite.size === 0 ? '台帳に現場がありません。先に台帳を取り込んでください。' : '',
    );
  } catch (cause) {
    say('#state', wordsFor(cause, STATUS_JA), true);
  }
};
await begin();
