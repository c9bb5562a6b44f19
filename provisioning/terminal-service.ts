/** The terminal's service under systemd on this machine (端末のサービス). */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const UNIT = 'genba-terminal.service';
const execute = promisify(execFile);

export type Restart =
  | { readonly kind: 'restarted' }
  /** No systemd here, or no such unit: a person starts the terminal. */
  | { readonly kind: 'not-by-systemd' }
  | { readonly kind: 'failed'; readonly message: string };

/** Returns when the terminal says that it is ready, or cannot be. */
export const restartTerminal = async (): Promise<Restart> => {
  if (!existsSync('/run/systemd/system')) return { kind: 'not-by-systemd' };
  try {
    const { stdout } = await execute('systemctl', ['show', '-p', 'LoadState', '--value', UNIT]);
    if (stdout.trim() !== 'loaded') return { kind: 'not-by-systemd' };
    await execute('systemctl', ['restart', UNIT]);
    return { kind: 'restarted' };
  } catch (cause) {
    return { kind: 'failed', message: cause instanceof Error ? cause.message.trim() : `${cause}` };
  }
};
