/** A JSON text with one of its nodes changed: another type, a limit, a key too many, one too few. */
import type { Random } from '../simulation/random.ts';

type Node = Record<string, unknown> | unknown[];

/** What a reader of JSON may not expect; texts that JSON.stringify would tame stand in for themselves later. */
const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.1,
  -0.5,
  1e15,
  2 ** 53,
  2 ** 53 + 2,
  253_402_300_799_999,
  253_402_300_800_000,
  -8.64e15,
  1e308,
  '',
  ' ',
  '\0',
  '\ud800',
  'x'.repeat(41),
  'あ'.repeat(5_000),
  '2026-02-30',
  '0000-00-00',
  '9999-12-31',
  '2026-11-24T08:00:00+99:99',
  '00000000000000',
  '0123456789abcdef',
  '=cmd|x',
  [],
  {},
  [[[[[[]]]]]],
  { toString: 1 },
  { valueOf: null, length: -1 },
  'NaN',
];

const nodesOf = (value: unknown, found: Node[] = []): readonly Node[] => {
  if (typeof value !== 'object' || value === null) return found;
  found.push(value as Node);
  for (const child of Object.values(value)) nodesOf(child, found);
  return found;
};

/** Undefined where the text is no JSON object or list. */
export const mutateJson = (text: string, random: Random): string | undefined => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const nodes = nodesOf(json);
  if (nodes.length === 0 || nodes.length > 50_000) return undefined;
  const node = random.pick(nodes);
  const keys = Object.keys(node);
  const key = keys.length === 0 ? 'x' : random.pick(keys);
  const target = node as Record<string, unknown>;
  switch (random.below(6)) {
    case 0:
      delete target[key];
      break;
    case 1:
      target[`${key}x`] = random.pick(ODD);
      break;
    case 2: {
      const other = random.pick(nodes);
      // A copy: a node inside itself could not be written.
      target[key] = structuredClone(other);
      break;
    }
    case 3:
      if (Array.isArray(node)) node.push(...structuredClone(node.slice(0, 200)));
      else target[key] = [target[key]];
      break;
    default:
      target[key] = random.pick(ODD);
  }
  const written = JSON.stringify(json);
  // Keys that the language treats specially cannot be set on an object, only written.
  return random.chance(0.05) ? written.replace(/"(\w+)":/, '"__proto__":') : written;
};
