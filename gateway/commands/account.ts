/** `genba-gateway account` (アカウント): people who may log in to the console; also while the gateway runs. */
import { parseArgs } from 'node:util';
import { isoInJapan, type UtcMs } from '../../shared/time.ts';
import { type Account, AccountName, type AccountStore } from '../access/accounts.ts';
import { hashPassword, passwordFault } from '../access/passwords.ts';
import type { SessionStore } from '../access/sessions.ts';
import { ScopeTexts } from '../access/viewer.ts';
import { openSqliteAccounts } from '../store/sqlite-accounts.ts';
import { openSqliteAuditLog } from '../store/sqlite-audit-log.ts';
import { migrate } from '../store/sqlite-migrations.ts';
import { openSqliteSessions } from '../store/sqlite-sessions.ts';
import { systemNow } from '../system-clock.ts';
import { type Command, type CommandDeps, type CommandEnd, refused } from './command.ts';
import { openLedgerFile, standingLedger } from './standing-ledger.ts';

interface Desk {
  readonly accounts: AccountStore;
  readonly sessions: SessionStore;
  readonly note: (account: string, what: string, scope?: string) => void;
  readonly now: () => UtcMs;
}

/** In words of the API; the technician reads Japanese. */
const FAULTS_JA: readonly (readonly [RegExp, string])[] = [
  [/characters or more/, 'パスワードは12文字以上にしてください'],
  [/at most/, 'パスワードが長すぎます'],
  [/everybody tries/, 'よく使われるパスワードです。ほかのものにしてください'],
  [/name of the account/, 'アカウント名を含むパスワードは使えません'],
];

const readPassword = async (
  name: string,
  { askSecret }: CommandDeps,
): Promise<{ readonly hash: string } | { readonly fault: string }> => {
  const password = await askSecret(`${name} の新しいパスワード（12文字以上）: `);
  const fault = passwordFault(password, name);
  if (fault === undefined) return { hash: await hashPassword(password) };
  return { fault: FAULTS_JA.find(([pattern]) => pattern.test(fault))?.[1] ?? fault };
};

const SCOPES_JA =
  'admin、central、metrics、prime:事業者ID、upper:事業者ID、employer:事業者ID、worker:技能者ID、orderer-contract:契約ID、orderer-site:現場ID';

/** Every scope that is none, by what was typed. */
const scopesFault = (scopes: readonly string[]): string => {
  const wrong = scopes.filter((text) => !ScopeTexts.safeParse([text]).success);
  if (scopes.length === 0) return `--scope が要ります（${SCOPES_JA}）`;
  return wrong.length === 0
    ? '--scope は50個までです'
    : `--scope ${wrong.join('、')}: この範囲はありません（${SCOPES_JA}）`;
};

const line = ({ name, scopes, hasPassword, externalId, createdAt, disabledAt }: Account): string =>
  [
    name,
    scopes.join(','),
    disabledAt === undefined ? '有効' : `停止 ${isoInJapan(disabledAt).slice(0, 10)}`,
    externalId === undefined ? (hasPassword ? 'パスワードあり' : 'パスワードなし') : '認証サービス',
    isoInJapan(createdAt).slice(0, 10),
  ].join('\t');

const ACTIONS: Readonly<
  Record<
    string,
    (desk: Desk, name: string, scopes: readonly string[], deps: CommandDeps) => Promise<CommandEnd>
  >
