/**
 * Card readers over PC/SC: keeps one reader host alive and passes on what it says.
 *
 * A host that ends, or whose heart stops, takes its readers with it and is started again, sooner at
 * first and later on ever more slowly.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CardId } from '../../shared/ids.ts';
import { retryDelayMs } from '../../shared/retry-delay.ts';
import { HostMessage } from './pcsc-protocol.ts';
import type { CardReader } from './reader.ts';

const HOST = fileURLToPath(new URL('./pcsc-host.ts', import.meta.url));
const HEARTBEAT_TIMEOUT_MS = 5_000;
const RETRY = { minMs: 100, maxMs: 5_000 };
/** Each card that does not answer holds one thread of the host until it is lifted. */
const HOST_THREADS = '16';

export interface PcscOptions {
  /** Socket of the PC/SC daemon; the system's own where absent. */
  readonly daemonSocket?: string | undefined;
  /** The host said something, or is about to be started again: somebody looks after the readers. */
  readonly onHeard?: () => void;
}

export const pcscReaders =
  ({ daemonSocket, onHeard = () => undefined }: PcscOptions): CardReader =>
  (emit) => {
    const attached = new Set<string>();
    /** Cards read and not yet lifted, by reader; known across hosts, which come and go. */
    const lying = new Map<string, CardId>();
    let host: ChildProcess | undefined;
    let retry: NodeJS.Timeout | undefined;
    let heart: NodeJS.Timeout | undefined;
    let failures = 0;
    let isClosed = false;

    const gone = (reason: string): void => {
      clearTimeout(heart);
      for (const reader of attached) emit({ kind: 'reader-detached', reader, reason });
      attached.clear();
      if (isClosed) return;
      onHeard();
      retry = setTimeout(start, retryDelayMs(RETRY, failures, Math.random()));
      failures += 1;
    };

    /** A machine without memory or processes to spare gives none: then it is as dead as one that died. */
    const notStarted = (cause: unknown): void => {
      host = undefined;
      emit({
        kind: 'readers-unavailable',
        reason: cause instanceof Error ? cause.message : String(cause),
      });
      gone('the card reader service does not start');
    };

    const forkHost = (): ChildProcess =>
      fork(HOST, [], {
        env: {
          ...process.env,
          UV_THREADPOOL_SIZE: HOST_THREADS,
          ...(daemonSocket === undefined ? {} : { PCSCLITE_CSOCK_NAME: daemonSocket }),
        },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });

    const hear = (event: HostMessage): void => {
      if (event.kind === 'heartbeat') return;
      if (event.kind === 'reader-attached') {
        attached.add(event.reader);
        failures = 0;
      }
      if (event.kind === 'reader-detached') attached.delete(event.reader);
      if (event.kind === 'card-removed') lying.delete(event.reader);
      if (event.kind === 'card-presented') {
        // A card that was left on the reader while its host, the daemon or the plug came back is no
        // second touch. Whoever lifted it meanwhile has an empty reader told of first.
        if (lying.get(event.reader) === event.cardId) return;
        lying.set(event.reader, event.cardId);
      }
      emit(event);
    };

    const start = (): void => {
      let child: ChildProcess;
      try {
        child = forkHost();
      } catch (cause) {
        // Of some errors, as of too little memory, Node tells so, and of others by an event.
        return notStarted(cause);
      }
      host = child;
      const beat = (): void => {
        clearTimeout(heart);
        heart = setTimeout(() => child.kill('SIGKILL'), HEARTBEAT_TIMEOUT_MS);
      };
      beat();
      child.on('message', (message) => {
        beat();
        onHeard();
        hear(HostMessage.parse(message));
      });
      child.on('error', (error) => {
        // One that was started and cannot be signalled or talked to ends by its heart.
        if (child.pid === undefined) notStarted(error);
      });
      child.on('exit', () => {
        if (child.pid !== undefined) gone('the card reader service stopped');
      });
    };
    start();

    return {
      close: async () => {
        isClosed = true;
        clearTimeout(retry);
        clearTimeout(heart);
        if (host === undefined || host.exitCode !== null || host.signalCode !== null) return;
        const exited = once(host, 'exit');
        host.kill('SIGKILL');
        await exited;
      },
    };
  };
