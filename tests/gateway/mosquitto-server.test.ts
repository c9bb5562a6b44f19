/** When mosquitto's own certificate is renewed, and what stays the same; by a clock of the test's own. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  renewMosquittoServer,
  SERVER_DAYS,
  writeMosquittoServer,
} from '../../gateway/broker/mosquitto-server.ts';
import {
  type Authority,
  makeAuthorityPem,
  openAuthority,
} from '../../gateway/enrolment/authority.ts';
import { DAY_MS, utcMs } from '../../shared/time.ts';

const MADE = utcMs(Date.parse('2026-11-24T00:00:00Z'));
const NAMES = ['broker.example', '192.0.2.7', 'gateway.example'];
const after = (days: number) => utcMs(MADE + days * DAY_MS);

let dir: string;
let authority: Authority;
const newAuthority = async (): Promise<Authority> => {
  const pem = await makeAuthorityPem(MADE);
  return openAuthority(pem, pem);
};
const text = () => readFileSync(join(dir, 'server.pem'), 'utf8');

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'genba-mosquitto-'));
  authority = await newAuthority();
  await writeMosquittoServer(dir, NAMES, { authority, now: MADE });
});
afterEach(() => rmSync(dir, { recursive: true }));

test.each([
  ['the next minute', 0, false],
  ['a day before two thirds of its life', (SERVER_DAYS * 2) / 3 - 1, false],
  ['a day after two thirds', (SERVER_DAYS * 2) / 3 + 1, true],
  ['after its end, when the gateway was away so long', SERVER_DAYS + 10, true],
])('%s', async (_when, days, isDue) => {
  const before = text();
  expect(await renewMosquittoServer(dir, { authority, now: after(days) })).toBe(isDue);
  expect(text() !== before).toBe(isDue);
});

test('the new one has another key and the same names, authority, life and file mode', async () => {
  const [before, mode] = [new X509Certificate(text()), statSync(join(dir, 'server.pem')).mode];
  const now = after(600);
  expect(await renewMosquittoServer(dir, { authority, now })).toBe(true);
  const renewed = new X509Certificate(text());
  expect(renewed.subjectAltName).toBe(before.subjectAltName);
  expect(NAMES.every((name) => renewed.checkHost(name) ?? renewed.checkIP(name))).toBe(true);
  expect([renewed.subject, authority.signed(renewed)]).toEqual([before.subject, true]);
  expect(renewed.validToDate.getTime()).toBe(now + SERVER_DAYS * DAY_MS);
  expect(renewed.checkPrivateKey(createPrivateKey(text()))).toBe(true);
  expect(before.checkPrivateKey(createPrivateKey(text()))).toBe(false);
  expect(statSync(join(dir, 'server.pem')).mode).toBe(mode);
  // And then there is nothing more to do.
  expect(await renewMosquittoServer(dir, { authority, now })).toBe(false);
});

test('somebody else’s certificate, or none at all, is left alone', async () => {
  const before = text();
  expect(
    await renewMosquittoServer(dir, { authority: await newAuthority(), now: after(800) }),
  ).toBe(false);
  expect(text()).toBe(before);
  rmSync(join(dir, 'server.pem'));
  expect(await renewMosquittoServer(dir, { authority, now: after(800) })).toBe(false);
});
