/** One terminal as the list shows it (端末一覧の1行), worst first. Pure. */
import { z } from '@hono/zod-openapi';
import type { SiteId } from '../../shared/ids.ts';
import { DAY_MS, isoInJapan, type UtcMs, utcMs } from '../../shared/time.ts';
import { type Alert, GATEWAY, ruleRow } from './alerts.ts';
import type { RevokedTerminal, StoredContact, TerminalContact } from './contacts.ts';
import { unsentAgeMs } from './terminal-rules.ts';

export const AlertRow = z
  .object({
    rule: z.string(),
    level: z.enum(['critical', 'warning']),
    /** `open`: has lasted long enough to be told; `pending`: not yet. */
    status: z.enum(['open', 'pending']),
    /** Absent: the gateway itself. */
    terminalId: z.string().optional(),
    siteId: z.string().optional(),
    title: z.string(),
    detail: z.string(),
    advice: z.string(),
    since: z.string(),
  })
  .openapi('Alert');
export type AlertRow = z.infer<typeof AlertRow>;

/** `waiting`: never heard of yet. `revoked`: taken back, and nothing stands in its place. */
const Condition = z.enum(['critical', 'warning', 'revoked', 'waiting', 'good']);

export const TerminalRow = z
  .object({
    terminalId: z.string(),
    siteId: z.string(),
    /** By the registry, where it has the site. */
    siteName: z.string().optional(),
    condition: Condition,
    isOnline: z.boolean(),
    lastHeardAt: z.string().optional(),
    lastBatchAt: z.string().optional(),
    alerts: z.array(AlertRow),
    /** Only of a terminal that was taken back: since when, why, by whom, and what is to be done. */
    revoked: z
      .object({
        at: z.string(),
        why: z.enum(['revoked', 'cloned']),
        by: z.string(),
        advice: z.string(),
      })
      .optional(),
    /** What the terminal said of itself, and when; absent where it never did. */
    state: z
      .object({
        at: z.string(),
        version: z.string(),
        uptimeSeconds: z.int(),
        clock: z.enum(['trusted', 'untrusted']),
        /** Terminal's clock minus the gateway's. */
        clockOffsetSeconds: z.int(),
        unsentTaps: z.int(),
        /** By the gateway's clock. */
        oldestUnsentAt: z.string().optional(),
        linkDrops: z.int(),
        readers: z.array(
          z.object({
            readerId: z.string(),
            direction: z.enum(['in', 'out', 'auto']),
            isAttached: z.boolean(),
            isCardLeft: z.boolean(),
            fault: z.string().optional(),
          }),
        ),
        cameras: z.array(z.object({ camera: z.string(), isAttached: z.boolean() })),
        disk: z.object({ freeBytes: z.int(), totalBytes: z.int() }).optional(),
        roster: z.object({ version: z.int(), issuedAt: z.string(), workers: z.int() }).optional(),
        certificateEnds: z.string().optional(),
        certificateDays: z.int().optional(),
        faults: z.array(z.object({ part: z.string(), reason: z.string() })),
      })
      .optional(),
  })
  .openapi('Terminal');
export type TerminalRow = z.infer<typeof TerminalRow>;

export const alertRow = ({ rule, subject, siteId, detail, since, kind }: Alert): AlertRow => {
  const { level, titleJa, adviceJa } = ruleRow(rule);
  return {
    rule,
    level,
    status: kind,
    ...(subject === GATEWAY ? {} : { terminalId: subject }),
    ...(siteId === undefined ? {} : { siteId }),
    title: titleJa,
    detail,
    advice: adviceJa,
    since: isoInJapan(since),
  };
};

const stateOf = (
  { state, stateAt }: TerminalContact,
  now: UtcMs,
): TerminalRow['state'] | undefined => {
  if (state === undefined || stateAt === undefined) return undefined;
  const { queue, roster, certificateEndsMs, disk } = state;
  return {
    at: isoInJapan(stateAt),
    version: state.version,
    uptimeSeconds: Math.floor(state.uptimeMs / 1_000),
    clock: state.clock,
    clockOffsetSeconds: Math.round((state.atMs - stateAt) / 1_000),
    unsentTaps: queue.unsentTaps,
    ...(queue.oldestMs === undefined
      ? {}
      : { oldestUnsentAt: isoInJapan(utcMs(Math.max(0, now - unsentAgeMs(state, stateAt, now)))) }),
    linkDrops: state.linkDrops,
    readers: state.readers,
    cameras: state.cameras,
    ...(disk === undefined ? {} : { disk }),
    ...(roster === undefined
      ? {}
      : {
          roster: {
            version: roster.version,
            issuedAt: isoInJapan(roster.issuedAtMs),
            workers: roster.workers,
          },
        }),
    ...(certificateEndsMs === undefined
      ? {}
      : {
          certificateEnds: isoInJapan(certificateEndsMs),
          certificateDays: Math.floor((certificateEndsMs - now) / DAY_MS),
        }),
    faults: state.faults,
  };
};

