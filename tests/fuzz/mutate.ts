/** Sound inputs made unsound: bytes, words of the grammar, numbers at their limits, lines, JSON nodes. */
import type { Random } from '../simulation/random.ts';
import { mutateJson } from './mutate-json.ts';

const INPUT_BYTES_MAX = 262_144;
const ROUNDS_MAX = 4;
const SPAN_MAX = 64;

const COMMON_WORDS = [
  '\0',
  '\r\n',
  '\n',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '\u2028',
  '\uFEFF',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '%00',
  '%s%n',
  '=1+1',
  '{"a":',
  '[[[[[[[[',
  '１２３',
  '𠮷',
  'ｶﾅ',
];
const NUMBERS = [
  '0',
  '-1',
  '-0',
  '1e999',
  '0.1',
  '65535',
  '65536',
  '2147483648',
  '9007199254740993',
  '18446744073709551616',
  '0x10',
  'NaN',
  '00',
];

interface Source {
  readonly samples: readonly Buffer[];
  readonly words: readonly string[];
}
type Mutation = (input: Buffer, random: Random, source: Source) => Buffer;

const span = (input: Buffer, random: Random): readonly [number, number] => {
  const start = random.below(input.length + 1);
  return [start, Math.min(input.length, start + random.below(SPAN_MAX))];
};
const splice = (input: Buffer, start: number, end: number, middle: Uint8Array): Buffer =>
  Buffer.concat([input.subarray(0, start), middle, input.subarray(end)]);

const flipBits: Mutation = (input, random) => {
  const copy = Buffer.from(input);
  for (let count = 1 + random.below(4); count > 0 && copy.length > 0; count -= 1) {
    const at = random.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  }
  return copy;
};
const putByte: Mutation = (input, random) => {
  const at = random.below(input.length + 1);
  return splice(input, at, at + random.below(2), Buffer.from([random.below(256)]));
};
const cut: Mutation = (input, random) => splice(input, ...span(input, random), Buffer.alloc(0));
const cutEnd: Mutation = (input, random) => input.subarray(0, random.below(input.length + 1));
const double: Mutation = (input, random) => {
  const [start, end] = span(input, random);
  const times = random.chance(0.05) ? 2_000 : 1 + random.below(3);
  const part = input.subarray(start, end);
  return splice(input, end, end, Buffer.concat(Array<Buffer>(times).fill(part)));
};
const putWord: Mutation = (input, random, { words }) => {
  const word = random.pick(random.chance(0.6) && words.length > 0 ? words : COMMON_WORDS);
  return splice(input, ...span(input, random), Buffer.from(word));
};
const changeNumber: Mutation = (input, random) => {
  const numbers = [...input.toString('latin1').matchAll(/\d+/g)];
  if (numbers.length === 0) return putByte(input, random, { samples: [], words: [] });
  const { 0: digits, index } = random.pick(numbers);
  const near = BigInt(digits.slice(0, 30)) + BigInt(random.below(5) - 2);
  const text = random.chance(0.5) ? String(near) : random.pick(NUMBERS);
  return splice(input, index, index + digits.length, Buffer.from(text));
};
const joinOther: Mutation = (input, random, { samples }) => {
  const other = random.pick(samples);
  const [start] = span(input, random);
  return Buffer.concat([input.subarray(0, start), other.subarray(random.below(other.length + 1))]);
};
const moveLines: Mutation = (input, random) => {
  const lines = input.toString('latin1').split('\n');
  const [line = ''] = lines.splice(random.below(lines.length), 1);
  if (random.chance(0.7)) lines.splice(random.below(lines.length + 1), 0, line);
  if (random.chance(0.3)) lines.splice(random.below(lines.length + 1), 0, line);
  return Buffer.from(lines.join('\n'), 'latin1');
};
const changeJson: Mutation = (input, random) => {
  const lines = input.toString('utf8').split('\n');
  const at = random.below(lines.length);
  const changed = mutateJson(lines[at] ?? '', random);
  return changed === undefined
    ? flipBits(input, random, { samples: [], words: [] })
    : Buffer.from(lines.with(at, changed).join('\n'));
};

const MUTATIONS: readonly Mutation[] = [
  flipBits,
  putByte,
  cut,
  cutEnd,
  double,
  putWord,
  putWord,
  changeNumber,
  changeNumber,
  joinOther,
  moveLines,
  changeJson,
  changeJson,
  changeJson,
];

/** One in sixteen is a sample as it stands: what is sound must stay so among what is not. */
export const mutate = (source: Source, random: Random): Buffer => {
  let input = random.pick(source.samples);
  if (random.below(16) === 0) return input;
  for (let rounds = 1 + random.below(ROUNDS_MAX); rounds > 0; rounds -= 1)
    input = random.pick(MUTATIONS)(input, random, source).subarray(0, INPUT_BYTES_MAX);
  return input;
};
