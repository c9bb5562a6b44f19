/**
 * The reader host: a child process that owns PC/SC and does nothing else.
 *
 * A process of its own, because the library freezes the event loop while there is no daemon, is dead
 * for ever once the daemon has restarted, and loses a swapped card when its loop is busy (an fsync on
 * an SD card is enough). On any failure of PC/SC it says why and ends; the terminal starts another.
 */
import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import type { NfcReader } from 'nfc-pcsc';
import { BEAT_MS, createBeat } from '../beat.ts';
import {
  ANSWER_BYTES_MAX,
  type CardAnswer,
  MUTE_CARD,
  RANDOM_SERIAL,
  serialDecoder,
} from './card-id.ts';
import type { HostMessage } from './pcsc-protocol.ts';
import { type DaemonReader, portOfReader, readersOfDaemon } from './pcscd-socket.ts';

const DAEMON_SOCKET = process.env.PCSCLITE_CSOCK_NAME ?? '/run/pcscd/pcscd.comm';
const PROBE_TIMEOUT_MS = 2_000;
const PROBES_TO_DESPAIR = 3;
/** One look may fall into the moment in which the card is lifted; the daemon tells of that before the next. */
const LOOKS_TO_DOUBT = 2;
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

/**
 * Ends here and now. An orderly exit waits for the library's threads, and they may wait for a lock that the
 * library holds while it calls us: such a host would stay for ever, and keep its card.
 */
const die = (): void => void process.kill(process.pid, 'SIGKILL');

const tell = (message: HostMessage): void => {
  // Nobody hears it any more: the terminal has gone.
  process.send?.(message, undefined, undefined, (error) => {
    if (error !== null) die();
  });
};

const end = (reason: string): void => {
  if (process.send === undefined) die();
  else
    process.send(
      { kind: 'readers-unavailable', reason } satisfies HostMessage,
      undefined,
      undefined,
      die,
    );
};

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

type Told = HostMessage extends infer Message
  ? Message extends { reader: string }
    ? Omit<Message, 'reader'>
    : never
  : never;

interface FollowedReader {
  /** As the daemon names it. */
  readonly name: string;
  /** A card lies there, as far as the library has told. */
  readonly hasCard: () => boolean;
  /** Tries the card that lies there, if it has not been read. */
  readonly retry: () => void;
  /** Whether the card that lies there is still the one that was read. */
  readonly look: () => Promise<void>;
}

