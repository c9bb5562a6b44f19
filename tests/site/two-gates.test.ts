/**
 * A site of two gates on real parts: two terminals, a gateway, and a line to one of them that can be cut. Who came in
 * by one gate is on the other's list; a list that cannot know says so.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashPin } from '../../device/manager/pin.ts';
import { until } from '../fixtures/event-log.ts';
import { type FlakyLink, openFlakyLink } from '../fixtures/flaky-link.ts';
import { WORKER } from '../fixtures/identities.ts';
import { createMosquitto, type Mosquitto } from '../fixtures/mosquitto.ts';
import type { RunningService } from '../fixtures/service.ts';
import { createSite, freePort, type Site } from '../fixtures/site.ts';
import { touch } from '../fixtures/typed-touch.ts';

const ALL = 'すべてのゲートのタッチと手入力による一覧です。';
const MINUTES_3 = 180_000;

interface List {
  readonly rows: readonly {
    readonly id?: string;
    readonly workerId?: string;
    readonly gate?: string;
  }[];
  readonly note: string;
}

/** The manager's lists of a gate, as its page asks for them. */
const managerOf = async ({ ready }: RunningService) => {
  const answer = await fetch(`${ready.kioskUrl}manager/session`, {
    method: 'POST',
    body: JSON.stringify({ pin: '2468', by: '所長' }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const ask = async (path: string, init: RequestInit = {}) =>
    (await fetch(`${ready.kioskUrl}manager/${path}`, { ...init, headers: { cookie } })).json();
  return {
    list: (name: 'people' | 'absent'): Promise<List> => ask(name),
    /** Takes back the touch that was last. */
    takeBack: async () => {
      const [last] = (await ask('touches')).rows;
      await ask('voids', {
        method: 'POST',
        body: JSON.stringify({ seq: last.seq, reason: '誤ったタッチ' }),
      });
    },
  };
};
const view = async ({ ready }: RunningService) => (await fetch(`${ready.kioskUrl}view`)).json();

describe.each(['embedded', 'mosquitto'] as const)('two gates, through the %s broker', (kind) => {
  let folder: string;
  let mosquitto: Mosquitto | undefined;
  let site: Site;
  let line: FlakyLink | undefined;
  const running: RunningService[] = [];
  const started = async (service: Promise<RunningService>): Promise<RunningService> => {
    running.push(await service);
    return service;
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'genba-gates-'));
    if (kind === 'mosquitto') {
      mosquitto = createMosquitto(folder, await freePort());
      await mosquitto.start();
    }
    const managers = [{ name: '所長', pin: await hashPin('2468') }];
    site = await createSite({
      ...(mosquitto === undefined ? {} : { externalBroker: mosquitto.url }),
      terminalSettings: { kiosk: { port: 0, managers } },
    });
  });
  afterEach(async () => {
    for (const service of running.splice(0)) await service.kill('SIGTERM');
    await line?.close();
    await mosquitto?.kill();
    [line, mosquitto] = [undefined, undefined];
    site.remove();
    rmSync(folder, { recursive: true });
  });

  const openSite = async () => {
    await started(site.startGateway());
    await site.importRegistry();
    line = await openFlakyLink(Number(new URL(site.brokerUrl).port));
    const gateA = await started(site.startTerminal());
    const otherGate = () =>
      started(
        site.startOtherTerminal({
          gateway: { url: `mqtt://127.0.0.1:${line?.port}`, publicKey: site.gatewayKey },
        }),
      );
    const gateB = await otherGate();
    const [a, b] = [await managerOf(gateA), await managerOf(gateB)];
    const holds = (what: string, of: () => Promise<boolean>) => until(of, what, 100);
    await holds('both know of both', async () =>
      (await Promise.all([a.list('people'), b.list('people')])).every(({ note }) => note === ALL),
    );
    return { gateA, gateB, a, b, line, otherGate, holds };
  };

  test('who came in by one is known at the other, and a cut line says so', {
    timeout: MINUTES_3,
  }, async () => {
    const { gateA, gateB, a, b, line: cable, otherGate, holds } = await openSite();
    expect((await b.list('absent')).rows).toMatchObject([{ workerId: WORKER }]);

    await touch(gateA);
    await holds('B has who came in at A', async () => (await b.list('people')).rows.length === 1);
    expect(await b.list('people')).toMatchObject({
      rows: [{ id: WORKER, gate: 'gate-1' }],
      note: ALL,
    });
    expect(await view(gateB)).toMatchObject({ onSite: 1 });
    expect((await b.list('absent')).rows).toEqual([]);

    cable.cut();
    await holds('B knows that its line is cut', async () => (await view(gateB)).isLinked === false);
    const cut = await b.list('people');
    expect(cut.rows).toMatchObject([{ id: WORKER, gate: 'gate-1' }]);
    expect(cut.note).toMatch(
      /^他のゲート（gate-1：\d\d:\d\d 現在）：それより後の出入りは含みません。$/,
    );
    expect((await view(gateB)).faults.join()).toMatch(/他のゲート：\d\d:\d\d 現在/);
    await holds('A says that it does not know what B sees', async () =>
      /^他のゲート（gate-2：\d\d:\d\d 現在）/.test((await a.list('people')).note),
    );

    // A start without a network: what was known is on the disk.
    expect(await gateB.kill('SIGTERM')).toBe(0);
    const again = await otherGate();
    const afterStart = await managerOf(again);
    expect(await afterStart.list('people')).toMatchObject({
      rows: [{ id: WORKER, gate: 'gate-1' }],
      note: cut.note,
    });

    // At an auto reader, without a network: whoever came in at A goes out.
    await touch(again);
    expect((await view(again)).touch).toMatchObject({ title: expect.stringContaining('退場') });
    expect((await afterStart.list('people')).rows).toEqual([]);
    expect((await a.list('people')).rows).toHaveLength(1);

    cable.mend();
    await holds('A has who went out at B', async () => (await a.list('people')).rows.length === 0);
    await holds('both know of both again', async () =>
      (await Promise.all([a.list('people'), afterStart.list('people')])).every(
        ({ note }) => note === ALL,
      ),
    );
    // Neither misses who was there today.
    for (const gate of [a, afterStart]) expect((await gate.list('absent')).rows).toEqual([]);

    // The exit was a mistake: what is taken back at B is taken back at A.
    await afterStart.takeBack();
    expect((await afterStart.list('people')).rows).toMatchObject([{ id: WORKER }]);
    await holds('A has them again', async () => (await a.list('people')).rows.length === 1);
  });
});

