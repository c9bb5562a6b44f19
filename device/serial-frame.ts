/**
 * Our line protocol for serial readers and face cameras (シリアル機器の行プロトコル). Pure.
 *
 *     $WORD,seq,field,…*CCCC<CR><LF>
 *
 * ASCII. `seq` is 0 to 999999 and differs from one message to the next, so that a message sent again
 * because its answer was lost is known. CCCC is CRC-16/XMODEM (polynomial 0x1021, start 0) of what stands
 * between `$` and `*`, four upper-case hex digits: unlike an XOR it also finds two bits flipped in one
 * column and bytes that changed places, which long wires along a gate do.
 *
 * The device sends CARD or FACE and is answered ACK or NAK; it sends again until it is.
 */
import { CardId, WorkerId } from '../shared/ids.ts';

/** Longest line, CR LF not counted. */
export const FRAME_BYTES_MAX = 120;

const SEQ_MAX = 999_999;

export type DeviceMessage =
  | { readonly word: 'CARD'; readonly seq: number; readonly cardId: CardId }
  | {
      readonly word: 'FACE';
      readonly seq: number;
      readonly workerId: WorkerId;
      /** Percent. */
      readonly score: number;
    };

export type Decoded =
  | { readonly kind: 'message'; readonly message: DeviceMessage }
  /** The frame came through and does not make sense: it can be answered. */
  | { readonly kind: 'wrong'; readonly seq: number; readonly reason: string }
  /** Not a frame, or one that was damaged on its way. */
  | { readonly kind: 'damaged'; readonly reason: string };

export const crc16 = (text: string): number => {
  let crc = 0;
  for (const byte of Buffer.from(text, 'latin1')) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = (crc & 0x8000) === 0 ? (crc << 1) & 0xffff : ((crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc;
};

const frame = (body: string): string =>
  `$${body}*${crc16(body).toString(16).toUpperCase().padStart(4, '0')}\r\n`;

export const encodeMessage = (message: DeviceMessage): string =>
  message.word === 'CARD'
    ? frame(`CARD,${message.seq},${message.cardId}`)
    : frame(`FACE,${message.seq},${message.workerId},${message.score}`);

export const encodeAck = (seq: number): string => frame(`ACK,${seq}`);
export const encodeNak = (seq: number, reason: string): string =>
  frame(`NAK,${seq},${reason.replaceAll(/[^ -~]|[$*,]/g, ' ').slice(0, 60)}`);

const damaged = (reason: string): Decoded => ({ kind: 'damaged', reason });

const decodeCard = (seq: number, fields: readonly string[]): Decoded => {
  const [serial = '', ...rest] = fields;
  const cardId = CardId.safeParse(serial);
  return cardId.success && rest.length === 0
    ? { kind: 'message', message: { word: 'CARD', seq, cardId: cardId.data } }
    : { kind: 'wrong', seq, reason: 'CARD needs one serial of 4 to 10 bytes in upper-case hex' };
};

const decodeFace = (seq: number, fields: readonly string[]): Decoded => {
  const [id = '', score = '', ...rest] = fields;
  const workerId = WorkerId.safeParse(id);
  return workerId.success && /^(\d|[1-9]\d|100)$/.test(score) && rest.length === 0
    ? {
        kind: 'message',
        message: { word: 'FACE', seq, workerId: workerId.data, score: Number(score) },
      }
    : { kind: 'wrong', seq, reason: 'FACE needs a worker id of 14 digits and a score 0 to 100' };
};

/** One line without its CR LF. */
export const decodeFrame = (line: string): Decoded => {
  if (line.length > FRAME_BYTES_MAX) return damaged(`longer than ${FRAME_BYTES_MAX} characters`);
  const parts = /^\$([ -)+-~]*)\*([0-9A-F]{4})$/.exec(line);
  if (parts === null) return damaged('not $…*CCCC');
  const [, body = '', crc = ''] = parts;
  if (crc16(body) !== Number.parseInt(crc, 16)) return damaged('wrong checksum');
  const [word = '', seqText = '', ...fields] = body.split(',');
  if (!/^\d{1,6}$/.test(seqText) || Number(seqText) > SEQ_MAX) return damaged('no sequence number');
  const seq = Number(seqText);
  if (word === 'CARD') return decodeCard(seq, fields);
  if (word === 'FACE') return decodeFace(seq, fields);
  return { kind: 'wrong', seq, reason: 'unknown word' };
};

/** Bytes of a line that has not ended yet. */
export interface LineBuffer {
  readonly rest: string;
  /** The line is too long already; whatever comes up to its end is thrown away. */
  readonly isSkipping: boolean;
}

export const EMPTY_LINE: LineBuffer = { rest: '', isSkipping: false };

/** Cuts a chunk into lines; one that is too long becomes the empty line, once, as soon as it is: it may never end. */
export const cutLines = (
  { rest, isSkipping }: LineBuffer,
  chunk: string,
): { readonly buffer: LineBuffer; readonly lines: readonly string[] } => {
  const isTooLong = (part: string): boolean => part.length > FRAME_BYTES_MAX + 1;
  const parts = `${rest}${chunk}`.split('\n');
  const last = parts.pop() ?? '';
  const lines = parts
    .slice(isSkipping ? 1 : 0)
    .map((part) => (isTooLong(part) ? '' : part.replace(/\r$/, '')));
  if (isSkipping && parts.length === 0) return { buffer: { rest: '', isSkipping: true }, lines };
  return isTooLong(last)
    ? { buffer: { rest: '', isSkipping: true }, lines: [...lines, ''] }
    : { buffer: { rest: last, isSkipping: false }, lines };
};
