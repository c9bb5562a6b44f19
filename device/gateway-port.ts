/**
 * The gateway's port for terminals (端末用の受付) as a terminal sees it: JSON over HTTPS, believed only when
 * the authority that the terminal was told of signed the other side's certificate.
 *
 * Every failure is an answer that says what a person can do about it; nothing here throws.
 */
import { once } from 'node:events';
import { request } from 'node:https';
import type { z } from 'zod';
import {
  AuthorityAnswer,
  type Claim,
  ConfirmationAnswer,
  ENROLMENT_BYTES_MAX,
  ENROLMENT_PATHS,
  Enrolment,
  PortProblem,
  type Renewal,
  RenewalAnswer,
} from '../shared/enrolment.ts';
import { UtcMs } from '../shared/time.ts';

export type PortAnswer<T> =
  | {
      readonly kind: 'answered';
      readonly value: T;
      /** The gateway's own clock, to the second, where it told it. */
      readonly gatewayClock: UtcMs | undefined;
    }
  /** The gateway's word why not, such as `expired-code`. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Too many tries; later again. */
  | { readonly kind: 'busy' }
  /** Nobody there, or nobody who speaks this language. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** Somebody is there whom the authority does not know. */
  | { readonly kind: 'stranger'; readonly detail: string }
  /** The gateway's certificate is for other names. */
  | { readonly kind: 'other-name'; readonly detail: string }
  /** By this machine's clock the gateway's certificate is of the past or of the future. */
  | { readonly kind: 'clock' };

export type PortFailure = Exclude<PortAnswer<never>, { kind: 'answered' }>;

export interface PortIdentity {
  readonly certificatePem: string;
  readonly keyPem: string;
}

interface Question<T> {
  readonly path: string;
  /** Undefined: whoever answers is listened to, and not yet believed. */
  readonly authorityPem: string | undefined;
  readonly identity?: PortIdentity;
  readonly body?: object;
  readonly schema: z.ZodType<T>;
}

const ANSWER_MS = 20_000;

const CLOCK_CODES = new Set(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']);
/** OpenSSL's words for a chain that leads to nobody whom we trust. */
const STRANGER_CODES = new Set([
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'INVALID_PURPOSE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const failureOf = (cause: unknown): PortFailure => {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (CLOCK_CODES.has(code)) return { kind: 'clock' };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return { kind: 'other-name', detail };
  if (STRANGER_CODES.has(code)) return { kind: 'stranger', detail: code };
  return { kind: 'unreachable', detail: detail === '' ? code : detail };
};

interface RawAnswer {
  readonly status: number;
  readonly date: string | undefined;
  readonly text: string;
}

const exchange = async <T>(
  url: string,
  { path, authorityPem, identity, body }: Question<T>,
): Promise<RawAnswer> => {
  const outgoing = request(new URL(path, url), {
    method: body === undefined ? 'GET' : 'POST',
    // A connection of its own: one that was made before anything was believed is not used again.
    agent: false,
    ...(authorityPem === undefined ? { rejectUnauthorized: false } : { ca: authorityPem }),
    ...(identity && { cert: identity.certificatePem, key: identity.keyPem }),
    allowPartialTrustChain: true,
    minVersion: 'TLSv1.2',
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  const [incoming] = await once(outgoing, 'response');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    length += chunk.length;
    if (length > ENROLMENT_BYTES_MAX)
      throw new Error(`the answer is longer than ${ENROLMENT_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return {
    status: incoming.statusCode ?? 0,
    date: incoming.headers.date,
    text: Buffer.concat(chunks).toString('utf8'),
  };
};

/** What the other side said, read. */
export const readPortAnswer = <T>(
  { status, date, text }: RawAnswer,
  schema: z.ZodType<T>,
): PortAnswer<T> => {
  if (status === 429) return { kind: 'busy' };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'unreachable', detail: `status ${status}, no JSON` };
  }
  if (status === 403) {
    const problem = PortProblem.safeParse(json);
    const reason = problem.success ? problem.data.faults[0]?.message : undefined;
    return { kind: 'refused', reason: reason ?? 'unknown' };
  }
  const parsed = schema.safeParse(json);
  if (status >= 300 || !parsed.success)
    return { kind: 'unreachable', detail: `status ${status}, not the expected answer` };
  return {
    kind: 'answered',
    value: parsed.data,
    gatewayClock: UtcMs.safeParse(Date.parse(date ?? '')).data,
  };
};

const ask = async <T>(url: string, question: Question<T>): Promise<PortAnswer<T>> => {
  try {
    return readPortAnswer(await exchange(url, question), question.schema);
  } catch (cause) {
    return failureOf(cause);
  }
};

/** The authority that the other side says it has; `url` is `https://host:port`. */
export const askForAuthority = (
  url: string,
): Promise<PortAnswer<z.infer<typeof AuthorityAnswer>>> =>
  ask(url, {
    path: ENROLMENT_PATHS.authority,
    authorityPem: undefined,
    schema: AuthorityAnswer,
  });

export const sendClaim = (
  url: string,
  authorityPem: string,
  claim: Claim,
): Promise<PortAnswer<Enrolment>> =>
  ask(url, { path: ENROLMENT_PATHS.claim, authorityPem, body: claim, schema: Enrolment });

interface Trusted {
  readonly authorityPem: string;
  readonly identity: PortIdentity;
}

/** Says by its connection that the certificate arrived and works. */
export const sendConfirmation = (
  url: string,
  { authorityPem, identity }: Trusted,
): Promise<PortAnswer<z.infer<typeof ConfirmationAnswer>>> =>
  ask(url, {
    path: ENROLMENT_PATHS.confirmation,
    authorityPem,
    identity,
    body: {},
    schema: ConfirmationAnswer,
  });

export const sendRenewal = (
  url: string,
  { authorityPem, identity }: Trusted,
  renewal: Renewal,
): Promise<PortAnswer<RenewalAnswer>> =>
  ask(url, {
    path: ENROLMENT_PATHS.renewal,
    authorityPem,
    identity,
    body: renewal,
    schema: RenewalAnswer,
  });
