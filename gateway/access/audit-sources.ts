/** What broker and fleet notice, put down in the audit log (監査記録への書き込み). */
import type { TerminalId } from '../../shared/ids.ts';
import type { UtcMs } from '../../shared/time.ts';
import type { CloneFinding } from '../broker/clone-watch.ts';
import { throttledAudit } from '../enrolment/open-trust.ts';
import type { Alert } from '../fleet/alerts.ts';
import type { AuditLog } from './audit-log.ts';

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
