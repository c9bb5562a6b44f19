/**
 * The roster (作業員名簿) as the gate needs it: made and signed by the gateway, cached on the terminal.
 *
 * It holds the least personal data that the gate can work with: no birth date, no address, no insurance,
 * but the short name that the screen shows, which cards are whose, and what the gateway found, with the
 * dates on which it is so: a terminal that hears nothing for weeks still decides by the day.
 */
import { z } from 'zod';
import { CardId, SiteId, WorkerId } from './ids.ts';
import { Language } from './language.ts';
import { parseJsonAs, type Result } from './result.ts';
import type { Signer, Verifier } from './signature.ts';
import { encodeSigned, openSigned } from './signed-document.ts';
import { Month, UtcMs, WorkDate } from './time.ts';
import { Reason, ReasonEffect } from './verdict.ts';

const ROSTER_BYTES_MAX = 8_000_000;

/** Both ends inclusive, a missing end open. */
const Dated = { from: WorkDate.optional(), to: WorkDate.optional() };

const Finding = z.object({ reason: Reason, ...Dated });
export type Finding = z.infer<typeof Finding>;

const RosterWorker = z.object({
  workerId: WorkerId,
  /** 氏 as the worker's kiosk line shows it. */
  shortName: z.string().min(1).max(40),
  /** 氏のふりがな */
  kana: z.string().max(40).optional(),
  /** What the screen speaks to this worker; Japanese where absent. */
  language: Language.optional(),
  /** 所属事業者 on this site. */
  companyName: z.string().max(100),
  cards: z.array(z.object({ cardId: CardId, ...Dated })).max(20),
  /** Card colour: 1 white · 2 blue · 3 silver · 4 gold. */
  level: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).optional(),
  /** Days of `month` that count for 建退共, by what the gateway knows. Empty for who is not a member. */
  contributedDays: z.array(z.int().min(1).max(31)).max(31),
  /** Of `month`: what more than one day a date was approved. */
  extraDays: z.int().min(0).max(62).optional(),
  /** Contributed days of all months before `month`, as far as the gateway knows them; absent until it does. */
  daysBefore: z.int().min(0).max(100_000).optional(),
  /** Whether a day worked here counts for 建退共. */
  earnsContribution: z.boolean(),
  /** What the gate has to say about this worker, and on which dates. */
  findings: z.array(Finding).max(100),
});
export type RosterWorker = z.infer<typeof RosterWorker>;

const Roster = z.object({
  v: z.literal(1),
  siteId: SiteId,
  siteName: z.string().max(200),
  version: z.int().min(0),
  issuedAtMs: UtcMs,
  /** The day it was made for; made anew every day. */
  date: WorkDate,
  month: Month,
  /** Where this site takes a reason more or less seriously than usual. */
  effects: z.partialRecord(Reason, ReasonEffect),
  /** The gateway tells who is on site, too: its terminals may listen for it. Older gateways say nothing of it. */
  tellsPresence: z.boolean().optional(),
  workers: z.array(RosterWorker).max(20_000),
});
export type Roster = z.infer<typeof Roster>;

const PURPOSE = 'genba-tap roster v1';

export const encodeRoster = (roster: Roster, signer: Signer): Buffer =>
  encodeSigned(PURPOSE, JSON.stringify(roster), signer);

export const parseRoster = (bytes: Uint8Array, verify: Verifier): Result<Roster> => {
  const text = openSigned(bytes, { purpose: PURPOSE, bytesMax: ROSTER_BYTES_MAX, verify });
  return text.ok ? parseJsonAs(Roster, text.value) : text;
};
