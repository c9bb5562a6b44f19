/** Names on the disk: nothing of them is readable there, and no change of what lies there is taken for them. */
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openNamesStore } from '../../device/names-store.ts';
import { NAMES_KEY_BYTES, seal, unseal } from '../../device/sealed-file.ts';

const key = randomBytes(NAMES_KEY_BYTES);
const bytes = fc.uint8Array({ maxLength: 300 });

describe('what is sealed', () => {
  test('opens with its key and name, and with no other', () => {
    fc.assert(
      fc.property(bytes, fc.string(), fc.string(), (plain, name, other) => {
        const sealed = seal(key, name, plain);
        const opened = unseal(key, name, sealed);
        expect(opened.kind === 'opened' && opened.bytes.equals(plain)).toBe(true);
        expect(unseal(randomBytes(NAMES_KEY_BYTES), name, sealed).kind).toBe('broken');
        if (name !== other) expect(unseal(key, other, sealed).kind).toBe('broken');
      }),
    );
  });

  test('does not open when any bit of it is another, or it is cut short or longer', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), fc.integer({ min: 1, max: 255 }), (plain, where, change) => {
        const sealed = seal(key, 'roster', plain);
        const changed = Buffer.from(sealed);
        const at = where % sealed.length;
        changed[at] = (changed[at] ?? 0) ^ change;
        for (const tampered of [
          changed,
          sealed.subarray(0, at),
          Buffer.concat([sealed, Buffer.from([change])]),
        ])
          expect(unseal(key, 'roster', tampered).kind).not.toBe('opened');
      }),
    );
  });

  test('is never twice the same', () => {
    expect(seal(key, 'roster', Buffer.from('x'))).not.toEqual(
      seal(key, 'roster', Buffer.from('x')),
    );
  });
});

describe('the store', () => {
  let folder: string;
  let logged: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'genba-names-'));
    logged = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = (namesKeyFile?: string) =>
    openNamesStore({ dataDir: folder, namesKeyFile }, (message) => logged.push(message));
  const path = (name: string): string => join(folder, name);
  const everything = (): string =>
    readdirSync(folder)
      .map((name) => readFileSync(path(name), 'latin1'))
      .join('\n');
  const roster = Buffer.from('{"shortName":"yamada"}');

  test('keeps names from one start to the next, and none of them readable', () => {
    open().roster.save(roster);
    expect(Buffer.from(open().roster.load() ?? [])).toEqual(roster);
    expect(open().fault()).toBeUndefined();
    expect(everything()).not.toContain('yamada');
    expect(statSync(path('names.key')).mode & 0o777).toBe(0o600);
  });

  test('takes what an earlier version left readable, and seals it at once', () => {
    writeFileSync(path('roster'), roster);
    expect(Buffer.from(open().roster.load() ?? [])).toEqual(roster);
    expect(everything()).not.toContain('yamada');
    expect(Buffer.from(open().roster.load() ?? [])).toEqual(roster);
  });

  test.each<[string, (sealed: Buffer) => void]>([
    ['one bit changed', (sealed) => writeFileSync(path('roster'), sealed.fill(0, 40, 41))],
    [
      'cut short by a broken card',
      (sealed) => writeFileSync(path('roster'), sealed.subarray(0, 30)),
    ],
    ['another file in its place', () => writeFileSync(path('roster'), readFileSync(path('other')))],
    ['the key is another', () => writeFileSync(path('names.key'), randomBytes(NAMES_KEY_BYTES))],
    ['the key is cut short', () => writeFileSync(path('names.key'), 'short')],
    ['the key is gone', () => rmSync(path('names.key'))],
  ])('%s: empty, a fault that is told, and over with the next save', (_what, damage) => {
    const before = open();
    before.roster.save(roster);
    before.file('other').save(roster);
    damage(readFileSync(path('roster')));
    const store = open();
    const file = store.roster;
    expect(file.load()).toBeUndefined();
    expect(store.fault()).toBe('broken');
    expect(logged).toEqual(['a sealed file does not open']);
    file.save(roster);
    expect(store.fault()).toBeUndefined();
    expect(Buffer.from(open().roster.load() ?? [])).toEqual(roster);
  });

  test('what is a comfort and does not open is empty, logged, and no fault: it may be long until it is written again', () => {
    open().file('languages.json').save(roster);
    writeFileSync(path('names.key'), randomBytes(NAMES_KEY_BYTES));
    const store = open();
    expect(store.file('languages.json').load()).toBeUndefined();
    expect(logged).toEqual(['a sealed file does not open']);
    expect(store.fault()).toBeUndefined();
  });

  test.each([
    ['not there', () => undefined],
    ['no key', (file: string) => writeFileSync(file, 'x')],
  ])('a key from elsewhere that is %s: nothing is written, and that is told', (_what, prepare) => {
    const keyFile = path('elsewhere');
    prepare(keyFile);
    const store = open(keyFile);
    const file = store.roster;
    expect(file.load()).toBeUndefined();
    file.save(roster);
    expect(store.fault()).toBe('no-key');
    expect(existsSync(path('roster'))).toBe(false);
    writeFileSync(keyFile, key);
    open(keyFile).roster.save(roster);
    expect(Buffer.from(open(keyFile).roster.load() ?? [])).toEqual(roster);
  });
});
