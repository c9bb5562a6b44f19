/** `npm run simulate -- --seeds N [--seed S]`: many worlds, or one with its trace. */
import { parseArgs } from 'node:util';
import { tellUsageIfAsked } from '../../shared/tell-usage.ts';
import { runSeed } from './world.ts';

const USAGE = 'usage: npm run simulate -- --seeds N [--seed S]';
const TRACE_LINES = 40;
const SEEDS_DEFAULT = 2_000;

const refuse = (message: string): never => {
  process.stderr.write(`${message}\n${USAGE}\n`);
  process.exit(2);
};

const wholeNumber = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  return /^\d{1,9}$/.test(text) ? Number(text) : refuse(`--${name} must be a whole number`);
};

const readArguments = () => {
  try {
    const { values } = parseArgs({
      options: { seeds: { type: 'string' }, seed: { type: 'string' } },
    });
    return { seeds: wholeNumber('seeds', values.seeds), seed: wholeNumber('seed', values.seed) };
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause));
  }
};

tellUsageIfAsked(process.argv.slice(2), USAGE);
const { seeds, seed } = readArguments();
const first = seed ?? 1;
const count = seeds ?? (seed === undefined ? SEEDS_DEFAULT : 1);
let violations = 0;
let touches = 0;
let crashes = 0;
for (let current = first; current < first + count; current += 1) {
  const result = runSeed(current);
  touches += result.touches;
  crashes += result.crashes;
  if (count === 1) process.stdout.write(`${result.trace.join('\n')}\ntrace ${result.traceHash}\n`);
  if (result.violation === undefined) continue;
  violations += 1;
  const { invariant, detail } = result.violation;
  const tail = count === 1 ? [] : result.trace.slice(-TRACE_LINES).map((line) => `  ${line}`);
  process.stdout.write(
    [
      ...tail,
      `seed ${current}: ${invariant}`,
      detail,
      `again with: npm run simulate -- --seed ${current}`,
      '',
    ].join('\n'),
  );
}
process.stdout.write(`${JSON.stringify({ seeds: count, violations, touches, crashes })}\n`);
process.exitCode = violations === 0 ? 0 : 1;
