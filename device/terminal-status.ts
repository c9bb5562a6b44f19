/** What there is to know about the terminal at one moment (端末の状態), for its screens. */
import type { Language } from '../shared/language.ts';
import type { RefusalReason } from '../shared/refusal.ts';
import type { StatementNumber } from '../shared/statement-number.ts';
import type { ClockReading } from '../shared/time.ts';
import type { CameraStatus } from './camera/face-desk.ts';
import type { Feedback } from './feedback.ts';
import type { RosterIndex } from './gate.ts';
import type { OtherGates } from './other-gates.ts';
import type { ReaderStatus } from './reader-board.ts';

export interface TerminalStatus {
  /** What was told last, as long as it stands on the screen. */
  readonly lastFeedback: Feedback | undefined;
  /** At whichever gate they came in, as far as `otherGates` says. */
  readonly onSite: number;
  readonly otherGates: OtherGates;
  /** What to tell the gateway of the statement of who is on site that is held here. */
  readonly presenceHeld: StatementNumber | undefined;
  readonly unsentTaps: number;
  readonly isLinked: boolean;
  readonly readers: readonly ReaderStatus[];
  readonly readersFault: string | undefined;
  readonly cameras: readonly CameraStatus[];
  /** A face counts as the touch. */
  readonly facesCount: boolean;
  readonly rosterIndex: RosterIndex | undefined;
  readonly isRosterOld: boolean;
  /** Why the last roster that the gateway sent was not taken. */
  readonly rosterFault: string | undefined;
  /** Why nothing can be recorded now. */
  readonly storageFault: string | undefined;
  /** Why lamp and buzzer do not work. */
  readonly signalsFault: string | undefined;
  /** Why the gateway takes nothing of what is sent. */
  readonly syncFault: RefusalReason | undefined;
  readonly clock: ClockReading;
  /** The language for the person who touched last; `ja` where nobody said otherwise. */
  readonly language: Language;
  /** Somebody pressed a language since the last touch. */
  readonly isLanguageChosen: boolean;
}
