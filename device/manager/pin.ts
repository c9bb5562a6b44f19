/**
 * The manager's PIN (暗証番号): kept as a salted scrypt hash, and tried only so often.
 *
 * A PIN is short, so the hash alone does not protect it from whoever copies the card; the limit on tries
 * is what protects the kiosk.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Entry } from '../../shared/entry.ts';
import { type ClockReading, MINUTE_MS } from '../../shared/time.ts';

/** `scrypt$salt$hash`, both in base64url. */
export const PinHash = z
  .string()
  .regex(/^scrypt\$[\w-]{16,64}\$[\w-]{43}$/, 'must be what `genba pin` prints')
  .brand<'PinHash'>();
export type PinHash = z.infer<typeof PinHash>;

/** 4 to 12 digits: what a keypad and a memory take. */
export const Pin = z.string().regex(/^\d{4,12}$/, 'は4〜12桁の数字です');

const HASH_BYTES = 32;
/** 16 MB and some tens of milliseconds on a Pi. */
const COST = { N: 16_384, r: 8, p: 1 };

/** On a thread of its own: the gate must not wait for it. */
const derive = (pin: string, salt: string): Promise<Buffer> =>
  promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)(
    pin,
    Buffer.from(salt, 'base64url'),
    HASH_BYTES,
    COST,
  );

export const hashPin = async (pin: string): Promise<PinHash> => {
  const salt = randomBytes(16).toString('base64url');
  return PinHash.parse(`scrypt$${salt}$${(await derive(pin, salt)).toString('base64url')}`);
};

export const isPin = async (pin: string, hash: PinHash): Promise<boolean> => {
  const [, salt = '', wanted = ''] = hash.split('$');
  return timingSafeEqual(await derive(pin, salt), Buffer.from(wanted, 'base64url'));
};

/** Failed tries since the last right one, and until when (uptime) no further is heard. */
export interface PinTries {
  readonly failures: number;
  readonly lockedUntil: number;
}

export const NO_TRIES: PinTries = { failures: 0, lockedUntil: 0 };

const FREE_TRIES = 4;
const LOCK_MS_MAX = 60 * MINUTE_MS;

/** From the fourth wrong PIN on, each closes the door twice as long: 1, 2, 4 … at most 60 minutes. */
export const afterFailure = ({ failures }: PinTries, uptimeMs: number): PinTries => {
  const next = failures + 1;
  const lockMs =
    next < FREE_TRIES ? 0 : Math.min(LOCK_MS_MAX, MINUTE_MS * 2 ** Math.min(next - FREE_TRIES, 10));
  return { failures: next, lockedUntil: uptimeMs + lockMs };
};

/**
 * The tries that the journal tells of, the oldest entry first: pulling the plug makes no wrong PIN unsaid. What an
 * earlier boot waited for begins again with the program, because nobody knows how long the machine was off.
 */
export const triesIn = (
  entries: Iterable<Entry>,
  start: Pick<ClockReading, 'bootId' | 'uptimeMs'>,
): PinTries => {
  let tries = NO_TRIES;
  for (const entry of entries) {
    if (entry.kind !== 'health') continue;
    const isOfThisBoot = entry.bootId === start.bootId && entry.uptimeMs < start.uptimeMs;
    if (entry.what === 'manager-logged-in') tries = NO_TRIES;
    if (entry.what === 'manager-refused')
      tries = afterFailure(tries, isOfThisBoot ? entry.uptimeMs : start.uptimeMs);
  }
  return tries;
};
