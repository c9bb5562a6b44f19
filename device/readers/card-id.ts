/** From a card's answer to its id, or the named reason why it cannot serve as one. */
import { CARD_ID_SHAPE } from '../../shared/card-id-shape.ts';
import type { CardId } from '../../shared/ids.ts';

/** GET DATA (PC/SC part 3 §3.2.2.1.3): the serial of whatever card lies there, UID or IDm. */
const GET_SERIAL = Buffer.from([0xff, 0xca, 0x00, 0x00, 0x00]);

/** Longest answer: a triple-size UID of 10 bytes and the status word, with room to see what is too long. */
export const ANSWER_BYTES_MAX = 64;

const STATUS_OK = 0x9000;

/** The one refusal that another try cannot mend. */
export const RANDOM_SERIAL = 'random serial';

/** A card is seen and does not wake up: most often because another lies beside it, or it is only half there. */
export const MUTE_CARD = 'the card is mute';

export type CardAnswer =
  | { readonly kind: 'card'; readonly cardId: CardId }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * A four-byte serial that begins with 08 is drawn anew at each contact (NXP AN10927 §2.2): phones and
 * some new cards do so. It names nobody, so it is refused rather than recorded as a card.
 */
export const isRandomSerial = (serial: Uint8Array): boolean =>
  serial.length === 4 && serial[0] === 0x08;

/** The serial in an answer to `GET_SERIAL`. */
export const readCardAnswer = (answer: Uint8Array): CardAnswer => {
  const bytes = Buffer.from(answer);
  if (bytes.length < 2) return { kind: 'refused', reason: `answer of ${bytes.length} bytes` };
  const status = bytes.readUInt16BE(bytes.length - 2);
  if (status !== STATUS_OK) {
    return { kind: 'refused', reason: `status ${status.toString(16).padStart(4, '0')}` };
  }
  const serial = bytes.subarray(0, -2);
  if (isRandomSerial(serial)) return { kind: 'refused', reason: RANDOM_SERIAL };
  const cardId = serial.toString('hex').toUpperCase();
  return CARD_ID_SHAPE.test(cardId)
    ? { kind: 'card', cardId: cardId as CardId }
    : { kind: 'refused', reason: `serial of ${serial.length} bytes` };
};

/**
 * What makes an id of a card's contents. The chip of the CCUS card is not publicly documented, so the
 * serial is the default; another decoder may send commands of its own.
 */
export interface CardDecoder {
  readonly read: (transmit: (command: Buffer) => Promise<Buffer>) => Promise<CardAnswer>;
}

export const serialDecoder: CardDecoder = {
  read: async (transmit) => readCardAnswer(await transmit(GET_SERIAL)),
};
