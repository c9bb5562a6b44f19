#!/usr/bin/env node
/** genba-terminal: reads its configuration and keeps the terminal running, as systemd starts it. */
import { logTo } from '../shared/log.ts';
import { createNotify } from '../shared/notify.ts';
import { readServiceConfig } from '../shared/service-config.ts';
import { BEAT_MS, createBeat } from './beat.ts';
import { createSystemClock } from './clock.ts';
import { parseTerminalConfig, type TerminalConfig } from './config.ts';
import { pcscReaders } from './readers/pcsc.ts';
import { serialReader } from './readers/serial.ts';
import { startTerminalService } from './terminal-service.ts';

const USAGE = 'usage: genba-terminal --config FILE';
const EXIT_WRONG_INPUT = 2;
/** The next start sets the journal aside. */
const EXIT_BROKEN_JOURNAL = 3;

const refuse = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_WRONG_INPUT);
};

const readConfig = (): TerminalConfig => {
  const start = readServiceConfig(process.argv.slice(2), USAGE, parseTerminalConfig);
  if (start.kind === 'read') return start.config;
  if (start.kind === 'refused') return refuse(start.message);
  process.stdout.write(`${USAGE}\n`);
  return process.exit(0);
};

const config = readConfig();
const clock = createSystemClock(config.clockTrust);
const uptime = () => clock.read().uptimeMs;
const notify = await createNotify(process.env.NOTIFY_SOCKET);
let readersHeardAt = uptime();
const onHeard = (): void => {
  readersHeardAt = uptime();
};

const beat = createBeat();
const service = await startTerminalService(config, {
  clock,
  every: beat.every,
  cardReaders: [
    ...(config.readers.pcsc ? [pcscReaders({ onHeard })] : []),
    ...config.readers.serial.map((line) => serialReader(line, uptime)),
  ],
  readersHeardAt: () => (config.readers.pcsc ? readersHeardAt : undefined),
  notify,
  onCorrupt: () => setImmediate(() => process.exit(EXIT_BROKEN_JOURNAL)),
  log: logTo('terminal', (line) => process.stderr.write(line)),
});

setInterval(beat.pass, BEAT_MS);

let isStopping = false;
const stop = async (): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  notify.stopping();
  await service.close();
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// Started by another program over an IPC channel: when that program dies, so does this one.
process.on('disconnect', stop);

notify.ready();
const { kioskUrl, publicKey } = service;
process.stdout.write(`${JSON.stringify({ ready: 'terminal', kioskUrl, publicKey })}\n`);