const RANK = { critical: 0, warning: 1, revoked: 2, waiting: 3, good: 4 } as const;

const conditionOf = (
  contact: TerminalContact,
  alerts: readonly AlertRow[],
): TerminalRow['condition'] => {
  if (alerts.some(({ level }) => level === 'critical')) return 'critical';
  if (alerts.length > 0) return 'warning';
  return contact.lastHeardAt === undefined ? 'waiting' : 'good';
};

const terminalRow = (
  contact: TerminalContact,
  alerts: readonly AlertRow[],
  siteName: string | undefined,
  now: UtcMs,
): TerminalRow => {
  const { terminalId, siteId, isOnline, lastHeardAt, lastBatchAt } = contact;
  const state = stateOf(contact, now);
  return {
    terminalId,
    siteId,
    ...(siteName === undefined ? {} : { siteName }),
    condition: conditionOf(contact, alerts),
    isOnline,
    ...(lastHeardAt === undefined ? {} : { lastHeardAt: isoInJapan(lastHeardAt) }),
    ...(lastBatchAt === undefined ? {} : { lastBatchAt: isoInJapan(lastBatchAt) }),
    alerts: [...alerts].sort((a, b) => RANK[a.level] - RANK[b.level]),
    ...(state === undefined ? {} : { state }),
  };
};

const REVOKED_ADVICE_JA: Readonly<Record<RevokedTerminal['why'], string>> = {
  revoked:
    '端末が手元にあるなら、同じ名前で登録し直すと、残っているタッチが届きます。動かないなら、SD カードから genba rescue で救い出してください。',
  cloned:
    '同じ証明書が二か所で使われたため、中継サーバが失効させました。実物の端末を確かめ、同じ名前で登録し直してください。残っているタッチはそのとき届きます。',
};

/** It is served no more, whatever connection it still holds: what stands here is what it last told. */
const revokedRow = (
  { terminalId, siteId, at, why, by }: RevokedTerminal,
  contact: StoredContact | undefined,
  siteName: string | undefined,
  now: UtcMs,
): TerminalRow => {
  const known = {
    terminalId,
    siteId,
    isOnline: false,
    lastHeardAt: contact?.lastHeardAt,
    lastBatchAt: undefined,
    state: contact?.state,
    stateAt: contact?.stateAt,
  };
  return {
    ...terminalRow(known, [], siteName, now),
    condition: 'revoked',
    revoked: { at: isoInJapan(at), why, by, advice: REVOKED_ADVICE_JA[why] },
  };
};

/** Worst first, then by how long it has been so, then by name. */
const worseFirst = (a: TerminalRow, b: TerminalRow): number => {
  const byRank = RANK[a.condition] - RANK[b.condition];
  if (byRank !== 0) return byRank;
  const [sinceA, sinceB] = [a.alerts[0]?.since ?? '', b.alerts[0]?.since ?? ''];
  if (sinceA !== sinceB) return sinceA < sinceB ? -1 : 1;
  return a.terminalId < b.terminalId ? -1 : 1;
};

export interface FleetView {
  /** Of the terminals that are known. */
  readonly contacts: readonly TerminalContact[];
  readonly revoked: readonly RevokedTerminal[];
  /** Of whoever was ever heard of. */
  readonly heard: readonly StoredContact[];
  readonly alerts: readonly Alert[];
  readonly sites: readonly { readonly siteId: SiteId; readonly name: string }[];
}

export const terminalRows = (
  { contacts, revoked, heard, alerts, sites }: FleetView,
  now: UtcMs,
): readonly TerminalRow[] => {
  const alertsById = Map.groupBy(alerts.map(alertRow), ({ terminalId }) => terminalId);
  const nameById = new Map(sites.map(({ siteId, name }) => [siteId, name]));
  const standing = new Set(contacts.map(({ terminalId }) => terminalId));
  const heardById = new Map(heard.map((contact) => [contact.terminalId, contact]));
  return [
    ...contacts.map((contact) => {
      const { terminalId, siteId } = contact;
      return terminalRow(contact, alertsById.get(terminalId) ?? [], nameById.get(siteId), now);
    }),
    // One that the configuration names since is a terminal again.
    ...revoked
      .filter(({ terminalId }) => !standing.has(terminalId))
      .map((each) =>
        revokedRow(each, heardById.get(each.terminalId), nameById.get(each.siteId), now),
      ),
  ].sort(worseFirst);
};
