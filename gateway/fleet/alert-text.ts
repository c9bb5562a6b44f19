/** What a message about alerts says (警報の文面): for people by e-mail, for programs by webhook. */
import { isoInJapan, type UtcMs } from '../../shared/time.ts';
import { type AlertEffect, GATEWAY, ruleRow } from './alerts.ts';

/** One beginning or clearing, as it is kept and sent. */
export interface AlertEvent {
  readonly event: 'begun' | 'cleared';
  readonly rule: string;
  readonly level: 'critical' | 'warning';
  /** Terminal id; absent where it is about the gateway itself. */
  readonly terminalId?: string;
  readonly siteId?: string;
  readonly title: string;
  readonly detail: string;
  readonly advice: string;
  readonly since: string;
  readonly at: string;
}

export const alertEvent = (effect: AlertEffect): AlertEvent => {
  const { rule, subject, siteId, detail, since, begunAt } = effect.alert;
  const { level, titleJa, adviceJa } = ruleRow(rule);
  return {
    event: effect.kind === 'begin' ? 'begun' : 'cleared',
    rule,
    level,
    ...(subject === GATEWAY ? {} : { terminalId: subject }),
    ...(siteId === undefined ? {} : { siteId }),
    title: titleJa,
    detail,
    advice: adviceJa,
    since: isoInJapan(since),
    at: isoInJapan(effect.kind === 'begin' ? begunAt : effect.clearedAt),
  };
};

const about = ({ terminalId }: AlertEvent): string =>
  terminalId === undefined ? '中継サーバ' : `端末 ${terminalId}`;
const readable = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

export interface MailText {
  readonly subject: string;
  readonly text: string;
}

const lines = (event: AlertEvent): string => {
  const { siteId, title, detail, advice, since, at } = event;
  const head = `■ ${about(event)}${siteId === undefined ? '' : `（現場 ${siteId}）`}: ${title}`;
  return [
    detail === '' ? head : `${head}（${detail}）`,
    event.event === 'begun'
      ? `  ${readable(since)} から。${advice}`
      : `  ${readable(since)} から ${readable(at)} まで`,
  ].join('\n');
};

/** `sentAt`: when the mail was made. */
export const mailText = (events: readonly AlertEvent[], sentAt: UtcMs): MailText => {
  const begun = events.filter(({ event }) => event === 'begun');
  const cleared = events.filter(({ event }) => event === 'cleared');
  const first = begun[0] ?? cleared[0];
  if (first === undefined) throw new Error('a message without events');
  const rest = events.length > 1 ? ` ほか${events.length - 1}件` : '';
  const word = begun.length > 0 ? '警報' : '解消';
  return {
    subject: `【現場タッチ ${word}】${about(first)}: ${first.title}${rest}`,
    text: [
      ...(begun.length === 0 ? [] : ['発生', ...begun.map(lines), '']),
      ...(cleared.length === 0 ? [] : ['解消', ...cleared.map(lines), '']),
      `${readable(isoInJapan(sentAt))} 現場タッチ 中継サーバ`,
      '',
    ].join('\n'),
  };
};
