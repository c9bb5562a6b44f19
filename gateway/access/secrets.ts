/** Secrets that whoever holds them proves by telling them (合言葉): given out once, kept as their hash alone. */
import { hash, randomBytes } from 'node:crypto';

/** Nobody guesses 256 bits. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

export const digestOf = (secret: string): Buffer => hash('sha256', secret, 'buffer');
