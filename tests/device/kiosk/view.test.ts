/** What people read on the kiosk, for every kind of touch and state. */
import { describe, expect, test } from 'vitest';
import { indexRoster } from '../../../device/gate.ts';
import { kioskView, TOUCH_SHOWN_MS } from '../../../device/kiosk/view.ts';
import type { Feedback, TerminalStatus } from '../../../device/terminal.ts';
import type { RosterWorker } from '../../../shared/roster.ts';
import { Month, uptimeMs, utcMs } from '../../../shared/time.ts';
import { CARD, SITE, WORKER } from '../../fixtures/identities.ts';

const now = utcMs(Date.parse('2026-11-24T07:58:00+09:00'));
const worker: RosterWorker = {
  workerId: WORKER,
  shortName: '山田',
  companyName: '試験建設',
  cards: [CARD],
  level: 3,
  contributedDays: [],
  earnsContribution: true,
};
const recorded: Feedback = {
  kind: 'recorded',
  seq: 7,
  verdict: 'recorded',
  reasons: [],
  passage: 'in',
  by: 'card',
  at: now,
  worker,
  contributedDays: 12,
};
const place = { readerId: '入口', direction: 'in' } as const;
const status: TerminalStatus = {
  lastFeedback: undefined,
  onSite: 3,
  unsentTaps: 2,
  isLinked: true,
  readers: [{ reader: 'R', place, attached: true, fault: undefined }],
  readersFault: undefined,
  rosterIndex: indexRoster({
    v: 1,
    siteId: SITE,
    siteName: '試験現場',
    version: 1,
    issuedAtMs: now,
    month: Month.parse('2026-11'),
    workers: [worker],
  }),
  clock: { wallMs: now, uptimeMs: uptimeMs(0), bootId: 'b', trust: 'trusted' },
};
const touchOf = (feedback: Feedback) => kioskView({ ...status, lastFeedback: feedback }).touch;

describe('kioskView', () => {
  test('at rest', () => {
    expect(kioskView(status)).toEqual({
      siteName: '試験現場',
      onSite: 3,
      unsent: 2,
      isLinked: true,
      faults: [],
      touch: undefined,
    });
  });

  test('a touch: who, which way, when, days, card colour', () => {
    expect(touchOf(recorded)).toEqual({
      key: '7',
      tone: 'in',
      title: '入場',
      name: '山田',
      company: '試験建設',
      time: '07:58',
      level: 3,
      days: 12,
      words: ['記録しました'],
    });
  });

  test.each<[string, Partial<Extract<Feedback, { kind: 'recorded' }>>, object]>([
    ['an exit', { passage: 'out' }, { tone: 'out', title: '退場' }],
    ['a repeat', { verdict: 'repeat' }, { tone: 'repeat', words: ['記録済みです'] }],
    ['a hold', { verdict: 'held' }, { tone: 'held' }],
    [
      'an unknown card',
      {
        verdict: 'warned',
        reasons: ['unknown-card'],
        worker: undefined,
        contributedDays: undefined,
      },
      { tone: 'warned', name: '未登録カード', words: ['記録しました（要確認）'], days: undefined },
    ],
    [
      'an unknown card again',
      { verdict: 'repeat', worker: undefined },
      { tone: 'repeat', name: '未登録カード' },
    ],
    [
      'an unknown typed id',
      { verdict: 'warned', reasons: ['unknown-worker'], by: 'typed', worker: undefined },
      { name: '名簿にない方', words: ['記録しました（要確認）', '名簿にない技能者ID'] },
    ],
    [
      'a touch before any roster came',
      { verdict: 'warned', reasons: ['no-roster'], worker: undefined },
      { name: '受付', words: ['記録しました（要確認）', '名簿を受信していません'] },
    ],
    ['a worker who earns no days', { contributedDays: undefined }, { days: undefined }],
  ])('%s', (_what, difference, expected) => {
    expect(touchOf({ ...recorded, ...difference })).toMatchObject(expected);
  });

  test('what could not be recorded says so, loudly', () => {
    expect(touchOf({ kind: 'not-recorded', at: now, message: 'disk-full' })).toMatchObject({
      tone: 'failed',
      title: '記録できません',
    });
    expect(touchOf({ kind: 'unreadable-card', at: now, message: 'status 6300' })).toMatchObject({
      tone: 'failed',
      title: '読み取れません',
      words: ['もう一度かざしてください'],
    });
  });

  test('an old touch is not shown again to who comes later', () => {
    const old = { ...recorded, at: utcMs(now - TOUCH_SHOWN_MS) };
    expect(touchOf(old)).toBeUndefined();
  });

  test.each<[string, Partial<TerminalStatus>, readonly string[]]>([
    ['no PC/SC at all', { readers: [], readersFault: 'no pcscd' }, ['カードリーダーが使えません']],
    ['no reader plugged in', { readers: [] }, ['カードリーダーがありません']],
    [
      'one reader unplugged',
      { readers: [{ reader: 'R', place, attached: false, fault: 'unplugged' }] },
      ['リーダー「入口」が外れています'],
    ],
    ['no roster yet', { rosterIndex: undefined }, ['名簿を受信していません']],
    [
      'a clock that nobody has set',
      { clock: { ...status.clock, trust: 'untrusted' } },
      ['時計が未同期です'],
    ],
  ])('says what is wrong: %s', (_what, difference, faults) => {
    expect(kioskView({ ...status, ...difference }).faults).toEqual(faults);
  });
});
