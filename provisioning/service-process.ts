/** Runs one of our services as a child and starts it again when it dies, as systemd would. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';

const RESTART_MS = 1_000;
const FAILURES_TO_HINT = 3;

export interface ServiceOptions {
  readonly name: string;
  readonly program: string;
  readonly config: string;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nodeFlags: readonly string[];
  readonly say: (line: string) => void;
}

export interface Service {
  /** The JSON line by which the service said that it is ready, of its latest start. */
  readonly ready: () => Promise<Readonly<Record<string, unknown>>>;
  readonly stop: () => Promise<void>;
}

export const startService = ({
  name,
  program,
  config,
  logFile,
  env,
  nodeFlags,
  say,
}: ServiceOptions): Service => {
  let child: ChildProcess | undefined;
  let restart: NodeJS.Timeout | undefined;
  let isStopping = false;
  /** Ends since it was last ready. */
  let failures = 0;
  let ready = Promise.withResolvers<Readonly<Record<string, unknown>>>();

  const start = (): void => {
    const log = openSync(logFile, 'a');
    // The IPC channel tells the service when we are gone, however we went.
    const current = fork(program, ['--config', config], {
      env: { ...process.env, ...env },
      execArgv: [...nodeFlags],
      stdio: ['ignore', 'pipe', log, 'ipc'],
    });
    child = current;
    if (current.stdout !== null) {
      createInterface({ input: current.stdout }).once('line', (line) => {
        failures = 0;
        ready.resolve(JSON.parse(line));
      });
    }
    current.on('exit', (code, signal) => {
      if (isStopping) return;
      failures += 1;
      say(`${name} ended (${signal ?? `exit ${code}`}), see ${logFile}; starting it again`);
      if (failures === FAILURES_TO_HINT)
        say('a demo without what is stored so far: npm start -- --fresh');
      ready = Promise.withResolvers();
      restart = setTimeout(start, RESTART_MS);
    });
  };
  start();

  return {
    ready: () => ready.promise,
    stop: async () => {
      isStopping = true;
      clearTimeout(restart);
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
};
