/** Card readers on serial lines (シリアル接続のリーダー), by the line protocol of `serial-frame.ts`. */
import { openSerialDevice } from '../serial-device.ts';
import type { SerialOptions } from '../serial-line.ts';
import { isRandomSerial, RANDOM_SERIAL } from './card-id.ts';
import type { CardReader } from './reader.ts';

export const serialReader =
  (options: SerialOptions, uptimeMs: () => number): CardReader =>
  (emit) => {
    const reader = options.path;
    const line = openSerialDevice(options, uptimeMs, {
      onOpen: () => emit({ kind: 'reader-attached', reader }),
      onClose: (reason) => emit({ kind: 'reader-detached', reader, reason }),
      onFault: (reason) => emit({ kind: 'read-failed', reader, reason }),
      onMessage: (message) => {
        if (message.word !== 'CARD') return false;
        const { cardId } = message;
        if (isRandomSerial(Buffer.from(cardId, 'hex')))
          emit({ kind: 'read-failed', reader, reason: RANDOM_SERIAL });
        else emit({ kind: 'card-presented', reader, cardId });
        // The protocol has no word for a card that lies or is lifted: none is known to lie there.
        emit({ kind: 'card-removed', reader });
        return true;
      },
    });
    return { close: line.close };
  };
