/**
 * A face camera that pulls a wire when it knows somebody (顔認証カメラ・接点). It does not say whom, so it
 * can stand beside a touch and never make one.
 */
import { retryDelayMs } from '../../shared/retry-delay.ts';
import type { OpenInput } from '../signals/gpio-input.ts';
import type { FaceEvent } from './face-desk.ts';
import type { Camera } from './serial-camera.ts';

export interface GpioCameraOptions {
  readonly camera: string;
  /** Edges that follow within this time are the same pull: contacts bounce. */
  readonly debounceMs: number;
  /** Ways to watch the wire, tried in turn. */
  readonly candidates: readonly OpenInput[];
}

const RETRY = { minMs: 1_000, maxMs: 60_000 };
/** A watch says when it fails and not when it begins; one that has lived this long has begun. */
const BEGUN_MS = 3_000;

export const gpioCamera = (
  { camera, debounceMs, candidates }: GpioCameraOptions,
  uptimeMs: () => number,
  emit: (event: FaceEvent) => void,
): Camera => {
  let input: ReturnType<OpenInput> | undefined;
  let later: NodeJS.Timeout | undefined;
  let failures = 0;
  let lastEdgeAt = -debounceMs;
  let isClosed = false;

  const begun = (): void => {
    clearTimeout(later);
    failures = 0;
    emit({ kind: 'camera-attached', camera });
  };

  const open = (): void => {
    later = setTimeout(begun, BEGUN_MS);
    input = candidates[failures % candidates.length]?.((event) => {
      if (isClosed) return;
      if (event.kind === 'input-failed') {
        clearTimeout(later);
        emit({ kind: 'camera-detached', camera, reason: event.reason });
        later = setTimeout(open, retryDelayMs(RETRY, failures, Math.random()));
        failures += 1;
        return;
      }
      begun();
      const isBounce = uptimeMs() - lastEdgeAt < debounceMs;
      lastEdgeAt = uptimeMs();
      if (!isBounce) emit({ kind: 'face-matched', camera, workerId: undefined, score: undefined });
    });
  };
  open();

  return {
    close: async () => {
      isClosed = true;
      clearTimeout(later);
      await input?.close();
    },
  };
};
