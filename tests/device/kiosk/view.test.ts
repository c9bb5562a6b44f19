/** What people read on the kiosk, for every kind of touch and state. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Feedback } from '../../../device/feedback.ts';
import { indexRoster } from '../../../device/gate.ts';
import { kioskView } from '../../../device/kiosk/view.ts';
import type { ReaderStatus } from '../../../device/reader-board.ts';
import { MUTE_CARD, RANDOM_SERIAL } from '../../../device/readers/card-id.ts';
import type { TerminalStatus } from '../../../device/terminal-status.ts';
import { Language } from '../../../shared/language.ts';
import { withoutRuby } from '../../../shared/ruby.ts';
import { DAY_MS, uptimeMs, utcMs } from '../../../shared/time.ts';
import { Reason } from '../../../shared/verdict.ts';
import { rosterOf, rosterWorkerOf } from '../../fixtures/roster.ts';

const now = utcMs(Date.parse('2026-11-24T07:58:00+09:00'));
const worker = rosterWorkerOf({ level: 3, kana: 'ヤマダ' });
const recorded: Feedback = {
  kind: 'recorded',
  seq: 7,
  verdict: 'recorded',
  standing: 'recorded',
  reasons: [],
  passage: 'in',
  by: 'card',
  at: now,
  worker,
  contributedDays: { month: 12, total: 345 },
};
const place = { readerId: '入口', direction: 'in' } as const;
const gateOut = { readerId: '出口', direction: 'out' } as const;
const status: TerminalStatus = {
  lastFeedback: undefined,
  onSite: 3,
  otherGates: { kind: 'untold' },
  presenceHeld: undefined,
  unsentTaps: 2,
  isLinked: true,
  readers: [{ reader: 'R', place, attached: true, fault: undefined, isCardLeft: false }],
  readersFault: undefined,
  cameras: [],
  facesCount: false,
  isRosterOld: false,
  rosterFault: undefined,
  storageFault: undefined,
  signalsFault: undefined,
  syncFault: undefined,
  language: 'ja',
  isLanguageChosen: false,
  rosterIndex: indexRoster(rosterOf()),
  clock: { wallMs: now, uptimeMs: uptimeMs(0), bootId: 'b', trust: 'trusted' },
};
const touchIn = (language: Language, feedback: Feedback) =>
  kioskView({ ...status, language, lastFeedback: feedback }).touch;
/** As somebody reads it who skips the furigana. */
const plain = <Value>(value: Value): Value =>
  value === undefined ? value : JSON.parse(withoutRuby(JSON.stringify(value)));
const touchOf = (feedback: Feedback) => plain(touchIn('ja', feedback));

