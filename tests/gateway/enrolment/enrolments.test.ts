/** Codes, claims, renewals and revocations, on the real store and with real certificates. */
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isRenewalDue } from '../../../shared/enrolment.ts';
import { TerminalId } from '../../../shared/ids.ts';
import { generateSigningKeyPem, signerFromPem } from '../../../shared/signature.ts';
import { DAY_MS, HOUR_MS, utcMs } from '../../../shared/time.ts';
import {
  claimOf,
  type EnrolmentDesk,
  makeDevice,
  openEnrolmentDesk,
  renewalOf,
} from '../../fixtures/enrolment-desk.ts';
import { OTHER_TERMINAL, SITE } from '../../fixtures/identities.ts';

let desk: EnrolmentDesk;
beforeEach(async () => {
  desk = await openEnrolmentDesk();
});
afterEach(() => desk.close());

const kinds = () => desk.audited.map(({ kind }) => kind);

describe('a code', () => {
  test('makes one terminal of one site, named gate-1, gate-3 where gate-2 stands in the configuration', async () => {
    expect(OTHER_TERMINAL).toBe('gate-2');
    const first = await desk.enrol(await makeDevice());
    const second = await desk.enrol(await makeDevice());
    expect([first.terminalId, second.terminalId]).toEqual(['gate-1', 'gate-3']);
    expect(first.certificate.subject).toBe('CN=gate-1');
    expect(desk.told).toEqual(['enrolled gate-1', 'enrolled gate-3']);
    expect(kinds().slice(0, 3)).toEqual([
      'enrolment-issued',
      'enrolment-claimed',
      'certificate-issued',
    ]);
  });

  test('tells the terminal all that it needs', async () => {
    const outcome = await desk.enrolments.claim(
      claimOf(await makeDevice(), await desk.makeCode()),
      '::1',
    );
    expect(outcome).toMatchObject({
      kind: 'enrolled',
      enrolment: {
        siteId: SITE,
        authorityPem: desk.authority.pem,
        brokerUrl: 'mqtts://gateway.example:8883',
        settings: { siteName: '現場', maxShiftHours: 18 },
      },
    });
  });

  test('is stored nowhere as it is read aloud', async () => {
    const code = await desk.makeCode();
    const secret = code.replaceAll('-', '').slice(0, 9);
    expect(JSON.stringify([desk.store.all(), desk.audited])).not.toContain(secret);
  });

  test.each<[string, (code: string) => Promise<string | undefined>]>([
    [
      'unknown-code',
      async (code) => {
        const other = await openEnrolmentDesk();
        const foreign = await other.makeCode();
        other.close();
        return code === foreign ? undefined : foreign;
      },
    ],
    [
      'expired-code',
      async (code) => {
        desk.clock.advance(HOUR_MS);
        return code;
      },
    ],
    [
      'revoked-code',
      async (code) => {
        desk.enrolments.revoke(1, 'token:admin');
        return code;
      },
    ],
    [
      'used-code',
      async (code) => {
        await desk.enrolments.claim(claimOf(await makeDevice(), code), '::1');
        return code;
      },
    ],
  ])('gives nothing: %s', async (reason, meanwhile) => {
    const code = await meanwhile(await desk.makeCode());
    const before = desk.store.certificates().length;
    const outcome = await desk.enrolments.claim(
      claimOf(await makeDevice(), code ?? ''),
      '192.0.2.9',
    );
    expect(outcome).toEqual({ kind: 'refused', reason });
    expect(desk.store.certificates()).toHaveLength(before);
    expect(desk.audited.at(-1)).toEqual({
      kind: 'enrolment-refused',
      actor: 'address:192.0.2.9',
      detail: { reason },
    });
  });

  test('may be claimed again by the same device, whose answer got lost; the first certificate is void', async () => {
    const code = await desk.makeCode();
    const device = await makeDevice();
    for (const _ of [1, 2]) await desk.enrolments.claim(claimOf(device, code), '::1');
    expect(desk.store.certificates().map(({ revokedAt }) => revokedAt !== undefined)).toEqual([
      true,
      false,
    ]);
  });

  test('claimed by two devices at once goes to one of them', async () => {
    const code = await desk.makeCode();
    const claims = [claimOf(await makeDevice(), code), claimOf(await makeDevice(), code)];
    const outcomes = await Promise.all(claims.map((claim) => desk.enrolments.claim(claim, '::1')));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['enrolled', 'refused']);
  });

  test('is of no use without the journal key that the claim names', async () => {
    const code = await desk.makeCode();
    const device = await makeDevice();
    const stranger = signerFromPem(generateSigningKeyPem());
    const claims = [
      claimOf(device, code, { publicKey: stranger.publicKey }),
      claimOf(device, code, { proof: stranger.sign('anything') }),
      claimOf(device, code, { requestPem: (await makeDevice()).key.requestPem }),
    ];
    for (const claim of claims)
      expect(await desk.enrolments.claim(claim, '::1')).toEqual({
        kind: 'refused',
        reason: 'bad-proof',
      });
  });

  test.each([
    [OTHER_TERMINAL, 'in-configuration'],
    [TerminalId.parse('gate-1'), 'other-site'],
  ])('for %s is not made: %s', async (terminalId, kind) => {
    await desk.enrol(await makeDevice());
    const siteId = kind === 'other-site' ? '39999999999999' : SITE;
    expect(
      await desk.enrolments.makeCode({
        siteId: siteId as typeof SITE,
        terminalId,
        lifeMs: HOUR_MS,
        by: 'x',
      }),
    ).toEqual({ kind });
  });
});

