/** Another program that keeps the card at a reader to itself until it is killed: `exclusive-holder READER`. */
import type { NfcReader } from 'nfc-pcsc';

const { NFC } = await import('nfc-pcsc');

interface RawReader {
  readonly SCARD_SHARE_EXCLUSIVE: number;
  readonly connect: (options: object, done: (error: Error | null) => void) => void;
}

new NFC().on('reader', (nfc: NfcReader) => {
  nfc.autoProcessing = false;
  nfc.on('error', () => undefined);
  if (nfc.name !== process.argv[2]) return;
  nfc.on('card', async () => {
    await nfc.disconnect();
    // The wrapper offers only shared access; the reader inside it has the rest.
    const raw = nfc.reader as unknown as RawReader;
    raw.connect({ share_mode: raw.SCARD_SHARE_EXCLUSIVE }, (error) => {
      process.send?.(error === null || error === undefined ? 'held' : `failed: ${error.message}`);
    });
  });
});
