/**
 * Ed25519 keys and signatures (RFC 8032): a terminal signs what it recorded, a gateway what it stored.
 *
 * Ed25519 is deterministic, so the same batch signed again is the same bytes again.
 */

import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { z } from 'zod';

/** Raw 32-byte public key, base64. */
export const PublicKeyText = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be an Ed25519 public key: 32 bytes in base64')
  .brand<'PublicKeyText'>();
export type PublicKeyText = z.infer<typeof PublicKeyText>;

export interface Signer {
  readonly publicKey: PublicKeyText;
  /** Signature of the UTF-8 text, base64. */
  readonly sign: (text: string) => string;
}

/** SubjectPublicKeyInfo header of an Ed25519 key (RFC 8410 §4); the raw key follows it. */
const SPKI_HEADER = Buffer.from('302a300506032b6570032100', 'hex');

const publicKeyOf = (key: KeyObject): PublicKeyText =>
  PublicKeyText.parse(
    createPublicKey(key)
      .export({ type: 'spki', format: 'der' })
      .subarray(SPKI_HEADER.length)
      .toString('base64'),
  );

export const generateSigningKeyPem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Throws on anything but an Ed25519 private key: a wrong key file is a wrong installation. */
export const signerFromPem = (pem: string): Signer => {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new Error(`the signing key must be Ed25519, not ${key.asymmetricKeyType}`);
  }
  return {
    publicKey: publicKeyOf(key),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  };
};

export type Verifier = (text: string, signature: string) => boolean;

export const verifierOf = (publicKey: PublicKeyText): Verifier => {
  const key = createPublicKey({
    key: Buffer.concat([SPKI_HEADER, Buffer.from(publicKey, 'base64')]),
    format: 'der',
    type: 'spki',
  });
  return (text, signature) =>
    verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
};
