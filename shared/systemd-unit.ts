/** One of our services under systemd on this machine (サービスの再起動). */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export type Restart =
  | { readonly kind: 'restarted' }
  /** No systemd here, or no such unit: a person starts the service. */
  | { readonly kind: 'not-by-systemd' }
  | { readonly kind: 'failed'; readonly message: string };

/** Returns when the service says that it is ready, or cannot be. */
export const restartUnit = async (
  unit: 'genba-terminal.service' | 'genba-names-key.service' | 'genba-gateway.service',
): Promise<Restart> => {
  if (!existsSync('/run/systemd/system')) return { kind: 'not-by-systemd' };
  try {
    const { stdout } = await execute('systemctl', ['show', '-p', 'LoadState', '--value', unit]);
    if (stdout.trim() !== 'loaded') return { kind: 'not-by-systemd' };
    await execute('systemctl', ['restart', unit]);
    return { kind: 'restarted' };
  } catch (cause) {
    return { kind: 'failed', message: cause instanceof Error ? cause.message.trim() : `${cause}` };
  }
};
