/** A terminal's certificate grows old before a real gateway: real port, real broker, real link; only the clock is moved. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type CertificateKeeper,
  createCertificateKeeper,
} from '../../device/certificate-keeper.ts';
import { credentialsIn, type Link, openMqttLink } from '../../device/link-mqtt.ts';
import type { TerminalId } from '../../shared/ids.ts';
import { MINUTE_MS } from '../../shared/time.ts';
import { createFakeClock, type FakeClock } from '../fakes/clock.ts';
import { type DeskPort, openDeskPort } from '../fixtures/desk-port.ts';
import { type Device, makeDevice } from '../fixtures/enrolment-desk.ts';
import { until } from '../fixtures/event-log.ts';
import { openTlsSite, serialOf, type TlsSite } from '../fixtures/tls-site.ts';

/**
 * The handshake goes by this machine's clock and every certificate is backdated by an hour: so one that
 * lives 117 minutes is due after 58, and the one of minute 59 is valid already.
 */
const LIFE_MS = 117 * MINUTE_MS;
const DUE_MS = 59 * MINUTE_MS;

let site: TlsSite;
let port: DeskPort;
let folder: string;
let device: Device;
let terminalId: TerminalId;
let clock: FakeClock;
let keeper: CertificateKeeper;
let link: Link;
let ups: boolean[];
let logged: string[];
const file = (name: string): string => join(folder, name);
const files = () => ({
  certificateFile: file('identity.pem'),
  keyFile: file('identity.pem'),
  caFile: file('authority.pem'),
});
const serialNow = (): string => serialOf(readFileSync(file('identity.pem'), 'utf8'));
const isRevoked = (serial: string): boolean =>
  site.desk.store.certificate(serial)?.revokedAt !== undefined;
const later = (ms: number): void => {
  clock.advance(ms);
  site.desk.clock.advance(ms);
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'genba-keeper-'));
  site = await openTlsSite(LIFE_MS);
  port = await openDeskPort(site.desk);
  device = await makeDevice();
  const enrolled = await site.desk.enrol(device);
  terminalId = enrolled.terminalId;
  writeFileSync(file('identity.pem'), `${enrolled.certificate}${device.key.keyPem}`);
  writeFileSync(file('authority.pem'), site.desk.authority.pem);
  clock = createFakeClock(new Date().toISOString());
  ups = [];
  logged = [];
  link = openMqttLink(
    { url: site.url, terminalId, tls: credentialsIn(files()), start: 'start-1' },
    {
      onLink: (isUp) => ups.push(isUp),
      onMessage: () => undefined,
      log: (message, fields) => logged.push(`${message} ${fields?.reason}`),
    },
  );
  keeper = makeKeeper(port.url);
});
const makeKeeper = (
  enrolmentUrl: string | undefined,
  onRenewed: () => void = link.reconnect,
): CertificateKeeper =>
  createCertificateKeeper({
    terminalId,
    files: files(),
    enrolmentUrl,
    signer: device.signer,
    clock,
    random: () => 0,
    onRenewed,
    log: (message, fields) => logged.push(`${message} ${fields?.reason}`),
  });
afterEach(async () => {
  await link.close();
  await port.close();
  await site.close();
  rmSync(folder, { recursive: true });
});
const linked = (times: number) =>
  until(() => ups.filter((isUp) => isUp).length >= times, `linked ${times} times; ${logged}`);

