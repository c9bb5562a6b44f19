/**
 * What was issued, and where the ledger stood then (締めの保管): the seam between statements and their store.
 *
 * Append-only and hash-chained over statements and amendments alike, so that none can be taken out or put
 * in afterwards.
 */
import { z } from 'zod';
import { CHAIN_HASH_PATTERN, type ChainHash, type ChainHead } from '../../shared/chain.ts';
import { type CardId, SiteId } from '../../shared/ids.ts';
import { Month, UtcMs, WorkDate } from '../../shared/time.ts';
import type { Registry } from '../registry/registry-document.ts';
import type { Steps } from '../turns.ts';
import { AmendmentReason, type EntryOrigin } from './amendment-reasons.ts';
import { AmendmentFigures, StatementFigures } from './figures.ts';
import type { Period } from './period.ts';

/** What a statement rests on. */
export const StatementPosition = z.object({
  /** The last entry of the ledger. */
  ledgerNo: z.int().min(0),
  /** The last import of the registry; 0 = none. */
  importNo: z.int().min(0),
  /** The last decision about a correction that somebody asked for; 0 = none. */
  decisionNo: z.int().min(0),
  /** The last run of 充当; 0 = none. Absent of issues from before runs had a say in them. */
  runNo: z.int().min(0).optional(),
  /** Of the program. */
  version: z.string(),
});
export type StatementPosition = z.infer<typeof StatementPosition>;

const Head = {
  /** Position in the chain of all that was issued. */
  issueNo: z.int().min(1),
  siteId: SiteId,
  period: z.union([WorkDate, Month]),
  position: StatementPosition,
  at: UtcMs,
  /** `token:NAME`, `user:NAME`, or `gateway` for what is issued by itself. */
  by: z.string(),
  /** Of the content, lower-case hex. */
  sha256: z.string().regex(CHAIN_HASH_PATTERN),
};

/** What is chained: everything but the rows themselves, which stand behind `sha256`. */
export const IssuedHead = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('statement'),
    ...Head,
    figures: z.array(StatementFigures).readonly(),
  }),
  z.object({
    kind: z.literal('amendment'),
    ...Head,
    /** Of this statement, from 1. */
    amendmentNo: z.int().min(1),
    statementNo: z.int().min(1),
    reasons: z.array(AmendmentReason).readonly(),
    /** 追加分: issued on or after the day of the extract. */
    isAfterExtract: z.boolean(),
    figures: z.array(AmendmentFigures).readonly(),
  }),
]);
export type IssuedHead = z.infer<typeof IssuedHead>;
export type StatementHead = Extract<IssuedHead, { kind: 'statement' }>;
export type AmendmentHead = Extract<IssuedHead, { kind: 'amendment' }>;

type WithoutPlace<Of extends IssuedHead> = Omit<Of, 'issueNo' | 'sha256'>;
export type ToIssue = WithoutPlace<StatementHead> | WithoutPlace<AmendmentHead>;

export interface IssuedFilter {
  /** Of months or of single dates. */
  readonly per: 'month' | 'date';
  readonly siteId?: string | undefined;
  readonly month?: string | undefined;
  readonly statementNo?: number | undefined;
}

/** `broken`: the first that does not follow, is missing, is not the one noted, or whose content is not what its head says. */
export type IssuedVerdict =
  | { readonly kind: 'intact'; readonly issued: number; readonly headHash: ChainHash }
  | { readonly kind: 'broken'; readonly issueNo: number };

export interface StatementStore {
  /** The next place in the chain; on disk when it returns. Throws where the period was closed before. */
  readonly issue: (head: ToIssue, content: string) => IssuedHead;
  readonly find: (issueNo: number) => IssuedHead | undefined;
  /** The statement of the period and its amendments, in order; empty while it is open. */
  readonly ofPeriod: (siteId: string, period: Period) => readonly IssuedHead[];
  /** Newest first, at most `limit`. */
  readonly list: (
    kind: IssuedHead['kind'],
    filter: IssuedFilter,
    limit: number,
  ) => readonly IssuedHead[];
  /** The very text that was issued; undefined where it was purged. */
  readonly contentOf: (issueNo: number) => string | undefined;
  /** The chain must pass through `noted`. */
  readonly verifying: (noted?: ChainHead) => Steps<IssuedVerdict>;
  /** The first work date that no purge removed anything of; a text before all dates where none ever did. */
  readonly purgedBefore: () => string;

  /** The last entry, import, decision and run of now. */
  readonly frontier: () => Omit<StatementPosition, 'version'>;
  readonly originsOf: (entryIds: Iterable<string>) => ReadonlyMap<string, EntryOrigin>;
  /** Cards that managers bound after a position. */
  readonly cardsBoundAfter: (ledgerNo: number) => ReadonlySet<CardId>;
  /** Ids of the requests for corrections that were decided after a decision. */
  readonly requestsDecidedAfter: (decisionNo: number) => ReadonlySet<string>;
  /** The registry as it was imported then; undefined where it is no longer kept. */
  readonly registryOfImport: (importNo: number) => Registry | undefined;
}
