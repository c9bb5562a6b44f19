/** `genba-gateway account` as an administrator runs it, beside a gateway that is running. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openVisitor } from '../fixtures/api-bench.ts';
import type { RunningService } from '../fixtures/service.ts';
import { createSite, type Site } from '../fixtures/site.ts';

const MAIN = fileURLToPath(new URL('../../gateway/main.ts', import.meta.url));
const PASSWORD = 'umibe no machi no kaze';

let site: Site;
let gateway: RunningService;
beforeAll(async () => {
  site = await createSite();
  gateway = await site.startGateway();
});
afterAll(async () => {
  await gateway.kill('SIGTERM');
  site.remove();
});

const run = (typed: string, ...parameters: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [MAIN, 'account', ...parameters, '--config', join(site.folder, 'gateway.json')],
    { input: typed, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
};
const logIn = async (password: string): Promise<number> =>
  (await openVisitor(String(gateway.ready.apiUrl)).logIn('shocho', password)).status;

test('an account is made, given another password, closed and opened, without a restart', async () => {
  expect(await logIn(PASSWORD)).toBe(401);
  expect(run(`${PASSWORD}\n`, 'add', 'shocho', '--scope', 'prime:20000000000001')).toMatchObject({
    status: 0,
    stdout: 'shocho を作りました（prime:20000000000001）\n',
  });
  expect(await logIn(PASSWORD)).toBe(204);
  expect(run('yama no ue no shiroi ie', 'passwd', 'shocho').status).toBe(0);
  expect([await logIn(PASSWORD), await logIn('yama no ue no shiroi ie')]).toEqual([401, 204]);
  expect(run('', 'disable', 'shocho').status).toBe(0);
  expect(await logIn('yama no ue no shiroi ie')).toBe(401);
  expect(run('', 'list').stdout).toMatch(
    /^shocho\tprime:20000000000001\t停止 \d{4}-\d\d-\d\d\tパスワードあり\t/,
  );
  expect(run('', 'enable', 'shocho').status).toBe(0);
  expect(await logIn('yama no ue no shiroi ie')).toBe(204);
  const { records } = await (await site.api('/v1/audit?kind=user-changed')).json();
  expect(
    records.map(({ actor, detail }: { actor: string; detail: { what: string } }) => [
      actor,
      detail.what,
    ]),
  ).toEqual([
    ['command', 'enabled'],
    ['command', 'disabled'],
    ['command', 'password'],
    ['command', 'added'],
  ]);
});

test.each<[string, string, readonly string[], RegExp]>([
  ['no action', '', [], /どれかが要ります.*account add/s],
  [
    'an action that is none',
    '',
    ['delete', 'x'],
    /account delete というコマンドはありません.*account add/s,
  ],
  ['no name', PASSWORD, ['add'], /アカウント名が要ります.*account add/s],
  ['a name too many', '', ['list', 'x'], /「x」は余分です/],
  ['a name with capitals', PASSWORD, ['add', 'Shocho', '--scope', 'admin'], /アカウント名/],
  ['no scope', PASSWORD, ['add', 'new'], /--scope/],
  [
    'scopes that are none',
    PASSWORD,
    ['add', 'new', '--scope', 'boss', '--scope', 'admin', '--scope', 'prime:1'],
    /--scope boss、prime:1: この範囲はありません/,
  ],
  ['a short password', 'short', ['add', 'new', '--scope', 'admin'], /12文字以上/],
  ['no password', '', ['add', 'new', '--scope', 'admin'], /12文字以上/],
  ['an account that is not there', PASSWORD, ['passwd', 'new'], /ありません/],
  ['an option that is none', PASSWORD, ['list', '--all'], /--all/],
])('with %s it changes nothing and says why', (_what, typed, parameters, said) => {
  const { status, stderr } = run(typed, ...parameters);
  expect([status, stderr]).toEqual([2, expect.stringMatching(said)]);
});
