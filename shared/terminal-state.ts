/**
 * What a terminal tells of itself (端末の状態): one small document on its status topic, for whoever looks
 * after many of them.
 *
 * Not evidence, so not signed: the connection vouches for its sender, and nothing is derived from it. No
 * person, card or touch is in it. Before this document terminals said `online`; the last will is still
 * the bare text `offline`, and both stay readable for ever.
 */
import { z } from 'zod';
import { Direction } from './ids.ts';
import { madeVisible } from './plain-text.ts';
import { faulty, ok, parseJsonAs, type Result } from './result.ts';
import { StatementNumber } from './statement-number.ts';
import { UptimeMs, UtcMs } from './time.ts';

/** Every list full and every text as long as it may be, in Japanese, takes 40 KB. */
export const TERMINAL_STATE_BYTES_MAX = 65_536;

const REASON_MAX = 200;
/** One line that looks like what it is, whatever a terminal that turned bad writes: it stands in mails and on pages. */
const word = (max: number, min = 1) =>
  z
    .string()
    .min(min)
    .max(max)
    .overwrite((text) => madeVisible(text.replaceAll(/\s/gu, ' ')));
const Reason = word(REASON_MAX, 0);

/**
 * What does not work: `storage` nothing can be recorded · `readers` no reader can work at all ·
 * `signals` lamp and buzzer · `sync` the gateway refuses what is sent · `roster` what the gateway sends is no roster
 * for this terminal · `certificate` it could not be renewed · `names` cannot be kept sealed · `set-aside` an earlier
 * journal is broken, lies aside, and may hold touches that were not sent. A newer terminal's word that is not known here
 * is read as `other`.
 */
export const FaultPart = z
  .enum([
    'storage',
    'readers',
    'signals',
    'sync',
    'roster',
    'certificate',
    'names',
    'set-aside',
    'other',
  ])
  .catch('other');
export type FaultPart = z.infer<typeof FaultPart>;

export const TerminalState = z.object({
  v: z.literal(1),
  /** Drawn at each start of the program, as in MQTT's user name; older terminals tell none. */
  start: z.string().min(1).max(64).optional(),
  /** Wall time of the terminal when it wrote this. */
  atMs: UtcMs,
  /** Since its machine booted. */
  uptimeMs: UptimeMs,
  version: word(40),
  clock: z.enum(['trusted', 'untrusted']),
  queue: z.object({
    /** Touches that the gateway has not receipted (未送信). */
    unsentTaps: z.int().min(0),
    /** Wall time of the oldest of them. */
    oldestMs: UtcMs.optional(),
  }),
  /** Connections lost since the program started. */
  linkDrops: z.int().min(0),
  /** Connections tried since the program started, this one among them; older terminals tell none. */
  linkTries: z.int().min(0).optional(),
  readers: z
    .array(
      z.object({
        readerId: word(80),
        direction: Direction,
        isAttached: z.boolean(),
        /** A card has lain there for long. */
        isCardLeft: z.boolean(),
        fault: Reason.optional(),
      }),
    )
    .max(32),
  cameras: z.array(z.object({ camera: word(80), isAttached: z.boolean() })).max(16),
  disk: z.object({ freeBytes: z.int().min(0), totalBytes: z.int().min(0) }).optional(),
  roster: z
    .object({ version: z.int().min(0), issuedAtMs: UtcMs, workers: z.int().min(0) })
    .optional(),
  /** The statement of who is on site that it holds, 0 for none; absent where it does not listen for any. */
  presence: StatementNumber.optional(),
  /** End of the certificate that it connects with; absent where it has none. */
  certificateEndsMs: UtcMs.optional(),
  faults: z.array(z.object({ part: FaultPart, reason: Reason })).max(8),
});
export type TerminalState = z.infer<typeof TerminalState>;

/** What may stand on a status topic. */
export type StatusMessage =
  | { readonly kind: 'offline' }
  /** `state` is undefined where an older terminal said no more than `online`. */
  | { readonly kind: 'online'; readonly state: TerminalState | undefined };

/** A reason as it fits into the document: one line of bounded length. */
export const shortReason = (reason: string): string =>
  reason.replaceAll(/\p{Cc}/gu, ' ').slice(0, REASON_MAX);

export const encodeTerminalState = (state: TerminalState): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(state));

/** Reads what came on a status topic; faults: too large, neither of the two words, not the document. */
export const parseStatusMessage = (bytes: Uint8Array): Result<StatusMessage> => {
  if (bytes.length > TERMINAL_STATE_BYTES_MAX) {
    return faulty({
      place: '',
      message: `is ${bytes.length} bytes; the limit is ${TERMINAL_STATE_BYTES_MAX}`,
    });
  }
  const text = new TextDecoder().decode(bytes);
  if (text === 'offline') return ok({ kind: 'offline' });
  if (text === 'online') return ok({ kind: 'online', state: undefined });
  const parsed = parseJsonAs(TerminalState, text);
  return parsed.ok ? ok({ kind: 'online', state: parsed.value }) : parsed;
};
