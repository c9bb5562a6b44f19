/**
 * Two cards in the field of one reader, on the real PC/SC daemon: what the terminal shows and writes down. A
 * reader takes one of the two, or gets none to answer; when one leaves, the other may be there without the
 * field ever having been empty.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { kioskView } from '../../device/kiosk/view.ts';
import { presentCard } from '../../provisioning/virtual-reader/virtual-card.ts';
import { CardId, WorkerId } from '../../shared/ids.ts';
import { encodeRoster } from '../../shared/roster.ts';
import { type BareTerminal, entriesIn, openBareTerminal } from '../fixtures/bare-terminal.ts';
import { until } from '../fixtures/event-log.ts';
import { gatewaySigner } from '../fixtures/identities.ts';
import { kind, pcscBench, serial } from '../fixtures/pcsc-bench.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';

const bench = pcscBench();
const NAMES = ['佐藤', '鈴木', '高橋'];
const roster = rosterOf({
  workers: NAMES.map((shortName, index) =>
    rosterWorkerOf({
      workerId: WorkerId.parse(`1000000000000${index}`),
      cards: [{ cardId: CardId.parse(serial(index)) }],
      shortName,
    }),
  ),
});

let bare: BareTerminal;
let heard = 0;
beforeEach(() => {
  bare = openBareTerminal({ cached: encodeRoster(roster, gatewaySigner) });
  heard = 0;
});

/** The terminal is told what the readers have said since. */
const hear = (): void => {
  for (const event of bench.log.events.slice(heard)) bare.terminal.onReader(event);
  heard = bench.log.events.length;
};
const touchShown = () => {
  hear();
  return kioskView(bare.terminal.status()).touch;
};
const shows = (name: string) => until(() => touchShown()?.name === name, `${name} on the screen`);
const present = (number: number) =>
  presentCard(bench.pcscd.slots[0].port, { serial: serial(number) });
const removed = (from: number) => bench.log.next(kind('card-removed'), from);

/** Names of the touches written down, each of which beeped. */
const namesWritten = (): readonly string[] => {
  hear();
  const taps = entriesIn(bare.journal).flatMap((entry) => (entry.kind === 'tap' ? [entry] : []));
  const beeps = bare.feedbacks.flatMap((each) => (each.kind === 'recorded' ? [each.seq] : []));
  expect(beeps).toEqual(taps.map(({ seq }) => seq));
  return taps.map(({ presented }) => {
    const number = presented.by === 'card' ? Number(presented.cardId.slice(-4)) : -1;
    return NAMES[number] ?? 'nobody';
  });
};

describe('two that answer at once', () => {
  test('are none: it is said that one should touch, and nothing is written down', async () => {
    bench.pcscd.setCollision(0, true);
    const [first, second] = [await present(0), await present(1)];
    await until(() => touchShown() !== undefined, 'the screen says something');
    expect(touchShown()).toMatchObject({
      tone: 'failed',
      title: '{読|よ}み{取|と}れません',
      words: ['カードは{一枚|いちまい}だけかざしてください'],
    });
    const from = bench.log.events.length;
    await first.remove();
    await second.remove();
    await removed(from);
    bench.pcscd.setCollision(0, false);
    await bench.tap(2);
    expect(namesWritten()).toEqual(['高橋']);
    // Once, however long they lay there.
    expect(bare.feedbacks.map((each) => each.kind)).toEqual(['unreadable-card', 'recorded']);
  });

  test('and then one alone: it is read where it lies, and only it', async () => {
    bench.pcscd.setCollision(0, true);
    bench.pcscd.setGapless(0, true);
    const [first, second] = [await present(0), await present(1)];
    await until(() => touchShown()?.tone === 'failed', 'the screen says that none was read');
    await first.remove();
    bench.pcscd.setCollision(0, false);
    await shows('鈴木');
    const from = bench.log.events.length;
    await second.remove();
    await removed(from);
    expect(namesWritten()).toEqual(['鈴木']);
  });
});

describe('one that takes the place of another in a field that was never empty', () => {
  test('is read, under its own name, and the one before stays as it was told', async () => {
    bench.pcscd.setGapless(0, true);
    let card = await present(0);
    await shows('佐藤');
    for (const number of [1, 2, 0]) {
      bare.clock.advance(61_000);
      const next = await present(number);
      await card.remove();
      card = next;
      await shows(NAMES[number] ?? '');
    }
    const from = bench.log.events.length;
    await card.remove();
    await removed(from);
    expect(namesWritten()).toEqual(['佐藤', '鈴木', '高橋', '佐藤']);
    expect(bare.feedbacks.every((each) => each.kind === 'recorded')).toBe(true);
  });

  test('before the other has answered: it alone is read', async () => {
    bench.pcscd.setGapless(0, true);
    const asked = Promise.withResolvers<void>();
    const first = await presentCard(bench.pcscd.slots[0].port, {
      serial: serial(0),
      answer: () => {
        asked.resolve();
        return undefined;
      },
    });
    const second = await present(1);
    await asked.promise;
    await first.remove();
    await shows('鈴木');
    const from = bench.log.events.length;
    await second.remove();
    await removed(from);
    expect(namesWritten()).toEqual(['鈴木']);
  });
});