describe('kioskView', () => {
  test('at rest', () => {
    expect(kioskView(status)).toMatchObject({
      siteName: '試験現場',
      onSite: 3,
      unsent: 2,
      isLinked: true,
      isClosed: false,
      faults: [],
      language: 'ja',
      prompt: { sign: 'ready', words: ['カードをかざしてください'] },
      touch: undefined,
    });
  });

  test('a touch: who, which way, when, days, card colour', () => {
    expect(touchOf(recorded)).toEqual({
      key: '7',
      tone: 'in',
      title: '入場',
      name: '山田',
      kana: 'ヤマダ',
      company: '試験建設',
      time: '07:58',
      level: 3,
      days: 12,
      daysInAll: 345,
      words: ['記録しました'],
      beeps: [{ startsMs: 0, ms: 150 }],
    });
  });

  test.each<[string, Partial<Extract<Feedback, { kind: 'recorded' }>>, object]>([
    ['an exit', { passage: 'out' }, { tone: 'out', title: '退場' }],
    ['a repeat', { verdict: 'repeat' }, { tone: 'repeat', words: ['記録済みです'] }],
    ['a hold', { verdict: 'held', standing: 'held' }, { tone: 'held' }],
    [
      'a hold again',
      { verdict: 'repeat', standing: 'held', reasons: ['insurance-unconfirmed'] },
      {
        tone: 'held',
        words: ['記録しました。職員を待ってください', '記録済みです', '社会保険が未確認です'],
      },
    ],
    [
      'an unknown card',
      {
        verdict: 'warned',
        standing: 'warned',
        reasons: ['unknown-card'],
        worker: undefined,
        contributedDays: undefined,
      },
      { tone: 'warned', name: '未登録カード', words: ['記録しました（要確認）'] },
    ],
    [
      'an unknown card again',
      { verdict: 'repeat', standing: 'warned', reasons: ['unknown-card'], worker: undefined },
      { tone: 'warned', name: '未登録カード', words: ['記録しました（要確認）', '記録済みです'] },
    ],
    [
      'an unknown typed id',
      {
        verdict: 'warned',
        standing: 'warned',
        reasons: ['not-on-roster'],
        by: 'typed',
        worker: undefined,
      },
      { name: '名簿にない方', words: ['記録しました（要確認）', '名簿にない技能者ID'] },
    ],
    [
      'a touch before any roster came',
      { verdict: 'warned', standing: 'warned', reasons: ['no-roster'], worker: undefined },
      { name: '受付', words: ['記録しました（要確認）', '名簿を受信していません'] },
    ],
  ])('%s', (_what, difference, expected) => {
    expect(touchOf({ ...recorded, ...difference })).toMatchObject(expected);
  });

  test('a worker who earns no days sees none', () => {
    expect(touchOf({ ...recorded, contributedDays: undefined })?.days).toBeUndefined();
  });

  test('what could not be recorded says so, loudly', () => {
    expect(touchOf({ kind: 'not-recorded', at: now, message: 'disk-full' })).toMatchObject({
      tone: 'failed',
      title: '記録できません',
    });
    expect(
      touchOf({ kind: 'unreadable-card', at: now, message: RANDOM_SERIAL })?.words.join(),
    ).toMatch('番号が毎回変わります');
    expect(touchOf({ kind: 'unreadable-card', at: now, message: MUTE_CARD })?.words.join()).toMatch(
      '一枚だけ',
    );
    expect(touchOf({ kind: 'unreadable-card', at: now, message: 'status 6300' })).toMatchObject({
      tone: 'failed',
      title: '読み取れません',
      words: ['もう一度かざしてください'],
    });
  });

  test.each<[string, Partial<TerminalStatus>, readonly string[]]>([
    ['no PC/SC at all', { readers: [], readersFault: 'no pcscd' }, ['カードリーダーが使えません']],
    ['no reader plugged in', { readers: [] }, ['カードリーダーがありません']],
    [
      'one reader unplugged',
      { readers: [{ reader: 'R', place, attached: false, fault: 'unplugged', isCardLeft: false }] },
      ['リーダー「入口」が外れています'],
    ],
    [
      'no PC/SC beside a serial reader that works',
      {
        readersFault: 'no pcscd',
        readers: [
          { reader: 'R', place, attached: false, fault: 'gone', isCardLeft: false },
          {
            reader: '/dev/genba/serial-1',
            place: { readerId: '裏口', direction: 'auto' },
            attached: true,
            fault: undefined,
            isCardLeft: false,
          },
        ],
      },
      ['リーダー「入口」が外れています'],
    ],
    [
      'a gateway that takes nothing',
      { syncFault: 'conflict' },
      ['中継サーバが記録を受け付けません（事務所へ連絡）'],
    ],
    [
      'a disk that takes nothing',
      { storageFault: 'disk-full: database or disk is full' },
      ['記録できません（ディスク）'],
    ],
    [
      'a camera unplugged',
      { cameras: [{ camera: '入口', attached: false, fault: 'unplugged' }] },
      ['カメラ「入口」が外れています'],
    ],
    ['no lamp', { signalsFault: 'no gpiochip' }, ['ランプ・ブザーが使えません']],
    ['a roster weeks old', { isRosterOld: true }, ['名簿が古くなっています']],
    ['a roster that is none', { rosterFault: 'is of site 1' }, ['新しい名簿を受け取れません']],
    [
      'a card that somebody left there',
      { readers: [{ reader: 'R', place, attached: true, fault: undefined, isCardLeft: true }] },
      ['リーダー「入口」にカードが置かれたままです'],
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

  test.each(['README.md', 'README.ja.md'])('each fault stands in the table of %s', (file) => {
    const readme = readFileSync(join(import.meta.dirname, '../../..', file), 'utf8');
    const gone = { reader: 'R', place, attached: false, fault: 'gone', isCardLeft: false };
    const broken: TerminalStatus = {
      ...status,
      readers: [gone, { ...gone, reader: 'S', attached: true, isCardLeft: true }],
      cameras: [{ camera: '入口', attached: false, fault: 'gone' }],
      storageFault: 'disk-full',
      signalsFault: 'no gpiochip',
      syncFault: 'conflict',
      isRosterOld: true,
      rosterFault: 'is of site 1',
      clock: { ...status.clock, trust: 'untrusted' },
    };
    const faults = [
      broken,
      { ...broken, readers: [], rosterIndex: undefined },
      { ...broken, readers: [], readersFault: 'no pcscd' },
    ].flatMap((each) => kioskView(each, utcMs(now - 1)).faults);
    expect(new Set(faults).size).toBe(13);
    for (const fault of faults) {
      const told = fault.replace(/「.*」/, '「…」').replace(/（.*）/, '');
      const begins = told.startsWith('証明書の期限') ? '証明書の期限…' : told;
      expect(readme).toContain(`| ${begins}`);
    }
  });

  test.each<[number, readonly string[]]>([
    [15, []],
    [13, ['証明書の期限まであと13日です']],
    [-1, ['証明書の期限が切れています']],
  ])('a certificate that ends in %i days', (days, faults) => {
    const ends = utcMs(status.clock.wallMs + days * DAY_MS);
    expect(kioskView(status, ends).faults).toEqual(faults);
  });

  test('a disk that takes nothing takes the invitation down', () => {
    const view = kioskView({ ...status, storageFault: 'disk-full' });
    expect(view.isClosed).toBe(true);
    expect(plain(view.prompt)).toEqual({
      sign: 'closed',
      words: ['記録できません', '職員に知らせてください'],
    });
  });

  const dead = { reader: 'S', place: gateOut, attached: false, fault: 'x', isCardLeft: false };
  const left = { ...status.readers[0], isCardLeft: true } as ReaderStatus;
  const camera = { camera: '入口', attached: true, fault: undefined };
  const wayOut = '下の「ID」で番号を入力するか、職員に知らせてください';
  test.each<[string, Partial<TerminalStatus>, string, readonly string[]]>([
    [
      'one reader of two is dead: the other’s prompt stays, and the dead one is named',
      { readers: [...status.readers, dead] },
      'ready',
      ['カードをかざしてください', '使えないリーダー：出口'],
    ],
    [
      'each is dead',
      { readers: [dead, { ...dead, reader: 'R' }] },
      'no-reader',
      ['カードリーダーが使えません', wayOut],
    ],
    ['none was ever there', { readers: [] }, 'no-reader', ['カードリーダーが使えません', wayOut]],
    [
      'somebody’s card lies on the only one that lives',
      { readers: [left, dead] },
      'card-left',
      ['リーダーの上のカードを取ってください', wayOut],
    ],
    [
      'a card lies on one of two',
      { readers: [left, { ...dead, attached: true }] },
      'ready',
      ['カードをかざしてください'],
    ],
    [
      'a face counts as the touch',
      { readers: [dead], cameras: [camera], facesCount: true },
      'face-only',
      ['カメラを見てください', 'カードリーダーが使えません'],
    ],
    [
      'a face is evidence only',
      { readers: [dead], cameras: [camera] },
      'no-reader',
      ['カードリーダーが使えません', wayOut],
    ],
    [
      'the camera is dead as well',
      { readers: [dead], cameras: [{ ...camera, attached: false }], facesCount: true },
      'no-reader',
      ['カードリーダーが使えません', wayOut],
    ],
    [
      'the disk takes nothing: neither a card nor a typed id',
      { readers: [dead], storageFault: 'disk-full' },
      'closed',
      ['記録できません', '職員に知らせてください'],
    ],
  ])('asks nobody to touch what takes no card: %s', (_when, difference, sign, words) => {
    expect(plain(kioskView({ ...status, ...difference }).prompt)).toEqual({ sign, words });
  });

  test.each(Language.options)('says in %s what to do where no card is taken', (language) => {
    const prompts = [
      { readers: [...status.readers, dead] },
      { readers: [dead] },
      { readers: [left] },
      { readers: [], cameras: [camera], facesCount: true },
      { storageFault: 'disk-full' },
    ].map((difference) => {
      const view = kioskView({ ...status, ...difference, language, isLanguageChosen: true });
      return view.prompt.words;
    });
    for (const words of prompts) expect(words).toHaveLength(2);
    expect(new Set(prompts.map(([first]) => first)).size).toBe(5);
    const isJapanese = language === 'ja';
    expect(/[\u3040-\u30ff]/.test(prompts.flat().join().replace('出口', ''))).toBe(isJapanese);
  });

  test.each(Language.options)('speaks %s, every word of it', (language) => {
    const warned: Feedback = {
      ...recorded,
      verdict: 'warned',
      standing: 'warned',
      reasons: [...Reason.options],
    };
    const touch = touchIn(language, warned);
    expect(touch?.words.every((words) => words.trim().length > 1)).toBe(true);
    expect(new Set(touch?.words).size).toBe(touch?.words.length);
    const isJapanese = language === 'ja';
    expect(/[\u3040-\u30ff]/.test(JSON.stringify({ ...touch, company: '', name: '' }))).toBe(
      isJapanese,
    );
    expect(touch?.kana).toBe(isJapanese ? 'ヤマダ' : '');
  });

  test('what is only noted is not the worker to worry about', () => {
    expect(
      touchOf({ ...recorded, reasons: ['roster-old', 'insurance-unconfirmed'] })?.words,
    ).toEqual(['記録しました']);
  });

  test('the line of the next worker is Japanese again, unless somebody pressed a language', () => {
    const vietnamese = { ...status, language: 'vi' } as const;
    expect(kioskView(vietnamese).language).toBe('ja');
    expect(kioskView({ ...vietnamese, isLanguageChosen: true }).prompt.words).toEqual([
      'Hãy chạm thẻ',
    ]);
  });
});
