/** `npm run fuzz -- --inputs N [--seed S]`: the last line is one JSON document; exit code 1 when something was found. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { tellUsageIfAsked } from '../../shared/tell-usage.ts';
import { fuzz } from './fuzz.ts';

const USAGE = 'usage: npm run fuzz -- [--inputs N] [--seed S]';
const INPUTS_DEFAULT = 1_000_000;
const INPUTS_MAX = 1_000_000_000;
const SEED_MAX = 2_147_483_647;
const THREADS = 2;
const HANG_MS = 60_000;

const refuse = (message: string): never => {
  process.stderr.write(`${message}\n${USAGE}\n`);
  process.exit(2);
};

const wholeNumber = (name: string, text: string, max: number): number =>
  /^\d{1,10}$/.test(text) && Number(text) <= max
    ? Number(text)
    : refuse(`--${name} must be a whole number up to ${max}`);

const readArguments = () => {
  try {
    return parseArgs({ options: { inputs: { type: 'string' }, seed: { type: 'string' } } }).values;
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause));
  }
};

tellUsageIfAsked(process.argv.slice(2), USAGE);
const values = readArguments();
const inputs = wholeNumber('inputs', values.inputs ?? String(INPUTS_DEFAULT), INPUTS_MAX);
const seed = wholeNumber('seed', values.seed ?? String(randomInt(SEED_MAX)), SEED_MAX);

const result = await fuzz({
  inputs,
  seed,
  threads: THREADS,
  catalogue: new URL('./catalogue.ts', import.meta.url).href,
  hangMs: HANG_MS,
  found: ({ kind, target, input, message, bytes }) =>
    process.stdout.write(
      `${kind} in ${target}, input ${input}: ${message}\n  bytes ${bytes}\n  again with: npm run fuzz -- --inputs ${inputs} --seed ${seed}\n`,
    ),
});
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = result.crashes + result.hangs === 0 ? 0 : 1;
