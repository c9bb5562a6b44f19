/** From a card's answer to its id: what counts, and why the rest does not. */
import { describe, expect, test } from 'vitest';
import { readCardAnswer } from '../../../device/readers/card-id.ts';

describe('readCardAnswer', () => {
  test.each([
    ['0123456789ABCDEF9000', '0123456789ABCDEF', 'FeliCa IDm, 8 bytes'],
    ['04A1B2C39000', '04A1B2C3', 'ISO 14443-3 single size'],
    ['04A1B2C3D4E5F69000', '04A1B2C3D4E5F6', 'double size'],
    ['04A1B2C3D4E5F6A7B8C99000', '04A1B2C3D4E5F6A7B8C9', 'triple size'],
    ['08A1B2C3D49000', '08A1B2C3D4', 'an 08 in front of five bytes is not random'],
  ])('%s is card %s: %s', (answer, cardId) => {
    expect(readCardAnswer(Buffer.from(answer, 'hex'))).toEqual({ kind: 'card', cardId });
  });

  test.each([
    ['', 'answer of 0 bytes', 'nothing'],
    ['90', 'answer of 1 bytes', 'half a status'],
    ['6300', 'status 6300', 'the reader could not'],
    ['0123456789ABCDEF6A81', 'status 6a81', 'a serial with a bad status'],
    ['9000', 'serial of 0 bytes', 'a status alone'],
    ['0102039000', 'serial of 3 bytes', 'too short'],
    ['00112233445566778899AA9000', 'serial of 11 bytes', 'too long'],
    ['08A1B2C39000', 'random serial', 'drawn anew at each contact: names nobody'],
  ])('%s is refused as %s: %s', (answer, reason) => {
    expect(readCardAnswer(Buffer.from(answer, 'hex'))).toEqual({ kind: 'refused', reason });
  });
});
