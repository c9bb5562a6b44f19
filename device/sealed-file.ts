/**
 * What holds names on the terminal's disk is sealed (名簿の暗号化): AES-256-GCM, the file's name as associated
 * data, so that no sealed file passes for another.
 *
 * A file that does not open is a fault that is shown, and empty: what was in it comes from the gateway again.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { WholeFile } from './whole-file.ts';

const MAGIC = Buffer.from('genba-sealed 1\n');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const NAMES_KEY_BYTES = 32;

/** A fresh nonce each time; `key` has `NAMES_KEY_BYTES`. */
export const seal = (key: Uint8Array, name: string, plain: Uint8Array): Buffer => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(name));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([MAGIC, nonce, body, cipher.getAuthTag()]);
};

export type Unsealed =
  | { readonly kind: 'opened'; readonly bytes: Buffer }
  /** Changed, cut short, of another key or of another file. */
  | { readonly kind: 'broken' }
  /** As terminals wrote it before they sealed anything. */
  | { readonly kind: 'plain' };

export const unseal = (key: Uint8Array, name: string, bytes: Uint8Array): Unsealed => {
  const all = Buffer.from(bytes);
  if (!all.subarray(0, MAGIC.length).equals(MAGIC)) return { kind: 'plain' };
  const sealed = all.subarray(MAGIC.length);
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return { kind: 'broken' };
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(name));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const body = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    return { kind: 'opened', bytes: Buffer.concat([body, decipher.final()]) };
  } catch {
    return { kind: 'broken' };
  }
};

export type NamesFault = 'no-key' | 'broken';

/** `key` undefined: nothing is kept, and nothing sealed is read. */
export const sealedFile = (
  file: WholeFile,
  {
    key,
    name,
    onFault,
  }: {
    readonly key: Uint8Array | undefined;
    readonly name: string;
    /** Undefined: it is well again. */
    readonly onFault: (fault: NamesFault | undefined) => void;
  },
): WholeFile => {
  const save = (bytes: Uint8Array): void => {
    if (key === undefined) return onFault('no-key');
    file.save(seal(key, name, bytes));
    onFault(undefined);
  };
  return {
    load: () => {
      const bytes = file.load();
      if (key === undefined) onFault('no-key');
      if (key === undefined || bytes === undefined) return undefined;
      const unsealed = unseal(key, name, bytes);
      switch (unsealed.kind) {
        case 'opened':
          return unsealed.bytes;
        case 'plain':
          save(bytes);
          return bytes;
        case 'broken':
          onFault('broken');
          return undefined;
      }
    },
    save,
  };
};
