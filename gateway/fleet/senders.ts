/** The ways out for messages about alerts, as the configuration names them; secrets are read from their files once. */
import { readFileSync } from 'node:fs';
import { type Fault, ok, type Result } from '../../shared/result.ts';
import type { NoticeChannel } from '../store/fleet-store.ts';
import { mailSender } from './alert-mail.ts';
import type { AlertSettings } from './alert-settings.ts';
import { webhookSender } from './alert-webhook.ts';
import type { NoticeSender } from './notices.ts';

export type Senders = Partial<Record<NoticeChannel, NoticeSender>>;

/** A shorter secret can be guessed from one message. */
const SECRET_CHARACTERS_MIN = 16;

/** Faults name the setting whose file cannot be used. */
export const openSenders = ({ email, webhook }: AlertSettings): Result<Senders> => {
  const faults: Fault[] = [];
  const read = (file: string | undefined, place: string, shortest: number): string | undefined => {
    if (file === undefined) return undefined;
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (text.length < shortest)
        faults.push({ place, message: `${file} holds less than ${shortest} characters` });
      return text;
    } catch (cause) {
      faults.push({ place, message: cause instanceof Error ? cause.message : String(cause) });
      return undefined;
    }
  };
  const password = read(email?.passwordFile, '/alerts/email/passwordFile', 1);
  const ca = read(email?.caFile, '/alerts/email/caFile', 1);
  const secret = read(webhook?.secretFile, '/alerts/webhook/secretFile', SECRET_CHARACTERS_MIN);
  if (faults.length > 0) return { ok: false, faults };
  return ok({
    ...(email === undefined ? {} : { email: mailSender(email, { password, ca }) }),
    ...(webhook === undefined || secret === undefined
      ? {}
      : { webhook: webhookSender(webhook.url, secret) }),
  });
};
