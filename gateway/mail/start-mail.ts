/** Keeps the mail going (メール送信): secrets from their files, what is due every few seconds. */
import { readFileSync } from 'node:fs';
import type { Log } from '../../shared/log.ts';
import { type Fault, ok, type Result } from '../../shared/result.ts';
import type { MailConfig } from './mail-config.ts';
import { createMailer, type MailerDeps } from './mailer.ts';
import type { Outbox } from './outbox.ts';
import { createMailServer, type MailServerSecrets } from './smtp.ts';
import {
  createSubmissionDesk,
  type SubmissionDesk,
  type SubmissionDeskDeps,
} from './submission-desk.ts';

const DRAIN_MS = 5_000;
const QUEUE_DUE_MS = 60_000;

/** Faults name the setting whose file cannot be used. */
export const readMailSecrets = ({ caFile, auth }: MailConfig): Result<MailServerSecrets> => {
  const faults: Fault[] = [];
  const read = (file: string | undefined, place: string): string | undefined => {
    if (file === undefined) return undefined;
    try {
      return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (cause) {
      faults.push({ place, message: cause instanceof Error ? cause.message : String(cause) });
      return undefined;
    }
  };
  const ca = read(caFile, '/mail/caFile');
  const password = read(auth?.passwordFile, '/mail/auth/passwordFile');
  return faults.length > 0 ? { ok: false, faults } : ok({ ca, password });
};

export type StartMailDeps = Pick<MailerDeps, 'audit'> &
  Omit<SubmissionDeskDeps, 'from' | 'submitOnDay'> & {
    readonly config: MailConfig;
    readonly secrets: MailServerSecrets;
    readonly log: Log;
  };

export interface MailOffice {
  readonly outbox: Outbox;
  readonly desk: SubmissionDesk;
  /** Something was queued: it need not wait for the next round. */
  readonly drainSoon: () => void;
  readonly stop: () => void;
}

export const startMail = (deps: StartMailDeps): MailOffice => {
  const { config, secrets, log, outbox } = deps;
  const { from, submitOnDay } = config;
  const mailer = createMailer({ ...deps, server: createMailServer(config, secrets) });
  const desk = createSubmissionDesk({ ...deps, from, submitOnDay });
  const inPeace = (what: string, work: () => Promise<unknown>): void => {
    work().catch((cause: unknown) =>
      // The disk, most likely: the outbox says what is to be done once it is well again.
      log(what, { reason: cause instanceof Error ? cause.message : String(cause) }),
    );
  };
  const drainSoon = (): void => inPeace('mail cannot be sent', mailer.drain);
  const draining = setInterval(drainSoon, DRAIN_MS);
  const queueing = setInterval(
    () => inPeace('reports cannot be queued', desk.queueDue),
    QUEUE_DUE_MS,
  );
  drainSoon();
  return {
    outbox,
    desk,
    drainSoon,
    stop: () => {
      clearInterval(draining);
      clearInterval(queueing);
    },
  };
};