describe('a new device in the same place', () => {
  test('takes the name, and what stood for it before is void', async () => {
    const { terminalId, certificate } = await desk.enrol(await makeDevice());
    const again = await desk.enrol(await makeDevice(), terminalId);
    expect(again.terminalId).toBe(terminalId);
    expect(desk.store.all().map(({ ended }) => ended?.because)).toEqual(['replaced', undefined]);
    expect(desk.enrolments.admit(certificate, terminalId, '::1')).toBe('revoked-certificate');
    expect(desk.enrolments.admit(again.certificate, terminalId, '::1')).toBe('good');
    expect(desk.told).toEqual([
      `enrolled ${terminalId}`,
      `replaced ${terminalId}`,
      'list',
      `enrolled ${terminalId}`,
    ]);
  });
});

describe('a revoked terminal', () => {
  test('is told of, and its certificate and its renewal are refused', async () => {
    const device = await makeDevice();
    const { terminalId, certificate } = await desk.enrol(device);
    expect(desk.enrolments.revoke(1, 'token:admin')).toBe(true);
    expect(desk.enrolments.revoke(1, 'token:admin')).toBe(false);
    expect(desk.enrolments.revoke(99, 'token:admin')).toBe(false);
    expect(desk.told.slice(1)).toEqual([`revoked ${terminalId}`, 'list']);
    expect(desk.enrolments.admit(certificate, terminalId, '::1')).toBe('revoked-certificate');
    expect(await desk.enrolments.renew(renewalOf(device, terminalId), certificate, '::1')).toEqual({
      kind: 'refused',
      reason: 'revoked-certificate',
    });
  });
});

describe('a terminal with a copy', () => {
  test('is revoked by the gateway itself with the reason, and an external broker hears that it is back', async () => {
    const { terminalId } = await desk.enrol(await makeDevice());
    expect(desk.enrolments.revokeCloned(TerminalId.parse('gate-77'))).toBe(false);
    expect(desk.enrolments.revokeCloned(terminalId)).toBe(true);
    expect(desk.enrolments.revokeCloned(terminalId)).toBe(false);
    expect(desk.audited.at(-1)).toEqual({
      kind: 'enrolment-revoked',
      actor: 'gateway',
      detail: { enrolmentNo: 1, terminalId, reason: 'cloned' },
    });
    await desk.enrol(await makeDevice(), terminalId);
    // Without the second list mosquitto would go on to shut out a place that was taken again.
    expect(desk.told).toEqual([
      `enrolled ${terminalId}`,
      `revoked ${terminalId}`,
      'list',
      'list',
      `enrolled ${terminalId}`,
    ]);
  });
});

