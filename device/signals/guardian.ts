/**
 * A shell that outlives this program: when its input ends, however we ended, it puts things back.
 *
 * Killing a program runs none of its own code, and neither sysfs nor every driver lets go of a level by
 * itself: a gate that was open would stay open. The pipe ends with us whatever happens.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { reasonOf } from './outputs.ts';

export interface Guardian {
  /** One line for the script. */
  readonly send: (line: string) => void;
  /** Ends its input and waits until it has put things back. */
  readonly close: () => Promise<void>;
}

export interface GuardianEvents {
  readonly onLine: (line: string) => void;
  /** It ended by itself, or because something in it complained. Not after `close`. */
  readonly onEnd: (reason: string) => void;
}

const CLOSE_DEADLINE_MS = 2_000;

/** The script must end when its input does; the first word on its stderr ends it too. */
export const startGuardian = (
  script: string,
  parameters: readonly string[],
  { onLine, onEnd }: GuardianEvents,
): Guardian => {
  // Its own process group: a Ctrl-C meant for us does not reach it, and what it leaves can be ended as a whole.
  const child = spawn('sh', ['-c', script, 'sh', ...parameters], { detached: true });
  const complaints: string[] = [];
  const ended = Promise.withResolvers<void>();
  let isClosing = false;
  let late: NodeJS.Timeout | undefined;

  const killGroup = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left, which is what was wanted.
    }
  };
  const windDown = (): void => {
    if (late !== undefined) return;
    late = setTimeout(killGroup, CLOSE_DEADLINE_MS);
    child.stdin.end();
  };

  child.on('error', (cause) => complaints.push(reasonOf(cause)));
  // Written to after its end: the end itself is told below.
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', (line) => {
    complaints.push(line);
    windDown();
  });
  // Children that it could not end would keep the pipes, and with them the wires.
  child.on('exit', killGroup);
  child.on('close', (code, signal) => {
    clearTimeout(late);
    ended.resolve();
    if (!isClosing) onEnd(complaints.join('; ') || `ended by ${signal ?? `exit ${code}`}`);
  });

  return {
    send: (line) => {
      child.stdin.write(`${line}\n`);
    },
    close: () => {
      isClosing = true;
      windDown();
      return ended.promise;
    },
  };
};
