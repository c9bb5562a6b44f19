/** The part of nfc-pcsc, and of the pcsclite reader inside it, that the reader host uses. */
declare module 'nfc-pcsc' {
  import type { EventEmitter } from 'node:events';

  interface PcscStatus {
    readonly state: number;
    readonly atr?: Buffer;
  }

  interface PcscReader extends EventEmitter {
    readonly SCARD_UNPOWER_CARD: number;
    /** Does nothing where there is no connection. */
    disconnect(disposition: number, done: (error: Error | null | undefined) => void): void;
    on(event: 'status', listener: (status: PcscStatus) => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }

  interface NfcReader extends EventEmitter {
    readonly name: string;
    readonly reader: PcscReader;
    autoProcessing: boolean;
    connect(): Promise<unknown>;
    transmit(command: Buffer, responseMaxLength: number): Promise<Buffer>;
    on(event: 'card' | 'card.off', listener: () => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }

  type LogFunction = (...parts: unknown[]) => void;

  export class NFC {
    constructor(logger?: Record<'log' | 'debug' | 'info' | 'warn' | 'error', LogFunction>);
    on(event: 'reader', listener: (reader: NfcReader) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }
  export type { NfcReader, PcscStatus };
}
