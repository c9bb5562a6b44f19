/** The terminal's side of its face cameras: which are there, and what each match means by the mode set. */
import type { Entry, EvidenceBody, HealthBody, TapEntry } from '../../shared/entry.ts';
import type { WorkerId } from '../../shared/ids.ts';
import type { ClockReading } from '../../shared/time.ts';
import {
  type FaceEffect,
  type FaceInput,
  INITIAL_FACES,
  type Match,
  stepFaces,
} from './face-evidence.ts';

export interface FaceSettings {
  /** `evidence`: a match is attached to a touch. `touch`: a match counts as the touch. */
  readonly mode: 'evidence' | 'touch';
  readonly windowMs: number;
  /** Percent; a match below it is none. */
  readonly scoreMin: number;
}

export type FaceEvent =
  | { readonly kind: 'camera-attached'; readonly camera: string }
  | { readonly kind: 'camera-detached'; readonly camera: string; readonly reason: string }
  /** It is there, and what it said could not be understood. */
  | { readonly kind: 'camera-faulty'; readonly camera: string; readonly reason: string }
  | ({ readonly kind: 'face-matched' } & Pick<Match, 'camera' | 'workerId' | 'score'>);

export interface CameraStatus {
  readonly camera: string;
  readonly attached: boolean;
  readonly fault: string | undefined;
}

export interface FaceOutcome {
  readonly change: Pick<HealthBody, 'what' | 'detail'> | undefined;
  /** A match that counts as a touch. */
  readonly touch: { readonly workerId: WorkerId; readonly camera: string } | undefined;
}

export interface FaceDesk {
  readonly take: (event: FaceEvent, now: ClockReading) => FaceOutcome;
  readonly touched: (tap: TapEntry, workerId: WorkerId | undefined) => void;
  /** Has the evidence written down that there is, each once; `write` says whether it is on the disk. */
  readonly writeDue: (now: ClockReading, write: (body: EvidenceBody) => boolean) => void;
  /** An entry of before the start, the oldest first: the program may have ended while a window was open. */
  readonly recall: (entry: Entry) => void;
  /** All of them are recalled: a touch whose window nobody saw close is flagged. */
  readonly flagRecalled: () => void;
  readonly cameras: () => readonly CameraStatus[];
}

const NOTHING: FaceOutcome = { change: undefined, touch: undefined };

const evidenceOf = (effect: FaceEffect): EvidenceBody => {
  const match = effect.kind === 'attach' ? effect.match : effect.other;
  return {
    kind: 'evidence',
    seq: effect.seq,
    camera: match?.camera ?? 'none',
    outcome: effect.kind === 'attach' ? 'match' : match === undefined ? 'absent' : 'other-person',
    ...(match?.score === undefined ? {} : { score: match.score }),
  };
};

/** A repeat is the touch before it; a face needs no face beside it. */
const needsFace = (tap: TapEntry): boolean =>
  tap.verdict !== 'repeat' && tap.presented.by !== 'face';

/** A window is seen to close by the second. */
const CLOSES_WITHIN_MS = 2_000;

const isOpenAt = (tap: TapEntry, { bootId, uptimeMs }: Entry, windowMs: number): boolean =>
  bootId === tap.bootId && uptimeMs - tap.uptimeMs <= windowMs + CLOSES_WITHIN_MS;

/** Without settings there is no camera, and nothing is ever missed. */
export const createFaceDesk = (settings: FaceSettings | undefined): FaceDesk => {
  const statusByCamera = new Map<string, CameraStatus>();
  const waiting: EvidenceBody[] = [];
  /** Recalled touches that had no evidence yet when the entries after them were written. */
  const unanswered = new Map<number, TapEntry>();
  let state = INITIAL_FACES;

  const feed = (input: FaceInput): void => {
    if (settings?.mode !== 'evidence') return;
    const next = stepFaces(state, input, settings.windowMs);
    state = next.state;
    waiting.push(...next.effects.map(evidenceOf));
  };

  const setCamera = (camera: string, attached: boolean, fault: string | undefined): FaceOutcome => {
    const isNews = statusByCamera.get(camera)?.attached !== attached;
    statusByCamera.set(camera, { camera, attached, fault });
    if (!isNews) return NOTHING;
    const detail = `${camera}${fault === undefined ? '' : `: ${fault}`}`;
    return {
      change: { what: attached ? 'camera-attached' : 'camera-detached', detail },
      touch: undefined,
    };
  };

  return {
    take: (event, now) => {
      if (event.kind === 'camera-attached') return setCamera(event.camera, true, undefined);
      if (event.kind === 'camera-detached') return setCamera(event.camera, false, event.reason);
      if (event.kind === 'camera-faulty') return setCamera(event.camera, true, event.reason);
      const { camera, workerId, score } = event;
      // What it says is understood again.
      if (statusByCamera.get(camera)?.fault !== undefined) setCamera(camera, true, undefined);
      if (settings === undefined || (score ?? 100) < settings.scoreMin) return NOTHING;
      if (settings.mode === 'touch')
        return workerId === undefined
          ? NOTHING
          : { change: undefined, touch: { workerId, camera } };
      feed({ kind: 'match', match: { camera, workerId, score, at: now.uptimeMs } });
      return NOTHING;
    },
    touched: (tap, workerId) => {
      if (!needsFace(tap)) return;
      feed({ kind: 'touch', touch: { seq: tap.seq, workerId, at: tap.uptimeMs } });
    },
    writeDue: (now, write) => {
      feed({ kind: 'tick', now: now.uptimeMs });
      while (waiting[0] !== undefined && write(waiting[0])) waiting.shift();
    },
    recall: (entry) => {
      if (settings?.mode !== 'evidence') return;
      if (entry.kind === 'evidence') unanswered.delete(entry.seq);
      // Who looked after faces then had written it by now; and nobody did who did not.
      for (const [seq, tap] of unanswered)
        if (!isOpenAt(tap, entry, settings.windowMs)) unanswered.delete(seq);
      if (entry.kind === 'tap' && needsFace(entry)) unanswered.set(entry.seq, entry);
    },
    flagRecalled: () => {
      for (const seq of unanswered.keys())
        waiting.push(evidenceOf({ kind: 'missing', seq, other: undefined }));
      unanswered.clear();
    },
    cameras: () => [...statusByCamera.values()],
  };
};
