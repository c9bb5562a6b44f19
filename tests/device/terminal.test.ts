/** The terminal on a real journal: what it says, in which order, and what it leaves on the disk. */
import { describe, expect, test } from 'vitest';
import { toneOf } from '../../device/feedback.ts';
import type { Journal } from '../../device/journal.ts';
import { kioskView } from '../../device/kiosk/view.ts';
import { healthLines } from '../../device/manager/health.ts';
import { signalOf } from '../../device/signals/patterns.ts';
import { decodeBatch } from '../../shared/batch.ts';
import { JournalId } from '../../shared/ids.ts';
import { encodeReceipt } from '../../shared/receipt.ts';
import { encodeRoster } from '../../shared/roster.ts';
import { type BareTerminal, kindsIn, openBareTerminal } from '../fixtures/bare-terminal.ts';
import {
  CARD,
  gatewaySigner,
  OTHER_CARD,
  TERMINAL,
  terminalSigner,
} from '../fixtures/identities.ts';
import { unknownMachine } from '../fixtures/machine-facts.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';

const card = { by: 'card', cardId: CARD } as const;
const gateIn = { readerId: 'in', direction: 'in' } as const;

describe('a touch', () => {
  test('is on the disk, then beeps, then is sent', () => {
    const { terminal, journal, events } = openBareTerminal();
    terminal.onLink(true);
    events.length = 0;
    terminal.touched(card, gateIn);
    const seq = journal.lastSeq();
    expect(events).toEqual([`beep ${seq} of ${seq}`, 'send']);
    expect(kindsIn(journal)).toEqual(['boot', 'clock', 'tap']);
  });

  test('tells the worker who, which way and how many days this month', () => {
    const { terminal } = openBareTerminal();
    expect(terminal.touched(card, gateIn)).toMatchObject({
      kind: 'recorded',
      verdict: 'recorded',
      passage: 'in',
      worker: { shortName: '山田', level: 2 },
      contributedDays: { month: 4 },
    });
  });

  test('counts a day once, however often it is touched', () => {
    const { terminal, clock } = openBareTerminal();
    terminal.touched(card, gateIn);
    clock.advance(3_600_000);
    terminal.touched(card, { readerId: 'out', direction: 'out' });
    clock.advance(3_600_000);
    expect(terminal.touched(card, gateIn)).toMatchObject({ contributedDays: { month: 4 } });
    expect(terminal.status().onSite).toBe(1);
  });

  test('again within the window is kept and said to be recorded already', () => {
    const { terminal, clock, journal } = openBareTerminal();
    terminal.touched(card, gateIn);
    clock.advance(5_000);
    expect(terminal.touched(card, gateIn)).toMatchObject({ verdict: 'repeat' });
    expect(kindsIn(journal).filter((kind) => kind === 'tap')).toHaveLength(2);
  });

  test('again of a worker who waits for staff opens no gate and still says so', () => {
    const held = rosterOf({
      workers: [rosterWorkerOf({ findings: [{ reason: 'insurance-unconfirmed' }] })],
      effects: { 'insurance-unconfirmed': 'hold' },
    });
    const { terminal, clock, feedbacks } = openBareTerminal({
      cached: encodeRoster(held, gatewaySigner),
    });
    terminal.touched(card, gateIn);
    clock.advance(5_000);
    expect(terminal.touched(card, gateIn)).toMatchObject({ verdict: 'repeat' });
    expect(feedbacks.map(toneOf)).toEqual(['held', 'held']);
    const settings = { relayOpenMs: 3_000, opensWhenWarned: false };
    expect(feedbacks.map((each) => signalOf(toneOf(each), settings).relayOpenMs)).toEqual([0, 0]);
  });

  test('of an unknown card is kept and pointed out', () => {
    const { terminal } = openBareTerminal();
    expect(terminal.touched({ by: 'card', cardId: OTHER_CARD }, gateIn)).toMatchObject({
      verdict: 'warned',
      reasons: ['unknown-card'],
      worker: undefined,
      contributedDays: undefined,
    });
  });

  test('that cannot be stored does not beep, and the next one that can does', () => {
    const { terminal, db, events, journal } = openBareTerminal();
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages}`);
    let feedback = terminal.touched(card, gateIn);
    for (let tries = 0; feedback.kind === 'recorded' && tries < 100; tries += 1) {
      feedback = terminal.touched(card, gateIn);
    }
    expect(feedback).toMatchObject({ kind: 'not-recorded' });
    expect(events.at(-1)).toBe('not-recorded');
    const last = journal.lastSeq();
    db.pragma('max_page_count = 100000');
    expect(terminal.touched(card, gateIn)).toMatchObject({ kind: 'recorded', seq: last + 1 });
  });
});

describe('a full disk', () => {
  /** Until a touch does not fit any more. */
  const fillDisk = ({ terminal, db }: BareTerminal): void => {
    db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`);
    for (let tries = 0; tries < 100; tries += 1)
      if (terminal.touched(card, gateIn).kind === 'not-recorded') return;
    throw new Error('the disk does not fill');
  };

  test('that has room again is drawn at once, with nobody at the gate', () => {
    const bench = openBareTerminal();
    fillDisk(bench);
    bench.terminal.tick();
    expect(bench.drawn.at(-1)).toBe(false);
    bench.db.pragma('max_page_count = 100000');
    bench.terminal.tick();
    expect(bench.drawn.at(-1)).toBe(true);
  });

  test('does not swallow the one entry that dates this boot', () => {
    const bench = openBareTerminal();
    const { terminal, journal, clock, db } = bench;
    clock.setTrust('untrusted');
    terminal.tick();
    fillDisk(bench);
    clock.setTrust('trusted');
    terminal.tick();
    db.pragma('max_page_count = 100000');
    terminal.tick();
    expect(kindsIn(journal).slice(-2)).toEqual(['clock', 'health']);
  });

  test('stands in the journal once, also where a touch found the room first', () => {
    const bench = openBareTerminal();
    const { terminal, journal, db } = bench;
    fillDisk(bench);
    const last = journal.lastSeq();
    db.pragma('max_page_count = 100000');
    terminal.touched(card, gateIn);
    terminal.tick();
    terminal.tick();
    expect(kindsIn(journal).slice(last)).toEqual(['tap', 'health']);
  });
});

