/**
 * One touch, end to end, on real parts: a card held to a reader becomes a contribution that the API
 * serves, through the broker inside the gateway and through mosquitto alike, whatever dies on the way.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { presentCard } from '../../provisioning/virtual-reader/virtual-card.ts';
import {
  startVirtualPcscd,
  type VirtualPcscd,
} from '../../provisioning/virtual-reader/virtual-pcscd.ts';
import { BATCH_BYTES_MAX } from '../../shared/batch.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { until } from '../fixtures/event-log.ts';
import { CARD, OTHER_CARD, OTHER_TERMINAL } from '../fixtures/identities.ts';
import { followKiosk } from '../fixtures/kiosk-stream.ts';
import { createMosquitto, type Mosquitto } from '../fixtures/mosquitto.ts';
import { prefillJournal } from '../fixtures/prefilled-journal.ts';
import { FIRST_TIER, WORKER_ID } from '../fixtures/registry.ts';
import type { RunningService } from '../fixtures/service.ts';
import { createSite, freePort, type Site } from '../fixtures/site.ts';

let pcscd: VirtualPcscd;
beforeAll(async () => {
  const outcome = await startVirtualPcscd(join(tmpdir(), 'genba-virtual-reader'));
  if (outcome.kind !== 'running') throw new Error(outcome.reason);
  pcscd = outcome;
});
afterAll(() => pcscd.close());

describe.each(['embedded', 'mosquitto'] as const)('through the %s broker', (kind) => {
  let folder: string;
  let mosquitto: Mosquitto | undefined;
  let site: Site;
  let gateway: RunningService;
  let terminal: RunningService;

  const startTerminal = async (): Promise<void> => {
    terminal = await site.startTerminal({ PCSCLITE_CSOCK_NAME: pcscd.stableSocket });
  };
  const readersReady = () =>
    until(async () => {
      const view = await (await fetch(`${terminal.ready.kioskUrl}view`)).json();
      return !view.faults.some((fault: string) => fault.includes('リーダー'));
    }, 'readers attached');

  /** Holds a card until the kiosk has told of it. */
  const tap = async (serial: string, slot: 0 | 1 = 0): Promise<void> => {
    let before: string | undefined;
    let isShown = false;
    const stream = followKiosk(String(terminal.ready.kioskUrl), ({ touch }) => {
      if (before === undefined) before = touch?.key ?? 'none';
      else if (touch !== undefined && touch.key !== before) isShown = true;
    });
    await until(() => before !== undefined, 'the kiosk streams');
    const card = await presentCard(pcscd.slots[slot].port, { serial });
    try {
      await until(() => isShown, 'the kiosk shows the touch');
    } finally {
      await card.remove();
    }
    stream.close();
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'genba-broker-'));
    if (kind === 'mosquitto') {
      mosquitto = createMosquitto(folder, await freePort());
      await mosquitto.start();
    }
    site = await createSite({
      ...(mosquitto === undefined ? {} : { externalBroker: mosquitto.url }),
      hasReaders: true,
      places: [
        { match: pcscd.slots[0].reader, readerId: 'in', direction: 'in' },
        { match: pcscd.slots[1].reader, readerId: 'out', direction: 'out' },
      ],
    });
    gateway = await site.startGateway();
    await site.importRegistry();
  });
  afterEach(async () => {
    await terminal.kill('SIGTERM');
    await gateway.kill('SIGTERM');
    await mosquitto?.kill();
    mosquitto = undefined;
    site.remove();
    rmSync(folder, { recursive: true });
  });

  test('a touch becomes an attendance day and a contribution', async () => {
    await startTerminal();
    await readersReady();
    await tap(CARD, 0);
    await tap(CARD, 1);
    await tap(OTHER_CARD, 0);
    await site.drained(terminal);

    await until(async () => (await (await site.api('/healthz')).json()).isDerived, 'derived');
    const { rows, unresolved } = await (await site.api('/v1/contributions')).json();
    expect(rows).toMatchObject([
      { workerId: WORKER_ID, companyId: FIRST_TIER, days: 1, yen: 320, contractId: 'K1' },
    ]);
    expect(rows[0].evidence).toHaveLength(2);
    expect(unresolved).toMatchObject([{ reason: 'unknown-card', cardId: OTHER_CARD }]);
    const attendance = await (await site.api('/v1/attendance')).json();
    expect(attendance.rows).toMatchObject([
      { cardId: OTHER_CARD, flags: ['missing-out', 'unknown-card'] },
      { workerId: WORKER_ID, flags: [] },
    ]);
    expect(await site.taps()).toMatchObject([
      { workerId: WORKER_ID, direction: 'in', atTrust: 'trusted', verdict: 'recorded' },
      { workerId: WORKER_ID, direction: 'out' },
      { cardId: OTHER_CARD, verdict: 'warned' },
    ]);
  });

  test('touches without a network wait, and drain in order when it is back', async () => {
    await startTerminal();
    await readersReady();
    await gateway.kill('SIGKILL');
    await mosquitto?.kill();
    const cards = [CARD, OTHER_CARD, '02AC000000000001', '02AC000000000002'];
    for (const [index, serial] of cards.entries()) await tap(serial, index % 2 === 0 ? 0 : 1);
    expect(await site.unsent(terminal)).toBe(4);
    await mosquitto?.start();
    gateway = await site.startGateway();
    await site.drained(terminal);
    const taps = await site.taps();
    expect(taps.map(({ cardId }) => cardId)).toEqual(cards);
    const seqs = taps.map(({ id }) => Number(id.split('/').at(-1)));
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  });

  test('the broker killed and started again: nobody needs to be told', async () => {
    await startTerminal();
    await readersReady();
    if (mosquitto === undefined) {
      await gateway.kill('SIGKILL');
      gateway = await site.startGateway();
    } else {
      await mosquitto.kill();
      await tap(CARD, 0);
      await mosquitto.start();
    }
    await tap(CARD, 1);
    await site.drained(terminal);
    expect(await site.taps()).toHaveLength(mosquitto === undefined ? 1 : 2);
  });

  test('a reader unplugged, a PC/SC daemon killed: shown, and back without a restart', async () => {
    await startTerminal();
    await readersReady();
    const says = async (words: string): Promise<boolean> => {
      const view = await (await fetch(`${terminal.ready.kioskUrl}view`)).json();
      return view.faults.some((fault: string) => fault.includes(words));
    };
    pcscd.unplug();
    await until(() => says('外れています'), 'the kiosk says that a reader is off');
    await pcscd.plug();
    await readersReady();
    await tap(CARD, 0);
    await pcscd.kill('SIGKILL');
    await until(() => says('カードリーダーが使えません'), 'the kiosk says that no reader works');
    await pcscd.start();
    await readersReady();
    await tap(CARD, 1);
    await site.drained(terminal);
    expect(await site.taps()).toHaveLength(2);
    expect(terminal.hasEnded()).toBe(false);
  });

  test('a terminal killed and started again goes on where it was', async () => {
    await startTerminal();
    await readersReady();
    await tap(CARD, 0);
    await terminal.kill('SIGKILL');
    await startTerminal();
    await readersReady();
    await tap(CARD, 1);
    await site.drained(terminal);
    expect((await site.taps()).map(({ cardId }) => cardId)).toEqual([CARD, CARD]);
  });

  test('the gateway killed in the middle of a drain: exactly once, and in order', async () => {
    const touches = 40_000;
    prefillJournal(site.terminalDataDir, touches);
    await startTerminal();
    for (const share of [0.2, 0.6]) {
      await until(
        async () => (await site.unsent(terminal)) < touches * (1 - share),
        `${share} are sent`,
      );
      await gateway.kill('SIGKILL');
      gateway = await site.startGateway();
    }
    await site.drained(terminal);
    await gateway.kill('SIGTERM');
    const ledger = openDurableSqlite(site.ledgerFile, { checkpointPages: 1_000 });
    const seqs = ledger
      .prepare<[], number>('select seq from entry order by ledger_no')
      .pluck()
      .all();
    const taps = ledger.prepare<[], number>('select count(*) from tap').pluck().get();
    ledger.close();
    expect(taps).toBe(touches);
    expect(seqs).toEqual(seqs.map((_seq, index) => index + 1));
    expect(seqs.length).toBeGreaterThan(touches);
  });

  test('rubbish and oversized messages are set aside, and hold up nobody', async () => {
    await startTerminal();
    await readersReady();
    const hostile = await connectAsync(site.brokerUrl, {
      clientId: OTHER_TERMINAL,
      reconnectPeriod: 0,
    });
    const topic = `genba/v1/${OTHER_TERMINAL}/journal`;
    await hostile.publishAsync(topic, 'rubbish', { qos: 1 });
    await hostile.publishAsync(topic, 'rubbish', { qos: 1 });
    await hostile.publishAsync(topic, Buffer.alloc(BATCH_BYTES_MAX + 1, 65), { qos: 1 });
    await tap(CARD, 0);
    await site.drained(terminal);
    await until(
      async () => (await (await site.api('/healthz')).json()).quarantined === 2,
      'two in quarantine',
    );
    await hostile.endAsync(true);
    await gateway.kill('SIGTERM');
    const ledger = openDurableSqlite(site.ledgerFile, { checkpointPages: 1_000 });
    const kept = ledger
      .prepare(
        'select reason, times, byte_count, length(head) as head from quarantine order by byte_count',
      )
      .all();
    ledger.close();
    expect(kept).toMatchObject([
      { reason: expect.stringContaining('unreadable'), times: 2, byte_count: 7, head: 7 },
      {
        reason: expect.stringContaining('limit'),
        times: 1,
        byte_count: BATCH_BYTES_MAX + 1,
        head: 65_536,
      },
    ]);
  });
});
