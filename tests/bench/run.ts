/** `npm run bench [-- NAME…]`: each figure one JSON line, measured beside its baseline in the same run. */
import { tellUsageIfAsked } from '../../shared/tell-usage.ts';
import { boot } from './boot.ts';
import { derive } from './derive.ts';
import { drain } from './drain.ts';
import type { Figure } from './figures.ts';
import { gate } from './gate.ts';
import { idle } from './idle.ts';
import { monthClose } from './month-close.ts';
import { pull } from './pull.ts';
import { rebuild } from './rebuild.ts';
import { rescue } from './rescue.ts';
import { tapCommit } from './tap-commit.ts';
import { tapFeedback } from './tap-feedback.ts';
import { wear } from './wear.ts';

const BENCHES = new Map<string, () => Promise<readonly Figure[]>>([
  ['tap-commit', tapCommit],
  ['gate', gate],
  ['wear', wear],
  ['idle', idle],
  ['tap-feedback', tapFeedback],
  ['drain', drain],
  ['boot', boot],
  ['month-close', monthClose],
  ['derive', derive],
  ['rebuild', rebuild],
  ['pull', pull],
  ['rescue', rescue],
]);

const names = [...BENCHES.keys()].join(', ');
const wanted = process.argv.slice(2);
tellUsageIfAsked(wanted, `usage: npm run bench [-- NAME…]\nbenches: ${names}`);
const unknown = wanted.filter((name) => !BENCHES.has(name));
if (unknown.length > 0) {
  process.stderr.write(`no bench ${unknown.join(', ')}; there are ${names}\n`);
  process.exit(2);
}
for (const [name, bench] of BENCHES) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const line of await bench()) process.stdout.write(`${JSON.stringify(line)}\n`);
}
