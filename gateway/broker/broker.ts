/**
 * The broker seam (中継): how terminals' messages reach the gateway and its answers go down.
 *
 * Two answers: the broker inside this process, or a client of an external one. Correctness must not
 * depend on either keeping anything.
 */

import type { TerminalId } from '../../shared/ids.ts';
import type { Log } from '../../shared/log.ts';

export interface BrokerEvents {
  /**
   * Whatever arrived on a topic the gateway listens to; bytes as they came. `isRetained`: the broker had kept it, and
   * nobody says it now.
   */
  readonly onMessage: (topic: string, bytes: Uint8Array, isRetained: boolean) => void;
  /** Somebody did what their place does not allow; the message went no further. */
  readonly onForbidden: (clientId: string, topic: string, bytes: Uint8Array) => void;
  /** The broker is (again) there and listens for us: what is retained must be published anew. */
  readonly onReady: () => void;
  readonly log: Log;
}

export interface Broker {
  readonly publish: (
    topic: string,
    bytes: Uint8Array,
    options: { readonly retain: boolean },
  ) => void;
  /** Ends what a terminal has open here; an external broker learns it from its revocation list. */
  readonly cut: (terminalId: TerminalId) => void;
  readonly close: () => Promise<void>;
}
