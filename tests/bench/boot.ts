/** `boot`: from the start of the terminal's process to its being ready, against a bare Node. */
import { spawnSync } from 'node:child_process';
import { createSite } from '../fixtures/site.ts';
import { type Figure, figure, milliseconds, percentile } from './figures.ts';

const ROUNDS = 10;

export const boot = async (): Promise<readonly Figure[]> => {
  const site = await createSite();
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    const terminal = await site.startTerminal();
    ours.push(performance.now() - start);
    await terminal.kill('SIGTERM');
    theirs.push(milliseconds(() => spawnSync(process.execPath, ['--eval', ''])));
  }
  site.remove();
  return [
    figure('boot p50', percentile(ours, 0.5), 'ms', 'node --eval ""', percentile(theirs, 0.5)),
  ];
};
