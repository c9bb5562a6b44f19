/**
 * The reader host: a child process that owns PC/SC and does nothing else.
 *
 * A process of its own, because the library freezes the event loop while there is no daemon, is dead
 * for ever once the daemon has restarted, and loses a swapped card when its loop is busy (an fsync on
 * an SD card is enough). On any failure of PC/SC it says why and ends; the terminal starts another.
 */
import { connect as connectSocket } from 'node:net';
import type { NfcReader } from 'nfc-pcsc';
import { ANSWER_BYTES_MAX, type CardAnswer, RANDOM_SERIAL, serialDecoder } from './card-id.ts';
import type { HostMessage } from './pcsc-protocol.ts';

const DAEMON_SOCKET = process.env.PCSCLITE_CSOCK_NAME ?? '/run/pcscd/pcscd.comm';
const HEARTBEAT_MS = 1_000;
const PROBE_TIMEOUT_MS = 2_000;
const QUICK_TRIES = 3;
const RETRY_MS = 40;
const SLOW_RETRY_MS = 500;
/** A card that answers takes milliseconds; one that has not by now never will. */
const ANSWER_TIMEOUT_MS = 2_000;
const CALL_TIMEOUT_MS = 5_000;
/** Slots of one device go one after the other. */
const REENUMERATION_MS = 200;

// PC/SC state bits (pcsclite.h, SCARD_STATE_*); the high word counts card events.
const STATE_PRESENT = 0x20;
const STATE_MUTE = 0x200;
const eventCounter = (state: number): number => state >>> 16;

const tell = (message: HostMessage): void => {
  process.send?.(message);
};

const end = (reason: string): void => {
  if (process.send === undefined) process.exit(1);
  process.send({ kind: 'readers-unavailable', reason } satisfies HostMessage, () =>
    process.exit(1),
  );
};

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

/** Without a daemon `new NFC()` spins for ever, so its socket is asked first. */
const probeDaemon = (): Promise<void> =>
  new Promise((done, fail) => {
    const socket = connectSocket(DAEMON_SOCKET, () => {
      socket.destroy();
      done();
    });
    socket.setTimeout(PROBE_TIMEOUT_MS, () => socket.destroy(new Error('time-out')));
    socket.on('error', fail);
  });

interface FollowedReader {
  /** Tries the card that lies there, if it has not been read. */
  readonly retry: () => void;
}

const followReader = (nfc: NfcReader): FollowedReader => {
  const reader = nfc.name;
  let isPresent = false;
  let counter = -1;
  /** Card event whose card has been read, or given up. */
  let finishedCounter = -1;
  let isBusy = false;
  nfc.autoProcessing = false;
  tell({ kind: 'reader-attached', reader });

  /** A call into the library that has not come back by now never will: start anew. */
  const limited = async <Value>(call: Promise<Value>, what: string): Promise<Value> => {
    const late = setTimeout(() => end(`${reader}: ${what} hangs`), CALL_TIMEOUT_MS);
    try {
      return await call;
    } finally {
      clearTimeout(late);
    }
  };

  /** A card may stay silent for as long as it lies there; that is said, and holds up only this reader. */
  const transmit = async (command: Buffer): Promise<Buffer> => {
    const late = setTimeout(
      () => tell({ kind: 'read-failed', reader, reason: 'the card does not answer' }),
      ANSWER_TIMEOUT_MS,
    );
    try {
      return await nfc.transmit(command, ANSWER_BYTES_MAX);
    } finally {
      clearTimeout(late);
    }
  };

  /** The library throws at once, and not into the promise, where there is no connection to end. */
  const disconnect = async (): Promise<void> => {
    try {
      await nfc.disconnect();
    } catch {
      // Not connected is what we want.
    }
  };

  const reconnect = async (): Promise<void> => {
    await limited(disconnect(), 'disconnect');
    await limited(nfc.connect(), 'connect');
  };

  const readOnce = async (isConnected: boolean): Promise<CardAnswer> => {
    try {
      if (!isConnected) await reconnect();
      return await serialDecoder.read(transmit);
    } catch (cause) {
      return { kind: 'refused', reason: messageOf(cause) };
    }
  };

  /** One card event: tries until the card is read or lifted, and says once why it fails. */
  const readCard = async (of: number, isConnected: boolean): Promise<void> => {
    for (let attempt = 1; isPresent && counter === of; attempt += 1) {
      const answer = await readOnce(isConnected && attempt === 1);
      if (!isPresent || counter !== of) return;
      if (answer.kind === 'card') {
        tell({ kind: 'card-presented', reader, cardId: answer.cardId });
        return;
      }
      const isFinal = answer.reason === RANDOM_SERIAL;
      if (isFinal || attempt === QUICK_TRIES) {
        tell({ kind: 'read-failed', reader, reason: answer.reason });
      }
      if (isFinal) return;
      await wait(attempt < QUICK_TRIES ? RETRY_MS : SLOW_RETRY_MS);
    }
  };

  const read = async (isConnected: boolean): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    for (let first = isConnected; isPresent && finishedCounter !== counter; first = false) {
      const of = counter;
      await readCard(of, first);
      finishedCounter = of;
    }
    isBusy = false;
  };

  /** A lifted card ends every call about it; one that does not come back then is stuck for good. */
  const expectRest = (): void => {
    const of = counter;
    setTimeout(() => {
      if (isBusy && counter === of) end(`${reader}: a read hangs after its card was lifted`);
    }, CALL_TIMEOUT_MS);
  };

  nfc.on('card', () => void read(true));
  nfc.on('card.off', () => undefined);
  nfc.on('error', (error) => end(`${reader}: ${error.message}`));
  nfc.on('end', () => {
    tell({ kind: 'reader-detached', reader, reason: 'unplugged' });
    // A reader that comes back within milliseconds, as a re-enumerated one does, is missed by the
    // library for good: its list held the old one still. A new process begins with a true list.
    setTimeout(() => process.exit(0), REENUMERATION_MS);
  });
  nfc.reader.on('status', ({ state }) => {
    const wasPresent = isPresent;
    counter = eventCounter(state);
    isPresent = (state & STATE_PRESENT) !== 0 && (state & STATE_MUTE) === 0;
    if ((state & STATE_MUTE) !== 0)
      tell({ kind: 'read-failed', reader, reason: 'the card is mute' });
    if (wasPresent && !isPresent) {
      tell({ kind: 'card-removed', reader });
      expectRest();
    }
    // Present before and after, yet the counter moved: another card, which the library does not notice.
    if (wasPresent && isPresent && finishedCounter !== counter) void read(false);
  });
  return {
    retry: () => {
      if (isPresent && finishedCounter !== counter) void read(false);
    },
  };
};

process.on('disconnect', () => process.exit(0));
setInterval(() => tell({ kind: 'heartbeat' }), HEARTBEAT_MS);

try {
  const { NFC } = await import('nfc-pcsc');
  await probeDaemon();
  const followed = new Set<FollowedReader>();
  const quiet = (): void => undefined;
  // The library connects by itself and swallows the failure, but for its logger: then we try ourselves.
  const error = (): void => {
    for (const reader of followed) setTimeout(reader.retry, RETRY_MS);
  };
  const nfc = new NFC({ log: quiet, debug: quiet, info: quiet, warn: quiet, error });
  nfc.on('reader', (reader) => {
    const follower = followReader(reader);
    followed.add(follower);
    reader.on('end', () => followed.delete(follower));
  });
  nfc.on('error', (error) => end(error.message));
} catch (cause) {
  end(messageOf(cause));
}
