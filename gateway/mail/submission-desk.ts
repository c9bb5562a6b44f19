/** Queues 就労状況報告書 for the 元請 (提出受付): on a person's word, or by itself from a day of the month on. */
import { randomUUID } from 'node:crypto';
import { type Fault, ok, type Result } from '../../shared/result.ts';
import {
  addMonths,
  dateInJapan,
  firstDateOf,
  lastDateOf,
  type Month,
  monthOf,
  type UtcMs,
} from '../../shared/time.ts';
import type { DocumentModel } from '../documents/document.ts';
import { contributionsOf } from '../policies/contributions.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Ledger } from '../store/ledger.ts';
import { composeMail, messageIdOf } from './compose.ts';
import type { MailRecord, Outbox } from './outbox.ts';
import { submissionMail } from './submission-mail.ts';
import { purposeOf, type Submission, type SubmissionKey, submissionsOf } from './submissions.ts';

export interface SubmissionStatus extends Submission {
  /** The newest mail that carried it. */
  readonly mail: MailRecord | undefined;
  /** What that mail says is no longer so: another has to be sent. */
  readonly isOutdated: boolean;
}

export type SubmissionOutcome =
  | { readonly kind: 'queued'; readonly mail: MailRecord }
  /** One is on its way or has arrived; another needs a person's word. */
  | { readonly kind: 'already-submitted'; readonly mail: MailRecord }
  | { readonly kind: 'refused'; readonly faults: readonly Fault[] };

export interface SubmissionDesk {
  readonly list: (month: Month) => readonly SubmissionStatus[];
  readonly queue: (
    key: SubmissionKey,
    how: { readonly again: boolean; readonly by: string },
  ) => Promise<SubmissionOutcome>;
  /** Queues last month's reports that no mail has carried; returns how many. */
  readonly queueDue: () => Promise<number>;
}

export interface SubmissionDeskDeps {
  readonly outbox: Outbox;
  readonly from: string;
  /** Day of the month from which reports go by themselves. */
  readonly submitOnDay: number | undefined;
  readonly ledger: Pick<Ledger, 'attendance'>;
  readonly registryIndex: () => RegistryIndex;
  readonly makeDocument: (
    name: string,
    parameters: Readonly<Record<string, string>>,
  ) => Result<DocumentModel>;
  readonly now: () => UtcMs;
}

/** States after which the report has not arrived, and another mail is no second one. */
const isLost = ({ state }: MailRecord): boolean =>
  state.kind === 'failed' || state.kind === 'bounced';

export const createSubmissionDesk = (deps: SubmissionDeskDeps): SubmissionDesk => {
  const { outbox, from, ledger, registryIndex, makeDocument, now } = deps;

  const submissions = (month: Month): readonly Submission[] => {
    const span = { from: firstDateOf(month), to: lastDateOf(month) };
    const index = registryIndex();
    const asOf = dateInJapan(now());
    const found = contributionsOf(ledger.attendance(span), index, { asOf, ...span });
    return submissionsOf(index, month, found.contributions);
  };

  const documents = ({ siteId, companyId, month }: SubmissionKey) => {
    const parameters = { siteId, companyId, month };
    const monthly = makeDocument('employment-report-monthly', parameters);
    const daily = makeDocument('employment-report-daily', parameters);
    return monthly.ok && daily.ok
      ? ok({ monthly: monthly.value, daily: daily.value })
      : {
          ok: false as const,
          faults: [monthly, daily].flatMap((each) => (each.ok ? [] : each.faults)),
        };
  };

  const queue: SubmissionDesk['queue'] = async (key, { again, by }) => {
    const submission = submissions(key.month).find(
      ({ siteId, companyId }) => siteId === key.siteId && companyId === key.companyId,
    );
    if (submission === undefined) {
      const message = 'has no work at this site in this month, or is its 元請';
      return { kind: 'refused', faults: [{ place: '/companyId', message }] };
    }
    const { recipient, primeId } = submission;
    if (recipient === undefined) {
      const message = `the registry has no contactEmail of the 元請 ${primeId}`;
      return { kind: 'refused', faults: [{ place: '/companies/contactEmail', message }] };
    }
    const made = documents(key);
    if (!made.ok) return { kind: 'refused', faults: made.faults };
    const mailId = randomUUID();
    const index = registryIndex();
    const content = await submissionMail(index, { submission, to: recipient, from }, made.value);
    const bytes = await composeMail(content, { mailId, at: now() });

    // Asked last and in one go with the insert: of two people asking at once, one is told.
    const purpose = purposeOf(key);
    const standing = outbox.ofPurpose(purpose).find((mail) => !isLost(mail));
    if (standing !== undefined && !again) return { kind: 'already-submitted', mail: standing };
    const mail = outbox.add({
      mailId,
      purpose,
      figures: submission.figures,
      sender: from,
      recipient,
      subject: content.subject,
      messageId: messageIdOf(mailId, from),
      bytes,
      queuedBy: by,
    });
    return { kind: 'queued', mail };
  };

  return {
    list: (month) =>
      submissions(month).map((submission) => {
        const [mail] = outbox.ofPurpose(purposeOf(submission));
        const isOutdated =
          mail?.figures !== undefined && !isLost(mail) && mail.figures !== submission.figures;
        return { ...submission, mail, isOutdated };
      }),
    queue,
    queueDue: async () => {
      const today = dateInJapan(now());
      if (deps.submitOnDay === undefined || Number(today.slice(8)) < deps.submitOnDay) return 0;
      let queued = 0;
      for (const submission of submissions(addMonths(monthOf(today), -1))) {
        // One that was lost is a person's to look at, not to be sent against a wall every minute.
        const isOpen = outbox.ofPurpose(purposeOf(submission)).length === 0;
        if (!isOpen || submission.recipient === undefined) continue;
        const outcome = await queue(submission, { again: false, by: 'gateway' });
        if (outcome.kind === 'queued') queued += 1;
      }
      return queued;
    },
  };
};
