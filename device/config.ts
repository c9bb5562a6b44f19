/** The terminal's configuration: one JSON file; its type, defaults, units and ranges in one schema. */
import { z } from 'zod';
import { ClockTrust } from '../shared/clock-trust.ts';
import { Direction, SiteId, TerminalId } from '../shared/ids.ts';
import { isLoopbackUrl } from '../shared/loopback.ts';
import { faultsOf, ok, parseWrittenJson, type Result } from '../shared/result.ts';
import { PublicKeyText } from '../shared/signature.ts';
import { PinHash } from './manager/pin.ts';
import type { ReaderPlace } from './reader-board.ts';
import { SignalsConfig } from './signals/signals-config.ts';

const SerialLine = {
  path: z
    .string()
    .startsWith('/dev/')
    .max(200)
    .describe(
      'Device file that stays the same from boot to boot; the udev rules make `/dev/genba/…` by USB port.',
    ),
  baudRate: z.int().min(1_200).max(921_600).default(115_200),
};

export const TerminalConfig = z.strictObject({
  terminalId: TerminalId,
  siteId: SiteId,
  dataDir: z.string().min(1).describe('Folder for journal and roster; made when missing.'),
  signingKeyFile: z
    .string()
    .min(1)
    .describe('PEM file of the Ed25519 key that signs the journal; made when missing.'),
  namesKeyFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      "File with the 32 bytes by which names on the disk are sealed; absent = a key of its own in dataDir, made when missing. `genba enrol` puts the key into systemd's credentials and names it here.",
    ),
  gateway: z
    .strictObject({
      url: z.url({ protocol: /^mqtts?$/ }),
      publicKey: PublicKeyText.describe(
        'Receipts and rosters count only when this key signed them.',
      ),
      enrolmentUrl: z
        .url({ protocol: /^https$/ })
        .max(300)
        .optional()
        .describe(
          '`https://host:port` at which the certificate is renewed; absent = a person puts a new one in place.',
        ),
      tls: z
        .strictObject({
          certificateFile: z.string().min(1),
          keyFile: z.string().min(1),
          caFile: z.string().min(1),
        })
        .optional()
        .describe(
          "PEM files of the terminal's certificate, its key, and the CA that the broker must be signed by. Where the terminal renews its certificate, certificate and key lie in one file, which is replaced as a whole.",
        ),
    })
    // Whatever leaves the machine goes through TLS.
    .refine(({ url }) => !/^mqtt:/i.test(url) || isLoopbackUrl(url), {
      path: ['url'],
      message: 'plain MQTT is for loopback only: use mqtts',
    })
    .refine(
      ({ enrolmentUrl, tls }) =>
        enrolmentUrl === undefined || tls?.certificateFile === tls?.keyFile,
      {
        path: ['tls', 'keyFile'],
        message: 'must be certificateFile: what is renewed is replaced as one file',
      },
    ),
  kiosk: z
    .strictObject({
      port: z.int().min(0).max(65_535).default(8321).describe('On 127.0.0.1; 0 = any free port.'),
      voice: z
        .boolean()
        .default(false)
        .describe(
          "The browser reads the verdict aloud, in the worker's language, where it has a voice for it.",
        ),
      managers: z
        .array(z.strictObject({ name: z.string().trim().min(1).max(40), pin: PinHash }))
        .max(20)
        .default([])
        .describe(
          "Who may open the manager's view, by the name or post that the kiosk shows and journal entries carry, each with a PIN as `genba pin` prints it. Nobody: there is no manager's view.",
        ),
      usbFolder: z
        .string()
        .min(1)
        .default('/run/media/genba-tap')
        .describe('Where a USB stick is mounted, for the muster list.'),
    })
    .prefault({}),
  sign: z
    .strictObject({
      showsNames: z
        .boolean()
        .default(false)
        .describe(
          "Each of the latest touches also by the worker's short name; everybody who walks by reads it.",
        ),
    })
    .prefault({})
    .describe("The sign (掲示板) at `/sign` of the kiosk's port."),
  readers: z
    .strictObject({
      pcsc: z.boolean().default(true).describe('Off on a machine that has no PC/SC at all.'),
      places: z
        .array(
          z.strictObject({
            match: z.string().min(1).max(100),
            readerId: z.string().min(1).max(80),
            direction: Direction,
          }),
        )
        .max(16)
        .default([])
        .describe(
          "The first place whose `match` is part of the reader's name as `genba status` tells it, best its USB port: `@usb-1-1.3`; any other reader is `auto`. A place whose reader is not there is shown.",
        ),
      serial: z
        .array(
          z.strictObject({
            ...SerialLine,
            readerId: z.string().min(1).max(80),
            direction: Direction,
          }),
        )
        .max(8)
        .default([])
        .describe('Readers on serial lines, by the line protocol of `serial-frame.ts`.'),
      keypad: z
        .strictObject({
          readerId: z.string().min(1).max(80).default('keypad'),
          direction: Direction.default('auto'),
        })
        .prefault({})
        .describe('Where an id typed on the kiosk counts as touched.'),
    })
    .prefault({}),
  cameras: z
    .strictObject({
      mode: z
        .enum(['evidence', 'touch'])
        .default('evidence')
        .describe(
          '`evidence`: a match is attached to a touch. `touch`: a match counts as the touch.',
        ),
      windowMs: z
        .int()
        .min(500)
        .max(60_000)
        .default(5_000)
        .describe('A match this long before or after a touch belongs to it, ms.'),
      scoreMin: z
        .int()
        .min(0)
        .max(100)
        .default(80)
        .describe('A match below this score is none, percent.'),
      serial: z
        .array(
          z.strictObject({
            ...SerialLine,
            camera: z
              .string()
              .min(1)
              .max(80)
              .describe('Its name, and the reader id of touches that it makes.'),
            direction: Direction.default('auto'),
          }),
        )
        .max(4)
        .default([]),
      gpio: z
        .array(
          z.strictObject({
            camera: z.string().min(1).max(80),
            chip: z
              .string()
              .regex(/^[\x21-\x7e]{1,64}$/)
              .describe('Label of the GPIO chip, as for `signals`.'),
            line: z.int().min(0).max(511),
            edge: z.enum(['rising', 'falling']).default('rising'),
            debounceMs: z
              .int()
              .min(0)
              .max(10_000)
              .default(300)
              .describe('Edges that follow within this time are the same pull, ms.'),
          }),
        )
        .max(4)
        .default([])
        .describe('Cameras that pull a wire and do not say whom they saw; for `evidence` only.'),
    })
    .refine(({ mode, gpio }) => mode === 'evidence' || gpio.length === 0, {
      path: ['gpio'],
      message: 'a camera that names nobody cannot make a touch: mode must be evidence',
    })
    .prefault({})
    .describe('Face-recognition cameras (顔認証カメラ).'),
  signals: SignalsConfig.prefault({}).describe('Lamp, buzzer, gate relay.'),
  repeatWindowMs: z
    .int()
    .min(1_000)
    .max(600_000)
    .default(60_000)
    .describe('二度打ち防止: the same person at the same reader within this time is one touch.'),
  rosterMaxAgeDays: z
    .int()
    .min(1)
    .max(365)
    .default(7)
    .describe('A roster older than this is said to be old, days.'),
  keepDays: z
    .int()
    .min(31)
    .max(3_650)
    .default(400)
    .describe('Entries that the gateway has receipted stay on the disk at least this long, days.'),
  maxShiftHours: z
    .int()
    .min(1)
    .max(48)
    .default(18)
    .describe('Longest shift, hours: after it a person no longer counts as on site.'),
  clockTrust: ClockTrust.default('system-sync').describe(
    'What makes the wall clock trusted. `system-sync`: the system says that it is synchronised (systemd-timesyncd, or any other keeper of the kernel’s clock, such as chrony). `always`: the machine has a battery clock.',
  ),
});
export type TerminalConfig = z.infer<typeof TerminalConfig>;

