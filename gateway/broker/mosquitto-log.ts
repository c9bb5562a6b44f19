/**
 * What mosquitto says of those who come to it (外部ブローカーの記録), read line after line: pure.
 *
 * It tells the gateway on `$SYS/broker/log/#`. A line about a refused handshake names no address, so the
 * addresses that knocked and are not in yet are remembered; where they differ, the address stays open.
 * Which terminals reach for foreign topics it does not tell. Words of mosquitto 2.0.11 and 2.0.21.
 */
import type { UtcMs } from '../../shared/time.ts';

export type MosquittoNews =
  /** `address` undefined: several knocked at once. */
  | { readonly kind: 'refused'; readonly reason: string; readonly address: string | undefined }
  | {
      readonly kind: 'connected';
      readonly clientId: string;
      readonly address: string;
      /** The one before had not hung up. */
      readonly tookOver: boolean;
    };

export interface MosquittoSeen {
  /** Who connected and has not said a name, oldest first. */
  readonly knocking: readonly { readonly from: string; readonly at: UtcMs }[];
  /** Whose connection was ended for one that comes right after. */
  readonly pushedOff: string | undefined;
}

export const NOTHING_SEEN: MosquittoSeen = { knocking: [], pushedOff: undefined };

/** A handshake takes no longer; mosquitto says no more of some that go before it ends. */
const KNOCKING_MS = 30_000;
const KNOCKING_MAX = 64;
const REASON_MAX = 100;

/** `2001:db8::1:43210` or `192.0.2.1:43210` → the address. */
const addressOf = (from: string): string => from.slice(0, from.lastIndexOf(':'));

const reasonOf = (openssl: string): string => {
  if (openssl.includes('did not return a certificate')) return 'no-certificate';
  // Foreign, expired or revoked: mosquitto does not say which.
  if (openssl.includes('certificate verify failed')) return 'certificate-not-accepted';
  return `no-tls (${openssl.slice(0, REASON_MAX)})`;
};

export const readMosquittoLine = (
  seen: MosquittoSeen,
  line: string,
  now: UtcMs,
): { readonly seen: MosquittoSeen; readonly news: MosquittoNews | undefined } => {
  const text = line.replace(/^\d{1,12}: /, '');
  const knocking = seen.knocking.filter(({ at }) => now - at < KNOCKING_MS);
  const next = (change: Partial<MosquittoSeen>, news?: MosquittoNews) => ({
    seen: { ...seen, knocking, ...change },
    news,
  });

  const knock = /^New connection from (\S{1,100}:\d{1,5}) on port \d+\.$/.exec(text)?.[1];
  if (knock !== undefined)
    return next({ knocking: [...knocking, { from: knock, at: now }].slice(-KNOCKING_MAX) });

  const [, from, clientId] =
    /^New client connected from (\S{1,100}:\d{1,5}) as (\S{1,64}) \(/.exec(text) ?? [];
  if (from !== undefined && clientId !== undefined)
    return next(
      { knocking: knocking.filter((each) => each.from !== from), pushedOff: undefined },
      {
        kind: 'connected',
        clientId,
        address: addressOf(from),
        tookOver: seen.pushedOff === clientId,
      },
    );

  const pushedOff = /^Client (\S{1,64}) already connected, closing old connection\.$/.exec(
    text,
  )?.[1];
  if (pushedOff !== undefined) return next({ pushedOff });

  // Whose first bytes are here at once fails before it counts as a connection.
  const [, failedFrom, failure] =
    /^Client connection from (\S{1,100}) failed: error:[0-9A-F]+:[^:]*:[^:]*:(.+)\.$/.exec(text) ??
    [];
  if (failedFrom !== undefined && failure !== undefined)
    return next({}, { kind: 'refused', reason: reasonOf(failure), address: failedFrom });

  const openssl = /^OpenSSL Error(?:\[\d+\])?: error:[0-9A-F]+:[^:]*:[^:]*:(.+)$/.exec(text)?.[1];
  // Who hangs up without a word, in the handshake or long after it, is no stranger.
  if (openssl?.includes('unexpected eof')) return next({});
  if (openssl !== undefined) {
    const addresses = new Set(knocking.map((each) => addressOf(each.from)));
    const [address] = addresses.size === 1 ? addresses : [];
    return next({}, { kind: 'refused', reason: reasonOf(openssl), address });
  }

  // One that never said a name is gone; the line does not tell which.
  if (/^Client <unknown> (disconnected|closed)/.test(text))
    return next({ knocking: knocking.slice(1) });
  return next({});
};
