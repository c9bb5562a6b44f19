/**
 * Who is on site, at whichever gate they passed (在場の配信): what the ledger derives, signed by the gateway, for the
 * terminals of the site.
 *
 * No names: a terminal has the roster. A whole statement comes first, then changes, each of which follows the
 * statement before it. Of a terminal's own journal it says how far it holds: that much, and no more, is the ledger's to say.
 */
import { z } from 'zod';
import type { Presented } from './entry.ts';
import { CardId, JournalId, SiteId, TerminalId, WorkerId } from './ids.ts';
import { ok, parseJsonAs, type Result } from './result.ts';
import type { Signer, Verifier } from './signature.ts';
import { encodeSigned, openSigned } from './signed-document.ts';
import { StatementNumber } from './statement-number.ts';
import { dateInJapan, UtcMs, WorkDate } from './time.ts';

const STATEMENT_BYTES_MAX = 4_000_000;
const PEOPLE_MAX = 20_000;
const GATES_MAX = 500;

const CARD_PREFIX = 'card:';

/** A worker, or the card of which the gateway does not know the holder. */
const Who = z.union([
  WorkerId,
  z
    .string()
    .refine(
      (text) =>
        text.startsWith(CARD_PREFIX) && CardId.safeParse(text.slice(CARD_PREFIX.length)).success,
      'must be a worker id, or a card id after card:',
    )
    .brand<'CardOfNobody'>(),
]);
export type Who = z.infer<typeof Who>;

export const whoIsCard = (cardId: CardId): Who => Who.parse(`${CARD_PREFIX}${cardId}`);

/** As if they touched. */
export const presentedBy = (who: Who): Presented =>
  who.startsWith(CARD_PREFIX)
    ? { by: 'card', cardId: CardId.parse(who.slice(CARD_PREFIX.length)) }
    : { by: 'typed', workerId: WorkerId.parse(who) };

/** The last that is known of a person. */
export interface LastPassage {
  readonly who: Who;
  /** `in`: on site. */
  readonly passage: 'in' | 'out';
  readonly at: UtcMs;
  /** Where the passage was noted; undefined where a person in the office said it. */
  readonly gate?: TerminalId | undefined;
  /** The last work date of the person on the site. */
  readonly day: WorkDate;
}

/** One gate of the site. */
const Gate = z.object({
  terminalId: TerminalId,
  /** What it noted is known up to then; 0 = nothing; absent = up to the moment of the statement. */
  knownUntilMs: UtcMs.optional(),
  /** Its journals, each with the last entry that the statement holds. */
  journals: z.array(z.tuple([JournalId, z.int().min(0)])).max(100),
});
export type Gate = z.infer<typeof Gate>;

export interface SitePresence {
  /** An entry without an exit counts for so long. */
  readonly maxShiftHours: number;
  readonly gates: readonly Gate[];
  readonly passageByWho: ReadonlyMap<Who, LastPassage>;
}

export interface PresenceStatement extends SitePresence, StatementNumber {
  readonly siteId: SiteId;
  /** By the gateway's clock. */
  readonly atMs: UtcMs;
}

/** What is not as in the statement `follows`, of the same run. */
export interface PresenceChange extends Omit<PresenceStatement, 'passageByWho'> {
  readonly follows: number;
  readonly changed: readonly LastPassage[];
  /** Of whom there is no more to say. */
  readonly gone: readonly Who[];
}

export type PresenceMessage =
  | { readonly kind: 'whole'; readonly statement: PresenceStatement }
  | { readonly kind: 'change'; readonly change: PresenceChange };

const isSame = (a: LastPassage, b: LastPassage | undefined): boolean =>
  b !== undefined &&
  a.passage === b.passage &&
  a.at === b.at &&
  a.gate === b.gate &&
  a.day === b.day;

type People = SitePresence['passageByWho'];

export const diffPeople = (
  before: People,
  after: People,
): Pick<PresenceChange, 'changed' | 'gone'> => ({
  changed: [...after.values()].filter((each) => !isSame(each, before.get(each.who))),
  gone: [...before.keys()].filter((who) => !after.has(who)),
});

