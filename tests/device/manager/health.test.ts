/** Each part of the manager's view (端末の状態), well and not: what stands there, and whether it is good. */
import { expect, test } from 'vitest';
import { indexRoster } from '../../../device/gate.ts';
import { type HealthFacts, healthLines } from '../../../device/manager/health.ts';
import { whatToDo } from '../../../device/manager/what-to-do.ts';
import type { TerminalStatus } from '../../../device/terminal-status.ts';
import { DAY_MS, HOUR_MS, uptimeMs, utcMs } from '../../../shared/time.ts';
import { rosterOf } from '../../fixtures/roster.ts';

const NOW = utcMs(Date.parse('2026-11-24T08:00:00+09:00'));
const before = (ms: number) => utcMs(NOW - ms);
const status: TerminalStatus = {
  lastFeedback: undefined,
  onSite: 0,
  otherGates: { kind: 'untold' },
  presenceHeld: undefined,
  unsentTaps: 0,
  isLinked: true,
  readers: [],
  readersFault: undefined,
  cameras: [],
  facesCount: false,
  rosterIndex: indexRoster(rosterOf({ version: 3, issuedAtMs: before(HOUR_MS) })),
  isRosterOld: false,
  rosterFault: undefined,
  storageFault: undefined,
  signalsFault: undefined,
  syncFault: undefined,
  clock: { wallMs: NOW, uptimeMs: uptimeMs(5_000), bootId: 'b', trust: 'trusted' },
  language: 'ja',
  isLanguageChosen: false,
};
const disk = { freeBytes: 20e9, totalBytes: 32e9 };
const facts: HealthFacts = {
  status,
  oldestUnsent: undefined,
  disk,
  certificateEnds: utcMs(NOW + 90 * DAY_MS),
  certificateFault: undefined,
  namesFault: undefined,
  setAside: [],
  version: '1.2.3',
  journalEntries: 12,
};
const reader = {
  reader: 'R @usb-1-1.3',
  place: { readerId: '入口', direction: 'in' },
  attached: true,
  fault: undefined,
  isCardLeft: false,
} as const;

test('all well: nothing asks for a look', () => {
  const wrong = healthLines({ ...facts, status: { ...status, readers: [reader] } }).filter(
    ({ isGood }) => !isGood,
  );
  expect(wrong).toEqual([]);
});

type Case = readonly [string, Partial<HealthFacts>, Partial<TerminalStatus>, string, boolean];
const CASES: readonly Case[] = [
  ['記録', {}, { storageFault: 'disk-full: x' }, 'できません（disk-full: x）', false],
  ['通信', {}, { isLinked: false }, 'オフライン', false],
  [
    '通信',
    {},
    { syncFault: 'wrong-site' },
    '接続中（中継サーバが記録を受け付けません: 登録のない現場の記録があります。タッチは端末に残っています。中継サーバの担当者に、端末一覧の警報を見るよう伝えてください）',
    false,
  ],
  [
    '未送信',
    { oldestUnsent: before(90 * 60_000) },
    { unsentTaps: 4 },
    '4件（最も古いもの 90分前）',
    true,
  ],
  [
    '未送信',
    { oldestUnsent: before(DAY_MS) },
    { unsentTaps: 4 },
    '4件（最も古いもの 24時間前）',
    false,
  ],
  ['リーダー', {}, { readersFault: 'no pcscd' }, '使えません（no pcscd）', false],
  ['リーダー 入口', {}, { readers: [reader] }, '接続・R @usb-1-1.3', true],
  [
    'リーダー 入口',
    {},
    { readers: [{ ...reader, attached: false, fault: 'unplugged' }] },
    '外れています・R @usb-1-1.3（unplugged）',
    false,
  ],
  [
    'カメラ C1',
    {},
    { cameras: [{ camera: 'C1', attached: false, fault: 'gone' }] },
    '外れています（gone）',
    false,
  ],
  [
    '時計',
    {},
    { clock: { ...status.clock, trust: 'untrusted' } },
    '未同期（時刻は後で確定します）',
    false,
  ],
  ['名簿', {}, {}, '1名・第3版・60分前', true],
  ['名簿', {}, { rosterIndex: undefined }, '未受信', false],
  ['名簿', {}, { isRosterOld: true }, '1名・第3版・60分前', false],
  [
    '名簿',
    {},
    { rosterFault: 'is of site 1' },
    '1名・第3版・60分前（届いた名簿を受け取れません: is of site 1。中継サーバの担当者に、端末一覧の警報を見るよう伝えてください）',
    false,
  ],
  ['ディスク', {}, {}, '空き 20.0 GB / 32.0 GB・記録 12件', true],
  [
    'ディスク',
    { disk: { ...disk, freeBytes: 199_999_999 } },
    {},
    '空き 0.2 GB / 32.0 GB・記録 12件',
    false,
  ],
  ['ディスク', { disk: undefined }, {}, '読めません', false],
  ['ランプ・ブザー', {}, { signalsFault: 'no chip' }, '使えません（no chip）', false],
  ['証明書', { certificateEnds: utcMs(NOW + 14 * DAY_MS) }, {}, 'あと14日', true],
  ['証明書', { certificateEnds: utcMs(NOW + 14 * DAY_MS - 1) }, {}, 'あと13日', false],
  ['証明書', { certificateEnds: before(1) }, {}, '期限切れ', false],
  ['証明書', { certificateEnds: undefined }, {}, 'なし', false],
  ['証明書', { certificateFault: 'x' }, {}, 'あと90日（更新できていません。x）', false],
  ['名簿の暗号化', {}, {}, '正常', true],
  ['退避した記録', {}, {}, 'なし', true],
];

test('whatever is wrong, the manager reads what to do', () => {
  const wrong = CASES.flatMap(([part, , , , isGood]) => (isGood ? [] : [part]));
  expect(new Set(wrong).size).toBeGreaterThan(8);
  for (const part of [...wrong, '他のゲート', '名簿の暗号化', '退避した記録'])
    expect([part, whatToDo(part, status)]).toEqual([
      part,
      expect.stringMatching(/ください|できます|送られます/),
    ]);
  expect(whatToDo('バージョン', status)).toBeUndefined();
});

test.each<[string, Partial<TerminalStatus>, string]>([
  ['通信', { syncFault: 'conflict' }, 'the link is well, and what is sent is refused'],
  ['名簿', { rosterFault: 'is of site 1' }, 'the link is well, and what comes is no roster'],
])('%s with %j is nothing that a cable mends: %s', (part, change) => {
  expect(whatToDo(part, { ...status, ...change })).toBe('中継サーバの担当者に連絡してください');
});

test.each(CASES)('%s with %j %j: %s, good: %s', (part, change, statusChange, text, isGood) => {
  const lines = healthLines({ ...facts, ...change, status: { ...status, ...statusChange } });
  expect(lines).toContainEqual({ part, text, isGood });
});
