/**
 * The reader host: a child process that owns PC/SC and does nothing else.
 *
 * A process of its own, because the library freezes the event loop while there is no daemon, is dead
 * for ever once the daemon has restarted, and loses a swapped card when its loop is busy (an fsync on
 * an SD card is enough). On any failure of PC/SC it says why and ends; the terminal starts another.
 */
import { connect as connectSocket } from 'node:net';
import type { NfcReader } from 'nfc-pcsc';
import { ANSWER_BYTES_MAX, GET_SERIAL, readCardAnswer } from './card-id.ts';
import type { HostMessage } from './pcsc-protocol.ts';

const DAEMON_SOCKET = process.env.PCSCLITE_CSOCK_NAME ?? '/run/pcscd/pcscd.comm';
const HEARTBEAT_MS = 1_000;
const PROBE_TIMEOUT_MS = 2_000;
const READ_TRIES = 3;
const RETRY_MS = 40;
/** A card that answers takes milliseconds; one that has not by now never will. */
const ANSWER_TIMEOUT_MS = 2_000;
/** The library swallows a failed connect: after this long without its word we try ourselves. */
const CONNECT_GRACE_MS = 150;

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

const followReader = (nfc: NfcReader): void => {
  const reader = nfc.name;
  let isPresent = false;
  let counter = -1;
  /** Card event whose card has been read, or given up. */
  let finishedCounter = -1;
  let isBusy = false;
  nfc.autoProcessing = false;
  tell({ kind: 'reader-attached', reader });

  const transmit = async (): Promise<Buffer> => {
    const late = setTimeout(
      () => tell({ kind: 'read-failed', reader, reason: 'the card does not answer' }),
      ANSWER_TIMEOUT_MS,
    );
    try {
      return await nfc.transmit(GET_SERIAL, ANSWER_BYTES_MAX);
    } finally {
      clearTimeout(late);
    }
  };

  const reconnect = async (): Promise<void> => {
    await nfc.disconnect().catch(() => undefined);
    await nfc.connect();
  };

  /** One card event from connect to verdict; says why when all tries have failed. */
  const readOnce = async (of: number, isConnected: boolean): Promise<void> => {
    let reason = '';
    for (let attempt = 0; attempt < READ_TRIES && isPresent && counter === of; attempt += 1) {
      try {
        if (!isConnected || attempt > 0) await reconnect();
        const bytes = await transmit();
        const answeredAtNs = process.hrtime.bigint().toString();
        if (counter !== of) return;
        const answer = readCardAnswer(bytes);
        if (answer.kind === 'card') {
          tell({ kind: 'card-presented', reader, cardId: answer.cardId, answeredAtNs });
          return;
        }
        reason = answer.reason;
        if (reason === 'random serial') break;
      } catch (cause) {
        reason = messageOf(cause);
      }
      await wait(RETRY_MS);
    }
    if (isPresent && counter === of) tell({ kind: 'read-failed', reader, reason });
  };

  const read = async (isConnected: boolean): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    for (let first = isConnected; isPresent && finishedCounter !== counter; first = false) {
      const of = counter;
      await readOnce(of, first);
      finishedCounter = of;
    }
    isBusy = false;
  };

  nfc.on('card', () => void read(true));
  nfc.on('card.off', () => undefined);
  nfc.on('error', (error) => end(`${reader}: ${error.message}`));
  nfc.on('end', () => tell({ kind: 'reader-detached', reader, reason: 'unplugged' }));
  nfc.reader.on('status', ({ state }) => {
    const wasPresent = isPresent;
    counter = eventCounter(state);
    isPresent = (state & STATE_PRESENT) !== 0 && (state & STATE_MUTE) === 0;
    if ((state & STATE_MUTE) !== 0)
      tell({ kind: 'read-failed', reader, reason: 'the card is mute' });
    if (wasPresent && !isPresent) tell({ kind: 'card-removed', reader });
    if (!isPresent || finishedCounter === counter) return;
    // Present before and after, yet the counter moved: another card, which the library does not notice.
    if (wasPresent) void read(false);
    else setTimeout(() => void read(false), CONNECT_GRACE_MS);
  });
};

process.on('disconnect', () => process.exit(0));
setInterval(() => tell({ kind: 'heartbeat' }), HEARTBEAT_MS);

try {
  const { NFC } = await import('nfc-pcsc');
  await probeDaemon();
  const quiet = (): void => undefined;
  const nfc = new NFC({ log: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet });
  nfc.on('reader', followReader);
  nfc.on('error', (error) => end(error.message));
} catch (cause) {
  end(messageOf(cause));
}
