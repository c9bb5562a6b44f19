/** Files in a folder that may not be looked into: told as that, and never as files that are missing. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runBound } from '../fixtures/bound-by-permissions.ts';
import { SITE } from '../fixtures/identities.ts';

/** Of this project, by its path in it. */
const program = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const [GENBA, GATEWAY, TERMINAL_SERVICE] = [
  program('provisioning/genba.ts'),
  program('gateway/main.ts'),
  program('device/main.ts'),
];
const folder = mkdtempSync(join(tmpdir(), 'genba-closed-'));
const closed = join(folder, 'closed');
/** Can be read, and tells of a data folder that cannot. */
const gateway = join(folder, 'gateway.json');
const within = (name: string): string => join(closed, name);

beforeAll(() => {
  mkdirSync(closed);
  writeFileSync(within('file'), '{}');
  writeFileSync(
    gateway,
    JSON.stringify({
      dataDir: closed,
      signingKeyFile: within('key.pem'),
      trust: { host: 'gateway.example' },
    }),
  );
  chmodSync(closed, 0o600);
});
afterAll(() => {
  chmodSync(closed, 0o700);
  rmSync(folder, { recursive: true });
});

const CLOSED = '権限がありません。sudo を付けて実行してください';

test.each<[string, string, readonly string[]]>([
  ['genba status', 'file', [GENBA, 'status', '--config', within('file')]],
  ['genba pin', 'file', [GENBA, 'pin', '--manager', '所長', '--config', within('file')]],
  ['genba rescue', '', [GENBA, 'rescue', '--data', closed]],
  ['genba self-test', '', [GENBA, 'self-test', '--html', within('sheet.html')]],
  ['account', 'file', [GATEWAY, 'account', 'list', '--config', within('file')]],
  ['account', 'ledger.db', [GATEWAY, 'account', 'list', '--config', gateway]],
  [
    'enrolment-code',
    'file',
    [GATEWAY, 'enrolment-code', '--site', SITE, '--config', within('file')],
  ],
  ['enrolment-code', 'ledger.db', [GATEWAY, 'enrolment-code', '--site', SITE, '--config', gateway]],
  ['purge', 'ledger.db', [GATEWAY, 'purge', '--dry-run', '2020-01-01', '--config', gateway]],
  ['backup', '', [GATEWAY, 'backup', '--config', gateway, '--out', within('backup')]],
  ['export', '', [GATEWAY, 'export', '--config', gateway, '--out', within('export')]],
  ['restore', 'file', [GATEWAY, 'restore', within('file'), '--config', gateway]],
  ['import-rescue', 'file', [GATEWAY, 'import-rescue', within('file'), '--config', gateway]],
])('%s says that closed/%s takes a right, and changes nothing', (_command, name, words) => {
  const { status, stderr } = runBound(words);
  expect(stderr).toContain(`${join(closed, name)}: ${CLOSED}`);
  expect(status).toBe(2);
});

test('the terminal and the gateway say so of their configuration, in English', () => {
  for (const service of [TERMINAL_SERVICE, GATEWAY]) {
    const { status, stderr } = runBound([service, '--config', within('file')]);
    expect(stderr).toContain(`${within('file')} cannot be read: EACCES`);
    expect(status).toBe(2);
  }
});

test('enrol does not take the machine for one without a configuration', () => {
  const { status, stderr } = runBound([GENBA, 'enrol', 'x', '--config', within('file')]);
  expect([status, stderr]).toEqual([2, expect.stringContaining('file が読めません。sudo')]);
});

test('self-test passes nothing of the folder, and advises the right to it and no new SD card', () => {
  const config = JSON.stringify({ dataDir: closed, signingKeyFile: within('key.pem') });
  const { stdout } = runBound([
    '--input-type=module',
    '--eval',
    `import { checkDisk, checkJournal, checkSigningKey } from '${program('provisioning/self-test/machine-checks.ts')}';
    console.log(JSON.stringify([checkDisk, checkJournal, checkSigningKey].map((check) => check(${config}))));`,
  ]);
  for (const { result } of JSON.parse(stdout))
    expect(result).toEqual({
      kind: 'fail',
      text: expect.stringContaining('EACCES'),
      advice: 'sudo を付けて、もう一度実行してください',
    });
});
