/**
 * Keys for TLS and the request by which somebody with a certificate authority certifies them
 * (証明書署名要求): P-256 and PKCS#10.
 *
 * The private key is made where it is used and never travels.
 */
import 'reflect-metadata';
import { createPublicKey, KeyObject, webcrypto } from 'node:crypto';
import { Pkcs10CertificateRequest, Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import { faulty, ok, type Result } from './result.ts';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const REQUEST_BYTES_MAX = 4_096;

export interface TlsKey {
  /** PKCS#8 PEM. */
  readonly keyPem: string;
  /** PKCS#10 PEM, signed by the key. */
  readonly requestPem: string;
}

/** `name` is only a wish: whoever certifies decides what the certificate says. */
export const makeTlsKey = async (name: string): Promise<TlsKey> => {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const request = await Pkcs10CertificateRequestGenerator.create(
    {
      name: [{ CN: [name] }],
      // Node and the library name the same objects by types of their own.
      keys: keys as CryptoKeyPair,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    },
    webcrypto as Crypto,
  );
  return {
    keyPem: String(KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' })),
    requestPem: request.toString('pem'),
  };
};

/** Faults: too long, not PKCS#10, not P-256, not signed by its own key. Gives the DER of the public key. */
export const readCertificateRequest = async (pem: string): Promise<Result<Buffer<ArrayBuffer>>> => {
  const fault = (message: string) => faulty<Buffer<ArrayBuffer>>({ place: '', message });
  if (pem.length > REQUEST_BYTES_MAX) return fault(`is longer than ${REQUEST_BYTES_MAX} bytes`);
  try {
    const request = new Pkcs10CertificateRequest(pem);
    const publicKey = Buffer.from(request.publicKey.rawData);
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({
      key: publicKey,
      format: 'der',
      type: 'spki',
    });
    if (asymmetricKeyType !== 'ec' || asymmetricKeyDetails?.namedCurve !== 'prime256v1')
      return fault('must ask for a P-256 key');
    return (await request.verify(webcrypto as Crypto))
      ? ok(publicKey)
      : fault('is not signed by the key that it asks for');
  } catch {
    return fault('is no PKCS#10 certificate request');
  }
};
