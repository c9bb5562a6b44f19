/** What screens say of the gates that this terminal cannot see. */
import { describe, expect, test } from 'vitest';
import { ageOfOthersJa, coverageJa, otherGates } from '../../device/other-gates.ts';
import { TerminalId } from '../../shared/ids.ts';
import type { Gate } from '../../shared/presence-statement.ts';
import { type ClockReading, MINUTE_MS, uptimeMs, utcMs } from '../../shared/time.ts';
import { OTHER_TERMINAL, TERMINAL } from '../fixtures/identities.ts';
import { jst, statementOf } from '../fixtures/site-presence.ts';

const heardAt: ClockReading = {
  wallMs: jst('2026-11-24T14:32'),
  uptimeMs: uptimeMs(10 * 3_600_000),
  bootId: 'boot-1',
  trust: 'trusted',
};
const later = (minutes: number, fields: Partial<ClockReading> = {}): ClockReading => ({
  ...heardAt,
  wallMs: utcMs(heardAt.wallMs + minutes * MINUTE_MS),
  uptimeMs: uptimeMs(heardAt.uptimeMs + minutes * MINUTE_MS),
  ...fields,
});
const own: Gate = { terminalId: TERMINAL, journals: [] };
const gate = (name: string, knownUntil?: string): Gate => ({
  terminalId: TerminalId.parse(name),
  journals: [],
  ...(knownUntil === undefined
    ? {}
    : { knownUntilMs: knownUntil === '' ? utcMs(0) : jst(knownUntil) }),
});
const others = (gates: readonly Gate[], now: ClockReading, isLinked = true, heard = heardAt) =>
  otherGates(
    { statement: statementOf({ gates, atMs: jst('2026-11-24T14:32') }), heard },
    { own: TERMINAL, isLinked, now },
  );
const said = (known: ReturnType<typeof others>, now: ClockReading) => [
  ageOfOthersJa(known, now.wallMs),
  coverageJa(known, now.wallMs),
];
const ALONE = 'この端末のタッチと手入力による一覧です。ほかの端末での出入りは含みません。';
const ALL = 'すべてのゲートのタッチと手入力による一覧です。';
const onlyUntil = (age: string, ages: string) => [
  age,
  `他のゲート（${ages}）：それより後の出入りは含みません。`,
];

describe('of the other gates', () => {
  test('nothing is known before the gateway says anything', () => {
    const known = otherGates(undefined, { own: TERMINAL, isLinked: true, now: heardAt });
    expect(known).toEqual({ kind: 'untold' });
    expect(said(known, heardAt)).toEqual([undefined, ALONE]);
  });

  test('a gate that is alone looks as it always did, linked or not', () => {
    expect(said(others([own], later(99), false), later(99))).toEqual([undefined, ALONE]);
  });

  test.each<[string, readonly Gate[], ClockReading, boolean, readonly (string | undefined)[]]>([
    ['heard of a moment ago', [own, gate('gate-2')], later(1), true, [undefined, ALL]],
    [
      'without a link',
      [own, gate('gate-2')],
      later(1),
      false,
      onlyUntil('他のゲート：14:32 現在', 'gate-2：14:32 現在'),
    ],
    [
      'of a gateway that fell silent behind a broker that did not',
      [own, gate('gate-2')],
      later(6),
      true,
      onlyUntil('他のゲート：14:32 現在', 'gate-2：14:32 現在'),
    ],
    [
      'since a start of this machine',
      [own, gate('gate-2')],
      later(1, { bootId: 'boot-2', uptimeMs: uptimeMs(5) }),
      true,
      onlyUntil('他のゲート：14:32 現在', 'gate-2：14:32 現在'),
    ],
    [
      'the next day',
      [own, gate('gate-2')],
      later(24 * 60),
      false,
      onlyUntil('他のゲート：11/24 14:32 現在', 'gate-2：11/24 14:32 現在'),
    ],
    [
      'one that is cut off itself',
      [own, gate('gate-2', '2026-11-24T13:05'), gate('gate-3')],
      later(1),
      true,
      onlyUntil('一部のゲート：13:05 現在', 'gate-2：13:05 現在'),
    ],
    [
      'one that was never heard of',
      [own, gate('gate-2', ''), gate('gate-3')],
      later(1),
      true,
      onlyUntil('一部のゲート：受信なし', 'gate-2：受信なし'),
    ],
    [
      'the only other one was never heard of',
      [own, gate('gate-2', '')],
      later(1),
      true,
      onlyUntil('他のゲート：受信なし', 'gate-2：受信なし'),
    ],
    [
      'several, of which the oldest is said in passing',
      [own, ...['5', '3', '4'].map((n) => gate(`gate-${n}`, `2026-11-24T13:0${n}`))],
      later(1),
      true,
      onlyUntil(
        '他のゲート：13:03 現在',
        'gate-5：13:05 現在、gate-3：13:03 現在、gate-4：13:04 現在',
      ),
    ],
  ])('%s', (_what, gates, now, isLinked, expected) => {
    expect(said(others(gates, now, isLinked), now)).toEqual(expected);
  });

  test('the age is told by the clock of now, also of one that has been put right since', () => {
    const wrong = { ...heardAt, wallMs: jst('2024-01-01T00:00'), trust: 'untrusted' } as const;
    const gates = [
      own,
      { ...gate('gate-2', '2026-11-24T13:05'), terminalId: OTHER_TERMINAL },
      gate('gate-3'),
    ];
    const now = later(10);
    expect(said(others(gates, now, false, wrong), now)).toEqual(
      onlyUntil('他のゲート：13:05 現在', 'gate-2：13:05 現在、gate-3：14:32 現在'),
    );
  });
});
