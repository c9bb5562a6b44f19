/** Works the outbox off (送信): one mail after the other, each step on disk before the next is taken. */
import type { Log } from '../../shared/log.ts';
import type { AuditLog } from '../access/audit-log.ts';
import type { MailRecord, Outbox } from './outbox.ts';
import type { MailServer } from './smtp.ts';

export interface MailerDeps {
  readonly outbox: Outbox;
  readonly server: MailServer;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly log: Log;
}

export interface Mailer {
  /** Sends whatever is due; returns when nothing is. Calls while it runs return at once. */
  readonly drain: () => Promise<void>;
}

export const createMailer = ({ outbox, server, audit, log }: MailerDeps): Mailer => {
  let isDraining = false;

  const sendOne = async ({ mailId, sender, recipient, purpose }: MailRecord): Promise<void> => {
    const bytes = outbox.bytesOf(mailId);
    if (bytes === undefined) throw new Error(`mail ${mailId} has no bytes`);
    outbox.step(mailId, { kind: 'started' });
    const outcome = await server.send({ mailId, from: sender, to: recipient, bytes }, () => {
      outbox.step(mailId, { kind: 'last-bytes-leave' });
    });
    const state = outbox.step(mailId, outcome);
    log('mail', { mailId, outcome: outcome.kind, state: state?.kind ?? 'unknown' });
    if (state?.kind === 'sent')
      audit.append({ kind: 'mail-sent', actor: 'gateway', detail: { mailId, purpose } });
  };

  return {
    drain: async () => {
      if (isDraining) return;
      isDraining = true;
      try {
        // Nothing of ours is on its way now: what says so was interrupted, by our end or by the disk's.
        for (const { mailId } of outbox.interrupted()) outbox.step(mailId, { kind: 'interrupted' });
        for (let mail = outbox.nextDue(); mail !== undefined; mail = outbox.nextDue())
          await sendOne(mail);
      } finally {
        isDraining = false;
      }
    },
  };
};
