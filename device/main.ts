#!/usr/bin/env node
/** genba-terminal: builds the adapters and keeps the terminal running, as systemd starts it. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDurableSqlite } from '../shared/durable-sqlite.ts';
import { logTo } from '../shared/log.ts';
import { faultLines } from '../shared/result.ts';
import { verifierOf } from '../shared/signature.ts';
import { openSigningKey } from '../shared/signing-key.ts';
import { createSystemClock } from './clock.ts';
import { parseTerminalConfig, placeOfReader, type TerminalConfig } from './config.ts';
import { openJournal } from './journal.ts';
import { startKiosk } from './kiosk/server.ts';
import { openMqttLink } from './link-mqtt.ts';
import { pcscReaders } from './readers/pcsc.ts';
import { createTerminal } from './terminal.ts';

const USAGE = 'usage: genba-terminal --config FILE';
const EXIT_WRONG_INPUT = 2;
const TICK_MS = 1_000;
const FLUSH_MS = 60_000;
/** 1,000 pages of 4 KiB bound the WAL to about 4 MB. */
const CHECKPOINT_PAGES = 1_000;

const log = logTo('terminal', (line) => process.stderr.write(line));

const refuse = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_WRONG_INPUT);
};

const readConfig = (): TerminalConfig => {
  let file: string | undefined;
  try {
    file = parseArgs({ options: { config: { type: 'string' } } }).values.config;
  } catch (cause) {
    return refuse(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`);
  }
  if (file === undefined) return refuse(USAGE);
  if (!existsSync(file)) return refuse(`${file}: no such file`);
  const parsed = parseTerminalConfig(readFileSync(file, 'utf8'));
  return parsed.ok ? parsed.value : refuse(`${file} is refused:\n${faultLines(parsed.faults)}`);
};

/** Replaced as a whole, so that a power cut leaves the old roster or the new one. */
const rosterCacheIn = (dataDir: string) => {
  const path = join(dataDir, 'roster');
  return {
    load: () => (existsSync(path) ? readFileSync(path) : undefined),
    save: (bytes: Uint8Array) => {
      writeFileSync(`${path}.new`, bytes, { mode: 0o600, flush: true });
      renameSync(`${path}.new`, path);
    },
  };
};

const config = readConfig();
mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
const signer = openSigningKey(config.signingKeyFile);
const journal = openJournal(
  openDurableSqlite(join(config.dataDir, 'journal.db'), { checkpointPages: CHECKPOINT_PAGES }),
  config.terminalId,
);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const terminal = createTerminal({
  siteId: config.siteId,
  version: String(version),
  repeatWindowMs: config.repeatWindowMs,
  maxShiftMs: config.maxShiftHours * 3_600_000,
  clock: createSystemClock(config.clockTrust),
  journal,
  signer,
  verifyGateway: verifierOf(config.gateway.publicKey),
  placeOfReader: (reader) => placeOfReader(config.readers.places, reader),
  rosterCache: rosterCacheIn(config.dataDir),
  publish: (channel, bytes) => link.publish(channel, bytes),
  signal: () => undefined,
  changed: () => kiosk.changed(),
  log,
});
const kiosk = await startKiosk({ port: config.kiosk.port, status: terminal.status });
const link = openMqttLink(
  { url: config.gateway.url, terminalId: config.terminalId },
  { onLink: terminal.onLink, onMessage: terminal.onMessage, log },
);
const readers = config.readers.pcsc ? pcscReaders({})(terminal.onReader) : undefined;
const ticking = setInterval(terminal.tick, TICK_MS);
const flushing = setInterval(journal.flush, FLUSH_MS);

let isStopping = false;
const stop = async (): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  clearInterval(ticking);
  clearInterval(flushing);
  await readers?.close();
  await link.close();
  await kiosk.close();
  journal.close();
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// Started by another program over an IPC channel: when that program dies, so does this one.
process.on('disconnect', stop);

process.stdout.write(
  `${JSON.stringify({ ready: 'terminal', kioskUrl: kiosk.url, publicKey: signer.publicKey })}\n`,
);
