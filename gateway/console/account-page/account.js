/** アカウント: one's own password, passkeys and the browsers in which one is logged in. */
import { button, element, input, make, say } from '../elements.js';
import { dateTime } from '../japan-date.js';
import { ask, Refusal, session } from '../who.js';

/** @typedef {{ name: string, beganAt: string, seenAt: string, how: string, address: string, isThis: boolean }} OwnSession */

const HOW_JA = /** @type {Record<string, string>} */ ({
  password: 'パスワード',
  passkey: 'パスキー',
  oidc: '認証サービス',
  link: 'リンク',
});
const SCOPES_JA = /** @type {Record<string, string>} */ ({
  admin: '管理者',
  central: 'すべての閲覧',
  metrics: '計測値',
  prime: '元請',
  upper: '上位下請',
  employer: '所属事業者',
  worker: '技能者',
  'orderer-contract': '発注者（契約）',
  'orderer-site': '発注者（現場）',
});
/** @param {string} scope */
const scopeJa = (scope) => {
  const [kind = '', id] = scope.split(/:(.*)/);
  return `${SCOPES_JA[kind] ?? kind}${id === undefined ? '' : ` ${id}`}`;
};
/** Words of the gateway about a new password. @type {readonly (readonly [RegExp, string])[]} */
const FAULTS_JA = [
  [/characters or more/, '新しいパスワードが短すぎます。12文字以上にしてください。'],
  [/everybody tries/, 'よく使われるパスワードです。ほかのものにしてください。'],
  [/name of the account/, 'アカウント名を含むパスワードは使えません。'],
  [/is not the password/, 'いまのパスワードが違います。'],
  [/log in again/, 'ログインから時間がたちました。ログインし直してから行ってください。'],
];

/** @param {unknown} cause */
const wordsFor = (cause) => {
  if (!(cause instanceof Refusal)) return 'できませんでした。';
  if (cause.status === 429) return '試行が続いたため、しばらくお待ちください。';
  const message = cause.faults[0]?.message ?? '';
  return FAULTS_JA.find(([pattern]) => pattern.test(message))?.[1] ?? cause.message;
};

/**
 * @param {string} done
 * @param {() => Promise<void>} work
 */
const attempt = async (done, work) => {
  try {
    await work();
    say('#said', done);
  } catch (cause) {
    say('#said', wordsFor(cause), true);
  }
};
const drawSessions = async () => {
  const { sessions } = /** @type {{ sessions: readonly OwnSession[] }} */ (
    await ask('/console/session/all')
  );
  element('#sessions').replaceChildren(
    ...sessions.map(({ name, beganAt, seenAt, how, address, isThis }) =>
      make(
        'li',
        '',
        make('b', '', isThis ? 'このブラウザー' : address),
        make(
          'span',
          '',
          `${HOW_JA[how] ?? how}・ログイン ${dateTime(beganAt)}・最後 ${dateTime(seenAt)}`,
        ),
        ...(isThis
          ? []
          : [
              button('終了', () =>
                attempt('ログアウトさせました。', async () => {
                  await ask(`/console/session/all/${name}`, { method: 'DELETE' });
                  await drawSessions();
                }),
              ),
            ]),
      ),
    ),
  );
};

element('#password-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const [old, next, again] = ['#old', '#new', '#again'].map((selector) => input(selector).value);
  if (next !== again) return say('#said', '新しいパスワードが二つで違います。', true);
  attempt('パスワードを変えました。', async () => {
    await ask('/console/session/password', {
      method: 'PUT',
      body: { ...(session.hasPassword ? { old } : {}), password: next },
    });
    for (const selector of ['#old', '#new', '#again']) input(selector).value = '';
    await drawSessions();
  });
  return undefined;
});

/** @typedef {{ id: string, createdAt: string, lastUsedAt?: string }} OwnPasskey */
const drawPasskeys = async () => {
  const { passkeys } = /** @type {{ passkeys: readonly OwnPasskey[] }} */ (
    await ask('/console/session/passkeys')
  );
  element('#passkeys').replaceChildren(
    ...passkeys.map(({ id, createdAt, lastUsedAt }) =>
      make(
        'li',
        '',
        make('b', '', 'パスキー'),
        make(
          'span',
          '',
          `追加 ${dateTime(createdAt)}・最後 ${lastUsedAt === undefined ? 'まだ' : dateTime(lastUsedAt)}`,
        ),
        button('削除', () =>
          attempt('パスキーを削除しました。', async () => {
            await ask(`/console/session/passkeys/${id}`, { method: 'DELETE' });
            await drawPasskeys();
          }),
        ),
      ),
    ),
  );
};
const isAddress = /^[\d.]+$|^\[/.test(location.hostname);
const hasPasskeys = 'PublicKeyCredential' in window && isSecureContext && !isAddress;
element('#add-passkey').hidden = !hasPasskeys;
if (!hasPasskeys)
  element('#passkey-hint').textContent =
    'パスキーは、HTTPS で、名前（IPアドレスではない）で開いたときに使えます。';
element('#add-passkey').addEventListener('click', () =>
  attempt('パスキーを追加しました。', async () => {
    const options = /** @type {PublicKeyCredentialCreationOptionsJSON} */ (
      await ask('/console/session/passkeys/challenge', { method: 'POST', body: {} })
    );
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const credential = await navigator.credentials.create({ publicKey });
    if (!(credential instanceof PublicKeyCredential)) throw new Error('no key');
    await ask('/console/session/passkeys', { method: 'POST', body: credential.toJSON() });
    await drawPasskeys();
  }),
);

element('#own-name').textContent = session.name;
element('#scopes').textContent = session.scopes.map(scopeJa).join('、');
element('#password-section').hidden = session.isFromProvider;
element('#passkey-section').hidden = session.isFromProvider;
element('#old-label').hidden = !session.hasPassword;
if (!session.isFromProvider) await drawPasskeys();
await drawSessions();
