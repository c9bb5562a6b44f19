/** `genba pin --manager`: a manager comes into the configuration, and everything else in it stays. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isPin } from '../../device/manager/pin.ts';
import { genba } from '../fixtures/genba.ts';
import { gatewaySigner, SITE, TERMINAL } from '../fixtures/identities.ts';

let folder: string;
const file = () => join(folder, 'terminal.json');
const document = () => ({
  terminalId: TERMINAL,
  siteId: SITE,
  dataDir: folder,
  signingKeyFile: join(folder, 'key.pem'),
  gateway: { url: 'mqtt://127.0.0.1:1883', publicKey: gatewaySigner.publicKey },
  kiosk: { port: 9_000 },
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-pin-'));
  writeFileSync(file(), JSON.stringify(document()));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, pin: string) =>
  genba(['pin', '--manager', name, '--config', file()], { input: `${pin}\n` });
const written = () => JSON.parse(readFileSync(file(), 'utf8'));

test('adds who is new, replaces who is there, and leaves the rest as it was', async () => {
  for (const [name, pin] of [
    ['所長', '1111'],
    ['副所長', '2222'],
    ['所長', '3333'],
  ] as const)
    expect((await put(name, pin)).code).toBe(0);
  const { kiosk, ...rest } = written();
  expect({ ...rest, kiosk: { port: kiosk.port } }).toEqual(document());
  expect(kiosk.managers.map(({ name }: { name: string }) => name)).toEqual(['副所長', '所長']);
  expect(await isPin('3333', kiosk.managers[1].pin)).toBe(true);
  expect(await isPin('1111', kiosk.managers[1].pin)).toBe(false);
});

test('tells programs in JSON what was done', async () => {
  const words = ['pin', '--json', '--config', file()];
  const alone = await genba(words, { input: '1111\n' });
  expect(await isPin('1111', JSON.parse(alone.stdout).pin)).toBe(true);
  const put = await genba([...words, '--manager', '所長'], { input: '1111\n' });
  expect([put.code, JSON.parse(put.stdout)]).toEqual([0, { manager: '所長' }]);
});

test.each<[string, string | undefined, RegExp]>([
  ['is not there', undefined, /ありません/],
  ['is a folder', '', /フォルダです/],
  ['is faulty', '{"terminalId": 1}', /\/terminalId/],
])('a configuration that %s is told before anybody types a PIN', async (_what, text, said) => {
  const other = join(folder, 'other.json');
  if (text === '') mkdirSync(other);
  else if (text !== undefined) writeFileSync(other, text);
  const { code, stderr } = await genba(['pin', '--manager', '所長', '--config', other], {
    input: '1234\n',
  });
  expect([code, stderr]).toEqual([2, expect.stringMatching(said)]);
  expect(stderr).not.toContain('暗証番号');
});

test.each([
  ['a PIN that is none', '所長', '12'],
  ['a name that is none', ' ', '1234'],
])('%s changes nothing', async (_what, name, pin) => {
  expect((await put(name, pin)).code).toBe(2);
  expect(written()).toEqual(document());
});