const followReader = (nfc: NfcReader): FollowedReader => {
  /** Undefined until its port is known; what it has to say waits. */
  let reader: string | undefined;
  const waiting: Told[] = [];
  const say = (message: Told): void => {
    if (reader === undefined) waiting.push(message);
    else tell({ ...message, reader } as HostMessage);
  };
  void portOfReader(DAEMON_SOCKET, nfc.name, PROBE_TIMEOUT_MS).then((port) => {
    reader = port === undefined ? nfc.name : `${nfc.name} @usb-${port}`;
    for (const message of waiting.splice(0)) say(message);
  });
  /** With one that is mute too. */
  let hasCard = false;
  let isPresent = false;
  let isMute = false;
  let isKnown = false;
  let counter = -1;
  /** Card event whose card has been read, or given up. */
  let finishedCounter = -1;
  /** What was read of the card that lies there. */
  let lying: string | undefined;
  /** Looks one after the other that the card that lies there did not answer. */
  let unanswered = 0;
  let isBusy = false;
  nfc.autoProcessing = false;
  say({ kind: 'reader-attached' });

  /** A call into the library that has not come back by now never will: start anew. */
  const limited = async <Value>(call: Promise<Value>, what: string): Promise<Value> => {
    const late = setTimeout(() => end(`${nfc.name}: ${what} hangs`), CALL_TIMEOUT_MS);
    try {
      return await call;
    } finally {
      clearTimeout(late);
    }
  };

  /** A card may stay silent for as long as it lies there; that is said, and holds up only this reader. */
  const transmit = async (command: Buffer): Promise<Buffer> => {
    const late = setTimeout(
      () => say({ kind: 'read-failed', reason: 'the card does not answer' }),
      ANSWER_TIMEOUT_MS,
    );
    try {
      return await nfc.transmit(command, ANSWER_BYTES_MAX);
    } finally {
      clearTimeout(late);
    }
  };

  /**
   * The card is switched off, and on again when it is connected to: one that took another's place while
   * the field was never empty does not answer before.
   */
  const switchOff = (): Promise<void> =>
    new Promise((done) => nfc.reader.disconnect(nfc.reader.SCARD_UNPOWER_CARD, () => done()));

  const reconnect = async (): Promise<void> => {
    await limited(switchOff(), 'disconnect');
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

  /** One card event: tries until the card is read (or cannot be) or lifted, and says once why it fails. Whether it is done with. */
  const readCard = async (of: number, isConnected: boolean): Promise<boolean> => {
    for (let attempt = 1; isPresent && counter === of; attempt += 1) {
      const answer = await readOnce(isConnected && attempt === 1);
      if (!isPresent || counter !== of) return false;
      if (answer.kind === 'card') {
        lying = answer.cardId;
        say({ kind: 'card-presented', cardId: answer.cardId });
        return true;
      }
      const isFinal = answer.reason === RANDOM_SERIAL;
      if (isFinal || attempt === QUICK_TRIES) {
        say({ kind: 'read-failed', reason: isMute ? MUTE_CARD : answer.reason });
      }
      if (isFinal) return true;
      await wait(attempt < QUICK_TRIES ? RETRY_MS : SLOW_RETRY_MS);
    }
    return false;
  };

  const read = async (isConnected: boolean): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    for (let first = isConnected; isPresent && finishedCounter !== counter; first = false) {
      const of = counter;
      if (await readCard(of, first)) finishedCounter = of;
    }
    isBusy = false;
  };

  const retry = (): void => {
    if (isPresent && finishedCounter !== counter) void read(false);
  };

  /** The daemon can miss that one card took the place of another: what lies there is asked again who it is. */
  const look = async (): Promise<void> => {
    if (isBusy || lying === undefined) return;
    isBusy = true;
    const of = counter;
    let answer = await readOnce(true);
    // Another program may have reset the card, which ends the connection and no more.
    if (answer.kind === 'refused' && counter === of) answer = await readOnce(false);
    isBusy = false;
    unanswered = counter === of && answer.kind === 'refused' ? unanswered + 1 : 0;
    const isAnother = answer.kind === 'card' && answer.cardId !== lying;
    if (counter === of && (isAnother || unanswered === LOOKS_TO_DOUBT)) finishedCounter = -1;
    retry();
  };

  /** A lifted card ends every call about it; one that does not come back then is stuck for good. */
  const expectRest = (): void => {
    const of = counter;
    setTimeout(() => {
      if (isBusy && counter === of) end(`${nfc.name}: a read hangs after its card was lifted`);
    }, CALL_TIMEOUT_MS);
  };

  nfc.on('card', () => void read(true));
  nfc.on('card.off', () => undefined);
  nfc.on('error', (error) => end(`${nfc.name}: ${error.message}`));
  nfc.on('end', () => {
    say({ kind: 'reader-detached', reason: 'unplugged' });
    // A reader that comes back within milliseconds, as a re-enumerated one does, is missed by the
    // library for good: its list held the old one still. A new process begins with a true list.
    setTimeout(die, REENUMERATION_MS);
  });
  nfc.reader.on('status', ({ state }) => {
    const wasPresent = isPresent;
    counter = eventCounter(state);
    hasCard = (state & STATE_PRESENT) !== 0;
    // A mute one too: it may have been laid down badly, or reset while it woke up, and is tried again.
    isPresent = hasCard;
    isMute = (state & STATE_MUTE) !== 0;
    // Also said of a reader that is found empty: what lay there before we came has gone.
    if (!isPresent) lying = undefined;
    if (!isPresent && (wasPresent || !isKnown)) say({ kind: 'card-removed' });
    isKnown = true;
    if (wasPresent && !isPresent) expectRest();
    // Present before and after, yet the counter moved: another card, which the library does not notice.
    if (wasPresent) retry();
  });
  return {
    name: nfc.name,
    hasCard: () => hasCard,
    retry,
    look,
  };
};

process.on('disconnect', die);
process.on('uncaughtException', (error) => {
  writeSync(process.stderr.fd, `${error.stack}\n`);
  die();
});
const beat = createBeat();
beat.every(BEAT_MS, () => tell({ kind: 'heartbeat' }));
setInterval(beat.pass, BEAT_MS);

try {
  const { NFC } = await import('nfc-pcsc');
  const followed = new Set<FollowedReader>();
  // Without a daemon `new NFC()` spins for ever, so it is asked first; and again and again, because one
  // that hangs says nothing, and no card is seen.
  await readersOfDaemon(DAEMON_SOCKET, PROBE_TIMEOUT_MS);
  /** What the daemon knows and the library has not told, or the other way round. */
  const differences = (readers: readonly DaemonReader[]): string => {
    const told = [...followed].map(
      ({ name, hasCard }) => `${name}${hasCard() ? ' with a card' : ''}`,
    );
    const here = readers.map(({ name, hasCard }) => `${name}${hasCard ? ' with a card' : ''}`);
    const missed = here.filter((name) => !told.includes(name));
    const gone = told.filter((name) => !here.includes(name));
    return [...missed, ...gone].sort().join(', ');
  };
  let before = '';
  let times = 0;
  let isProbing = false;
  const heed = (readers: readonly DaemonReader[]): void => {
    const now = differences(readers);
    times = now !== '' && now === before ? times + 1 : 1;
    before = now;
    // Again and again the same is no change on its way, but one that the library missed for good: a
    // reader that came and went while it made its list, a card that it was not woken for.
    if (now !== '' && times === PROBES_TO_DESPAIR) return end(`the library is out of step: ${now}`);
    for (const reader of followed) {
      reader.retry();
      void reader.look();
    }
  };
  beat.every(BEAT_MS, () => {
    if (isProbing) return;
    isProbing = true;
    readersOfDaemon(DAEMON_SOCKET, PROBE_TIMEOUT_MS).then(
      (readers) => {
        isProbing = false;
        heed(readers);
      },
      (cause) => end(messageOf(cause)),
    );
  });
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
  // What Node made of the sources is kept at an orderly exit, and this process never has one.
  flushCompileCache();
} catch (cause) {
  end(messageOf(cause));
}
