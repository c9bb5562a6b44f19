/**
 * The certificate authority (認証局) that vouches for terminals and for the gateway's own ports: the
 * gateway's own small one, or one whose key somebody else gave.
 *
 * X.509 through a library; here stands only what goes into a certificate and why.
 */
import 'reflect-metadata';
import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  webcrypto,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate as LibraryCertificate,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from '@peculiar/x509';
import { certificatesOf, type Fingerprint, fingerprintOf } from '../../shared/enrolment-code.ts';
import { DAY_MS, HOUR_MS, type UtcMs, utcMs } from '../../shared/time.ts';

const CRYPTO = webcrypto as Crypto;
const AUTHORITY_YEARS = 20;
const YEAR_MS = 365 * DAY_MS;
/** A terminal's clock may be behind: what is new must not look as if it were of tomorrow. */
const BACKDATED_MS = DAY_MS;
/** Clients are judged by our own clock. */
const CLIENT_BACKDATED_MS = HOUR_MS;

export interface CertificateOrder {
  /** DER of the public key (SubjectPublicKeyInfo). */
  readonly publicKey: Buffer<ArrayBuffer>;
  readonly commonName: string;
  /** Host names and addresses; of servers only. */
  readonly names?: readonly string[];
  readonly use: 'client' | 'server';
  readonly now: UtcMs;
  readonly lifeMs: number;
}

export interface IssuedCertificate {
  readonly pem: string;
  /** Lower-case hex without leading zeros of the bytes, as Node tells it. */
  readonly serial: string;
  readonly validTo: UtcMs;
}

export interface RevokedSerial {
  readonly serial: string;
  readonly revokedAt: UtcMs;
}

export interface Authority {
  /** Every certificate of the authority's file: what others must trust. */
  readonly pem: string;
  readonly fingerprint: Fingerprint;
  readonly issue: (order: CertificateOrder) => Promise<IssuedCertificate>;
  /** Certificate revocation list (失効リスト), PEM. */
  readonly revocationList: (revoked: readonly RevokedSerial[], now: UtcMs) => Promise<string>;
  /** Whether this authority signed it; says nothing about its dates or its revocation. */
  readonly signed: (certificate: X509Certificate) => boolean;
}

/** Node and the library name the same object by types of their own. */
const libraryKey = (key: KeyObject, algorithm: SigningAlgorithm): CryptoKey =>
  key.toCryptoKey(algorithm, false, ['sign']) as CryptoKey;

/** Key and self-signed certificate, PEM, one after the other. */
export const makeAuthorityPem = async (now: UtcMs): Promise<string> => {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = signingAlgorithm(keys.privateKey);
  const publicKey = new PublicKey(keys.publicKey.export({ type: 'spki', format: 'der' }));
  const name = [{ CN: [`genba-tap CA ${randomBytes(4).toString('hex')}`] }];
  const certificate = await X509CertificateGenerator.create(
    {
      subject: name,
      issuer: name,
      serialNumber: drawSerial(),
      publicKey,
      signingKey: libraryKey(keys.privateKey, algorithm),
      signingAlgorithm: algorithm,
      notBefore: new Date(now - BACKDATED_MS),
      notAfter: new Date(now + AUTHORITY_YEARS * YEAR_MS),
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(publicKey, false, CRYPTO),
      ],
    },
    CRYPTO,
  );
  const keyPem = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  return `${keyPem}${certificate.toString('pem')}\n`;
};

/** Positive and 20 bytes at most (RFC 5280 §4.1.2.2). */
const drawSerial = (): string => {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
};

interface SigningAlgorithm {
  readonly name: string;
  readonly hash: string;
  readonly namedCurve: string;
}

/**
 * Grows from list to list (RFC 5280 §5.2.3): the millisecond in which it was made, as a DER integer. From
 * 2004 to 6429 that is six bytes, which is as short as DER wants it.
 */
const listNumber = (now: UtcMs): Extension => {
  const der = Buffer.from([2, 6, 0, 0, 0, 0, 0, 0]);
  der.writeUIntBE(now, 2, 6);
  return new Extension('2.5.29.20', false, new Uint8Array(der));
};

