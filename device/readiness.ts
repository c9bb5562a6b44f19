/** What whoever comes to the gate may do now (受付の可否): its lamp and its screen say the same of it. */
import type { ReaderStatus } from './reader-board.ts';
import type { TerminalStatus } from './terminal-status.ts';

/**
 * ready: a card can be touched · face-only: no card, but a face counts as the touch · card-left: somebody's card
 * lies on the only reader · no-reader: no reader takes a card, an id can be typed · closed: nothing can be recorded.
 */
export type Readiness = 'ready' | 'face-only' | 'card-left' | 'no-reader' | 'closed';

export type ReadinessFacts = Pick<
  TerminalStatus,
  'storageFault' | 'readers' | 'cameras' | 'facesCount'
>;

export const isReaderDead = ({ attached }: ReaderStatus): boolean => !attached;

export const readinessOf = (facts: ReadinessFacts): Readiness => {
  const { storageFault, readers, cameras, facesCount } = facts;
  if (storageFault !== undefined) return 'closed';
  const there = readers.filter((reader) => !isReaderDead(reader));
  if (there.some(({ isCardLeft }) => !isCardLeft)) return 'ready';
  if (facesCount && cameras.some(({ attached }) => attached)) return 'face-only';
  return there.length > 0 ? 'card-left' : 'no-reader';
};