/** JSON Schema of the file, as a person may write it: what may be left out has its default there. */
export const terminalConfigSchema = (): object => z.toJSONSchema(TerminalConfig, { io: 'input' });

/** Every fault at once, with its place. */
export const parseTerminalConfig = (text: string): Result<TerminalConfig> => {
  const json = parseWrittenJson(text);
  if (!json.ok) return json;
  const parsed = TerminalConfig.safeParse(json.value);
  return parsed.success ? ok(parsed.data) : { ok: false, faults: faultsOf(parsed.error.issues) };
};

/** Part of the name, but `@usb-1-1.1` is not the port `1-1.10`, nor one of a hub that is plugged in there. */
export const isMatch = (reader: string, match: string): boolean => {
  const at = reader.indexOf(match);
  if (at < 0) return false;
  return !/usb-[\d.-]*\d$/.test(match) || !/^[.\d]/.test(reader.slice(at + match.length));
};

/** Without the daemon's number, which goes by the order of enumeration, where the port tells instead. */
const stableName = (reader: string): string =>
  reader.replace(/ [\dA-F]{2}( [\dA-F]{2} @usb-[\d.-]+)$/, '$1').slice(-80);

/** By the reader's name as its adapter tells it: PC/SC name, serial device file, or camera. */
export const placeOfReader = (
  { readers, cameras }: Pick<TerminalConfig, 'readers' | 'cameras'>,
  reader: string,
): ReaderPlace => {
  const place =
    readers.serial.find(({ path }) => path === reader) ??
    readers.places.find(({ match }) => isMatch(reader, match));
  if (place !== undefined) return { readerId: place.readerId, direction: place.direction };
  const camera = cameras.serial.find((each) => each.camera === reader);
  return { readerId: stableName(reader), direction: camera?.direction ?? 'auto' };
};

/** Places that have a reader as the site was set up. */
export const expectedPlaces = ({
  readers,
}: Pick<TerminalConfig, 'readers'>): readonly ReaderPlace[] =>
  readers.pcsc ? readers.places.map(({ readerId, direction }) => ({ readerId, direction })) : [];
