/**
 * Passkeys (パスキー): a key in somebody's device, opened there by finger, face or PIN, bound to our name. Through
 * @simplewebauthn/server; here stands only what we ask for and what we keep.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { MINUTE_MS, type UptimeMs, type UtcMs } from '../../shared/time.ts';
import type { Account, AccountStore } from './accounts.ts';

export interface Passkeys {
  readonly logInOptions: (origin: string) => Promise<object>;
  /** Whose key it was, or why it opens nothing. */
  readonly judgeLogIn: (
    response: AuthenticationResponseJSON,
    origin: string,
  ) => Promise<{ readonly account: Account | undefined; readonly reason: string }>;
  readonly addOptions: (account: Account, origin: string) => Promise<object>;
  readonly add: (
    account: Account,
    response: RegistrationResponseJSON,
    origin: string,
  ) => Promise<'added' | 'refused' | 'taken'>;
}

/** The name that a key is bound to; undefined for an address, which browsers bind no key to. */
export const passkeyName = (origin: string | undefined): string | undefined => {
  if (origin === undefined) return undefined;
  const name = new URL(origin).hostname;
  return isIP(name.replace(/^\[|\]$/g, '')) === 0 ? name : undefined;
};

const CHALLENGE_MS = 5 * MINUTE_MS;
const PASSKEYS_MAX = 10;

/**
 * Challenges that need no memory until they are answered: whoever asks for a million of them fills nothing. Each
 * carries its end and a seal of ours, and is good once.
 */
const createChallenges = (now: () => UptimeMs) => {
  const key = randomBytes(32);
  const endByUsed = new Map<string, number>();
  const sealOf = (purpose: string, head: Buffer): Buffer =>
    createHmac('sha256', key).update(purpose).update('\0').update(head).digest();
  return {
    make: (purpose: string): Uint8Array<ArrayBuffer> => {
      const head = Buffer.concat([Buffer.alloc(8), randomBytes(16)]);
      head.writeDoubleBE(now() + CHALLENGE_MS);
      return new Uint8Array(Buffer.concat([head, sealOf(purpose, head)]));
    },
    /** True once. */
    use: (purpose: string, challenge: string): boolean => {
      const bytes = Buffer.from(challenge, 'base64url');
      if (bytes.length !== 56) return false;
      const [head, seal] = [bytes.subarray(0, 24), bytes.subarray(24)];
      const ends = head.readDoubleBE(0);
      if (!timingSafeEqual(seal, sealOf(purpose, head)) || ends <= now()) return false;
      for (const [used, end] of endByUsed) if (end <= now()) endByUsed.delete(used);
      if (endByUsed.has(challenge)) return false;
      endByUsed.set(challenge, ends);
      return true;
    },
  };
};

export const createPasskeys = ({
  accounts,
  uptime,
  now,
}: {
  readonly accounts: AccountStore;
  readonly uptime: () => UptimeMs;
  readonly now: () => UtcMs;
}): Passkeys => {
  const challenges = createChallenges(uptime);
  const named = (origin: string): string => {
    const name = passkeyName(origin);
    if (name === undefined) throw new Error('passkeys need a name, not an address');
    return name;
  };
  const toAdd = ({ userNo }: Account): string => `add ${userNo}`;

  return {
    logInOptions: async (origin) =>
      generateAuthenticationOptions({
        rpID: named(origin),
        challenge: challenges.make('log-in'),
        userVerification: 'required',
        timeout: CHALLENGE_MS,
      }),
    judgeLogIn: async (response, origin) => {
      const passkey = accounts.passkey(response.id);
      if (passkey === undefined) return { account: undefined, reason: 'no-such-passkey' };
      try {
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response,
          expectedChallenge: (challenge) => challenges.use('log-in', challenge),
          expectedOrigin: origin,
          expectedRPID: named(origin),
          requireUserVerification: true,
          credential: {
            id: passkey.credentialId,
            publicKey: passkey.publicKey,
            counter: passkey.counter,
          },
        });
        if (!verified) return { account: undefined, reason: 'wrong-signature' };
        accounts.usedPasskey(passkey.credentialId, authenticationInfo.newCounter, now());
        return { account: accounts.byNo(passkey.userNo), reason: 'no-such-account' };
      } catch {
        // The library throws for everything that does not fit: challenge, origin, name, counter, format.
        return { account: undefined, reason: 'bad-passkey' };
      }
    },
    addOptions: async (account, origin) =>
      generateRegistrationOptions({
        rpName: '現場タッチ',
        rpID: named(origin),
        userName: account.name,
        userDisplayName: account.name,
        userID: new Uint8Array(Buffer.from(`genba-${account.userNo}`)),
        challenge: challenges.make(toAdd(account)),
        attestationType: 'none',
        timeout: CHALLENGE_MS,
        excludeCredentials: accounts
          .passkeys(account.userNo)
          .map(({ credentialId }) => ({ id: credentialId })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      }),
    add: async (account, response, origin) => {
      if (accounts.passkeys(account.userNo).length >= PASSKEYS_MAX) return 'refused';
      try {
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          response,
          expectedChallenge: (challenge) => challenges.use(toAdd(account), challenge),
          expectedOrigin: origin,
          expectedRPID: named(origin),
          requireUserVerification: true,
        });
        if (!verified) return 'refused';
        const { id, publicKey, counter } = registrationInfo.credential;
        const isNew = accounts.addPasskey({
          credentialId: id,
          userNo: account.userNo,
          publicKey: new Uint8Array(publicKey),
          counter,
          transports: response.response.transports ?? [],
          createdAt: now(),
          lastUsedAt: undefined,
        });
        return isNew ? 'added' : 'taken';
      } catch {
        return 'refused';
      }
    },
  };
};
