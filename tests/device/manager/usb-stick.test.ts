/** The muster list on a USB stick: a real file system of its own, full, write-protected, or not there. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { saveToUsbStick } from '../../../device/manager/usb-stick.ts';

const SAVE = fileURLToPath(new URL('./usb-save.ts', import.meta.url));
const UNSHARE = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--user', '--map-root-user'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-usb-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Saves so many bytes to a stick of 64 KiB. */
const saved = (bytes: number, mountOptions = '') =>
  JSON.parse(
    execFileSync(
      'unshare',
      [
        ...UNSHARE,
        'sh',
        '-c',
        `mount -t tmpfs -o size=64k${mountOptions} tmpfs "$2" && exec "$0" "$@"`,
        process.execPath,
        SAVE,
        folder,
        String(bytes),
      ],
      { encoding: 'utf8' },
    ),
  );

test('what fits is there, whole, under its own name', () => {
  expect(saved(40_000)).toEqual({ files: ['muster.csv'] });
});

test('a full stick is said, and nothing half is left on it', () => {
  expect(saved(100_000)).toEqual({
    fault: expect.stringMatching(/USBメモリーに保存できません。.*（ENOSPC/),
    files: [],
  });
});

test('a stick that may not be written to is said', () => {
  expect(saved(10, ',ro')).toMatchObject({ fault: expect.stringContaining('EROFS'), files: [] });
});

test('without a stick nothing is written into the empty folder', async () => {
  expect(await saveToUsbStick(folder, 'muster.csv', 'x')).toEqual({
    fault: 'USBメモリーを差し込み、もう一度押してください',
  });
  expect(readdirSync(folder)).toEqual([]);
  expect(await saveToUsbStick(join(folder, 'no'), 'muster.csv', 'x')).toEqual({
    fault: 'USBメモリーを差し込み、もう一度押してください',
  });
});