/** The statement after a change of the one before it. */
export const withChange = (
  { passageByWho }: PresenceStatement,
  { changed, gone, follows: _, ...head }: PresenceChange,
): PresenceStatement => {
  const next = new Map(passageByWho);
  for (const who of gone) next.delete(who);
  for (const passage of changed) next.set(passage.who, passage);
  return { ...head, passageByWho: next };
};

/** The work date only where it is not that of the moment. */
const Row = z.union([z.tuple([Who, UtcMs]), z.tuple([Who, UtcMs, WorkDate])]);
type Row = z.infer<typeof Row>;
const Rows = z.array(Row).max(PEOPLE_MAX);
const AtGate = z.object({ gate: TerminalId.optional(), in: Rows, out: Rows });

const Message = z
  .object({
    v: z.literal(1),
    siteId: SiteId,
    ...StatementNumber.shape,
    atMs: UtcMs,
    maxShiftHours: z.number().positive().max(1_000),
    gates: z.array(Gate).max(GATES_MAX),
    /** Number of the statement that this changes; absent = this is a whole one. */
    follows: z.int().min(0).optional(),
    people: z.array(AtGate).max(GATES_MAX + 1),
    gone: z.array(Who).max(PEOPLE_MAX).optional(),
  })
  .refine(
    ({ people }) => people.reduce((sum, at) => sum + at.in.length + at.out.length, 0) <= PEOPLE_MAX,
    { path: ['people'], message: `must be at most ${PEOPLE_MAX}` },
  );

const rowOf = ({ who, at, day }: LastPassage): Row =>
  day === dateInJapan(at) ? [who, at] : [who, at, day];

const byGate = (passages: Iterable<LastPassage>): z.infer<typeof AtGate>[] =>
  [...Map.groupBy(passages, ({ gate }) => gate)].map(([gate, of]) => ({
    ...(gate === undefined ? {} : { gate }),
    in: of.filter(({ passage }) => passage === 'in').map(rowOf),
    out: of.filter(({ passage }) => passage === 'out').map(rowOf),
  }));

const passagesOf = (people: readonly z.infer<typeof AtGate>[]): readonly LastPassage[] =>
  people.flatMap(({ gate, ...rows }) =>
    (['in', 'out'] as const).flatMap((passage) =>
      rows[passage].map(
        ([who, at, day = dateInJapan(at)]): LastPassage => ({
          who,
          passage,
          at,
          ...(gate === undefined ? {} : { gate }),
          day,
        }),
      ),
    ),
  );

export const presenceText = (message: PresenceMessage): string => {
  if (message.kind === 'whole') {
    const { passageByWho, ...head } = message.statement;
    return JSON.stringify({ v: 1, ...head, people: byGate(passageByWho.values()) });
  }
  const { changed, gone, ...head } = message.change;
  return JSON.stringify({ v: 1, ...head, people: byGate(changed), gone });
};

/** Reads the text of a message that is known to be the gateway's. */
export const parsePresenceText = (text: string): Result<PresenceMessage> => {
  const parsed = parseJsonAs(Message, text);
  if (!parsed.ok) return parsed;
  const { v: _, follows, people, gone = [], ...head } = parsed.value;
  const passages = passagesOf(people);
  return ok(
    follows === undefined
      ? {
          kind: 'whole',
          statement: {
            ...head,
            passageByWho: new Map(passages.map((each) => [each.who, each])),
          },
        }
      : { kind: 'change', change: { ...head, follows, changed: passages, gone } },
  );
};

const PURPOSE = 'genba-tap presence v1';

export const encodePresence = (message: PresenceMessage, signer: Signer): Buffer =>
  encodeSigned(PURPOSE, presenceText(message), signer);

/** Believes it only when the gateway's key signed it; names every fault. */
export const parsePresence = (bytes: Uint8Array, verify: Verifier): Result<PresenceMessage> => {
  const text = openSigned(bytes, { purpose: PURPOSE, bytesMax: STATEMENT_BYTES_MAX, verify });
  return text.ok ? parsePresenceText(text.value) : text;
};
