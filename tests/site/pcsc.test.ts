/**
 * Card readers on the real PC/SC daemon, with virtual cards: everything that goes wrong at a gate is
 * made to happen, and is recovered from without the terminal being restarted.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { portOfReader, readersOfDaemon } from '../../device/readers/pcscd-socket.ts';
import { presentCard } from '../../provisioning/virtual-reader/virtual-card.ts';
import { until } from '../fixtures/event-log.ts';
import { isCard, kind, pcscBench, READER_CACHE, serial } from '../fixtures/pcsc-bench.ts';
import { childrenOf, isRunning } from '../fixtures/processes.ts';

const bench = pcscBench();

/** Another program that takes every card of the first slot to itself, or beside us. */
const holdCards = (sharing: 'exclusive' | 'shared') =>
  fork(
    fileURLToPath(new URL('./card-holder.ts', import.meta.url)),
    [bench.pcscd.slots[0].reader, sharing],
    { env: { ...process.env, PCSCLITE_CSOCK_NAME: bench.pcscd.stableSocket } },
  );

describe('cards', () => {
  test('are read on both slots, whatever the length of their serial', async () => {
    await bench.tap(1, 0);
    await bench.tap(2, 1);
    for (const wanted of ['04A1B2C3', '04A1B2C3D4E5F6', '04A1B2C3D4E5F6A7B8C9']) {
      const seen = bench.log.next(isCard(wanted));
      const card = await presentCard(bench.pcscd.slots[0].port, { serial: wanted });
      await seen;
      await card.remove();
    }
    expect(bench.log.events.find(isCard(serial(2)))).toMatchObject({
      reader: bench.pcscd.slots[1].reader,
    });
  });

  test('on two readers at once are both read, and lifted one by one', async () => {
    const [first, second] = await Promise.all([
      presentCard(bench.pcscd.slots[0].port, { serial: serial(1) }),
      presentCard(bench.pcscd.slots[1].port, { serial: serial(2) }),
    ]);
    await bench.log.next(isCard(serial(1)), 0);
    await bench.log.next(isCard(serial(2)), 0);
    await first.remove();
    await bench.log.next(
      (event) => event.kind === 'card-removed' && event.reader === bench.pcscd.slots[0].reader,
      bench.log.events.findIndex(isCard(serial(1))),
    );
    await bench.tap(3, 0);
    await second.remove();
    expect(bench.cardsSeen().toSorted()).toEqual([1, 2, 3].map(serial));
  });

  test('a hundred in a row are a hundred', async () => {
    for (let number = 0; number < 100; number += 1)
      await bench.tap(number, number % 2 === 0 ? 0 : 1);
    expect(new Set(bench.cardsSeen()).size).toBe(100);
    expect(bench.cardsSeen()).toHaveLength(100);
  });

  test.each([
    ['a bad status', Buffer.from('6300', 'hex'), 'status 6300'],
    ['half a status', Buffer.from('90', 'hex'), ''],
    ['a serial drawn at random', Buffer.from('08A1B2C39000', 'hex'), 'random serial'],
    ['a serial that is too long', Buffer.alloc(42, 0x90), ''],
  ])(
    'that answer %s are said to be unreadable, and the next one is read',
    async (_what, answer, reason) => {
      const failed = bench.log.next(kind('read-failed'));
      const card = await presentCard(bench.pcscd.slots[0].port, {
        serial: serial(1),
        answer: () => answer,
      });
      expect(await failed).toMatchObject({ reason: expect.stringContaining(reason) });
      await card.remove();
      await bench.log.next(kind('card-removed'), 0);
      await bench.tap(2);
      expect(bench.cardsSeen()).toEqual([serial(2)]);
    },
  );

  // As one that is lifted in just that moment does; the daemon tells of that only later.
  test('that answer badly for a moment when they are asked again who they are are no failure', async () => {
    const good = Buffer.from(`${serial(1)}9000`, 'hex');
    const bad = Buffer.from('6300', 'hex');
    const answers = [good, bad, bad, bad, bad];
    let asked = 0;
    const card = await presentCard(bench.pcscd.slots[0].port, {
      serial: serial(1),
      answer: () => {
        asked += 1;
        return answers[asked - 1] ?? good;
      },
    });
    await until(() => asked > answers.length + 1, 'asked again after the bad answers');
    await card.remove();
    await bench.log.next(kind('card-removed'), 0);
    expect(bench.cardsSeen()).toEqual([serial(1)]);
    expect(bench.log.events.filter(kind('read-failed'))).toEqual([]);
  });

  test('that another program keeps to itself are read as soon as it lets go', async () => {
    await bench.close();
    const holder = holdCards('exclusive');
    const card = await presentCard(bench.pcscd.slots[0].port, { serial: serial(1) });
    holder.send('hold');
    const [word] = await once(holder, 'message');
    expect(word).toBe('held');
    bench.open();
    await bench.log.next(kind('read-failed'), 0);
    holder.kill('SIGKILL');
    await bench.log.next(isCard(serial(1)), 0);
    await card.remove();
    expect(bench.cardsSeen()).toEqual([serial(1)]);
  });

  test('swapped in the very moment in which another program asks one of them are both read', async () => {
    const holder = holdCards('shared');
    const present = (number: number) =>
      presentCard(bench.pcscd.slots[0].port, { serial: serial(number) });
    let card = await present(0);
    for (let number = 0; number < 20; number += 1) {
      holder.send('hold');
      await once(holder, 'message');
      await bench.log.next(isCard(serial(number)), 0);
      // It waits in the air until the reader has let go of the one before it.
      const next = await present(number + 1);
      holder.send('ask');
      await card.remove();
      card = next;
    }
    await bench.log.next(isCard(serial(20)), 0);
    await card.remove();
    holder.kill('SIGKILL');
    expect(bench.cardsSeen()).toEqual(Array.from({ length: 21 }, (_, number) => serial(number)));
  });

  test('that never answer hold up nobody else, and nothing once they are lifted', async () => {
    const failed = bench.log.next(kind('read-failed'));
    const card = await presentCard(bench.pcscd.slots[0].port, {
      serial: serial(1),
      answer: () => undefined,
    });
    await bench.tap(2, 1);
    expect(await failed).toMatchObject({ reason: 'the card does not answer' });
    await bench.tap(3, 1);
    await card.remove();
    await until(async () => {
      await bench.tap(4, 0);
      return true;
    }, 'the slot reads again');
    expect(bench.cardsSeen()).toEqual([serial(2), serial(3), serial(4)]);
  });

  test('tapped while the terminal was busy are all there afterwards', async () => {
    const tapper = fork(fileURLToPath(new URL('./card-tapper.ts', import.meta.url)), [
      String(bench.pcscd.slots[0].port),
      '6',
    ]);
    await once(tapper, 'message');
    const finished = once(tapper, 'exit');
    tapper.send('go');
    // The terminal's own event loop stands still, as under a slow disk.
    const busyUntil = performance.now() + 1_500;
    while (performance.now() < busyUntil);
    await finished;
    await until(() => bench.cardsSeen().length >= 6, 'six cards');
    expect(bench.cardsSeen()).toEqual([0, 1, 2, 3, 4, 5].map(serial));
  });
});

