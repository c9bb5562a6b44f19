/** What somebody typed wrong is said in Japanese; what is our own mistake is not said to be theirs. */
import { parseArgs } from 'node:util';
import { expect, test } from 'vitest';
import { isHelpAsked, parameterFaultJa } from '../../shared/parameter-fault.ts';

const thrownBy = (act: () => unknown): unknown => {
  try {
    act();
  } catch (cause) {
    return cause;
  }
  throw new Error('nothing was thrown');
};

test.each([
  ['an option that there is not', ['--fly'], '--fly というオプションはありません'],
  ['a short one', ['-f'], '-f というオプションはありません'],
  ['an option without its value', ['--config'], '--config に値がありません'],
  ['a value that looks like an option', ['--config', '--json'], '--config に値がありません'],
  ['a value that is not wanted', ['--json=yes'], '--json に値は要りません'],
  ['a word too many', ['more'], 'more は余分です'],
])('%s', (_what, args, words) => {
  const cause = thrownBy(() =>
    parseArgs({ args, options: { config: { type: 'string' }, json: { type: 'boolean' } } }),
  );
  expect(parameterFaultJa(cause)).toBe(words);
});

test.each([
  ['a property of nothing', () => Reflect.get(Object(undefined).nothing, 'x')],
  ['a wrong argument of a module of Node', () => new URL('no address')],
])('a bug is none: %s', (_what, act) => {
  expect(parameterFaultJa(thrownBy(act))).toBeUndefined();
});

test('help is asked for anywhere among the words', () => {
  expect(isHelpAsked(['add', '--help'])).toBe(true);
  expect(isHelpAsked(['-h'])).toBe(true);
  expect(isHelpAsked(['help'])).toBe(false);
});
