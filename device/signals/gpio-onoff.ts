/** Wires through onoff and sysfs. A write is a write to a file: microseconds, and no process. */
import type { Gpio } from 'onoff';
import { type Guardian, startGuardian } from './guardian.ts';
import { levelOf, type OpenOutputs, reasonOf, type Wire } from './outputs.ts';
import type { LineName } from './patterns.ts';
import { baseOfChip, loadOnoff, valueFileOf } from './sysfs-gpio.ts';

/**
 * Parameters: pairs of value file and level at rest. A stop of the whole service signals every process of
 * it: this one stays until we are gone. A file that is gone was let go of by us.
 */
const PUT_TO_REST = `
trap '' TERM INT HUP
cat >/dev/null
while [ $# -gt 0 ]; do { echo "$2" >"$1"; } 2>/dev/null; shift 2; done
exit 0
`;

export const onoffOutputs =
  ({ chip, wires }: { readonly chip: string; readonly wires: readonly Wire[] }): OpenOutputs =>
  (emit) => {
    const gpioByName = new Map<LineName, { readonly wire: Wire; readonly gpio: Gpio }>();
    let guardian: Guardian | undefined;
    let closing: Promise<void> | undefined;
    let isOver = false;

    const letGo = async (): Promise<void> => {
      for (const { wire, gpio } of gpioByName.values()) {
        try {
          gpio.writeSync(levelOf(wire, false));
          gpio.unexport();
        } catch {
          // The chip is gone, and its wires with it.
        }
      }
      gpioByName.clear();
      await guardian?.close();
    };
    const fail = (cause: unknown): void => {
      if (isOver) return;
      isOver = true;
      closing = letGo();
      emit({ kind: 'outputs-failed', reason: reasonOf(cause) });
    };

    const open = async (): Promise<void> => {
      const Gpio = await loadOnoff();
      if (isOver) return;
      const base = baseOfChip(chip);
      for (const wire of wires) {
        // As a direction, `high` and `low` are levels of the wire, whatever active_low says: the wire is
        // an output at rest from its first moment, without a flash of the lamp or a click of the gate.
        const atRest = levelOf(wire, false) === 1 ? 'high' : 'low';
        const gpio = new Gpio(base + wire.line, atRest, { activeLow: false });
        gpioByName.set(wire.name, { wire, gpio });
      }
      guardian = startGuardian(
        PUT_TO_REST,
        wires.flatMap((wire) => [valueFileOf(base + wire.line), `${levelOf(wire, false)}`]),
        { onLine: () => undefined, onEnd: fail },
      );
      emit({ kind: 'outputs-ready' });
    };
    open().catch(fail);

    return {
      setLine: (name, on) => {
        const held = isOver ? undefined : gpioByName.get(name);
        try {
          held?.gpio.writeSync(levelOf(held.wire, on));
        } catch (cause) {
          fail(cause);
        }
      },
      close: () => {
        isOver = true;
        closing ??= letGo();
        return closing;
      },
    };
  };
