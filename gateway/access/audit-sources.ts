/** What broker and fleet notice, put down in the audit log (監査記録への書き込み). */
import { type SiteId, TerminalId } from '../../shared/ids.ts';
import type { UtcMs } from '../../shared/time.ts';
import { type CloneFinding, noteSession, type Sessions } from '../broker/clone-watch.ts';
import type { LifeWatch } from '../broker/life-watch.ts';
import { NOTHING_SEEN, readMosquittoLine } from '../broker/mosquitto-log.ts';
import type { Alert } from '../fleet/alerts.ts';
import type { AuditLog } from './audit-log.ts';
import { throttledAudit } from './audit-throttle.ts';

/** A clock that went wrong, once each time: what it dated since asks for a look. */
export const clockAnomalies =
  (audit: Pick<AuditLog, 'append'>) =>
  ({ rule, subject, detail }: Alert): void => {
    if (rule === 'clock-off' || rule === 'clock-untrusted')
      audit.append({
        kind: 'clock-anomaly',
        actor: `terminal:${subject}`,
        detail: { rule, what: detail },
      });
  };

/** A terminal that reaches for what is not its own; once a minute, with how often it was. */
export const forbiddenTopics = (
  audit: Pick<AuditLog, 'append'>,
  now: () => UtcMs,
): ((clientId: string, topic: string) => void) => {
  const tell = throttledAudit(audit.append, now, () => true);
  return (clientId, topic) =>
    tell({
      kind: 'topic-forbidden',
      actor: `terminal:${clientId.slice(0, 64)}`,
      detail: { reason: 'forbidden-topic', topic: topic.slice(0, 100) },
    });
};

/** A terminal that signs for a site which is not its own; once a minute, because it sends again and again. */
export const foreignSiteBatches = (
  audit: Pick<AuditLog, 'append'>,
  now: () => UtcMs,
): ((terminalId: TerminalId, siteIds: readonly SiteId[]) => void) => {
  const tell = throttledAudit(audit.append, now, () => true);
  return (terminalId, siteIds) =>
    tell({
      kind: 'site-forbidden',
      actor: `terminal:${terminalId}`,
      detail: { reason: 'not-its-site', siteIds: siteIds.slice(0, 10).join(' ') },
    });
};

/** One certificate in two places; once a minute, because a clone tries again and again. */
export const suspectedClones = (
  audit: Pick<AuditLog, 'append'>,
  now: () => UtcMs,
): ((terminalId: TerminalId, finding: CloneFinding) => void) => {
  const tell = throttledAudit(audit.append, now, () => true);
  return (terminalId, { why, addresses }) =>
    tell({
      kind: 'clone-suspected',
      actor: `terminal:${terminalId}`,
      detail: { reason: why, addresses: addresses.join(' ') },
    });
};

/** Where a terminal's connections come from, as far as mosquitto told; and what it says of those who come. */
export interface MosquittoNewsReader {
  readonly onLine: (line: string) => void;
  readonly addressesOf: (terminalId: TerminalId) => readonly string[];
}

/** What mosquitto says: refusals once a minute by address and reason, and terminals that push each other off. */
export const mosquittoNews = (
  audit: Pick<AuditLog, 'append'>,
  now: () => UtcMs,
  {
    onClone,
    onSeen,
  }: Pick<LifeWatch, 'onSeen'> & {
    readonly onClone: (terminalId: TerminalId, finding: CloneFinding) => void;
  },
): MosquittoNewsReader => {
  const tell = throttledAudit(audit.append, now, () => true);
  const sessionsOf = new Map<TerminalId, Sessions>();
  let seen = NOTHING_SEEN;
  const onLine = (line: string): void => {
    const read = readMosquittoLine(seen, line, now());
    seen = read.seen;
    const { news } = read;
    if (news?.kind === 'refused') {
      const { reason, address = 'unknown' } = news;
      tell({
        kind: 'certificate-refused',
        actor: `address:${address}`,
        detail: { reason, at: 'mosquitto' },
      });
    }
    const terminalId = TerminalId.safeParse(news?.kind === 'connected' ? news.clientId : undefined);
    if (news?.kind !== 'connected' || !terminalId.success) return;
    const { address, tookOver } = news;
    onSeen(terminalId.data);
    const { sessions, finding } = noteSession(sessionsOf.get(terminalId.data) ?? [], {
      // mosquitto puts the certificate's name in its place.
      start: undefined,
      address,
      at: now(),
      tookOver,
    });
    sessionsOf.set(terminalId.data, sessions);
    if (finding !== undefined) onClone(terminalId.data, finding);
  };
  return {
    onLine,
    addressesOf: (terminalId) => [
      ...new Set((sessionsOf.get(terminalId) ?? []).map(({ address }) => address)),
    ],
  };
};