describe('the USB port of a reader', () => {
  let devices: string;
  beforeEach(() => {
    devices = mkdtempSync(join(tmpdir(), 'genba-usb-'));
  });
  afterEach(() => rmSync(devices, { recursive: true }));

  /** As the kernel tells it in /sys/bus/usb/devices. */
  const plug = (port: string, device: number): void => {
    mkdirSync(join(devices, port));
    writeFileSync(join(devices, port, 'busnum'), '1\n');
    writeFileSync(join(devices, port, 'devnum'), `${device}\n`);
  };
  const portOf = (slot: 0 | 1) =>
    portOfReader(bench.pcscd.daemonSocket(), bench.pcscd.slots[slot].reader, 5_000, devices);

  test('is told by the daemon and the kernel, whatever the order of enumeration', async () => {
    plug('1-1.4', 1);
    plug('1-1.2', 2);
    plug('1-1', 7);
    mkdirSync(join(devices, '1-1.2:1.0'));
    expect([await portOf(0), await portOf(1)]).toEqual(['1-1.4', '1-1.2']);
  });

  test('is unknown where the kernel knows no such device, and nothing fails', async () => {
    expect(await portOf(0)).toBeUndefined();
    expect(await portOfReader('/nonexistent', 'R', 1_000, devices)).toBeUndefined();
    expect(
      await portOfReader(bench.pcscd.daemonSocket(), 'no such reader', 5_000, devices),
    ).toBeUndefined();
  });
});

test('the daemon tells its readers and the cards that lie there', async () => {
  const told = () => readersOfDaemon(bench.pcscd.daemonSocket(), 5_000);
  const [first, second] = bench.pcscd.slots;
  const names = bench.pcscd.slots.map(({ reader: name }) => ({ name, hasCard: false }));
  expect(await told()).toEqual(names);
  const card = await presentCard(second.port, { serial: serial(1) });
  await bench.log.next(isCard(serial(1)));
  expect(await told()).toEqual([names[0], { name: second.reader, hasCard: true }]);
  await card.remove();
  bench.pcscd.unplug();
  await until(
    async () => (await told()).length === 0,
    `the daemon has noticed, ${first.reader} too`,
  );
});

