/** What the gateway cannot write for mosquitto: it stands as an alert until a later try went well. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SERVER_DAYS, writeMosquittoServer } from '../../gateway/broker/mosquitto-server.ts';
import {
  createMosquittoUpkeep,
  type MosquittoUpkeep,
} from '../../gateway/broker/mosquitto-upkeep.ts';
import { DAY_MS, MINUTE_MS } from '../../shared/time.ts';
import { type ApiBench, openApiBench } from '../fixtures/api-bench.ts';
import { type EnrolmentDesk, makeDevice, openEnrolmentDesk } from '../fixtures/enrolment-desk.ts';

const AFTER_DUE_DAYS = (SERVER_DAYS * 2) / 3 + 1;

let dir: string;
let desk: EnrolmentDesk;
let upkeep: MosquittoUpkeep;
let logged: string[];
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'genba-mosquitto-'));
  desk = await openEnrolmentDesk();
  const { authority, store, clock } = desk;
  const now = () => clock.read().wallMs;
  await writeMosquittoServer(dir, ['broker.example'], { authority, now: now() });
  logged = [];
  upkeep = createMosquittoUpkeep({
    folder: { dir, gatewayClientId: 'genba-gateway' },
    authority,
    store,
    now,
    audit: (event) => desk.audited.push(event),
    log: (message) => logged.push(message),
  });
});
afterEach(() => {
  desk.close();
  rmSync(dir, { recursive: true });
});

const turn = async (): Promise<void> => {
  upkeep.turn();
  await upkeep.settled();
};
const server = () => readFileSync(join(dir, 'server.pem'), 'utf8');
/** A folder where the new file is made first: nobody can write there, not even root. */
const obstruct = (name: string): string => {
  const path = join(dir, `${name}.new`);
  mkdirSync(path);
  return path;
};

describe('a renewal of the certificate', () => {
  test('that fails stands as a fault, is logged once, and goes when it could be written', async () => {
    await turn();
    expect(upkeep.faults()).toEqual([]);
    desk.clock.advance(AFTER_DUE_DAYS * DAY_MS);
    const before = server();
    const obstacle = obstruct('server.pem');
    await turn();
    await turn();
    expect(upkeep.faults()).toEqual([expect.stringMatching(/^サーバ証明書: .*server\.pem/)]);
    expect([logged, server() === before]).toEqual([
      ['mosquitto’s certificate cannot be written'],
      true,
    ]);
    rmSync(obstacle, { recursive: true });
    await turn();
    expect([upkeep.faults(), server() === before]).toEqual([[], false]);
    expect(desk.audited.at(-1)).toMatchObject({ kind: 'certificate-issued', actor: 'gateway' });
  });
});

describe('a list of who was revoked', () => {
  test('that could not be written is written at the next turn, without another revocation', async () => {
    const { terminalId } = await desk.enrol(await makeDevice());
    upkeep.writeLists();
    await upkeep.settled();
    const obstacle = obstruct('acl');
    desk.enrolments.revoke(1, 'account:kanri');
    upkeep.writeLists();
    await turn();
    expect(upkeep.faults()).toEqual([expect.stringMatching(/^失効リスト: /)]);
    expect(readFileSync(join(dir, 'acl'), 'utf8')).not.toContain(terminalId);
    rmSync(obstacle, { recursive: true });
    await turn();
    expect(upkeep.faults()).toEqual([]);
    expect(readFileSync(join(dir, 'acl'), 'utf8')).toContain(terminalId);
  });
});

describe('on the fleet’s list', () => {
  let bench: ApiBench;
  afterEach(() => bench.close());

  test('it is a critical alert of the gateway, and clears itself', async () => {
    bench = await openApiBench({ fleetDeps: { trustFaults: upkeep.faults } });
    const alerts = async () => (await (await bench.admin('/v1/alerts')).json()).alerts;
    desk.clock.advance(AFTER_DUE_DAYS * DAY_MS);
    const obstacle = obstruct('server.pem');
    await turn();
    await bench.fleet.watch();
    expect(await alerts()).toContainEqual(
      expect.objectContaining({
        rule: 'trust-stale',
        level: 'critical',
        status: 'open',
        detail: expect.stringContaining('サーバ証明書'),
      }),
    );
    rmSync(obstacle, { recursive: true });
    await turn();
    for (const minutes of [0, 5]) {
      bench.clock.advance(minutes * MINUTE_MS);
      await bench.fleet.watch();
    }
    expect(await alerts()).toEqual([]);
  });
});
