/** What meets the enrolment port, what a terminal hears from it, and what an external broker says. */
import type { z } from 'zod';
import { readPortAnswer } from '../../../device/gateway-port.ts';
import { NOTHING_SEEN, readMosquittoLine } from '../../../gateway/broker/mosquitto-log.ts';
import { terminalPortApp } from '../../../gateway/enrolment/terminal-port.ts';
import {
  AuthorityAnswer,
  Claim,
  ConfirmationAnswer,
  claimText,
  ENROLMENT_BYTES_MAX,
  ENROLMENT_PATHS,
  Enrolment,
  Renewal,
  RenewalAnswer,
  renewalText,
} from '../../../shared/enrolment.ts';
import { verifierOf } from '../../../shared/signature.ts';
import { utcMs } from '../../../shared/time.ts';
import {
  claimOf,
  makeDevice,
  openEnrolmentDesk,
  renewalOf,
} from '../../fixtures/enrolment-desk.ts';
import { gatewaySigner, SITE } from '../../fixtures/identities.ts';
import { must, type Target } from '../target.ts';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const parsedBy = <T>(schema: z.ZodType<T>, input: Buffer): T | undefined => {
  try {
    return schema.safeParse(JSON.parse(input.toString())).data;
  } catch {
    return undefined;
  }
};

/** Who has a certificate, a journal key and a code: whatever they send, nobody else's proof is believed. */
const requests: Target = {
  name: 'enrolment-requests',
  share: 0.5,
  open: async () => {
    const desk = await openEnrolmentDesk();
    const device = await makeDevice();
    const { terminalId, certificate } = await desk.enrol(device);
    const claim = claimOf(device, await desk.makeCode());
    const { enrolments } = desk;
    const app = terminalPortApp({
      // The certificate comes by the connection, which there is none of here.
      enrolments: {
        ...enrolments,
        renew: (renewal, _none, address) => enrolments.renew(renewal, certificate, address),
        confirm: (_none, address) => enrolments.confirm(certificate, address),
      },
      authorityPem: desk.authority.pem,
      mayTry: () => true,
      log: () => undefined,
    });
    return {
      samples: [json(claim), json(renewalOf(device, terminalId)), json({})],
      words: ['"secret":"', '"requestPem":"', '"publicKey":"', '"proof":""', '\\n', '-----BEGIN '],
      seal: (input, random) => {
        if (random.chance(0.5)) return input;
        const claimed = parsedBy(Claim, input);
        if (claimed !== undefined)
          return json({ ...claimed, proof: device.signer.sign(claimText(claimed)) });
        const renewed = parsedBy(Renewal, input);
        return renewed === undefined
          ? input
          : json({ ...renewed, proof: device.signer.sign(renewalText(renewed)) });
      },
      run: async (input, random) => {
        const path = random.chance(0.9)
          ? random.pick([ENROLMENT_PATHS.claim, ENROLMENT_PATHS.renewal])
          : random.pick([ENROLMENT_PATHS.confirmation, ENROLMENT_PATHS.authority, '/nowhere']);
        const response = await app.request(path, { method: 'POST', body: new Uint8Array(input) });
        const text = await response.text();
        must([200, 201, 400, 403, 404, 413].includes(response.status), 'an orderly answer', text);
        must(!text.includes('.ts:'), 'no word of our insides', text.slice(0, 500));
        if (response.status !== 201) return;
        if (path === ENROLMENT_PATHS.claim) {
          const taken = parsedBy(Claim, input);
          must(
            taken !== undefined &&
              taken.secret === claim.secret &&
              verifierOf(taken.publicKey)(claimText(taken), taken.proof),
            'nobody enrolled without the code or the key',
            taken,
          );
        } else {
          const taken = parsedBy(Renewal, input);
          must(
            taken?.terminalId === terminalId &&
              verifierOf(device.signer.publicKey)(renewalText(taken), taken.proof),
            'nobody renewed without the journal’s key',
            taken,
          );
        }
      },
      close: desk.close,
    };
  },
};

const ANSWERS: readonly z.ZodType<unknown>[] = [
  AuthorityAnswer,
  Enrolment,
  RenewalAnswer,
  ConfirmationAnswer,
];

/** First line the status, second the date, the rest the body, as a stranger at that port might send them. */
const answers: Target = {
  name: 'enrolment-answers',
  share: 12,
  open: () => {
    const pem = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
    const bodies = [
      { authorityPem: pem },
      {
        terminalId: 'gate-1',
        siteId: SITE,
        certificatePem: pem,
        authorityPem: pem,
        brokerUrl: 'mqtts://gateway.example:8883',
        gatewayPublicKey: gatewaySigner.publicKey,
        settings: { siteName: '現場', maxShiftHours: 18 },
      },
      { certificatePem: pem, authorityPem: pem },
      { terminalId: 'gate-1' },
    ].map((body) => `201\nSat, 28 Nov 2026 04:00:00 GMT\n${JSON.stringify(body)}`);
    return {
      samples: [
        ...bodies,
        '403\n\n{"faults":[{"place":"","message":"expired-code"}]}',
        '429\n\n',
        '500\nyesterday\n<html>',
      ].map((text) => Buffer.from(text)),
      words: ['"faults":[', '"message":"', '"settings":{', 'mqtts://', '403', '201'],
      run: (input, random) => {
        const [status = '', date, ...rest] = input
          .subarray(0, ENROLMENT_BYTES_MAX)
          .toString('utf8')
          .split('\n');
        const schema = random.pick(ANSWERS);
        const answer = readPortAnswer(
          { status: Number(status), date, text: rest.join('\n') },
          schema,
        );
        if (answer.kind === 'answered') {
          must(schema.safeParse(answer.value).success, 'the expected answer', answer);
          must(Number.isFinite(answer.gatewayClock ?? 0), 'a clock that is one', answer);
        } else if (answer.kind === 'refused')
          must(answer.reason.length <= 200, 'a short reason', answer);
      },
    };
  },
};

const mosquittoLines: Target = {
  name: 'mosquitto-log',
  share: 6,
  open: () => ({
    samples: [
      '1795838331: New connection from 127.0.0.1:43226 on port 8883.\n1795838331: OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate\n1795838331: Client <unknown> disconnected: Protocol error.',
      "1795838334: New connection from ::1:43304 on port 8883.\n1795838334: Client gate-1 already connected, closing old connection.\n1795838334: New client connected from ::1:43304 as gate-1 (p2, c1, k60, u'gate-1').",
    ].map((text) => Buffer.from(text)),
    words: [
      'New connection from ',
      ' as gate-1 (',
      'OpenSSL Error[0]: error:',
      'Client <unknown> ',
    ],
    run: (input, random) => {
      let seen = NOTHING_SEEN;
      let now = utcMs(Date.parse('2026-11-28T04:00:00Z'));
      for (const line of input.toString('utf8').split('\n')) {
        const read = readMosquittoLine(seen, line, now);
        seen = read.seen;
        now = utcMs(now + random.below(20_000));
        must(seen.knocking.length <= 64, 'a memory that grows without end');
        const { news } = read;
        if (news?.kind === 'refused') must(news.reason.length <= 120, 'a short reason', news);
        if (news?.kind === 'connected')
          must(news.clientId.length <= 64 && news.address.length <= 100, 'short names', news);
      }
    },
  }),
};

export const ENROLMENT_TARGETS: readonly Target[] = [requests, answers, mosquittoLines];
