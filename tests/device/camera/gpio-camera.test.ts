/** A camera on a wire: what its edges become, and what happens when the wire cannot be watched. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FaceEvent } from '../../../device/camera/face-desk.ts';
import { gpioCamera } from '../../../device/camera/gpio-camera.ts';
import type { InputEvent, OpenInput } from '../../../device/signals/gpio-input.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const setUp = () => {
  const events: FaceEvent[] = [];
  const opened: ((event: InputEvent) => void)[] = [];
  const openInput: OpenInput = (emit) => {
    opened.push(emit);
    return { close: async () => undefined };
  };
  const camera = gpioCamera(
    { camera: '入口', debounceMs: 300, candidates: [openInput] },
    () => performance.now(),
    (event) => events.push(event),
  );
  const input = (event: InputEvent): void => opened.at(-1)?.(event);
  return { camera, events, opened, input, kinds: () => events.map(({ kind }) => kind) };
};
const rising: InputEvent = { kind: 'edge', edge: 'rising' };

describe('a camera on a wire', () => {
  test('an edge is somebody’s face, nobody knows whose', () => {
    const { events, input } = setUp();
    input(rising);
    expect(events).toEqual([
      { kind: 'camera-attached', camera: '入口' },
      { kind: 'face-matched', camera: '入口', workerId: undefined, score: undefined },
    ]);
  });

  test('a bouncing contact is one face', () => {
    const { kinds, input } = setUp();
    for (let count = 0; count < 5; count += 1) {
      input(rising);
      vi.advanceTimersByTime(100);
    }
    vi.advanceTimersByTime(300);
    input(rising);
    expect(kinds().filter((kind) => kind === 'face-matched')).toHaveLength(2);
  });

  test('a wire that cannot be watched is said, and tried again until it can', () => {
    const { events, opened, input, kinds } = setUp();
    input({ kind: 'input-failed', reason: 'no GPIO chip' });
    expect(events).toEqual([{ kind: 'camera-detached', camera: '入口', reason: 'no GPIO chip' }]);
    vi.advanceTimersByTime(60_000);
    expect(opened).toHaveLength(2);
    expect(kinds().at(-1)).toBe('camera-attached');
  });

  test('closed, it tries no more', async () => {
    const { camera, opened, input } = setUp();
    input({ kind: 'input-failed', reason: 'no GPIO chip' });
    await camera.close();
    vi.advanceTimersByTime(600_000);
    expect(opened).toHaveLength(1);
  });
});
