/**
 * Another program at a reader, until it is killed: `card-holder READER exclusive|shared`. Told `hold`, it takes
 * the card as soon as there is one and says `held`; told `ask`, it asks that card without a pause until it goes.
 */
import type { NfcReader } from 'nfc-pcsc';

const { NFC } = await import('nfc-pcsc');
const [reader, sharing] = process.argv.slice(2);

type Done = (error?: Error | null) => void;

/** The wrapper takes every card by itself, and offers only shared access; the reader inside it has the rest. */
interface RawReader {
  readonly SCARD_SHARE_EXCLUSIVE: number;
  readonly SCARD_SHARE_SHARED: number;
  readonly SCARD_LEAVE_CARD: number;
  readonly SCARD_PROTOCOL_T1: number;
  readonly connect: (options: object, done: Done) => void;
  readonly disconnect: (disposition: number, done: Done) => void;
  readonly transmit: (command: Buffer, bytesMax: number, protocol: number, done: Done) => void;
  readonly removeAllListeners: (event: 'status') => void;
}

const AGAIN_MS = 2;
const GET_UID = Buffer.from('FFCA000000', 'hex');

new NFC()
  .on('error', () => process.exit(0))
  .on('reader', (nfc: NfcReader) => {
    nfc.on('error', () => undefined);
    const raw = nfc.reader as unknown as RawReader;
    raw.removeAllListeners('status');
    if (nfc.name !== reader) return;
    const mode = sharing === 'exclusive' ? raw.SCARD_SHARE_EXCLUSIVE : raw.SCARD_SHARE_SHARED;
    const hold = (): void =>
      raw.connect({ share_mode: mode }, (error) => {
        if (error) setTimeout(hold, AGAIN_MS);
        else process.send?.('held');
      });
    const ask = (): void =>
      raw.transmit(GET_UID, 255, raw.SCARD_PROTOCOL_T1, (error) => {
        if (error) raw.disconnect(raw.SCARD_LEAVE_CARD, () => undefined);
        else ask();
      });
    process.on('message', (word) => {
      if (word === 'hold') hold();
      else ask();
    });
  });
