/** Preloaded into a program (`node --import`): the last line on its error output is the most memory it had, in kB. */
import { readFileSync, writeSync } from 'node:fs';

process.on('exit', () => {
  // Not by `process.resourceUsage`: Linux counts there what the process weighed that started this one.
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  writeSync(2, `${peak}\n`);
});