> = {
  add: async ({ accounts, note, now }, name, scopes, deps) => {
    const named = AccountName.safeParse(name);
    if (!named.success) return refused(`${name}: アカウント名は a-z 0-9 . _ @ - の60文字までです`);
    const read = ScopeTexts.safeParse(scopes);
    if (!read.success) return refused(scopesFault(scopes));
    if (accounts.byName(name) !== undefined) return refused(`${name}: すでにあります`);
    const password = await readPassword(name, deps);
    if ('fault' in password) return refused(password.fault);
    accounts.add({ name, scopes, passwordHash: password.hash, createdAt: now() });
    note(name, 'added', scopes.join(' '));
    deps.say(`${name} を作りました（${scopes.join('、')}）`);
    return { kind: 'done' };
  },
  passwd: async ({ accounts, sessions, note }, name, _scopes, deps) => {
    const account = accounts.byName(name);
    if (account === undefined) return refused(`${name}: そのアカウントはありません`);
    if (account.externalId !== undefined)
      return refused(`${name}: 認証サービスのアカウントです。パスワードはありません`);
    const password = await readPassword(name, deps);
    if ('fault' in password) return refused(password.fault);
    accounts.setPassword(account.userNo, password.hash);
    for (const { digest } of sessions.ofUser(account.userNo)) sessions.remove(digest);
    note(name, 'password');
    // As through the API: a key that a thief added is no way in any more.
    if (accounts.removePasskeys(account.userNo) > 0) {
      note(name, 'passkeys-removed');
      deps.say(`${name} のパスキーを消しました。要るものは登録し直してください`);
    }
    deps.say(`${name} のパスワードを変えました。ログイン中のブラウザーはログアウトしました`);
    return { kind: 'done' };
  },
  disable: async ({ accounts, sessions, note, now }, name, _scopes, { say }) => {
    const account = accounts.byName(name);
    if (account === undefined) return refused(`${name}: そのアカウントはありません`);
    accounts.setDisabled(account.userNo, now());
    for (const { digest } of sessions.ofUser(account.userNo)) sessions.remove(digest);
    note(name, 'disabled');
    say(`${name} を停止しました`);
    return { kind: 'done' };
  },
  enable: async ({ accounts, note }, name, _scopes, { say }) => {
    const account = accounts.byName(name);
    if (account === undefined) return refused(`${name}: そのアカウントはありません`);
    accounts.setDisabled(account.userNo, undefined);
    note(name, 'enabled');
    say(`${name} を有効にしました`);
    return { kind: 'done' };
  },
  list: async ({ accounts }, _name, _scopes, { say }) => {
    for (const account of accounts.list()) say(line(account));
    return { kind: 'done' };
  },
};

/** What is wrong with the words that stand without an option; undefined = nothing. */
const wordsFault = (what: string, name: string, more: readonly string[]): string | undefined => {
  if (!Object.hasOwn(ACTIONS, what))
    return what === ''
      ? 'account の後に、add・passwd・disable・enable・list のどれかが要ります'
      : `account ${what} というコマンドはありません`;
  if (more.length > 0) return `「${more.join(' ')}」は余分です`;
  if (what === 'list') return name === '' ? undefined : `「${name}」は余分です`;
  return name === '' ? `account ${what} の後に、アカウント名が要ります` : undefined;
};

export const account: Command = {
  usage:
    'account add|passwd|disable|enable|list [NAME] [--scope SCOPE …] --config FILE   管理画面のアカウント（パスワードは標準入力から）',
  run: async (parameters, deps) => {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: { config: { type: 'string' }, scope: { type: 'string', multiple: true } },
    });
    const [what = '', name = '', ...more] = positionals;
    const action = Object.hasOwn(ACTIONS, what) ? ACTIONS[what] : undefined;
    const fault = wordsFault(what, name, more);
    if (action === undefined || fault !== undefined)
      return refused(`${fault}\n使い方: genba-gateway ${account.usage}`);
    if (values.config === undefined) return refused('--config が要ります');
    const standing = standingLedger(values.config);
    if (standing.kind !== 'standing') return standing;
    const db = openLedgerFile(standing.ledgerFile);
    try {
      migrate(db);
      const now = systemNow;
      const audit = openSqliteAuditLog(db, now);
      return await action(
        {
          accounts: openSqliteAccounts(db),
          sessions: openSqliteSessions(db),
          now,
          note: (of, did, scope) =>
            audit.append({
              kind: 'user-changed',
              actor: 'command',
              ...(scope === undefined ? {} : { scope }),
              detail: { account: of, what: did },
            }),
        },
        name,
        values.scope ?? [],
        deps,
      );
    } finally {
      db.close();
    }
  },
};