describe('failures', () => {
  test('a reader unplugged and plugged in again', async () => {
    const gone = bench.log.next(kind('reader-detached'));
    bench.pcscd.unplug();
    expect(await gone).toMatchObject({ reason: 'unplugged' });
    await bench.pcscd.plug();
    await bench.bothAttached();
    await bench.tap(1);
  });

  test('a reader that is gone for milliseconds only, again and again', async () => {
    for (let number = 0; number < 5; number += 1) {
      const from = bench.log.events.length;
      bench.pcscd.unplug();
      await bench.pcscd.plug();
      for (const { reader } of bench.pcscd.slots)
        await bench.log.next(
          (event) => event.kind === 'reader-detached' && event.reader === reader,
          from,
        );
      await bench.bothAttached();
      await bench.tap(number);
    }
    expect(bench.cardsSeen()).toHaveLength(5);
  });

  test('the daemon killed and started again', async () => {
    const gone = bench.log.next(kind('reader-detached'));
    await bench.pcscd.kill('SIGKILL');
    await gone;
    expect(await bench.log.next(kind('readers-unavailable'), 0)).toMatchObject({
      reason: expect.any(String),
    });
    await bench.pcscd.start();
    await bench.bothAttached();
    await bench.tap(1);
  });

  test('the daemon stands still: said, and the cards are read when it goes on', async () => {
    const pid = bench.pcscd.pid();
    if (pid === undefined) throw new Error('no daemon');
    process.kill(pid, 'SIGSTOP');
    expect(await bench.log.next(kind('readers-unavailable'))).toMatchObject({
      reason: expect.stringContaining('does not answer'),
    });
    process.kill(pid, 'SIGCONT');
    await bench.bothAttached();
    await bench.tap(1);
  });

  test('a card left on the reader while the daemon dies is no second touch; lifted, it is', async () => {
    const card = await presentCard(bench.pcscd.slots[0].port, { serial: serial(7) });
    await bench.log.next(isCard(serial(7)), 0);
    const gone = bench.log.next(kind('reader-detached'));
    await bench.pcscd.kill('SIGKILL');
    await gone;
    await bench.pcscd.start();
    const again = await presentCard(bench.pcscd.slots[0].port, { serial: serial(7) });
    await bench.bothAttached();
    // The other slot works: by then the first one has been looked at.
    await bench.tap(8, 1);
    await card.remove();
    await again.remove();
    await bench.log.next(kind('card-removed'), bench.log.events.length - 1);
    await bench.tap(7);
    expect(bench.cardsSeen()).toEqual([7, 8, 7].map(serial));
  });

  test('a card that flaps at the edge of the field harms nothing, and is read when it rests', async () => {
    for (let count = 0; count < 8; count += 1) {
      const card = await presentCard(bench.pcscd.slots[0].port, { serial: serial(count) });
      await card.remove();
    }
    await bench.tap(99);
    await bench.tap(98, 1);
    expect(bench.cardsSeen().slice(-2)).toEqual([99, 98].map(serial));
  });

  test('no daemon at first', async () => {
    await bench.close();
    await bench.pcscd.kill('SIGTERM');
    bench.open();
    await bench.log.next(kind('readers-unavailable'), 0);
    await bench.pcscd.start();
    await bench.bothAttached();
    await bench.tap(1);
  });

  test('a reader host that hangs is replaced', async () => {
    const [host] = childrenOf(process.pid, 'pcsc-host');
    if (host === undefined) throw new Error('no reader host');
    const gone = bench.log.next(kind('reader-detached'));
    process.kill(host, 'SIGSTOP');
    await gone;
    await bench.bothAttached();
    await bench.tap(1);
    expect(isRunning(host)).toBe(false);
  });

  test('nothing is left when the terminal is killed', async () => {
    const owner = fork(fileURLToPath(new URL('./pcsc-owner.ts', import.meta.url)), [READER_CACHE]);
    const [message] = await once(owner, 'message');
    const pids: readonly number[] = [message.pcscd, ...childrenOf(owner.pid ?? 0, 'pcsc-host')];
    expect(pids).toHaveLength(2);
    owner.kill('SIGKILL');
    await until(() => !pids.some(isRunning), 'no process left');
    expect(pids.filter(isRunning)).toEqual([]);
  });
});