describe('renewal by itself', () => {
  test('does nothing while the certificate is young', async () => {
    const serial = serialNow();
    later(DUE_MS - 2 * MINUTE_MS);
    await keeper.tick();
    expect(serialNow()).toBe(serial);
  });

  test('at two thirds: a new key and certificate, the link comes up with it, and the old one is void', async () => {
    await linked(1);
    const before = readFileSync(file('identity.pem'), 'utf8');
    later(DUE_MS);
    await keeper.tick();
    const after = readFileSync(file('identity.pem'), 'utf8');
    expect(after.split('-----BEGIN PRIVATE KEY-----')[1]).not.toBe(
      before.split('-----BEGIN PRIVATE KEY-----')[1],
    );
    await linked(2);
    expect(ups).toEqual([true, false, true]);
    await until(() => isRevoked(serialOf(before)), 'the old certificate is void');
    expect(isRevoked(serialNow())).toBe(false);
    expect(keeper.span()?.to).toBe(new X509Certificate(after).validToDate.getTime());
    expect(keeper.fault()).toBeUndefined();
    // And it is young again.
    await keeper.tick();
    expect(readFileSync(file('identity.pem'), 'utf8')).toBe(after);
  });

  test('one who starts anew with the old key at the broker would be told apart, this one is not', async () => {
    await linked(1);
    later(DUE_MS);
    await keeper.tick();
    await linked(2);
    expect(site.audited.filter(({ kind }) => kind === 'clone-suspected')).toEqual([]);
  });

  test('the old one is void also where no broker of ours sees which one is used', async () => {
    await linked(1);
    await link.close();
    const before = serialNow();
    later(DUE_MS);
    await keeper.tick();
    expect(serialNow()).not.toBe(before);
    expect([isRevoked(before), isRevoked(serialNow())]).toEqual([true, false]);
    const confirmed = site.audited.filter(({ kind }) => kind === 'certificate-revoked');
    expect(confirmed).toMatchObject([{ actor: `terminal:${terminalId}` }]);
  });

  test('the gateway hears of it at the next start where it was away in between, and not before', async () => {
    await linked(1);
    await link.close();
    const before = serialNow();
    later(DUE_MS);
    keeper = makeKeeper(port.url, () => void port.close());
    await keeper.tick();
    expect(serialNow()).not.toBe(before);
    expect(isRevoked(before)).toBe(false);
    port = await openDeskPort(site.desk);
    await makeKeeper(port.url).tick();
    expect(isRevoked(before)).toBe(true);
  });

  test('a gateway that does not hear of it is told again a minute later, and a file that is gone stops nothing', async () => {
    rmSync(file('authority.pem'));
    const failures = () => logged.filter((line) => line.includes('did not hear')).length;
    await keeper.tick();
    expect(failures()).toBe(1);
    writeFileSync(file('authority.pem'), site.desk.authority.pem);
    await port.close();
    clock.advance(40_000);
    await keeper.tick();
    expect(failures()).toBe(1);
    clock.advance(20_000);
    await keeper.tick();
    expect(failures()).toBe(2);
    port = await openDeskPort(site.desk);
  });

  test('a gateway that cannot be reached is a fault that is shown, is asked again later, and then it is over', async () => {
    const { url } = port;
    await port.close();
    later(DUE_MS);
    await keeper.tick();
    expect(keeper.fault()).toMatch(/つながりません/);
    port = await openDeskPort(site.desk);
    keeper = makeKeeper(port.url);
    expect(url).not.toBe('');
    await keeper.tick();
    expect(keeper.fault()).toBeUndefined();
    expect(isRevoked(serialNow())).toBe(false);
  });

  test('is asked again a minute after a failure, not before', async () => {
    await port.close();
    later(DUE_MS);
    await keeper.tick();
    const [reason] = logged.filter((line) => line.startsWith('the certificate'));
    expect(reason).toMatch(/could not be renewed/);
    const failures = () => logged.filter((line) => line.includes('could not be renewed')).length;
    clock.advance(40_000);
    await keeper.tick();
    expect(failures()).toBe(1);
    clock.advance(10_000);
    await keeper.tick();
    expect(failures()).toBe(2);
    port = await openDeskPort(site.desk);
  });

  test('a revoked terminal is told why, and its files stay as they are', async () => {
    const serial = serialNow();
    site.desk.enrolments.revoke(1, 'token:admin');
    later(DUE_MS);
    await keeper.tick();
    expect(keeper.fault()).toBe('中継サーバが断りました: revoked-certificate');
    expect(serialNow()).toBe(serial);
  });

  test('who only pretends to be the gateway gets a request from nobody', async () => {
    const stranger = await openTlsSite();
    const theirs = await openDeskPort(stranger.desk);
    keeper = makeKeeper(theirs.url);
    later(DUE_MS);
    await keeper.tick();
    expect(keeper.fault()).toMatch(/登録した中継サーバではありません/);
    expect(stranger.desk.audited.filter(({ detail }) => detail.at === 'renewal')).toEqual([]);
    await theirs.close();
    await stranger.close();
  });

  test('a certificate that a person keeps is looked at and left alone', async () => {
    keeper = makeKeeper(undefined);
    const serial = serialNow();
    later(DUE_MS);
    await keeper.tick();
    expect(serialNow()).toBe(serial);
    expect(keeper.span()).toBeDefined();
  });
});

describe('a link without a sound certificate', () => {
  test.each([
    ['is not there', () => rmSync(file('identity.pem'))],
    ['is rubbish', () => writeFileSync(file('identity.pem'), 'rubbish')],
  ])('whose file %s is tried again, and comes up when it is back', async (_what, breakIt) => {
    await linked(1);
    const sound = readFileSync(file('identity.pem'));
    breakIt();
    link.reconnect();
    await until(() => logged.some((line) => line.startsWith('the link failed')), 'it is told');
    writeFileSync(file('identity.pem'), sound);
    await linked(2);
  });
});
