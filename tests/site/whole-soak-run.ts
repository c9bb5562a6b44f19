/**
 * The whole terminal as a process of its own, on a clock that goes as fast as the test tells it to:
 * `whole-soak-run SETTINGS-FILE` answers each command once.
 */
import { readFileSync } from 'node:fs';
import { writeHeapSnapshot } from 'node:v8';
import type { ReaderEvent } from '../../device/readers/reader.ts';
import { startAcceleratedTerminal } from '../fixtures/accelerated-terminal.ts';

export type Command =
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'read'; readonly events: readonly ReaderEvent[] }
  | { readonly do: 'trust'; readonly trust: 'trusted' | 'untrusted' }
  /** Writes what is still held, after everything that nobody holds was collected. */
  | { readonly do: 'snapshot'; readonly file: string };

const settings = JSON.parse(readFileSync(String(process.argv[2]), 'utf8'));
const terminal = await startAcceleratedTerminal(settings, {
  startIso: '2026-11-24T00:00:00+09:00',
});

const obey = async (command: Command): Promise<void> => {
  switch (command.do) {
    case 'pass':
      return terminal.pass(command.ms);
    case 'read':
      for (const event of command.events) terminal.reader(event);
      return;
    case 'trust':
      return terminal.clock.setTrust(command.trust);
    case 'snapshot':
      writeHeapSnapshot(command.file);
      return;
  }
};

process.on('message', (command: Command) => {
  void obey(command).then(() => process.send?.('done'));
});
process.on('disconnect', () => process.exit(0));
process.send?.({ kioskUrl: terminal.kioskUrl });