describe('what the office takes back', () => {
  let site: Site;
  const running: RunningService[] = [];
  afterEach(async () => {
    for (const service of running.splice(0)) await service.kill('SIGTERM');
    site.remove();
  });

  test('is taken off the gate’s list, and is still to be seen where touches are', {
    timeout: MINUTES_3,
  }, async () => {
    site = await createSite({
      terminalSettings: {
        kiosk: { port: 0, managers: [{ name: '所長', pin: await hashPin('2468') }] },
      },
    });
    running.push(await site.startGateway());
    await site.importRegistry();
    const gate = await site.startTerminal();
    running.push(gate);
    const manager = await managerOf(gate);
    await touch(gate);
    expect((await manager.list('people')).rows).toHaveLength(1);
    await site.drained(gate);
    const today = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);
    await site.importRegistry({
      corrections: [
        {
          siteId: '30000000000001',
          workerId: WORKER,
          workDate: today,
          kind: 'void',
          by: '元請',
          reason: '別人のカード',
          recordedAt: new Date().toISOString(),
        },
      ],
    });
    await until(
      async () => (await manager.list('people')).rows.length === 0,
      'it is off the list',
      100,
    );
    expect((await manager.list('absent')).rows).toMatchObject([{ workerId: WORKER }]);
    // The record of the gate stays.
    expect(await site.taps()).toHaveLength(1);
  });
});
