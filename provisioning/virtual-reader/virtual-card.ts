/**
 * A virtual card: speaks the socket protocol of vsmartcard's vpcd, so that a card can be held to a
 * reader that is not there.
 *
 * Frames both ways: two bytes of length, big-endian, then the payload. One-byte payloads control the
 * card (0 off, 1 on, 2 reset, 4 ask for the ATR, which alone is answered); the rest are commands.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const CONTROL_ATR = 4;

/** A FeliCa card's ATR as PC/SC readers make it up (PC/SC part 3: SS 11 = FeliCa, C0C1 = 003B). */
const FELICA_ATR = Buffer.from('3B8F8001804F0CA00000030611003B0000000042', 'hex');

const STATUS_OK = Buffer.from([0x90, 0x00]);
const STATUS_UNKNOWN = Buffer.from([0x6d, 0x00]);

export interface CardBehaviour {
  /** Serial in hex: UID or IDm. */
  readonly serial: string;
  readonly atr?: Buffer;
  /** Answer to a command; undefined = the card stays silent for ever. */
  readonly answer?: (command: Buffer) => Buffer | undefined;
  /** Called when an answer has been written: the card's last word. */
  readonly onAnswered?: (atNs: bigint) => void;
}

const plainAnswer = (serial: string, command: Buffer): Buffer =>
  command[0] === 0xff && command[1] === 0xca
    ? Buffer.concat([Buffer.from(serial, 'hex'), STATUS_OK])
    : STATUS_UNKNOWN;

const frame = (payload: Buffer): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length);
  return Buffer.concat([length, payload]);
};

export interface PresentedCard {
  /** Resolves when the reader has asked and the card has answered its first command. */
  readonly answered: Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Holds a card to the reader slot behind a local port; rejects when no reader listens there. */
export const presentCard = async (
  port: number,
  behaviour: CardBehaviour,
): Promise<PresentedCard> => {
  const {
    serial,
    atr = FELICA_ATR,
    answer = (command) => plainAnswer(serial, command),
  } = behaviour;
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const firstAnswer = Promise.withResolvers<void>();
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const payload = Buffer.from(received.subarray(2, end));
      received = received.subarray(end);
      if (payload.length === 1) {
        if (payload[0] === CONTROL_ATR) socket.write(frame(atr));
        continue;
      }
      const reply = answer(payload);
      if (reply === undefined) continue;
      socket.write(frame(reply));
      behaviour.onAnswered?.(process.hrtime.bigint());
      firstAnswer.resolve();
    }
  });
  socket.on('error', () => undefined);
  return {
    answered: firstAnswer.promise,
    remove: async () => {
      if (socket.closed) return;
      const closed = once(socket, 'close');
      socket.destroy();
      await closed;
    },
  };
};