describe('renewal', () => {
  test('gives a new certificate; the old one is void from the first use of the new one on', async () => {
    const device = await makeDevice();
    const { terminalId, certificate } = await desk.enrol(device);
    desk.clock.advance(120 * DAY_MS);
    const fresh = { ...device, key: (await makeDevice()).key };
    const outcome = await desk.enrolments.renew(renewalOf(fresh, terminalId), certificate, '::1');
    if (outcome.kind !== 'renewed') throw new Error(outcome.reason);
    const renewed = new X509Certificate(outcome.answer.certificatePem);
    expect(renewed.validToDate.getTime()).toBe(desk.clock.read().wallMs + 180 * DAY_MS);
    expect(desk.enrolments.admit(certificate, terminalId, '::1')).toBe('good');
    expect(desk.enrolments.admit(renewed, terminalId, '::1')).toBe('good');
    expect(desk.enrolments.admit(certificate, terminalId, '::1')).toBe('revoked-certificate');
    expect(kinds().filter((kind) => kind === 'certificate-revoked')).toHaveLength(1);
  });

  test('the old one is void as well once the new one is shown at the gateway’s own port', async () => {
    const device = await makeDevice();
    const { terminalId, certificate } = await desk.enrol(device);
    const fresh = { ...device, key: (await makeDevice()).key };
    const outcome = await desk.enrolments.renew(renewalOf(fresh, terminalId), certificate, '::1');
    if (outcome.kind !== 'renewed') throw new Error(outcome.reason);
    // Who still shows the old one confirms nothing.
    expect(desk.enrolments.confirm(certificate, '::1')).toEqual({ kind: 'confirmed', terminalId });
    expect(desk.told).not.toContain('list');
    const renewed = new X509Certificate(outcome.answer.certificatePem);
    expect(desk.enrolments.confirm(renewed, '::1')).toEqual({ kind: 'confirmed', terminalId });
    expect(desk.told.at(-1)).toBe('list');
    expect(desk.enrolments.confirm(certificate, '::1')).toEqual({
      kind: 'refused',
      reason: 'revoked-certificate',
    });
    expect(desk.enrolments.confirm(undefined, '::1')).toMatchObject({ reason: 'no-certificate' });
  });

  test.each([
    [179, 'renewed', 'still valid'],
    [181, 'renewed', 'out of date while the site had no network'],
    [359, 'renewed', 'the last day of grace'],
    [361, 'expired-certificate', 'somebody has to come'],
  ])('%i days after enrolment: %s (%s)', async (days, wanted) => {
    const device = await makeDevice();
    const { terminalId, certificate } = await desk.enrol(device);
    desk.clock.advance(days * DAY_MS);
    const outcome = await desk.enrolments.renew(renewalOf(device, terminalId), certificate, '::1');
    expect(outcome.kind === 'refused' ? outcome.reason : outcome.kind).toBe(wanted);
    // What is out of date may be renewed, and nothing else.
    expect(desk.enrolments.admit(certificate, terminalId, '::1')).toBe(
      days < 180 ? 'good' : 'expired-certificate',
    );
  });

  test('is refused to who has the certificate and not the journal key, or the key and no certificate', async () => {
    const device = await makeDevice();
    const { terminalId, certificate } = await desk.enrol(device);
    const stranger = await makeDevice();
    const other = await desk.enrol(stranger);
    const foreign = await openEnrolmentDesk();
    const theirs = await foreign.enrol(await makeDevice());
    foreign.close();
    const { renew } = desk.enrolments;
    const refused = async (outcome: ReturnType<typeof renew>) => {
      const settled = await outcome;
      return settled.kind === 'refused' ? settled.reason : settled.kind;
    };
    expect(await refused(renew(renewalOf(stranger, terminalId), certificate, ''))).toBe(
      'bad-proof',
    );
    expect(await refused(renew(renewalOf(device, terminalId), undefined, ''))).toBe(
      'no-certificate',
    );
    expect(await refused(renew(renewalOf(device, terminalId), theirs.certificate, ''))).toBe(
      'foreign-certificate',
    );
    expect(await refused(renew(renewalOf(device, terminalId), other.certificate, ''))).toBe(
      'not-its-client-id',
    );
    expect(await refused(renew(renewalOf(device, other.terminalId), certificate, ''))).toBe(
      'not-its-client-id',
    );
    const rubbish = { terminalId, requestPem: 'rubbish' };
    const proof = device.signer.sign(`genba-tap renewal v1\n${terminalId}\nrubbish`);
    expect(await refused(renew({ ...rubbish, proof }, certificate, ''))).toBe('bad-request');
  });

  test.each([
    [119, false],
    [120, true],
    [200, true],
  ])('of 180 days is due after 120: day %i is %s', (day, isDue) => {
    const from = utcMs(Date.parse('2026-01-01T00:00:00Z'));
    expect(isRenewalDue({ from, to: utcMs(from + 180 * DAY_MS) }, utcMs(from + day * DAY_MS))).toBe(
      isDue,
    );
  });
});
