/** Preloaded into a program (`node --import`): the last line on its error output is the most memory it had, in kB. */
import { writeSync } from 'node:fs';

process.on('exit', () => {
  writeSync(2, `${process.resourceUsage().maxRSS}\n`);
});
