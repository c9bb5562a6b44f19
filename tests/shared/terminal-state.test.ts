/** What may stand on a status topic: the two old words, the document, and nothing else. */
import { describe, expect, test } from 'vitest';
import {
  encodeTerminalState,
  parseStatusMessage,
  shortReason,
  TERMINAL_STATE_BYTES_MAX,
} from '../../shared/terminal-state.ts';
import { terminalState } from '../fixtures/terminal-state.ts';

const read = (text: string) => parseStatusMessage(Buffer.from(text));
const document = JSON.parse(Buffer.from(encodeTerminalState(terminalState())).toString());

describe('a status message', () => {
  test.each([
    ['offline', { kind: 'offline' }, 'the last will of every terminal'],
    ['online', { kind: 'online', state: undefined }, 'all that an older terminal says'],
  ])('%s stays readable (%#)', (text, value, _because) => {
    expect(read(text)).toEqual({ ok: true, value });
  });

  test('is read as it was written', () => {
    expect(parseStatusMessage(encodeTerminalState(terminalState()))).toEqual({
      ok: true,
      value: { kind: 'online', state: terminalState() },
    });
  });

  test('of a newer terminal is read without what is not known here', () => {
    const parsed = read(
      JSON.stringify({
        ...document,
        battery: 80,
        faults: [{ part: 'battery', reason: 'low' }],
      }),
    );
    expect(parsed).toMatchObject({
      ok: true,
      value: { state: { faults: [{ part: 'other', reason: 'low' }] } },
    });
    expect(JSON.stringify(parsed)).not.toContain('"battery"');
  });

  test.each<[string, string, readonly string[]]>([
    ['nothing', '', ['']],
    ['a word of no meaning', 'ONLINE', ['']],
    ['a list', '[]', ['']],
    ['a deep nest', '['.repeat(30_000), ['']],
    [
      'several faults, all named',
      JSON.stringify({ ...document, v: 2, version: '', queue: { unsentTaps: -1 } }),
      ['/v', '/version', '/queue/unsentTaps'],
    ],
    [
      'more readers than any terminal has',
      JSON.stringify({ ...document, readers: Array(33).fill(document.readers[0]) }),
      ['/readers'],
    ],
    ['too much', ' '.repeat(TERMINAL_STATE_BYTES_MAX + 1), ['']],
  ])('with %s is refused', (_what, text, places) => {
    const parsed = read(text);
    expect(parsed.ok ? [] : parsed.faults.map(({ place }) => place)).toEqual(places);
  });

  test('has reasons on one line and of bounded length', () => {
    expect(shortReason(`a\nb\u0000${'c'.repeat(500)}`)).toBe(`a b ${'c'.repeat(196)}`);
  });
});
