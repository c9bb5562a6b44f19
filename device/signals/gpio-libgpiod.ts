/**
 * Wires through gpioset of libgpiod, where the kernel has no sysfs GPIO.
 *
 * A wire is kept by a gpioset that runs; to change it, that one is ended and another started. The shell
 * that does so reads `LINE=LEVEL` from its input, so that a change costs our event loop a write to a
 * pipe. gpioset's own interactive mode would save the process too, but Debian builds it without.
 */
import { type Guardian, startGuardian } from './guardian.ts';
import { findGpiodTools, holdCommand, setCommand } from './libgpiod-tools.ts';
import { levelOf, type OpenOutputs, reasonOf, type Wire } from './outputs.ts';
import type { LineName } from './patterns.ts';

/**
 * Parameters: the command that keeps, the command that sets, then every `LINE=LEVEL` at rest.
 *
 * A stop of the whole service signals every process of it: shell and gpiosets stay until we are gone.
 * Hence SIGKILL for a gpioset; it has nothing to clear up, and the kernel takes the wire back.
 */
const KEEP_WIRES = `
hold=$1 put=$2; shift 2; at_rest=$*
take() { $hold "$1" </dev/null & eval "pid_\${1%=*}=$!"; }
leave() { eval "kill -KILL \\$pid_\${1%=*}; wait \\$pid_\${1%=*}" 2>/dev/null; }
trap '' TERM INT HUP
$put $at_rest || exit 1
for wire in $at_rest; do take "$wire"; done
echo ready
while read -r wire; do leave "$wire"; take "$wire"; done
for wire in $at_rest; do leave "$wire"; done
$put $at_rest
`;

const assignment = (wire: Wire, on: boolean): string => `${wire.line}=${levelOf(wire, on)}`;

export const gpiodOutputs =
  ({ chip, wires }: { readonly chip: string; readonly wires: readonly Wire[] }): OpenOutputs =>
  (emit) => {
    const onByName = new Map<LineName, boolean>();
    let guardian: Guardian | undefined;
    let isReady = false;
    let isOver = false;

    const fail = (cause: unknown): void => {
      if (isOver) return;
      isOver = true;
      emit({ kind: 'outputs-failed', reason: reasonOf(cause) });
    };

    const open = async (): Promise<void> => {
      const tools = await findGpiodTools(chip);
      if (isOver) return;
      guardian = startGuardian(
        KEEP_WIRES,
        [
          holdCommand(tools).join(' '),
          setCommand(tools).join(' '),
          ...wires.map((wire) => assignment(wire, false)),
        ],
        {
          onLine: () => {
            if (isOver) return;
            isReady = true;
            emit({ kind: 'outputs-ready' });
          },
          onEnd: fail,
        },
      );
    };
    open().catch(fail);

    return {
      setLine: (name, on) => {
        const wire = wires.find((each) => each.name === name);
        if (wire === undefined || !isReady || isOver) return;
        // The same level again would let go of the wire for a moment, for nothing.
        if ((onByName.get(name) ?? false) === on) return;
        onByName.set(name, on);
        guardian?.send(assignment(wire, on));
      },
      close: async () => {
        isOver = true;
        await guardian?.close();
      },
    };
  };