describe('receipts', () => {
  const receiptFor = (journal: Journal, seq: number) => ({
    terminalId: TERMINAL,
    journalId: journal.journalId,
    committedSeq: seq,
    headHash: journal.hashAt(seq) ?? '',
  });

  test('by the gateway settle what it committed', () => {
    const { terminal, journal } = openBareTerminal();
    terminal.onLink(true);
    terminal.touched(card, gateIn);
    expect(terminal.status().unsentTaps).toBe(1);
    terminal.onMessage(
      'receipt',
      encodeReceipt(receiptFor(journal, journal.lastSeq()), gatewaySigner),
    );
    expect(terminal.status().unsentTaps).toBe(0);
  });

  test.each<[string, (journal: Journal) => Uint8Array]>([
    ['signed by somebody else', (journal) => encodeReceipt(receiptFor(journal, 3), terminalSigner)],
    [
      'of another journal',
      (journal) =>
        encodeReceipt(
          {
            ...receiptFor(journal, 3),
            journalId: JournalId.parse('22222222-2222-4222-8222-222222222222'),
          },
          gatewaySigner,
        ),
    ],
    [
      'for another history',
      (journal) =>
        encodeReceipt({ ...receiptFor(journal, 3), headHash: 'a'.repeat(64) }, gatewaySigner),
    ],
    [
      'beyond the end',
      (journal) =>
        encodeReceipt({ ...receiptFor(journal, 99), headHash: 'a'.repeat(64) }, gatewaySigner),
    ],
    ['that is garbage', () => Buffer.from('garbage')],
  ])('%s settle nothing', (_what, make) => {
    const { terminal, journal } = openBareTerminal();
    terminal.onLink(true);
    terminal.touched(card, gateIn);
    terminal.onMessage('receipt', make(journal));
    expect(journal.settledSeq()).toBe(0);
    expect(terminal.status().unsentTaps).toBe(1);
  });

  test('a batch carries exactly what the journal holds', () => {
    const { terminal, journal, batches } = openBareTerminal();
    terminal.touched(card, gateIn);
    terminal.onLink(true);
    const decoded = decodeBatch(batches[0] ?? Buffer.alloc(0));
    expect(decoded).toMatchObject({
      ok: true,
      value: { entries: journal.read(1, journal.lastSeq()) },
    });
  });

  test('the same refusal again is journalled once', () => {
    const { terminal, journal, clock } = openBareTerminal();
    terminal.onLink(true);
    for (let times = 0; times < 3; times += 1) {
      terminal.onMessage(
        'receipt',
        encodeReceipt({ ...receiptFor(journal, 0), refused: 'conflict' }, gatewaySigner),
      );
      clock.advance(120_000);
      terminal.tick();
    }
    expect(kindsIn(journal).filter((kind) => kind === 'health')).toHaveLength(1);
  });
});

