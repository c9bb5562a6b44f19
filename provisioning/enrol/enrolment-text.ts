/** What a technician types, or what a scanner types for them, at `genba enrol` (登録コードの読み取り). */
import { type EnrolmentCode, readCode } from '../../shared/enrolment-code.ts';
import { faulty, ok, type Result } from '../../shared/result.ts';

/** Port of the gateway for terminals, where none is named. */
const ENROLMENT_PORT = 8_322;

export interface EnrolmentText {
  readonly code: EnrolmentCode;
  /** `https://host:port`; undefined where the code came alone. */
  readonly url: string | undefined;
}

/** `host`, `host:port` or `https://host:port`; the fault's place is `gateway`. */
export const readGatewayAddress = (text: string): Result<string> => {
  const fault = faulty<string>({
    place: 'gateway',
    message: 'must be a host name or an address, with or without a port',
  });
  const trimmed = text.trim();
  if (trimmed === '' || trimmed.length > 300) return fault;
  const whole = trimmed.includes('://') ? trimmed : `https://${trimmed}`;
  if (!URL.canParse(whole)) return fault;
  const url = new URL(whole);
  const isAddress =
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.hostname !== '' &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '';
  if (!isAddress) return fault;
  // The parser drops 443, which is what a URL without a port means; people mean ours.
  const port = /:443\/?$/.test(whole) ? 443 : Number(url.port) || ENROLMENT_PORT;
  return ok(`https://${url.hostname}:${port}`);
};

/** The text of the QR code, `URL#CODE`, or the code alone. Faults' places: `code`, `gateway`. */
export const readEnrolmentText = (text: string): Result<EnrolmentText> => {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('#');
  const code = readCode(trimmed.slice(at + 1));
  const url = at < 0 ? ok(undefined) : readGatewayAddress(trimmed.slice(0, at));
  if (code.ok && url.ok) return ok({ code: code.value, url: url.value });
  return {
    ok: false,
    faults: [...(code.ok ? [] : code.faults), ...(url.ok ? [] : url.faults)],
  };
};
