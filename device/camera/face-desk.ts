/** The terminal's side of its face cameras: which are there, and what each match means by the mode set. */
import type { EvidenceBody, HealthBody, TapEntry } from '../../shared/entry.ts';
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
  /** Evidence to write down, each once. */
  readonly due: (now: ClockReading) => readonly EvidenceBody[];
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

/** Without settings there is no camera, and nothing is ever missed. */
export const createFaceDesk = (settings: FaceSettings | undefined): FaceDesk => {
  const statusByCamera = new Map<string, CameraStatus>();
  const waiting: EvidenceBody[] = [];
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
      // A repeat is the touch before it; a face needs no face beside it.
      if (tap.verdict === 'repeat' || tap.presented.by === 'face') return;
      feed({ kind: 'touch', touch: { seq: tap.seq, workerId, at: tap.uptimeMs } });
    },
    due: (now) => {
      feed({ kind: 'tick', now: now.uptimeMs });
      return waiting.splice(0);
    },
    cameras: () => [...statusByCamera.values()],
  };
};
