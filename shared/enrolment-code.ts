/**
 * The enrolment code (登録コード): what an admin reads to the technician, so that a new terminal and the
 * gateway believe each other at first contact.
 *
 * 20 letters and digits in fives of four. 45 bits are the one-time secret; 50 bits stand for the
 * gateway's certificate authority, so that the terminal knows whom it talks to before it sends the
 * secret; 5 bits catch a slip of the tongue. The 50 bits are of a hash that takes memory and a tenth of
 * a second to compute: making another authority that has the same ones stays out of reach.
 */
import { hash, randomBytes, type ScryptOptions, scrypt, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { faulty, ok, type Result } from './result.ts';

/** Crockford's Base32: no I, L, O, U. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SECRET_LETTERS = 9;
const MARK_LETTERS = 10;
const CODE_LETTERS = SECRET_LETTERS + MARK_LETTERS + 1;

/** SHA-256 over the DER of every certificate of the authority's file, in order; lower-case hex. */
export const Fingerprint = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Fingerprint'>();
export type Fingerprint = z.infer<typeof Fingerprint>;

export interface EnrolmentCode {
  readonly secret: string;
  /** By which the authority of the gateway is recognised: `markOf` its fingerprint. */
  readonly mark: string;
}

/** Each certificate of a PEM text. */
export const certificatesOf = (pem: string): readonly string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];

/** Of one certificate it is what `openssl x509 -fingerprint -sha256` shows. Throws where there is none. */
export const fingerprintOf = (authorityPem: string): Fingerprint => {
  const ders = certificatesOf(authorityPem).map((pem) => new X509Certificate(pem).raw);
  if (ders.length === 0) throw new Error('there is no certificate');
  return Fingerprint.parse(hash('sha256', Buffer.concat(ders)));
};

const lettersOf = (bytes: Uint8Array, count: number): string =>
  [...bytes.subarray(0, count)].map((byte) => LETTERS[byte % LETTERS.length]).join('');

/** Each letter is an even draw: 256 is a multiple of 32. */
export const drawSecret = (): string => lettersOf(randomBytes(SECRET_LETTERS), SECRET_LETTERS);

/** 32 MiB and about a tenth of a second. */
const MARK_COST: ScryptOptions = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1_024 * 1_024 };
/** 16 MiB: for every claim that comes in. */
const SECRET_COST: ScryptOptions = { N: 16_384, r: 8, p: 1, maxmem: 64 * 1_024 * 1_024 };

const derive = promisify<string, string, number, ScryptOptions, Buffer>(scrypt);

export const markOf = async (fingerprint: Fingerprint): Promise<string> =>
  lettersOf(await derive(fingerprint, 'genba-tap mark v1', MARK_LETTERS, MARK_COST), MARK_LETTERS);

/** What is kept in place of the secret; the fingerprint salts it. Lower-case hex. */
export const secretHashOf = async (secret: string, fingerprint: Fingerprint): Promise<string> =>
  (await derive(secret, fingerprint, 32, SECRET_COST)).toString('hex');

const checkLetter = (rest: string): string =>
  lettersOf(hash('sha256', `genba-tap code v1\n${rest}`, 'buffer'), 1);

/** `XXXX-XXXX-XXXX-XXXX-XXXX` */
export const writeCode = ({ secret, mark }: EnrolmentCode): string => {
  const rest = `${secret}${mark}`;
  return (`${rest}${checkLetter(rest)}`.match(/.{4}/g) ?? []).join('-');
};

/** Small letters, spaces and hyphens do not matter; O is 0, I and L are 1. */
export const readCode = (text: string): Result<EnrolmentCode> => {
  const typed = text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (typed.length !== CODE_LETTERS || ![...typed].every((letter) => LETTERS.includes(letter)))
    return faulty({ place: 'code', message: `must be ${CODE_LETTERS} letters and digits` });
  const rest = typed.slice(0, -1);
  if (checkLetter(rest) !== typed.at(-1))
    return faulty({ place: 'code', message: 'has a slip in it: its last letter does not fit' });
  return ok({ secret: rest.slice(0, SECRET_LETTERS), mark: rest.slice(SECRET_LETTERS) });
};

export const Secret = z.string().regex(new RegExp(`^[${LETTERS}]{${SECRET_LETTERS}}$`));
