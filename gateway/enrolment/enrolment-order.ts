/** A one-time code made for a terminal of a site (登録コードの発行): by an admin over the API, or at the gateway's machine. */
import { drawSecret, markOf, secretHashOf, writeCode } from '../../shared/enrolment-code.ts';
import { type SiteId, TerminalId } from '../../shared/ids.ts';
import { type UtcMs, utcMs } from '../../shared/time.ts';
import type { AuditEvent } from '../access/audit-log.ts';
import type { Authority } from './authority.ts';
import type { EnrolmentRow, EnrolmentStore } from './enrolment-store.ts';

export interface CodeOrder {
  readonly siteId: SiteId;
  /** The place that a new device takes; a new one where absent. */
  readonly terminalId: TerminalId | undefined;
  readonly lifeMs: number;
  readonly by: string;
}

export type CodeOutcome =
  | { readonly kind: 'made'; readonly code: string; readonly enrolment: EnrolmentRow }
  | { readonly kind: 'in-configuration' }
  | { readonly kind: 'other-site' };

/** `gate-1`, `gate-2` …: the first that never was. */
const freeTerminalId = (isTaken: (terminalId: TerminalId) => boolean): TerminalId => {
  for (let number = 1; ; number += 1) {
    const terminalId = TerminalId.parse(`gate-${number}`);
    if (!isTaken(terminalId)) return terminalId;
  }
};

export const makeEnrolmentCode = async (
  {
    store,
    authority: { fingerprint },
    now,
    audit,
    isConfigured,
  }: {
    readonly store: EnrolmentStore;
    readonly authority: Pick<Authority, 'fingerprint'>;
    readonly now: () => UtcMs;
    readonly audit: (event: AuditEvent) => void;
    /** Ids that stand in the configuration; a code for one of them would make two of it. */
    readonly isConfigured: (terminalId: TerminalId) => boolean;
  },
  { siteId, terminalId: wanted, lifeMs, by }: CodeOrder,
): Promise<CodeOutcome> => {
  const known = store.all();
  const terminalId =
    wanted ??
    freeTerminalId((id) => isConfigured(id) || known.some((each) => each.terminalId === id));
  if (isConfigured(terminalId)) return { kind: 'in-configuration' };
  const current = store.current(terminalId);
  if (current !== undefined && current.siteId !== siteId) return { kind: 'other-site' };
  const secret = drawSecret();
  const code = writeCode({ secret, mark: await markOf(fingerprint) });
  const createdAt = now();
  const enrolment = store.create({
    secretHash: await secretHashOf(secret, fingerprint),
    siteId,
    terminalId,
    createdBy: by,
    createdAt,
    expiresAt: utcMs(createdAt + lifeMs),
  });
  audit({
    kind: 'enrolment-issued',
    actor: by,
    detail: { enrolmentNo: enrolment.enrolmentNo, siteId, terminalId },
  });
  return { kind: 'made', code, enrolment };
};
