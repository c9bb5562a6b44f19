/** Accounts (アカウント): people who log in to the console, with the scopes that they were given. */
import { z } from 'zod';
import type { UtcMs } from '../../shared/time.ts';

/** Shown in the audit log as `user:NAME`. */
export const AccountName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._@-]{0,59}$/,
    'must be 1 to 60 of a-z, 0-9 and . _ @ -, and begin with a letter or figure',
  );

export interface Account {
  readonly userNo: number;
  readonly name: string;
  /** As `ScopeText`. */
  readonly scopes: readonly string[];
  readonly hasPassword: boolean;
  /** Who they are at the OIDC provider; such accounts log in there and nowhere else. */
  readonly externalId: string | undefined;
  readonly createdAt: UtcMs;
  readonly disabledAt: UtcMs | undefined;
}

export interface NewAccount {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly passwordHash?: string | undefined;
  readonly externalId?: string | undefined;
  readonly createdAt: UtcMs;
}

export interface Passkey {
  /** As the browser tells it, base64url. */
  readonly credentialId: string;
  readonly userNo: number;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** Grows with each use where the key counts; 0 where it does not. */
  readonly counter: number;
  readonly transports: readonly string[];
  readonly createdAt: UtcMs;
  readonly lastUsedAt: UtcMs | undefined;
}

export interface AccountStore {
  /** Undefined where the name, or who they are outside, is taken. */
  readonly add: (account: NewAccount) => Account | undefined;
  readonly list: () => readonly Account[];
  readonly byName: (name: string) => Account | undefined;
  readonly byNo: (userNo: number) => Account | undefined;
  readonly byExternalId: (externalId: string) => Account | undefined;
  readonly passwordHash: (userNo: number) => string | undefined;
  readonly setPassword: (userNo: number, hash: string) => void;
  readonly setScopes: (userNo: number, scopes: readonly string[]) => void;
  /** `at`: since when; undefined = in force again. */
  readonly setDisabled: (userNo: number, at: UtcMs | undefined) => void;

  /** Whether this account was once logged in to from the browser that holds this. */
  readonly knowsBrowser: (digest: Buffer, userNo: number) => boolean;
  readonly rememberBrowser: (digest: Buffer, userNo: number, at: UtcMs) => void;

  readonly passkeys: (userNo: number) => readonly Passkey[];
  readonly passkey: (credentialId: string) => Passkey | undefined;
  /** False where that key is somebody's already. */
  readonly addPasskey: (passkey: Passkey) => boolean;
  readonly usedPasskey: (credentialId: string, counter: number, at: UtcMs) => void;
  readonly removePasskey: (credentialId: string, userNo: number) => boolean;
  /** All of an account; how many there were. */
  readonly removePasskeys: (userNo: number) => number;
}
