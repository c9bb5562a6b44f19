/** The enrolment code survives being read aloud, and a slip is noticed before anything is sent. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  drawSecret,
  Fingerprint,
  markOf,
  readCode,
  secretHashOf,
  writeCode,
} from '../../shared/enrolment-code.ts';

const FINGERPRINT = Fingerprint.parse('a'.repeat(64));
const CODE = writeCode({ secret: 'K7QM2XWD9', mark: '3ABCDEF012' });

describe('a code', () => {
  test('is twenty letters in groups of four', () => {
    expect(CODE).toMatch(/^K7QM-2XWD-93AB-CDEF-012.$/);
  });

  test.each([
    ['as written', CODE],
    ['in small letters', CODE.toLowerCase()],
    ['without hyphens', CODE.replaceAll('-', '')],
    ['with spaces', ` ${CODE.replaceAll('-', ' ')} `],
    ['O for 0', CODE.replaceAll('0', 'O')],
    ['l for 1', CODE.replaceAll('1', 'l')],
  ])('is read %s', (_how, text) => {
    expect(readCode(text)).toEqual({
      ok: true,
      value: { secret: 'K7QM2XWD9', mark: '3ABCDEF012' },
    });
  });

  test.each([
    ['', 'nothing'],
    [CODE.slice(0, -1), 'one letter short'],
    [`${CODE}0`, 'one letter too many'],
    [CODE.replace('K', 'U'), 'U is no letter of it'],
    [`https://${CODE}`, 'something before it'],
  ])('%s is refused: %s', (text) => {
    expect(readCode(text).ok).toBe(false);
  });

  test('one wrong letter is noticed in all but one case of 32 or better', () => {
    const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    const plain = CODE.replaceAll('-', '');
    const slips = [...plain].flatMap((right, at) =>
      [...letters]
        .filter((letter) => letter !== right)
        .map((letter) => plain.slice(0, at) + letter + plain.slice(at + 1)),
    );
    const unnoticed = slips.filter((slip) => readCode(slip).ok).length;
    expect(unnoticed / slips.length).toBeLessThan(2 / 32);
  });

  test('what is written is read back, whatever is drawn', () => {
    fc.assert(
      fc.property(fc.constant(undefined), () => {
        const code = { secret: drawSecret(), mark: drawSecret() + drawSecret().slice(0, 1) };
        expect(readCode(writeCode(code))).toEqual({ ok: true, value: code });
      }),
      { numRuns: 200 },
    );
  });
});

describe('marks and hashes', () => {
  test('stand for one authority each', async () => {
    const other = Fingerprint.parse('b'.repeat(64));
    expect(await markOf(FINGERPRINT)).toMatch(/^[0-9A-Z]{10}$/);
    expect(await markOf(FINGERPRINT)).toBe(await markOf(FINGERPRINT));
    expect(await markOf(other)).not.toBe(await markOf(FINGERPRINT));
  });

  test('a secret is kept as a hash that the authority salts', async () => {
    const other = Fingerprint.parse('b'.repeat(64));
    const kept = await secretHashOf('K7QM2XWD9', FINGERPRINT);
    expect(kept).toMatch(/^[0-9a-f]{64}$/);
    expect(kept).not.toBe(await secretHashOf('K7QM2XWD9', other));
    expect(kept).not.toBe(await secretHashOf('K7QM2XWD8', FINGERPRINT));
  });
});
