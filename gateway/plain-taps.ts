/**
 * Plain taps (NDJSON): touches from logging readers and paper ledgers, one JSON object a line.
 *
 * A document is taken whole or not at all; every faulty line is named.
 */
import { z } from 'zod';
import { CardId, Direction, SiteId, WorkerId } from '../shared/ids.ts';
import { type Fault, ok, parseJsonAs, type Result } from '../shared/result.ts';
import { dateInJapan, IsoInstant } from '../shared/time.ts';
import type { Subject, Touch } from './attendance/shifts.ts';
import { holderOf, type RegistryIndex } from './registry/registry.ts';

const LINES_MAX = 20_000_000;

const PlainTap = z
  .object({
    siteId: SiteId,
    at: IsoInstant,
    direction: Direction,
    cardId: CardId.optional(),
    workerId: WorkerId.optional(),
    readerId: z.string().min(1).max(80).optional(),
    /** As the API says it of a touch that claims to be later than its arrival: it counts for nothing. */
    futureDated: z.boolean().optional(),
  })
  .refine(({ cardId, workerId }) => (cardId === undefined) !== (workerId === undefined), {
    message: 'needs either cardId or workerId',
  });
export type PlainTap = z.infer<typeof PlainTap> & { readonly line: number };

const parseLine = (text: string, line: number): Result<PlainTap> => {
  const parsed = parseJsonAs(PlainTap, text, `line ${line}`);
  return parsed.ok ? ok({ ...parsed.value, line }) : parsed;
};

/** Empty lines are skipped; lines count from 1. */
export const parsePlainTaps = (text: string): Result<readonly PlainTap[]> => {
  const lines = text.split('\n');
  if (lines.length > LINES_MAX) {
    return { ok: false, faults: [{ place: '', message: `has more than ${LINES_MAX} lines` }] };
  }
  const faults: Fault[] = [];
  const taps: PlainTap[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const parsed = parseLine(line, index + 1);
    if (parsed.ok) taps.push(parsed.value);
    else faults.push(...parsed.faults);
  }
  return faults.length === 0 ? { ok: true, value: taps } : { ok: false, faults };
};

/** The touches that the taps stand for and that count. */
export const touchesOfPlainTaps = (
  registry: RegistryIndex,
  taps: readonly PlainTap[],
): readonly Touch[] =>
  taps
    .filter(({ futureDated }) => futureDated !== true)
    .map((tap) => touchOfPlainTap(registry, tap));

/** The touch that a tap stands for; a card belongs to whoever held it on that date. */
const touchOfPlainTap = (registry: RegistryIndex, tap: PlainTap): Touch => {
  const { siteId, at, direction, cardId, line } = tap;
  const workerId =
    tap.workerId ??
    (cardId === undefined ? undefined : holderOf(registry, cardId, dateInJapan(at)));
  const subject: Subject | undefined =
    workerId !== undefined
      ? { kind: 'worker', workerId }
      : cardId !== undefined
        ? { kind: 'card', cardId }
        : undefined;
  if (subject === undefined) throw new Error(`line ${line} passed without card or worker`);
  // Padded, so that touches of one instant keep the order of their lines.
  const id = `line ${String(line).padStart(8, '0')}`;
  return { id, siteId, readerId: tap.readerId ?? direction, direction, at, subject };
};
