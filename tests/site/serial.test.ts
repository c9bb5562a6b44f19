/** Serial readers and face cameras over real pseudo terminals, up to the journal. */
import { readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FaceEvent, FaceSettings } from '../../device/camera/face-desk.ts';
import { serialCamera } from '../../device/camera/serial-camera.ts';
import { CARD_LEFT_MS, createReaderBoard } from '../../device/reader-board.ts';
import type { ReaderEvent } from '../../device/readers/reader.ts';
import { serialReader } from '../../device/readers/serial.ts';
import { encodeAck, encodeMessage } from '../../device/serial-frame.ts';
import { openSerialLine } from '../../device/serial-line.ts';
import type { Terminal } from '../../device/terminal.ts';
import type { Entry } from '../../shared/entry.ts';
import { CardId, WorkerId } from '../../shared/ids.ts';
import { entriesIn, openBareTerminal } from '../fixtures/bare-terminal.ts';
import { createEventLog, type EventLog } from '../fixtures/event-log.ts';
import { CARD, OTHER_CARD, WORKER } from '../fixtures/identities.ts';
import { createSerialWire, type SerialWire } from '../fixtures/serial-wire.ts';

let wire: SerialWire;
let events: EventLog<ReaderEvent>;
let reader: { readonly close: () => Promise<void> };
let uptime = 0;
const BAUD = 115_200;
const card = (seq: number, cardId = CARD): string => encodeMessage({ word: 'CARD', seq, cardId });
const ack = (seq: number): string => encodeAck(seq).trim();
const isKind = (kind: ReaderEvent['kind']) => (event: ReaderEvent) => event.kind === kind;

beforeEach(async () => {
  wire = await createSerialWire();
  events = createEventLog<ReaderEvent>();
  uptime = 0;
  reader = serialReader({ path: wire.path, baudRate: BAUD }, () => uptime)(events.add);
  await events.next(isKind('reader-attached'), 0);
});
afterEach(async () => {
  await reader.close();
  await wire.remove();
});

describe('a serial reader', () => {
  test('presents a card, and the device is answered', async () => {
    wire.send(card(1));
    expect(await events.next(isKind('card-presented'), 0)).toMatchObject({ cardId: CARD });
    await wire.answers.next((line) => line === ack(1), 0);
  });

  test('says of no card that it was left there: it hears of cards, and not of their going', async () => {
    const board = createReaderBoard((name) => ({ readerId: name, direction: 'auto' }));
    wire.send(card(1));
    await events.next(isKind('card-removed'), 0);
    for (const event of events.events) {
      if (event.kind === 'reader-attached') board.set(event.reader, true, undefined);
      if (event.kind === 'card-presented') board.setCard(event.reader, true, 0);
      if (event.kind === 'card-removed') board.setCard(event.reader, false, 0);
    }
    expect(board.statuses(CARD_LEFT_MS * 2)).toMatchObject([{ attached: true, isCardLeft: false }]);
  });

  test('a message in pieces, after garbage, is whole', async () => {
    const text = card(2);
    wire.send('\x00\xff$$$***garbage\r\n');
    await events.next(isKind('read-failed'), 0);
    for (const piece of [text.slice(0, 3), text.slice(3, 17), text.slice(17)]) wire.send(piece);
    expect(await events.next(isKind('card-presented'), 0)).toMatchObject({ cardId: CARD });
  });

  test('sent again because the answer was lost: answered again, presented once', async () => {
    wire.send(card(3));
    await wire.answers.next((line) => line === ack(3), 0);
    const from = wire.answers.events.length;
    wire.send(card(3));
    await wire.answers.next((line) => line === ack(3), from);
    wire.send(card(4, OTHER_CARD));
    await wire.answers.next((line) => line === ack(4), from);
    const presented = events.events.filter(isKind('card-presented'));
    expect(presented).toMatchObject([{ cardId: CARD }, { cardId: OTHER_CARD }]);
  });

  test('a device that begins anew with the same number is heard', async () => {
    wire.send(card(1));
    await wire.answers.next((line) => line === ack(1), 0);
    uptime += 60_000;
    const from = events.events.length;
    wire.send(card(1, OTHER_CARD));
    expect(await events.next(isKind('card-presented'), from)).toMatchObject({ cardId: OTHER_CARD });
  });

  test('a serial that changes at every touch is refused with its reason', async () => {
    wire.send(card(5, CardId.parse('08123456')));
    expect(await events.next(isKind('read-failed'), 0)).toMatchObject({ reason: 'random serial' });
  });

  test('a message for another kind of device is refused, and says so', async () => {
    wire.send(encodeMessage({ word: 'FACE', seq: 6, workerId: WORKER, score: 90 }));
    expect(await events.next(isKind('read-failed'), 0)).toMatchObject({
      reason: 'FACE on this line',
    });
    await wire.answers.next((line) => line.startsWith('$NAK,6,'), 0);
  });

  test('a flood of noise is one word and not thousands', async () => {
    wire.send('x\n'.repeat(2_000));
    wire.send(card(7));
    await events.next(isKind('card-presented'), 0);
    expect(events.events.filter(isKind('read-failed'))).toHaveLength(1);
  });

  test('unplugged in the middle of a message and plugged in again: shown, and recovered', async () => {
    wire.send(card(8).slice(0, 9));
    await wire.unplug();
    await events.next(isKind('reader-detached'), 0);
    const from = events.events.length;
    await wire.plug();
    await events.next(isKind('reader-attached'), from);
    wire.send(card(8));
    expect(await events.next(isKind('card-presented'), from)).toMatchObject({ cardId: CARD });
    expect(events.events.slice(from).filter(isKind('read-failed'))).toEqual([]);
  });

  test('a path behind which another device stands now is opened anew, though the one before says nothing', async () => {
    const other = await createSerialWire();
    const from = events.events.length;
    rmSync(wire.path);
    symlinkSync(realpathSync(other.path), wire.path);
    await events.next(isKind('reader-detached'), from);
    await events.next(isKind('reader-attached'), from);
    other.send(card(9));
    expect(await events.next(isKind('card-presented'), from)).toMatchObject({ cardId: CARD });
    await reader.close();
    await other.remove();
  });

  test('a line that somebody else holds is said, and taken when it is free', async () => {
    const other = createEventLog<string>();
    const second = openSerialLine(
      { path: wire.path, baudRate: BAUD },
      { onOpen: () => other.add('open'), onClose: other.add, onLine: other.add },
    );
    expect(await other.next(() => true, 0)).toMatch(/lock|unavailable/i);
    await reader.close();
    await other.next((each) => each === 'open', 0);
    await second.close();
  });
});

