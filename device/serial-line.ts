/**
 * One serial line (シリアル回線) through serialport, kept open for as long as the terminal runs.
 *
 * Each connection is a new port with an empty buffer: a port opened again would send what was written
 * while it was closed, and go on with half a line of before.
 */
import { stat } from 'node:fs/promises';
import type { SerialPort } from 'serialport';
import { retryDelayMs } from '../shared/retry-delay.ts';
import { cutLines, EMPTY_LINE } from './serial-frame.ts';

export interface SerialOptions {
  /** Device file that stays the same from boot to boot, e.g. `/dev/genba/camera-1`. */
  readonly path: string;
  readonly baudRate: number;
}

export interface SerialEvents {
  readonly onOpen: () => void;
  /** Also said once when the first try fails. */
  readonly onClose: (reason: string) => void;
  readonly onLine: (line: string) => void;
}

export interface SerialLine {
  /** Dropped while the line is closed: an answer that comes late is worse than none. */
  readonly write: (text: string) => void;
  readonly close: () => Promise<void>;
}

const RETRY = { minMs: 200, maxMs: 10_000 };
const LOOK_MS = 1_000;

/** Which device stands behind a path now; undefined = none. */
const deviceAt = async (path: string): Promise<number | undefined> => {
  try {
    return (await stat(path)).rdev;
  } catch {
    return undefined;
  }
};

export const openSerialLine = (
  { path, baudRate }: SerialOptions,
  { onOpen, onClose, onLine }: SerialEvents,
): SerialLine => {
  let port: SerialPort | undefined;
  let retry: NodeJS.Timeout | undefined;
  let failures = 0;
  let isClosing = false;
  let lastReason: string | undefined;

  const again = (reason: string): void => {
    if (isClosing) return;
    if (lastReason !== reason) onClose(reason);
    lastReason = reason;
    retry = setTimeout(() => void open(), retryDelayMs(RETRY, failures, Math.random()));
    failures += 1;
  };

  const open = async (): Promise<void> => {
    let library: typeof import('serialport');
    try {
      library = await import('serialport');
    } catch (cause) {
      return again(cause instanceof Error ? cause.message : String(cause));
    }
    if (isClosing) return undefined;
    const current = new library.SerialPort({ path, baudRate, autoOpen: false });
    let buffer = EMPTY_LINE;
    let isOver = false;
    let looking: NodeJS.Timeout | undefined;
    const end = (reason: string): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(looking);
      if (port === current) port = undefined;
      if (current.isOpen) current.close(() => undefined);
      again(reason);
    };
    /**
     * A line that was hung up gives nothing when it is read, again and again, and the library reads on for
     * ever: the device file tells.
     */
    const look = async (opened: number | undefined): Promise<void> => {
      if (isOver || isClosing) return;
      const now = await deviceAt(path);
      if (now === undefined || now !== opened) end('unplugged');
      else looking = setTimeout(() => void look(opened), LOOK_MS);
    };
    // Every failure ends in `close`, or in the call that failed; this only keeps it from being thrown.
    current.on('error', (error) => end(error.message));
    current.on('close', (error: Error | null) => end(error?.message ?? 'closed'));
    current.on('data', (chunk: Buffer) => {
      const cut = cutLines(buffer, chunk.toString('latin1'));
      buffer = cut.buffer;
      for (const line of cut.lines) onLine(line);
    });
    current.open((error) => {
      if (error) return end(error.message);
      if (isClosing) {
        current.close(() => undefined);
        return undefined;
      }
      port = current;
      failures = 0;
      lastReason = undefined;
      void deviceAt(path).then(look);
      onOpen();
      return undefined;
    });
    return undefined;
  };
  void open();

  return {
    write: (text) => {
      if (port?.isOpen === true) port.write(text, () => undefined);
    },
    close: async () => {
      isClosing = true;
      clearTimeout(retry);
      const last = port;
      port = undefined;
      if (last?.isOpen === true) await new Promise<void>((done) => last.close(() => done()));
    },
  };
};
