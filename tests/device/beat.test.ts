import { describe, expect, it } from 'vitest';
import { BEAT_MS, createBeat } from '../../device/beat.ts';

describe('the beat', () => {
  const createCount = () => {
    const beat = createBeat();
    const runs: string[] = [];
    const every = (beats: number, name: string) =>
      beat.every(beats * BEAT_MS, () => runs.push(name));
    const pass = (beats: number) => {
      for (let each = 0; each < beats; each += 1) beat.pass();
    };
    return { every, pass, runs };
  };

  it('does each thing as often as it was asked to, and all that is due at one moment', () => {
    const { every, pass, runs } = createCount();
    every(1, 'each');
    every(3, 'third');
    pass(2);
    expect(runs).toEqual(['each', 'each']);
    pass(1);
    expect(runs).toEqual(['each', 'each', 'each', 'third']);
    pass(3);
    expect(runs.filter((name) => name === 'third')).toHaveLength(2);
  });

  it('keeps to the common moments for what comes later', () => {
    const { every, pass, runs } = createCount();
    pass(2);
    every(3, 'third');
    pass(1);
    expect(runs).toEqual(['third']);
  });

  it('ends what is to end, also from within', () => {
    const { every, pass, runs } = createCount();
    const end = every(1, 'ended');
    every(1, 'goes on');
    pass(1);
    end();
    pass(1);
    expect(runs).toEqual(['ended', 'goes on', 'goes on']);
    const beat = createBeat();
    let times = 0;
    const endItself = beat.every(BEAT_MS, () => {
      times += 1;
      endItself();
    });
    beat.pass();
    beat.pass();
    expect(times).toBe(1);
  });

  it.each([
    [BEAT_MS / 2, 'more often than there are beats'],
    [BEAT_MS * 1.5, 'between two beats'],
    [0, 'for ever at once'],
  ])('takes no %d ms: %s', (ms) => {
    expect(() => createBeat().every(ms, () => undefined)).toThrow('no whole number of beats');
  });
});
