/**
 * Two questions to the PC/SC daemon that the library does not ask: which readers does it have now (and does
 * it answer at all), and on which USB port is one of them.
 *
 * In the daemon's own protocol (pcsc-lite winscard_msg.h, version 4): a header of size and command, then
 * a structure that comes back filled in; 32-bit numbers in the machine's byte order, little-endian on
 * every machine that we run on.
 */
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';

const VERSION = { command: 0x11, bytes: 12 };
const ESTABLISH_CONTEXT = { command: 0x01, bytes: 12 };
const CONNECT = { command: 0x04, bytes: 152 };
const DISCONNECT = { command: 0x06, bytes: 12 };
/** The card stays as it is. Who only hangs up has it reset, in the middle of somebody else's reading. */
const LEAVE_CARD = 0;
const GET_ATTRIB = { command: 0x0f, bytes: 280 };
/** Asked with nothing; the answer is a table of 16 readers, unused rows without a name. */
const GET_READERS_STATE = { command: 0x12, bytes: 16 * 184 };
const READER_STATE_BYTES = 184;
/** Of a reader's state in that table (pcsclite.h, SCARD_PRESENT). */
const STATE_CARD_PRESENT = 0x4;

const PROTOCOL_MAJOR = 4;
/** Debian 12's and Debian 13's daemon; the minor version changes nothing that is asked here. */
const PROTOCOL_MINORS = [4, 5];
const SCOPE_SYSTEM = 2;
const SHARE_DIRECT = 3;
const READER_NAME_BYTES = 128;
const ATTR_CHANNEL_ID = 0x20110;
/** High word of a channel id that is a USB device; the low word is bus and device number. */
const CHANNEL_USB = 0x0020;

type Question = typeof VERSION;

const questionOf = ({ command }: Question, body: Buffer): Buffer => {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(body.length, 0);
  header.writeUInt32LE(command, 4);
  return Buffer.concat([header, body]);
};

const answerTo = async ({ bytes }: Question, socket: Socket): Promise<Buffer> => {
  for (;;) {
    const answer: Buffer | null = socket.read(bytes);
    if (answer !== null) return answer;
    await once(socket, 'readable');
  }
};

const ask = (socket: Socket, question: Question, body: Buffer): Promise<Buffer> => {
  socket.write(questionOf(question, body));
  return answerTo(question, socket);
};

/** Runs a conversation; rejects when the daemon does not answer in time, or hangs up. */
const converse = async <Outcome>(
  path: string,
  timeoutMs: number,
  talk: (socket: Socket) => Promise<Outcome>,
): Promise<Outcome> => {
  const socket = connect(path);
  const failed = new Promise<never>((_done, fail) => {
    socket.once('error', fail);
    socket.once('end', () => fail(new Error('the PC/SC daemon hung up')));
    socket.setTimeout(timeoutMs, () => fail(new Error('the PC/SC daemon does not answer')));
  });
  try {
    return await Promise.race([talk(socket), failed]);
  } finally {
    socket.destroy();
    failed.catch(() => undefined);
  }
};

const ourVersion = (minor: number): Buffer => {
  const body = Buffer.alloc(VERSION.bytes);
  body.writeInt32LE(PROTOCOL_MAJOR, 0);
  body.writeInt32LE(minor, 4);
  return body;
};

const agreeOnVersion = async (socket: Socket, minor: number): Promise<boolean> =>
  (await ask(socket, VERSION, ourVersion(minor))).readUInt32LE(8) === 0;

export interface DaemonReader {
  readonly name: string;
  readonly hasCard: boolean;
}

const readersIn = (table: Buffer): readonly DaemonReader[] =>
  Array.from({ length: table.length / READER_STATE_BYTES }, (_, row) => {
    const start = row * READER_STATE_BYTES;
    const end = start + READER_NAME_BYTES;
    return {
      name: table.toString('latin1', start, end).replace(/\0.*$/s, ''),
      hasCard: (table.readUInt32LE(end + 4) & STATE_CARD_PRESENT) !== 0,
    };
  }).filter(({ name }) => name !== '');

/** The readers that the daemon has now; rejects when it does not answer in time, or hangs up. */
export const readersOfDaemon = (
  path: string,
  timeoutMs: number,
): Promise<readonly DaemonReader[]> =>
  converse(path, timeoutMs, async (socket) => {
    // Both in one message, because this is asked every few seconds and each turn wakes two programs.
    socket.write(
      Buffer.concat([
        questionOf(VERSION, ourVersion(PROTOCOL_MINORS[0] ?? 0)),
        questionOf(GET_READERS_STATE, Buffer.alloc(0)),
      ]),
    );
    await answerTo(VERSION, socket);
    return readersIn(await answerTo(GET_READERS_STATE, socket));
  });

const channelIdOf = async (socket: Socket, reader: string): Promise<number | undefined> => {
  const context = Buffer.alloc(ESTABLISH_CONTEXT.bytes);
  context.writeUInt32LE(SCOPE_SYSTEM, 0);
  const established = await ask(socket, ESTABLISH_CONTEXT, context);
  if (established.readUInt32LE(8) !== 0) return undefined;
  const card = Buffer.alloc(CONNECT.bytes);
  established.copy(card, 0, 4, 8);
  card.write(reader.slice(0, READER_NAME_BYTES - 1), 4, 'latin1');
  card.writeUInt32LE(SHARE_DIRECT, 4 + READER_NAME_BYTES);
  const connected = await ask(socket, CONNECT, card);
  if (connected.readUInt32LE(CONNECT.bytes - 4) !== 0) return undefined;
  const attribute = Buffer.alloc(GET_ATTRIB.bytes);
  connected.copy(attribute, 0, 4 + READER_NAME_BYTES + 8, 4 + READER_NAME_BYTES + 12);
  attribute.writeUInt32LE(ATTR_CHANNEL_ID, 4);
  attribute.writeUInt32LE(264, 272);
  const answer = await ask(socket, GET_ATTRIB, attribute);
  const leaving = Buffer.alloc(DISCONNECT.bytes);
  attribute.copy(leaving, 0, 0, 4);
  leaving.writeUInt32LE(LEAVE_CARD, 4);
  await ask(socket, DISCONNECT, leaving);
  return answer.readUInt32LE(GET_ATTRIB.bytes - 4) === 0 && answer.readUInt32LE(272) === 4
    ? answer.readUInt32LE(8)
    : undefined;
};

const USB_DEVICES = '/sys/bus/usb/devices';

/** `1-1.3`: bus, and the port of each hub on the way; the same plug in the same hole has it for ever. */
const usbPort = (bus: number, device: number, folder: string): string | undefined => {
  const read = (name: string, file: string): number =>
    Number(readFileSync(join(folder, name, file), 'utf8'));
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+-[\d.]+$/.test(name))
      .find((name) => read(name, 'busnum') === bus && read(name, 'devnum') === device);
  } catch {
    return undefined;
  }
};

/** The reader's USB port; undefined where driver, daemon or kernel do not tell. Never rejects. */
export const portOfReader = async (
  path: string,
  reader: string,
  timeoutMs: number,
  usbDevices = USB_DEVICES,
): Promise<string | undefined> => {
  for (const minor of PROTOCOL_MINORS) {
    const channel = await converse(path, timeoutMs, async (socket) =>
      (await agreeOnVersion(socket, minor)) ? channelIdOf(socket, reader) : undefined,
    ).catch(() => undefined);
    if (channel === undefined || channel >>> 16 !== CHANNEL_USB) continue;
    return usbPort((channel >>> 8) & 0xff, channel & 0xff, usbDevices);
  }
  return undefined;
};
