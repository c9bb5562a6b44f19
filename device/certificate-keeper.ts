/**
 * Keeps the terminal's certificate young (証明書の更新): asks at the gateway's port when it is time, and puts
 * the new certificate with its new key in the place of the old, whole or not at all.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type RenewalAnswer, renewalText } from '../shared/enrolment.ts';
import type { TerminalId } from '../shared/ids.ts';
import type { Log } from '../shared/log.ts';
import { replaceFile } from '../shared/replace-file.ts';
import type { Signer } from '../shared/signature.ts';
import { type Clock, type UptimeMs, utcMs } from '../shared/time.ts';
import type { TerminalConfig } from './config.ts';
import { type PortFailure, sendConfirmation, sendRenewal } from './gateway-port.ts';
import {
  type CertificateSpan,
  INITIAL_RENEWAL,
  type RenewalEvent,
  step,
  tryAgainAt,
} from './renewal.ts';

export interface CertificateKeeperDeps {
  readonly terminalId: TerminalId;
  readonly files: NonNullable<TerminalConfig['gateway']['tls']>;
  /** Undefined: nobody renews here, the certificate is only looked at. */
  readonly enrolmentUrl: string | undefined;
  /** By the journal's key the gateway knows who asks. */
  readonly signer: Signer;
  readonly clock: Clock;
  readonly random: () => number;
  /** The link should come up anew, with the new certificate. */
  readonly onRenewed: () => void;
  readonly log: Log;
}

export interface CertificateKeeper {
  /** About once a minute; resolves when a request that it made has its answer. */
  readonly tick: () => Promise<void>;
  /** Undefined where the certificate cannot be read. */
  readonly span: () => CertificateSpan | undefined;
  /** Why the last request got nothing, for people. */
  readonly fault: () => string | undefined;
}

const spanOf = (file: string): CertificateSpan | undefined => {
  try {
    const { validFromDate, validToDate } = new X509Certificate(readFileSync(file));
    return { from: utcMs(validFromDate.getTime()), to: utcMs(validToDate.getTime()) };
  } catch {
    return undefined;
  }
};

const failureJa = (answer: PortFailure): string => {
  switch (answer.kind) {
    case 'refused':
      return `中継サーバが断りました: ${answer.reason}`;
    case 'busy':
      return '中継サーバが混んでいます';
    case 'unreachable':
      return `つながりません: ${answer.detail}`;
    case 'stranger':
    case 'other-name':
      return `答えたのは登録した中継サーバではありません: ${answer.detail}`;
    case 'clock':
      return '時計が合っていません';
  }
};

/** Throws where the answer is no certificate of ours. */
const assertOurs = (
  { certificatePem, authorityPem }: RenewalAnswer,
  terminalId: TerminalId,
): void => {
  const certificate = new X509Certificate(certificatePem);
  const authority = new X509Certificate(authorityPem);
  if (certificate.subject !== `CN=${terminalId}` || !certificate.verify(authority.publicKey))
    throw new Error('the gateway answered with a certificate that is not this terminal’s');
};

export const createCertificateKeeper = (deps: CertificateKeeperDeps): CertificateKeeper => {
  const { terminalId, files, signer, clock, log } = deps;
  let span = spanOf(files.certificateFile);
  let state = INITIAL_RENEWAL;
  /** The gateway is to hear that the certificate works: when, and after how many failures. */
  let confirming: { readonly at: UptimeMs | undefined; readonly failures: number } | undefined = {
    at: undefined,
    failures: 0,
  };

  const trusted = () => ({
    authorityPem: readFileSync(files.caFile, 'utf8'),
    identity: {
      certificatePem: readFileSync(files.certificateFile, 'utf8'),
      keyPem: readFileSync(files.keyFile, 'utf8'),
    },
  });

  /** After each start too: the program may have ended between a renewal and this. */
  const confirm = async (url: string): Promise<void> => {
    const { uptimeMs } = clock.read();
    if (confirming === undefined || (confirming.at !== undefined && uptimeMs < confirming.at))
      return;
    const { failures } = confirming;
    let reason: string;
    try {
      const answer = await sendConfirmation(url, trusted());
      if (answer.kind === 'answered') {
        confirming = undefined;
        return;
      }
      reason = failureJa(answer);
    } catch (cause) {
      // A file that cannot be read.
      reason = cause instanceof Error ? cause.message : String(cause);
    }
    log('the gateway did not hear that the certificate works', { reason });
    confirming = {
      at: tryAgainAt(clock.read().uptimeMs, failures, deps.random()),
      failures: failures + 1,
    };
  };

  /** Undefined: renewed; else why not. */
  const renew = async (url: string): Promise<string | undefined> => {
    // A library of ten megabytes, wanted every few months: not in memory in between.
    const { makeTlsKey } = await import('../shared/certificate-request.ts');
    const { keyPem, requestPem } = await makeTlsKey(terminalId);
    const proof = signer.sign(renewalText({ terminalId, requestPem }));
    const answer = await sendRenewal(url, trusted(), { terminalId, requestPem, proof });
    if (answer.kind !== 'answered') return failureJa(answer);
    assertOurs(answer.value, terminalId);
    const { certificatePem, authorityPem } = answer.value;
    replaceFile(files.caFile, authorityPem);
    replaceFile(files.certificateFile, `${certificatePem}${keyPem}`);
    return undefined;
  };

  const feed = (event: RenewalEvent): boolean => {
    const next = step(state, event);
    state = next.state;
    return next.isAsking;
  };

  const tick = async (): Promise<void> => {
    await renewIfDue();
    if (deps.enrolmentUrl !== undefined && span !== undefined) await confirm(deps.enrolmentUrl);
  };

  const renewIfDue = async (): Promise<void> => {
    const { wallMs, uptimeMs } = clock.read();
    span = spanOf(files.certificateFile);
    const { enrolmentUrl } = deps;
    if (enrolmentUrl === undefined) return;
    if (!feed({ kind: 'tick', wallMs, uptimeMs, certificate: span, random: deps.random() })) return;
    let reason: string | undefined;
    try {
      reason = await renew(enrolmentUrl);
    } catch (cause) {
      // A full disk, or an answer that makes no sense: the certificate that is there stays.
      reason = cause instanceof Error ? cause.message : String(cause);
    }
    if (reason !== undefined) {
      log('the certificate could not be renewed', { reason });
      feed({ kind: 'failed', reason, uptimeMs: clock.read().uptimeMs, random: deps.random() });
      return;
    }
    feed({ kind: 'renewed' });
    confirming = { at: undefined, failures: 0 };
    span = spanOf(files.certificateFile);
    log('the certificate was renewed');
    deps.onRenewed();
  };

  return {
    tick,
    span: () => span,
    fault: () => (state.kind === 'resting' ? undefined : state.fault),
  };
};
