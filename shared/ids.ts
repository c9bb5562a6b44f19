/**
 * The names that cards, people, companies, sites and terminals go by (識別子).
 *
 * CCUS ids are 14 digits without a known check digit, so nothing but their shape is checked.
 */
import { z } from 'zod';
import { CARD_ID_SHAPE } from './card-id-shape.ts';

const fourteenDigits = (what: string) => z.string().regex(/^\d{14}$/, `${what} must be 14 digits`);

/** 技能者ID */
export const WorkerId = fourteenDigits('worker id (技能者ID)').brand<'WorkerId'>();
export type WorkerId = z.infer<typeof WorkerId>;

/** 事業者ID */
export const CompanyId = fourteenDigits('company id (事業者ID)').brand<'CompanyId'>();
export type CompanyId = z.infer<typeof CompanyId>;

/** 現場ID */
export const SiteId = fourteenDigits('site id (現場ID)').brand<'SiteId'>();
export type SiteId = z.infer<typeof SiteId>;

/**
 * What the default decoder reads off a card: its serial (UID or IDm) in upper-case hex.
 * 4 to 10 bytes: ISO 14443-3 single, double and triple size; FeliCa IDm is 8.
 */
export const CardId = z
  .string()
  .regex(CARD_ID_SHAPE, 'card id must be 4 to 10 bytes in upper-case hex')
  .brand<'CardId'>();
export type CardId = z.infer<typeof CardId>;

/** Name of a terminal; also a topic level and a client id on the broker, hence no slash or wildcard. */
export const TerminalId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'terminal id must be 1 to 40 of a-z, 0-9 and -')
  .brand<'TerminalId'>();
export type TerminalId = z.infer<typeof TerminalId>;

/** Minted with the database file of a journal, so that a re-imaged card never reuses an entry id. */
export const JournalId = z.uuid().brand<'JournalId'>();
export type JournalId = z.infer<typeof JournalId>;

/** `in` and `out` readers stand at a gate of one direction; `auto` serves both. */
export const Direction = z.enum(['in', 'out', 'auto']);
export type Direction = z.infer<typeof Direction>;

/** `terminalId/journalId/seq`: the id of one journal entry, everywhere and for ever. */
export const entryId = (terminalId: TerminalId, journalId: JournalId, seq: number): string =>
  `${terminalId}/${journalId}/${seq}`;
