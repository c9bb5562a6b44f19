/** The part of unix-dgram that we use; the package brings no types. */
declare module 'unix-dgram' {
  import type { EventEmitter } from 'node:events';

  interface DatagramSocket extends EventEmitter {
    send(
      bytes: Buffer,
      offset: number,
      length: number,
      path: string,
      done: (error?: Error) => void,
    ): void;
    bind(path: string): void;
    close(): void;
  }

  export function createSocket(
    type: 'unix_dgram',
    onMessage: (message: Buffer) => void,
  ): DatagramSocket;
}
