/** A wire that is watched: what a face camera or a push button pulls, as one event an edge. */
import { type Guardian, startGuardian } from './guardian.ts';
import { type Edge, findGpiodTools, watchCommand } from './libgpiod-tools.ts';
import { reasonOf } from './outputs.ts';
import { baseOfChip, isSysfsGpioThere, loadOnoff } from './sysfs-gpio.ts';

export interface InputLine {
  /** Label of the chip. */
  readonly chip: string;
  readonly line: number;
  readonly edge: Edge;
}

export type InputEvent =
  | { readonly kind: 'edge'; readonly edge: 'rising' | 'falling' }
  /** Comes once and last; whoever wants the wire back opens it anew. */
  | { readonly kind: 'input-failed'; readonly reason: string };

export type OpenInput = (emit: (event: InputEvent) => void) => {
  readonly close: () => Promise<void>;
};

export const onoffInput =
  ({ chip, line, edge }: InputLine): OpenInput =>
  (emit) => {
    let letGo = (): void => undefined;
    let isOver = false;
    const fail = (cause: unknown): void => {
      if (isOver) return;
      isOver = true;
      letGo();
      emit({ kind: 'input-failed', reason: reasonOf(cause) });
    };
    const open = async (): Promise<void> => {
      const Gpio = await loadOnoff();
      if (isOver) return;
      const gpio = new Gpio(baseOfChip(chip) + line, 'in', 'both', { activeLow: false });
      letGo = () => {
        try {
          gpio.unexport();
        } catch {
          // The chip is gone, and its wire with it.
        }
      };
      let before = gpio.readSync();
      const tell = (value: 0 | 1): void => {
        const current = value === 1 ? 'rising' : 'falling';
        if (edge === 'both' || edge === current) emit({ kind: 'edge', edge: current });
      };
      gpio.watch((error, value) => {
        if (error) return fail(error);
        // onoff tells what stands there when it gets to look. The same as before: a pulse came and went,
        // which onoff itself would tell as half a pulse, or not at all to who watches for its first edge.
        if (value === before) tell(value === 1 ? 0 : 1);
        before = value;
        tell(value);
      });
    };
    open().catch(fail);
    return {
      close: async () => {
        if (isOver) return;
        isOver = true;
        letGo();
      },
    };
  };

/**
 * Parameters: the command. Its end is a complaint, because it watches for ever. Waited for also when we end
 * it: until then the wire is taken.
 */
const WATCH = `
trap '' TERM INT HUP
exec 3<&0
"$@" </dev/null 3<&- & watcher=$!
{ cat <&3 >/dev/null; kill -KILL $watcher; } 2>/dev/null &
wait $watcher 2>/dev/null
echo "$1 ended with $?" >&2
`;

export const gpiodInput =
  ({ chip, line, edge }: InputLine): OpenInput =>
  (emit) => {
    let guardian: Guardian | undefined;
    let isOver = false;
    const fail = (cause: unknown): void => {
      if (isOver) return;
      isOver = true;
      emit({ kind: 'input-failed', reason: reasonOf(cause) });
    };
    const open = async (): Promise<void> => {
      const tools = await findGpiodTools(chip);
      if (isOver) return;
      guardian = startGuardian(WATCH, watchCommand(tools, line, edge), {
        onLine: (code) => {
          if (!isOver) emit({ kind: 'edge', edge: code === '1' ? 'rising' : 'falling' });
        },
        onEnd: fail,
      });
    };
    open().catch(fail);
    return {
      close: async () => {
        isOver = true;
        await guardian?.close();
      },
    };
  };

/** libgpiod first: the kernel queues its edges, while sysfs shows what is there when somebody looks. */
export const waysToWatch = (line: InputLine): readonly OpenInput[] =>
  isSysfsGpioThere() ? [gpiodInput(line), onoffInput(line)] : [gpiodInput(line)];
