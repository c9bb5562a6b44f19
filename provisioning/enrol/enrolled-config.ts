/**
 * The terminal's configuration after enrolment (登録後の設定): what the gateway said, on top of what a
 * technician set. Pure: the document before in, the document after out.
 */
import { join } from 'node:path';
import { parseTerminalConfig, type TerminalConfig } from '../../device/config.ts';
import type { Enrolment } from '../../shared/enrolment.ts';
import { SiteId, TerminalId } from '../../shared/ids.ts';
import { faulty, ok, type Result } from '../../shared/result.ts';
import { PublicKeyText } from '../../shared/signature.ts';

/** Files of one enrolment, in a folder of its own. */
export const IDENTITY_FILE = 'identity.pem';
export const AUTHORITY_FILE = 'authority.pem';
export const SIGNING_KEY_FILE = 'signing-key.pem';

type Document = Readonly<Record<string, unknown>>;

const isDocument = (json: unknown): json is Document =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

export interface EnrolledPlaces {
  /** `https://host:port` of the gateway's port for terminals. */
  readonly url: string;
  readonly dataDir: string;
  /** Folder of the keys and certificates of this enrolment. */
  readonly folder: string;
  /** File with the key for names; undefined: the terminal makes one of its own. */
  readonly namesKeyFile?: string;
}

/**
 * Every setting stays as it was but for who the terminal is and whom it speaks to. What the gateway says of
 * the site counts where nothing was set, and where the terminal moves to another site.
 */
export const enrolledConfig = (
  before: Document,
  {
    terminalId,
    siteId,
    brokerUrl,
    gatewayPublicKey,
    settings,
  }: Omit<Enrolment, 'certificatePem' | 'authorityPem'>,
  { url, dataDir, folder, namesKeyFile }: EnrolledPlaces,
): Document => {
  const isOtherSite = before.siteId !== undefined && before.siteId !== siteId;
  const maxShiftHours =
    before.maxShiftHours === undefined || isOtherSite ? settings.maxShiftHours : undefined;
  const { namesKeyFile: _before, ...kept } = before;
  return {
    ...kept,
    terminalId,
    siteId,
    dataDir,
    signingKeyFile: join(folder, SIGNING_KEY_FILE),
    gateway: {
      url: brokerUrl,
      publicKey: gatewayPublicKey,
      enrolmentUrl: url,
      tls: {
        certificateFile: join(folder, IDENTITY_FILE),
        keyFile: join(folder, IDENTITY_FILE),
        caFile: join(folder, AUTHORITY_FILE),
      },
    },
    ...(namesKeyFile === undefined ? {} : { namesKeyFile }),
    ...(maxShiftHours === undefined ? {} : { maxShiftHours }),
  };
};

export type BeforeEnrolment = {
  readonly document: Document;
  /** The configuration that counts now; undefined where the terminal is not enrolled. */
  readonly enrolled: TerminalConfig | undefined;
};

/** Stands for what the gateway is going to say, so that other faults are found before a code is used up. */
const EXAMPLE: Omit<Enrolment, 'certificatePem' | 'authorityPem'> = {
  terminalId: TerminalId.parse('gate-1'),
  siteId: SiteId.parse('00000000000000'),
  brokerUrl: 'mqtts://gateway.example:8883',
  gatewayPublicKey: PublicKeyText.parse(Buffer.alloc(32).toString('base64')),
  settings: {},
};

/**
 * `text` undefined: there is no file. A technician may have written some settings before; every fault of
 * them is named.
 */
export const readBeforeEnrolment = (text: string | undefined): Result<BeforeEnrolment> => {
  if (text === undefined) return ok({ document: {}, enrolled: undefined });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return faulty({ place: '', message: 'is not JSON' });
  }
  if (!isDocument(document)) return faulty({ place: '', message: 'must be an object' });
  const example = enrolledConfig(document, EXAMPLE, {
    url: 'https://gateway.example:8322',
    dataDir: '/nowhere',
    folder: '/nowhere',
  });
  const parsed = parseTerminalConfig(JSON.stringify(example));
  if (!parsed.ok) return parsed;
  const whole = parseTerminalConfig(text);
  return ok({ document, enrolled: whole.ok ? whole.value : undefined });
};
