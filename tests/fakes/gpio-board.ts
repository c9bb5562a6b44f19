/** A GPIO chip of eight lines that records what is put on them; a line can be taken by somebody else. */
import { levelOf, type OpenOutputs, type Wire } from '../../device/signals/outputs.ts';

export interface FakeGpioBoard {
  readonly open: (wires: readonly Wire[], chip: string) => OpenOutputs;
  readonly level: (line: number) => 0 | 1;
  /** Somebody else has the line until the returned function is called. */
  readonly occupy: (line: number) => () => void;
  /** Everything that was put on lines since the start, as `line=level`. */
  readonly history: readonly string[];
  /** What is open now fails, as when a chip is unplugged. */
  readonly fail: (reason: string) => void;
}

export const createFakeGpioBoard = (label: string): FakeGpioBoard => {
  const levels = new Map<number, 0 | 1>();
  const taken = new Set<number>();
  const history: string[] = [];
  const open = new Set<(reason: string) => void>();

  const put = (line: number, level: 0 | 1): void => {
    if (levels.get(line) === level) return;
    levels.set(line, level);
    history.push(`${line}=${level}`);
  };

  return {
    open: (wires, chip) => (emit) => {
      let state: 'opening' | 'ready' | 'over' = 'opening';
      const rest = (): void => {
        for (const wire of wires) {
          put(wire.line, levelOf(wire, false));
          taken.delete(wire.line);
        }
      };
      const end = (): void => {
        if (state === 'ready') rest();
        state = 'over';
        open.delete(fail);
      };
      const fail = (reason: string): void => {
        end();
        emit({ kind: 'outputs-failed', reason });
      };
      open.add(fail);
      queueMicrotask(() => {
        if (state === 'over') return;
        if (chip !== label) return fail(`no GPIO chip ${chip}`);
        const busy = wires.find(({ line }) => taken.has(line));
        if (busy !== undefined) return fail(`line ${busy.line} is busy`);
        state = 'ready';
        rest();
        for (const { line } of wires) taken.add(line);
        emit({ kind: 'outputs-ready' });
      });
      return {
        setLine: (name, on) => {
          const wire = wires.find((each) => each.name === name);
          if (state === 'ready' && wire !== undefined) put(wire.line, levelOf(wire, on));
        },
        close: async () => end(),
      };
    },
    level: (line) => levels.get(line) ?? 0,
    occupy: (line) => {
      taken.add(line);
      return () => taken.delete(line);
    },
    history,
    fail: (reason) => {
      for (const each of [...open]) each(reason);
    },
  };
};