/** How a key signs; other kinds of keys are refused. */
const signingAlgorithm = (key: KeyObject): SigningAlgorithm => {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === 'prime256v1') return { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  if (curve === 'secp384r1') return { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };
  if (key.asymmetricKeyType === 'rsa')
    return { name: 'RSASSA-PKCS1-v1_5', namedCurve: '', hash: 'SHA-256' };
  throw new Error('the authority’s key must be P-256, P-384 or RSA');
};

const typeOfName = (name: string): 'ip' | 'dns' => (isIP(name) === 0 ? 'dns' : 'ip');

/** Host names and addresses that a server's certificate is good for, in its order. */
export const namesIn = (certificate: X509Certificate): readonly string[] =>
  new LibraryCertificate(new Uint8Array(certificate.raw))
    .getExtension(SubjectAlternativeNameExtension)
    ?.names.items.map(({ value }) => value) ?? [];

/**
 * `certificatePem` begins with the certificate of the key; its own authorities may follow up to the
 * root. Throws where key and certificate do not belong together: a wrong installation.
 */
export const openAuthority = async (certificatePem: string, keyPem: string): Promise<Authority> => {
  const own = new X509Certificate(certificatePem);
  const privateKey = createPrivateKey(keyPem);
  if (!own.checkPrivateKey(privateKey))
    throw new Error('the authority’s key is not of its certificate');
  if (!own.ca) throw new Error('the authority’s certificate may not issue any');
  const algorithm = signingAlgorithm(privateKey);
  const signingKey = libraryKey(privateKey, algorithm);
  const ends = own.validToDate.getTime();
  const pem = certificatesOf(certificatePem)
    .map((each) => `${each}\n`)
    .join('');
  const { subjectName: issuer, publicKey: authorityKey } = new LibraryCertificate(
    new Uint8Array(own.raw),
  );
  return {
    pem,
    fingerprint: fingerprintOf(pem),
    signed: (certificate) => certificate.checkIssued(own) && certificate.verify(own.publicKey),
    issue: async ({ publicKey, commonName, names = [], use, now, lifeMs }) => {
      const subjectKey = new PublicKey(publicKey);
      const serial = drawSerial();
      const notAfter = new Date(Math.min(now + lifeMs, ends));
      const certificate = await X509CertificateGenerator.create(
        {
          serialNumber: serial,
          subject: [{ CN: [commonName] }],
          issuer,
          publicKey: subjectKey,
          signingKey,
          signingAlgorithm: algorithm,
          notBefore: new Date(now - (use === 'client' ? CLIENT_BACKDATED_MS : BACKDATED_MS)),
          notAfter,
          extensions: [
            new BasicConstraintsExtension(false, undefined, true),
            new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
            new ExtendedKeyUsageExtension([
              use === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth,
            ]),
            ...(names.length === 0
              ? []
              : [
                  new SubjectAlternativeNameExtension(
                    names.map((value) => ({ type: typeOfName(value), value })),
                  ),
                ]),
            await SubjectKeyIdentifierExtension.create(subjectKey, false, CRYPTO),
            await AuthorityKeyIdentifierExtension.create(authorityKey, false, CRYPTO),
          ],
        },
        CRYPTO,
      );
      return {
        pem: `${certificate.toString('pem')}\n`,
        serial,
        validTo: utcMs(notAfter.getTime()),
      };
    },
    revocationList: async (revoked, now) => {
      const list = await X509CrlGenerator.create(
        {
          issuer,
          thisUpdate: new Date(now - BACKDATED_MS),
          // A list that has run out shuts every terminal out. It is written anew at each revocation, so
          // its end adds nothing.
          nextUpdate: new Date(ends),
          entries: revoked.map(({ serial, revokedAt }) => ({
            serialNumber: serial,
            revocationDate: new Date(revokedAt),
            reason: X509CrlReason.privilegeWithdrawn,
          })),
          extensions: [
            await AuthorityKeyIdentifierExtension.create(authorityKey, false, CRYPTO),
            listNumber(now),
          ],
          signingKey,
          signingAlgorithm: algorithm,
        },
        CRYPTO,
      );
      // The library's own label, BEGIN CRL, is not the one that OpenSSL reads.
      const lines =
        Buffer.from(list.rawData)
          .toString('base64')
          .match(/.{1,64}/g) ?? [];
      return `-----BEGIN X509 CRL-----\n${lines.join('\n')}\n-----END X509 CRL-----\n`;
    },
  };
};