describe('readers and clock', () => {
  test('a reader that goes and comes is an entry each, and shown', () => {
    const { terminal, journal } = openBareTerminal();
    terminal.onReader({ kind: 'reader-attached', reader: 'R' });
    terminal.onReader({ kind: 'reader-attached', reader: 'R' });
    terminal.onReader({ kind: 'reader-detached', reader: 'R', reason: 'unplugged' });
    expect(terminal.status().readers).toMatchObject([
      { reader: 'R', attached: false, fault: 'unplugged' },
    ]);
    expect(kindsIn(journal)).toEqual(['boot', 'clock', 'health', 'health']);
  });

  test('no reader at all is said once, and forgotten when one comes', () => {
    const { terminal, journal } = openBareTerminal();
    terminal.onReader({ kind: 'readers-unavailable', reason: 'no pcscd' });
    terminal.onReader({ kind: 'readers-unavailable', reason: 'no pcscd' });
    expect(terminal.status().readersFault).toBe('no pcscd');
    expect(kindsIn(journal)).toEqual(['boot', 'clock', 'health']);
    terminal.onReader({ kind: 'reader-attached', reader: 'R' });
    expect(terminal.status().readersFault).toBeUndefined();
  });

  test('a card that could not be read asks for another try and records no touch', () => {
    const { terminal, feedbacks, journal } = openBareTerminal();
    terminal.onReader({ kind: 'read-failed', reader: 'R', reason: 'answer 6300' });
    expect(feedbacks).toMatchObject([{ kind: 'unreadable-card' }]);
    expect(kindsIn(journal)).not.toContain('tap');
  });

  test('a camera that is not understood is told, until it is', () => {
    const { terminal } = openBareTerminal();
    const camera = '入口カメラ';
    const line = () =>
      healthLines({
        status: terminal.status(),
        ...unknownMachine,
        journalEntries: 1,
      }).find(({ part }) => part.includes(camera));
    terminal.onFace({ kind: 'camera-attached', camera });
    terminal.onFace({ kind: 'camera-faulty', camera, reason: 'wrong checksum' });
    expect(line()).toMatchObject({ text: '接続（wrong checksum）', isGood: false });
    terminal.onFace({ kind: 'face-matched', camera, workerId: undefined, score: undefined });
    expect(line()).toMatchObject({ text: '接続', isGood: true });
  });

  test('a gateway that takes nothing is told with the link', () => {
    const { terminal, journal } = openBareTerminal();
    terminal.onLink(true);
    const refusal = {
      terminalId: TERMINAL,
      journalId: journal.journalId,
      committedSeq: 0,
      headHash: journal.hashAt(0) ?? '',
      refused: 'conflict',
    } as const;
    terminal.onMessage('receipt', encodeReceipt(refusal, gatewaySigner));
    expect(terminal.status().syncFault).toBe('conflict');
  });

  test.each([
    ['forward', 7_200_000],
    ['back', -7_200_000],
  ])(
    'a wall clock that jumps %s takes no touch off the screen, and brings none back',
    (_way, jump) => {
      const { terminal, clock } = openBareTerminal();
      const isShown = () => kioskView(terminal.status()).touch !== undefined;
      terminal.touched(card, gateIn);
      clock.advance(1_000);
      clock.stepWall(jump);
      expect(isShown()).toBe(true);
      clock.advance(7_000);
      expect(isShown()).toBe(false);
      clock.stepWall(-jump);
      expect(isShown()).toBe(false);
    },
  );

  test('trust gained later is an entry of its own', () => {
    const { terminal, clock, journal } = openBareTerminal();
    clock.setTrust('untrusted');
    terminal.tick();
    clock.advance(1_000);
    terminal.tick();
    clock.setTrust('trusted');
    terminal.tick();
    expect(kindsIn(journal)).toEqual(['boot', 'clock', 'clock', 'clock']);
  });
});
