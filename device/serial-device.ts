/**
 * A device on a serial line (シリアル機器): answers each message, and passes on each once.
 *
 * A message counts as new when its number differs from the one before, or nothing was heard for a while:
 * a device that begins anew may begin with the same number.
 */
import { type DeviceMessage, decodeFrame, encodeAck, encodeNak } from './serial-frame.ts';
import { openSerialLine, type SerialLine, type SerialOptions } from './serial-line.ts';

export interface SerialDeviceEvents {
  readonly onOpen: () => void;
  readonly onClose: (reason: string) => void;
  /** False: it is no message for this kind of device, and is answered so. */
  readonly onMessage: (message: DeviceMessage) => boolean;
  readonly onFault: (reason: string) => void;
}

/** Noise, or a wrong speed, makes hundreds of damaged lines a second; one word about it is enough. */
const FAULT_PAUSE_MS = 5_000;
/** A device that got no answer tries again within a second or so. */
const RESEND_WINDOW_MS = 10_000;

export const openSerialDevice = (
  options: SerialOptions,
  uptimeMs: () => number,
  { onOpen, onClose, onMessage, onFault }: SerialDeviceEvents,
): SerialLine => {
  let lastSeq: number | undefined;
  let lastAt = 0;
  let lastDamagedAt = -FAULT_PAUSE_MS;

  const isAgain = (seq: number): boolean =>
    seq === lastSeq && uptimeMs() - lastAt < RESEND_WINDOW_MS;

  const line = openSerialLine(options, {
    onOpen,
    onClose,
    onLine: (text) => {
      const decoded = decodeFrame(text);
      switch (decoded.kind) {
        case 'damaged':
          if (uptimeMs() - lastDamagedAt < FAULT_PAUSE_MS) return undefined;
          lastDamagedAt = uptimeMs();
          return onFault(decoded.reason);
        case 'wrong':
          line.write(encodeNak(decoded.seq, decoded.reason));
          return onFault(decoded.reason);
        case 'message': {
          const { message } = decoded;
          if (!isAgain(message.seq) && !onMessage(message)) {
            line.write(encodeNak(message.seq, 'not for this line'));
            return onFault(`${message.word} on this line`);
          }
          lastSeq = message.seq;
          lastAt = uptimeMs();
          // Heard, and no more than that: what was recorded the terminal itself beeps.
          line.write(encodeAck(message.seq));
          return undefined;
        }
      }
    },
  });
  return line;
};