describe('a face camera', () => {
  test('tells whom it knew and how well, and is answered', async () => {
    await reader.close();
    const seen = createEventLog<FaceEvent>();
    const line = { path: wire.path, baudRate: BAUD, camera: '入口カメラ' };
    const camera = serialCamera(line, () => uptime, seen.add);
    await seen.next(({ kind }) => kind === 'camera-attached', 0);
    const workerId = WorkerId.parse(WORKER);
    wire.send(encodeMessage({ word: 'FACE', seq: 1, workerId, score: 97 }));
    expect(await seen.next(({ kind }) => kind === 'face-matched', 0)).toEqual({
      kind: 'face-matched',
      camera: '入口カメラ',
      workerId,
      score: 97,
    });
    await wire.answers.next((text) => text === ack(1), 0);
    await wire.unplug();
    await seen.next(({ kind }) => kind === 'camera-detached', 0);
    await camera.close();
  });
});

describe('a face camera at a terminal', () => {
  const camera = '入口カメラ';
  /** The entries that a face of this worker leaves in the journal, beside what was touched before. */
  const entriesAfterFace = async (
    mode: FaceSettings['mode'],
    before: (terminal: Terminal) => void,
  ): Promise<readonly Entry[]> => {
    await reader.close();
    const { terminal, journal, clock } = openBareTerminal({
      face: { mode, windowMs: 5_000, scoreMin: 80 },
    });
    const seen = createEventLog<FaceEvent>();
    const line = { path: wire.path, baudRate: BAUD, camera };
    const serial = serialCamera(
      line,
      () => clock.read().uptimeMs,
      (event) => {
        terminal.onFace(event);
        seen.add(event);
      },
    );
    await seen.next(({ kind }) => kind === 'camera-attached', 0);
    before(terminal);
    for (const [seq, score] of [79, 80].entries()) {
      wire.send(encodeMessage({ word: 'FACE', seq, workerId: WORKER, score }));
      await wire.answers.next((text) => text === ack(seq), 0);
    }
    clock.advance(5_001);
    terminal.tick();
    await serial.close();
    return entriesIn(journal);
  };

  test('as evidence is attached to the touch of that worker, and what lacks one is flagged', async () => {
    const gate = { readerId: 'in', direction: 'in' } as const;
    const entries = await entriesAfterFace('evidence', (terminal) => {
      for (const cardId of [CARD, OTHER_CARD]) terminal.touched({ by: 'card', cardId }, gate);
    });
    const [own, other] = entries.filter(({ kind }) => kind === 'tap');
    expect(entries.filter(({ kind }) => kind === 'evidence')).toMatchObject([
      { seq: own?.seq, camera, outcome: 'match', score: 80 },
      { seq: other?.seq, camera: 'none', outcome: 'absent' },
    ]);
  });

  test('as the touch is one, and one that is not sure enough is none', async () => {
    const entries = await entriesAfterFace('touch', () => undefined);
    expect(entries.filter(({ kind }) => kind === 'tap' || kind === 'evidence')).toMatchObject([
      { presented: { by: 'face', workerId: WORKER }, readerId: camera, verdict: 'recorded' },
    ]);
  });
});

describe('the protocol’s example in the README', () => {
  test('is what the code makes', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const example = encodeMessage({
      word: 'CARD',
      seq: 17,
      cardId: CardId.parse('01140A261A2B0000'),
    });
    expect(readme).toContain(example.trim());
    expect(readme).toContain(ack(17));
  });
});
