/** Public keys from outside: what is taken for one can be verified by. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PublicKeyText, verifierOf } from '../../shared/signature.ts';

test.each([
  [31, false],
  [32, true],
  [33, false],
])('%i bytes are a key: %s', (length, isKey) => {
  const text = Buffer.alloc(length, 7).toString('base64');
  expect(PublicKeyText.safeParse(text).success).toBe(isKey);
});

test('whatever is taken for a key verifies, and says no', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9+/]{43}=$/), fc.base64String(), (text, signature) => {
      expect(verifierOf(PublicKeyText.parse(text))('text', signature)).toBe(false);
    }),
  );
});
