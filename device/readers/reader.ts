/**
 * The reader seam (カードリーダー): give it somewhere to send events, get back the way to stop it.
 *
 * Whatever goes wrong with a reader, a card or a daemon is an event too; nothing vanishes.
 */
import type { CardId } from '../../shared/ids.ts';

export type ReaderEvent =
  | { readonly kind: 'reader-attached'; readonly reader: string }
  | { readonly kind: 'reader-detached'; readonly reader: string; readonly reason: string }
  | { readonly kind: 'card-presented'; readonly reader: string; readonly cardId: CardId }
  | { readonly kind: 'card-removed'; readonly reader: string }
  /** A card lies there and cannot be used: no answer, a wrong one, or a serial that changes each time. */
  | { readonly kind: 'read-failed'; readonly reader: string; readonly reason: string }
  /** No reader can work at all: no library, no daemon, no access. It keeps trying. */
  | { readonly kind: 'readers-unavailable'; readonly reason: string };

export type CardReader = (emit: (event: ReaderEvent) => void) => {
  readonly close: () => Promise<void>;
};
