/** Which face belongs to which touch. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FaceEffect,
  type FaceInput,
  INITIAL_FACES,
  stepFaces,
} from '../../../device/camera/face-evidence.ts';
import { WorkerId } from '../../../shared/ids.ts';

const WINDOW = 5_000;
const A = WorkerId.parse('10000000000001');
const B = WorkerId.parse('10000000000002');

const run = (inputs: readonly FaceInput[]): readonly FaceEffect[] => {
  let state = INITIAL_FACES;
  return inputs.flatMap((input) => {
    const next = stepFaces(state, input, WINDOW);
    state = next.state;
    return next.effects;
  });
};
const touch = (seq: number, workerId: WorkerId | undefined, at: number): FaceInput => ({
  kind: 'touch',
  touch: { seq, workerId, at },
});
const face = (workerId: WorkerId | undefined, at: number): FaceInput => ({
  kind: 'match',
  match: { camera: '入口', workerId, score: 90, at },
});
const tick = (now: number): FaceInput => ({ kind: 'tick', now });
const brief = (effects: readonly FaceEffect[]): readonly string[] =>
  effects.map((effect) =>
    effect.kind === 'attach'
      ? `${effect.seq} has the face of ${effect.match.workerId ?? 'somebody'}`
      : `${effect.seq} lacks a face${effect.other === undefined ? '' : `, saw ${effect.other.workerId}`}`,
  );

describe('faces beside touches', () => {
  test.each<[string, readonly FaceInput[], readonly string[]]>([
    ['the face came first', [face(A, 0), touch(1, A, 4_000)], [`1 has the face of ${A}`]],
    ['the touch came first', [touch(1, A, 0), face(A, 4_000)], [`1 has the face of ${A}`]],
    [
      'at the very end of the window',
      [touch(1, A, 0), face(A, WINDOW)],
      [`1 has the face of ${A}`],
    ],
    ['after the window', [touch(1, A, 0), face(A, WINDOW + 1)], ['1 lacks a face']],
    ['nobody’s face', [touch(1, A, 0), tick(WINDOW), tick(WINDOW + 1)], ['1 lacks a face']],
    [
      'somebody else’s face: said, and attached to nobody',
      [touch(1, A, 0), face(B, 100), tick(WINDOW + 1)],
      [`1 lacks a face, saw ${B}`],
    ],
    [
      'two in a row, faces crossed: each gets the own one',
      [face(B, 0), touch(1, A, 100), face(A, 200), touch(2, B, 300)],
      [`1 has the face of ${A}`, `2 has the face of ${B}`],
    ],
    [
      'one face does for one touch',
      [face(A, 0), touch(1, A, 100), touch(2, A, 200), tick(200 + WINDOW + 1)],
      [`1 has the face of ${A}`, '2 lacks a face'],
    ],
    [
      'a camera that only says somebody was there',
      [touch(1, A, 0), face(undefined, 100)],
      ['1 has the face of somebody'],
    ],
    [
      'an unknown card: a known face is not its face, but is told',
      [touch(1, undefined, 0), face(A, 100), tick(WINDOW + 1)],
      [`1 lacks a face, saw ${A}`],
    ],
  ])('%s', (_what, inputs, expected) => {
    expect(brief(run(inputs))).toEqual(expected);
  });

  test('every touch is answered exactly once, and no face serves twice', () => {
    const who = fc.constantFrom(A, B, undefined);
    const event = fc.record({
      isTouch: fc.boolean(),
      who,
      wait: fc.integer({ min: 0, max: 4_000 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let at = 0;
        const inputs = events.map(({ isTouch, who: workerId, wait }, index) => {
          at += wait;
          return isTouch ? touch(index, workerId, at) : face(workerId, at);
        });
        const effects = run([...inputs, tick(at + WINDOW + 1)]);
        const touches = inputs.flatMap((input) =>
          input.kind === 'touch' ? [input.touch.seq] : [],
        );
        expect(effects.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(touches);
        const used = effects.flatMap((effect) => (effect.kind === 'attach' ? [effect.match] : []));
        expect(new Set(used).size).toBe(used.length);
        for (const effect of effects) {
          const input = inputs[effect.seq];
          if (effect.kind !== 'attach' || input?.kind !== 'touch') continue;
          expect(Math.abs(effect.match.at - input.touch.at)).toBeLessThanOrEqual(WINDOW);
          if (effect.match.workerId !== undefined)
            expect(effect.match.workerId).toBe(input.touch.workerId);
        }
      }),
    );
  });

  test('a camera gone wild fills no memory', () => {
    let state = INITIAL_FACES;
    for (let at = 0; at < 5_000; at += 1) state = stepFaces(state, face(A, at), WINDOW).state;
    expect(state.matches.length).toBeLessThanOrEqual(200);
  });
});
