/** 訂正依頼 as they are kept: what was asked and what was decided, append-only, each with who, when and why. */
import type { SiteId, WorkerId } from '../../shared/ids.ts';
import { isoInJapan, type UtcMs, type WorkDate } from '../../shared/time.ts';
import type { DayCorrection } from '../corrections.ts';
import type { RegistryRow } from '../registry/registry-document.ts';

/** What is asked for, judged and sound. */
export interface AskedCorrection {
  readonly siteId: SiteId;
  readonly workerId: WorkerId;
  readonly workDate: WorkDate;
  readonly kind: DayCorrection['kind'];
  readonly at: UtcMs | undefined;
  readonly reason: string;
  /** Evidence that it takes the place of. */
  readonly corrects: string | undefined;
  /** Asked for after CCUS had closed the month. */
  readonly isLate: boolean;
}

export type Verdict = 'approved' | 'rejected';

export interface Decision {
  readonly verdict: Verdict;
  /** As the audit log names an actor. */
  readonly by: string;
  readonly reason: string;
  readonly at: UtcMs;
}

export interface CorrectionRequest extends AskedCorrection {
  /** Order of asking, and the cursor of whoever reads on. */
  readonly requestNo: number;
  readonly requestId: string;
  /** As the audit log names an actor. */
  readonly askedBy: string;
  /** The scope on whose behalf: `employer:ID`. */
  readonly askedFor: string;
  readonly askedAt: UtcMs;
  readonly decision: Decision | undefined;
}

export interface Asking extends AskedCorrection {
  readonly requestId: string;
  readonly askedBy: string;
  readonly askedFor: string;
  readonly askedAt: UtcMs;
  /** Chosen by the asker, so that the same request sent twice is one. */
  readonly idempotencyKey: string | undefined;
}

/** First that applies. */
export type AskOutcome =
  /** The key was used for these very words before. */
  | { readonly kind: 'already-asked'; readonly request: CorrectionRequest }
  /** The key was used for something else. */
  | { readonly kind: 'key-taken' }
  /** Somebody has asked for the same, and it is not decided. */
  | { readonly kind: 'pending-already'; readonly request: CorrectionRequest }
  /** The asker has as many undecided requests as one may have. */
  | { readonly kind: 'too-many' }
  | { readonly kind: 'asked'; readonly request: CorrectionRequest };

/** First that applies; a second decision changes nothing. */
export type DecideOutcome =
  | { readonly kind: 'already-decided'; readonly request: CorrectionRequest }
  | { readonly kind: 'decided'; readonly request: CorrectionRequest };

export interface CorrectionFilter {
  readonly siteId?: SiteId | undefined;
  readonly state?: 'pending' | 'decided' | undefined;
}

export interface CorrectionStore {
  readonly ask: (asking: Asking) => AskOutcome;
  readonly find: (requestId: string) => CorrectionRequest | undefined;
  /** After a cursor, in the order of asking. */
  readonly requestsAfter: (
    requestNo: number,
    limit: number,
    filter: CorrectionFilter,
  ) => readonly CorrectionRequest[];
  readonly decide: (requestId: string, decision: Decision) => DecideOutcome;
  /** What counts, in the order of the decisions. */
  readonly approved: () => readonly RegistryRow<'corrections'>[];
  /** The same, each with the number of its decision; refusals have numbers, too. */
  readonly approvedByDecision: () => readonly {
    readonly decisionNo: number;
    readonly row: RegistryRow<'corrections'>;
  }[];
}

/** What of a decided request the registry has as a correction. */
export const correctionRowOf = ({
  decision,
  at,
  corrects,
  ...request
}: CorrectionRequest): RegistryRow<'corrections'> | undefined =>
  decision?.verdict !== 'approved'
    ? undefined
    : {
        siteId: request.siteId,
        workerId: request.workerId,
        workDate: request.workDate,
        kind: request.kind,
        ...(at === undefined ? {} : { at: isoInJapan(at) }),
        by: decision.by,
        reason: request.reason,
        recordedAt: isoInJapan(decision.at),
        requestId: request.requestId,
        ...(corrects === undefined ? {} : { corrects }),
      };
