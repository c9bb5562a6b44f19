/** Which terminals stand on the fleet's list as taken back, and until when; on a real store. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { revokedTerminals } from '../../../gateway/enrolment/revoked-terminals.ts';
import { encodeTerminalState } from '../../../shared/terminal-state.ts';
import { utcMs } from '../../../shared/time.ts';
import { topicOf } from '../../../shared/topics.ts';
import { openApiBench } from '../../fixtures/api-bench.ts';
import {
  type EnrolmentDesk,
  makeDevice,
  openEnrolmentDesk,
} from '../../fixtures/enrolment-desk.ts';
import { SITE, verifyTerminal } from '../../fixtures/identities.ts';
import { terminalState } from '../../fixtures/terminal-state.ts';

const ADMIN = 'user:kanri';
let desk: EnrolmentDesk;
beforeEach(async () => {
  desk = await openEnrolmentDesk();
});
afterEach(() => desk.close());

const revoked = () => revokedTerminals(desk.store.all());

test('a terminal that was taken back stands there, with when, why and by whom', async () => {
  const { terminalId } = await desk.enrol(await makeDevice());
  expect(revoked()).toEqual([]);
  desk.enrolments.revoke(1, ADMIN);
  const at = desk.clock.read().wallMs;
  expect(revoked()).toEqual([{ terminalId, siteId: SITE, at, why: 'revoked', by: ADMIN }]);
});

test('one that was copied says so', async () => {
  const { terminalId } = await desk.enrol(await makeDevice());
  desk.enrolments.revokeCloned(terminalId);
  expect(revoked()).toMatchObject([{ terminalId, why: 'cloned', by: 'gateway' }]);
});

test('a code for its place leaves it there, a machine in its place does not', async () => {
  const { terminalId } = await desk.enrol(await makeDevice());
  desk.enrolments.revoke(1, ADMIN);
  await desk.makeCode(terminalId);
  expect(revoked()).toHaveLength(1);
  await desk.enrol(await makeDevice(), terminalId);
  expect(revoked()).toEqual([]);
  desk.enrolments.revoke(3, ADMIN);
  expect(revoked()).toHaveLength(1);
});

test('a terminal that another took the place of, and a code that nobody used, are no such thing', async () => {
  const { terminalId } = await desk.enrol(await makeDevice());
  await desk.enrol(await makeDevice(), terminalId);
  await desk.makeCode();
  desk.enrolments.revoke(3, ADMIN);
  expect(revoked()).toEqual([]);
});

describe('on the fleet’s list', () => {
  test('it has what it last told, is offline, and stands between those that are bad and those that are well', async () => {
    const [gone, kept] = [
      await desk.enrol(await makeDevice()),
      await desk.enrol(await makeDevice()),
    ];
    const terminals = new Map(
      [gone, kept].map(({ terminalId }) => [terminalId, { siteId: SITE, verify: verifyTerminal }]),
    );
    const bench = await openApiBench({ terminals }, { revokedTerminals: revoked });
    const wallMs = bench.clock.read().wallMs;
    const queue = { unsentTaps: 7, oldestMs: utcMs(wallMs - 1_000) };
    for (const { terminalId } of [gone, kept])
      bench.gateway.onMessage(
        topicOf(terminalId, 'status'),
        encodeTerminalState(terminalState({ queue })),
      );
    desk.enrolments.revoke(1, ADMIN);
    terminals.delete(gone.terminalId);
    const { terminals: rows } = await (await bench.admin('/v1/terminals')).json();
    await bench.close();
    expect(rows).toMatchObject([
      {
        terminalId: gone.terminalId,
        condition: 'revoked',
        isOnline: false,
        alerts: [],
        revoked: { at: '2026-11-24T07:00:00+09:00', why: 'revoked', by: ADMIN },
        state: { unsentTaps: 7 },
      },
      { terminalId: kept.terminalId, condition: 'good', isOnline: true },
    ]);
    expect(rows[1].revoked).toBeUndefined();
  });
});
