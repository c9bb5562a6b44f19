/**
 * Faces beside touches (顔認証の証跡), as a pure machine on uptime: which match belongs to which touch,
 * and which touch got none.
 *
 * A match within the window before or after a touch is attached to it, each match to one touch. A touch
 * that the window closes on without one is flagged, and whose face was seen instead if one was.
 */
import type { WorkerId } from '../../shared/ids.ts';

export interface Match {
  readonly camera: string;
  /** Absent where the camera only says "somebody", by a GPIO edge. */
  readonly workerId: WorkerId | undefined;
  /** Percent, as the camera gives it. */
  readonly score: number | undefined;
  readonly at: number;
}

export interface Touch {
  readonly seq: number;
  readonly workerId: WorkerId | undefined;
  readonly at: number;
}

export interface FaceState {
  /** Touches whose window is open, oldest first. */
  readonly touches: readonly Touch[];
  /** Matches that belong to no touch yet, oldest first. */
  readonly matches: readonly Match[];
}

export type FaceInput =
  | { readonly kind: 'match'; readonly match: Match }
  | { readonly kind: 'touch'; readonly touch: Touch }
  | { readonly kind: 'tick'; readonly now: number };

export type FaceEffect =
  | { readonly kind: 'attach'; readonly seq: number; readonly match: Match }
  /** `other`: the face of somebody else was there meanwhile. */
  | { readonly kind: 'missing'; readonly seq: number; readonly other: Match | undefined };

export interface FaceStep {
  readonly state: FaceState;
  readonly effects: readonly FaceEffect[];
}

export const INITIAL_FACES: FaceState = { touches: [], matches: [] };

/** A camera that goes wild must not fill the memory. */
const MATCHES_MAX = 200;

/** A match without a name fits anybody; a touch without a name is fitted by nobody else's. */
const fits = (match: Match, touch: Touch): boolean =>
  match.workerId === undefined || match.workerId === touch.workerId;

const isNear = (match: Match, touch: Touch, windowMs: number): boolean =>
  Math.abs(match.at - touch.at) <= windowMs;

const expire = (state: FaceState, now: number, windowMs: number): FaceStep => {
  const isOver = ({ at }: { readonly at: number }): boolean => now - at > windowMs;
  const effects = state.touches.filter(isOver).map(
    (touch): FaceEffect => ({
      kind: 'missing',
      seq: touch.seq,
      other: state.matches.find((match) => isNear(match, touch, windowMs)),
    }),
  );
  // A match serves touches after it, and tells of the other face to touches before it.
  const matches = state.matches.filter(({ at }) => now - at <= 2 * windowMs);
  return {
    state: { touches: state.touches.filter((touch) => !isOver(touch)), matches },
    effects,
  };
};

const onTouch = (state: FaceState, touch: Touch, windowMs: number): FaceStep => {
  const found = state.matches.find((match) => fits(match, touch) && isNear(match, touch, windowMs));
  return found === undefined
    ? { state: { ...state, touches: [...state.touches, touch] }, effects: [] }
    : {
        state: { ...state, matches: state.matches.filter((match) => match !== found) },
        effects: [{ kind: 'attach', seq: touch.seq, match: found }],
      };
};

const onMatch = (state: FaceState, match: Match, windowMs: number): FaceStep => {
  const found = state.touches.find((touch) => fits(match, touch) && isNear(match, touch, windowMs));
  return found === undefined
    ? { state: { ...state, matches: [...state.matches, match].slice(-MATCHES_MAX) }, effects: [] }
    : {
        state: { ...state, touches: state.touches.filter((touch) => touch !== found) },
        effects: [{ kind: 'attach', seq: found.seq, match }],
      };
};

export const stepFaces = (state: FaceState, input: FaceInput, windowMs: number): FaceStep => {
  const now =
    input.kind === 'tick' ? input.now : input.kind === 'match' ? input.match.at : input.touch.at;
  const expired = expire(state, now, windowMs);
  if (input.kind === 'tick') return expired;
  const next =
    input.kind === 'match'
      ? onMatch(expired.state, input.match, windowMs)
      : onTouch(expired.state, input.touch, windowMs);
  return { state: next.state, effects: [...expired.effects, ...next.effects] };
};
