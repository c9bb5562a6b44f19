/** What a technician is told of a file; the errors are Node's own. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileFaultJa } from '../../shared/file-fault.ts';

const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
  } catch (cause) {
    return cause;
  }
  throw new Error('nothing was thrown');
};

test('files that are not, are folders, or are in the way are named with what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'genba-faults-'));
  try {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const of = (act: () => unknown) => fileFaultJa(thrownBy(act));
    expect(of(() => readFileSync(join(folder, 'none')))).toBe(
      `${join(folder, 'none')}: ファイルかフォルダがありません`,
    );
    expect(of(() => writeFileSync(folder, ''))).toBe(
      `${folder}: フォルダです。ファイルを指定してください`,
    );
    expect(of(() => writeFileSync(join(file, 'x'), ''))).toContain('フォルダではありません');
    expect(of(() => mkdirSync(folder))).toBe(`${folder}: すでにあります`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a folder that is read as a file tells no path of its own', () => {
  const cause = thrownBy(() => readFileSync('/'));
  expect(fileFaultJa(cause)).toBeUndefined();
  expect(fileFaultJa(cause, '/')).toBe('/: フォルダです。ファイルを指定してください');
});

test('a bug of ours is none of these and goes on as it is', () => {
  expect(fileFaultJa(new TypeError('undefined is not a function'), '/')).toBeUndefined();
});
