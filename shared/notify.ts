/**
 * Tells systemd how the service is (sd_notify(3)): ready, alive, stopping.
 *
 * Through a datagram socket from within the process, so that what keeps the watchdog quiet is the very
 * event loop that serves the gate. Where the package is not there, `systemd-notify` is run instead, and
 * the unit must allow it (NotifyAccess=all).
 */
import { spawn } from 'node:child_process';

export interface Notify {
  readonly ready: () => void;
  /** Feeds the watchdog. */
  readonly alive: () => void;
  /** One line for `systemctl status`; nothing personal. */
  readonly status: (text: string) => void;
  readonly stopping: () => void;
}

type Send = (message: string) => void;

const sendByDatagram = async (socketPath: string): Promise<Send> => {
  const { createSocket } = await import('unix-dgram');
  // An abstract socket's name begins with a zero byte, which the environment cannot carry.
  const path = socketPath.replace(/^@/, '\0');
  const socket = createSocket('unix_dgram', () => undefined);
  // A full or vanished socket is systemd's affair; the next message tells again.
  socket.on('error', () => undefined);
  return (message) => {
    const bytes = Buffer.from(message);
    socket.send(bytes, 0, bytes.length, path, () => undefined);
  };
};

const sendByProgram: Send = (message) => {
  const child = spawn('systemd-notify', message.split('\n'), { stdio: 'ignore' });
  child.on('error', () => undefined);
};

/** `socketPath`: NOTIFY_SOCKET of the environment; absent = nobody listens. */
export const createNotify = async (socketPath: string | undefined): Promise<Notify> => {
  const send: Send =
    socketPath === undefined
      ? () => undefined
      : await sendByDatagram(socketPath).catch(() => sendByProgram);
  return {
    ready: () => send('READY=1'),
    alive: () => send('WATCHDOG=1'),
    status: (text) => send(`STATUS=${text.replaceAll('\n', ' ')}`),
    stopping: () => send('STOPPING=1'),
  };
};
