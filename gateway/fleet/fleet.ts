/**
 * The watch over the fleet (端末管理): looks at what is known of terminals and gateway now and then, keeps
 * what began and what cleared, and sends the messages.
 */
import { sqliteFailure } from '../../shared/durable-sqlite.ts';
import type { Log } from '../../shared/log.ts';
import { HOUR_MS, type UtcMs, utcMs } from '../../shared/time.ts';
import { parseTopic } from '../../shared/topics.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import type { FleetStore, Notice, NoticeChannel } from '../store/fleet-store.ts';
import type { AlertSettings } from './alert-settings.ts';
import { type Alert, type AlertState, alertKey, GATEWAY, step } from './alerts.ts';
import type { StoredContact, TerminalContact } from './contacts.ts';
import type { Incident } from './judgement.ts';
import { afterTry, type NoticeSender } from './notices.ts';

export interface FleetDeps {
  readonly store: FleetStore;
  readonly settings: AlertSettings;
  readonly senders: Partial<Record<NoticeChannel, NoticeSender>>;
  readonly contacts: () => readonly TerminalContact[];
  readonly contactsToStore: () => readonly StoredContact[];
  /** That nobody has settled yet. */
  readonly waitingTouches: () => readonly Pick<WaitingTouch, 'reason' | 'terminalId'>[];
  readonly failedJobs: () => readonly string[];
  readonly overdueDeadlines: () => number;
  readonly trustFaults: () => readonly string[];
  /** Of this gateway: terminals should not stay behind it. */
  readonly version: string;
  readonly diskFreeBytes: () => number | undefined;
  readonly now: () => UtcMs;
  /** In [0, 1). */
  readonly random: () => number;
  /** An alert has begun: it was wrong for long enough. */
  readonly onBegun?: (alert: Alert) => void;
  readonly log: Log;
}

export interface Fleet {
  /** About every half minute. Resolves when the messages that were due have been tried. */
  readonly watch: () => Promise<void>;
  /** What is wrong now, also what has not lasted long enough to be told. */
  readonly alerts: () => readonly Alert[];
  /** The last ones that cleared, newest first. */
  readonly closedAlerts: FleetStore['closedAlerts'];
}

const NOTICES_AT_ONCE = 20;

const OF_TERMINALS: ReadonlySet<Incident['reason']> = new Set([
  'conflict',
  'broken-chain',
  'wrong-site',
  'clone',
]);

/** As the gateway notes it: a code, and behind a colon what exactly. */
const quarantineReason = (noted: string): Pick<Incident, 'reason' | 'detail'> => {
  const [code = '', detail = ''] = noted.split(': ');
  if (code === 'wrong-site') return { reason: code, detail };
  if (code === 'conflict') return { reason: code };
  return { reason: code === 'broken-chain' || code === 'bad-signature' ? 'broken-chain' : 'other' };
};

export const createFleet = (deps: FleetDeps): Fleet => {
  const { store, settings, senders, log } = deps;
  const channels = (Object.keys(senders) as NoticeChannel[]).sort();
  let state: AlertState = new Map(store.openAlerts().map((alert) => [alertKey(alert), alert]));
  let isSending = false;
  /** Delivered, but the disk would not hear of it: not to be sent again by this process. */
  const delivered = new Set<number>();

  /** Incidents by terminal; by GATEWAY what is no known terminal's. */
  const recentIncidents = (
    now: UtcMs,
    known: ReadonlySet<string>,
  ): ReadonlyMap<string, readonly Incident[]> => {
    const after = utcMs(Math.max(0, now - settings.incidentHours * HOUR_MS));
    const incidents = [
      ...store.quarantinedSince(after).map(({ topic, reason, lastAt }) => ({
        ...quarantineReason(reason),
        at: lastAt,
        terminalId: parseTopic(topic)?.terminalId,
      })),
      ...store.auditedSince(after).map(({ kind, lastAt, terminalId }) => ({
        reason: kind === 'clone-suspected' ? ('clone' as const) : ('ledger-chain' as const),
        at: lastAt,
        terminalId,
      })),
    ];
    return Map.groupBy(incidents, ({ reason, terminalId }) =>
      // What names no terminal, or may be anybody's doing whatever topic it names, is the gateway's.
      terminalId !== undefined && known.has(terminalId) && OF_TERMINALS.has(reason)
        ? terminalId
        : GATEWAY,
    );
  };

  const look = (now: UtcMs): void => {
    const contacts = deps.contacts();
    const incidentsById = recentIncidents(
      now,
      new Set(contacts.map(({ terminalId }) => terminalId)),
    );
    const next = step(
      state,
      {
        terminals: contacts.map((contact) => ({
          contact,
          gatewayVersion: deps.version,
          incidents: incidentsById.get(contact.terminalId) ?? [],
        })),
        gateway: {
          incidents: incidentsById.get(GATEWAY) ?? [],
          diskFreeBytes: deps.diskFreeBytes(),
          waitingTouches: deps.waitingTouches(),
          failedJobs: deps.failedJobs(),
          overdueDeadlines: deps.overdueDeadlines(),
          trustFaults: deps.trustFaults(),
        },
      },
      settings,
      now,
    );
    store.apply(next.effects, channels, now);
    state = next.state;
    for (const { kind, alert } of next.effects) {
      if (kind === 'begin') deps.onBegun?.(alert);
      log(kind === 'begin' ? 'an alert began' : 'an alert cleared', {
        rule: alert.rule,
        subject: alert.subject,
      });
    }
  };

  const send = async (notice: Notice): Promise<void> => {
    const { noticeNo, channel } = notice;
    if (delivered.has(noticeNo)) return store.noticeSent(noticeNo, deps.now());
    const sender = senders[channel];
    const delivery =
      sender === undefined
        ? { kind: 'failed' as const, reason: 'the channel is no longer set up', isFinal: true }
        : await sender(notice, deps.now());
    const effect = afterTry(notice, delivery, deps.now(), deps.random());
    switch (effect.kind) {
      case 'sent':
        delivered.add(noticeNo);
        return store.noticeSent(noticeNo, deps.now());
      case 'again':
        log('an alert message did not get through', { channel, reason: effect.reason });
        return store.noticeFailed(noticeNo, effect.reason, effect.at);
      case 'give-up':
        log('an alert message is given up', { channel, reason: effect.reason });
        return store.noticeFailed(noticeNo, effect.reason, undefined);
    }
  };

  /** One at a time: what is on its way must not be sent a second time. */
  const sendDue = async (): Promise<void> => {
    if (isSending) return;
    isSending = true;
    try {
      for (const notice of store.dueNotices(deps.now(), NOTICES_AT_ONCE)) await send(notice);
    } finally {
      isSending = false;
    }
  };

  return {
    watch: async () => {
      try {
        store.saveContacts(deps.contactsToStore());
        look(deps.now());
        await sendDue();
      } catch (cause) {
        const failure = sqliteFailure(cause);
        if (failure === undefined) throw cause;
        log('the fleet store cannot be used', { reason: failure.message });
      }
    },
    alerts: () => [...state.values()],
    closedAlerts: store.closedAlerts,
  };
};
