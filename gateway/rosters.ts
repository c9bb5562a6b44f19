/**
 * Rosters (作業員名簿の配信): what the gate needs to know, made from the registry, signed and sent down.
 *
 * The least that serves: short name, company, cards, card colour, contributed days of the month, and
 * what the gate has to say.
 */
import type { CompanyId, SiteId, TerminalId, WorkerId } from '../shared/ids.ts';
import { encodeRoster, type Roster, type RosterWorker } from '../shared/roster.ts';
import type { Signer } from '../shared/signature.ts';
import {
  addDays,
  type Dated,
  dateInJapan,
  firstDateOf,
  lastDateOf,
  monthOf,
  type UtcMs,
  type WorkDate,
} from '../shared/time.ts';
import type { Contribution } from './policies/contribution.ts';
import { contributionsOf } from './policies/contributions.ts';
import { gateFindings } from './policies/gate-findings.ts';
import { oldestPayable, payability } from './policies/not-payable.ts';
import type { RegistryIndex } from './registry/registry.ts';
import type { Ledger } from './store/ledger.ts';

/**
 * Workers whose assignment begins within this time are on the roster already, so that a terminal
 * without a network knows them when they come. The finding says that they are early.
 */
const DAYS_AHEAD = 62;
const INSURANCE_EFFECTS = { advise: 'warn', hold: 'hold' } as const;
const CARDS_MAX = 20;
const FINDINGS_MAX = 100;

const familyName = (name: string): string => name.split(/[\s　]+/)[0] ?? name;

/** 氏 alone where it is enough; with the first character of 名 where two on the roster share it. */
export const shortNames = (names: ReadonlyMap<WorkerId, string>): ReadonlyMap<WorkerId, string> => {
  const count = new Map<string, number>();
  for (const name of names.values()) {
    count.set(familyName(name), (count.get(familyName(name)) ?? 0) + 1);
  }
  return new Map(
    [...names].map(([workerId, name]) => {
      const family = familyName(name);
      const given = name.slice(family.length).trim();
      const isShared = (count.get(family) ?? 0) > 1 && given !== '';
      return [workerId, isShared ? `${family} ${[...given][0]}` : family];
    }),
  );
};

/** Whether a day worked here counts for 建退共; by the same rule as the contributions themselves. */
const earnsContribution = (
  registry: RegistryIndex,
  workerId: WorkerId,
  companyId: CompanyId,
  today: WorkDate,
): boolean =>
  payability(registry, { workerId, companyId, workDate: today }, oldestPayable(today)).obstacle ===
  undefined;

export interface RosterQuestion {
  readonly registry: RegistryIndex;
  readonly siteId: SiteId;
  readonly today: WorkDate;
  /** Contributions of the month of `today`, any site: a worker sees the days earned anywhere. */
  readonly contributions: readonly Contribution[];
  /** Contributed days of the months before; undefined where they are not known yet. */
  readonly daysBefore: (workerId: WorkerId) => number | undefined;
}

export type RosterContent = Omit<Roster, 'version' | 'issuedAtMs'>;

/** From the registry's `{from, to}` only what is set, so that the roster stays small. */
const datesOf = ({ from, to }: Dated): Dated => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

/** The row of today, else the next one to begin. */
export const assignmentsAhead = (registry: RegistryIndex, siteId: SiteId, today: WorkDate) => {
  const horizon = addDays(today, DAYS_AHEAD);
  const rows = (registry.assignmentsBySite.get(siteId) ?? [])
    .filter(({ from, to }) => (from ?? today) <= horizon && (to ?? today) >= today)
    .toSorted((a, b) => ((a.from ?? '') < (b.from ?? '') ? 1 : -1));
  return [...new Map(rows.map((row) => [row.workerId, row])).values()];
};

/** Everybody assigned to the site on `today` or soon. */
export const rosterContent = ({
  registry,
  siteId,
  today,
  contributions,
  daysBefore,
}: RosterQuestion): RosterContent => {
  const assigned = assignmentsAhead(registry, siteId, today);
  const names = new Map(
    assigned.map(({ workerId }) => [workerId, registry.workerById.get(workerId)?.name ?? workerId]),
  );
  const shortNameOf = shortNames(names);
  const daysOf = new Map<WorkerId, Set<number>>();
  const sumOf = new Map<WorkerId, number>();
  for (const { workerId, workDate, days } of contributions) {
    if (days === 0) continue;
    daysOf.set(workerId, (daysOf.get(workerId) ?? new Set()).add(Number(workDate.slice(8))));
    sumOf.set(workerId, (sumOf.get(workerId) ?? 0) + days);
  }
  const workers = assigned.map(({ workerId, companyId }): RosterWorker => {
    const worker = registry.workerById.get(workerId);
    const extraDays = (sumOf.get(workerId) ?? 0) - (daysOf.get(workerId)?.size ?? 0);
    const before = daysBefore(workerId);
    return {
      workerId,
      shortName: (shortNameOf.get(workerId) ?? workerId).slice(0, 40),
      ...(worker === undefined ? {} : { kana: familyName(worker.kana).slice(0, 40) }),
      ...(worker?.language === undefined ? {} : { language: worker.language }),
      companyName: (registry.companyById.get(companyId)?.name ?? '').slice(0, 100),
      // The latest cards first: a worker with many old ones keeps those that matter.
      cards: (registry.holdingsByWorker.get(workerId) ?? [])
        .map((row) => ({ cardId: row.cardId, ...datesOf(row) }))
        .toSorted((a, b) => ((a.to ?? '9') < (b.to ?? '9') ? 1 : -1))
        .slice(0, CARDS_MAX),
      ...(worker?.level === undefined ? {} : { level: worker.level }),
      contributedDays: [...(daysOf.get(workerId) ?? [])].sort((a, b) => a - b),
      ...(extraDays > 0 ? { extraDays } : {}),
      ...(before === undefined ? {} : { daysBefore: before }),
      earnsContribution: earnsContribution(registry, workerId, companyId, today),
      findings: gateFindings(registry, { siteId, workerId }, today).slice(0, FINDINGS_MAX),
    };
  });
  const site = registry.siteById.get(siteId);
  return {
    v: 1,
    siteId,
    siteName: site?.name ?? siteId,
    date: today,
    month: monthOf(today),
    effects: {
      ...(site?.insuranceGate === undefined
        ? {}
        : { 'insurance-unconfirmed': INSURANCE_EFFECTS[site.insuranceGate] }),
      ...site?.gateEffects,
    },
    tellsPresence: true,
    workers,
  };
};

/** The roster of a site as registry and ledger have it on that day. */
export const rosterOfSite = (
  ledger: Pick<Ledger, 'attendance'>,
  { registry, siteId, today, daysBefore }: Omit<RosterQuestion, 'contributions'>,
): RosterContent => {
  const month = monthOf(today);
  const span = { from: firstDateOf(month), to: lastDateOf(month) };
  const subjects = assignmentsAhead(registry, siteId, today).map(
    ({ workerId }) => ({ kind: 'worker', workerId }) as const,
  );
  const days = ledger.attendance({ ...span, subjects });
  const { contributions } = contributionsOf(days, registry, { asOf: today, ...span });
  return rosterContent({ registry, siteId, today, contributions, daysBefore });
};

export interface RostersDeps {
  readonly siteByTerminal: ReadonlyMap<TerminalId, SiteId>;
  readonly signer: Signer;
  readonly now: () => UtcMs;
  readonly nextVersion: () => number;
  readonly contentOf: (siteId: SiteId, today: WorkDate) => RosterContent;
  readonly send: (terminalId: TerminalId, bytes: Uint8Array) => void;
}

export interface Rosters {
  /** Makes the rosters again and sends those that changed. */
  readonly refresh: () => void;
  /** Sends the rosters as they are: a broker that has just come up remembers none. */
  readonly sendAll: () => void;
  /** For a terminal that has just been enrolled. */
  readonly sendTo: (terminalId: TerminalId) => void;
}

export const createRosters = (deps: RostersDeps): Rosters => {
  const issued = new Map<SiteId, { readonly content: string; readonly bytes: Uint8Array }>();

  const sendTo = (siteId: SiteId, bytes: Uint8Array): void => {
    for (const [terminalId, site] of deps.siteByTerminal)
      if (site === siteId) deps.send(terminalId, bytes);
  };

  return {
    refresh: () => {
      const issuedAtMs = deps.now();
      for (const siteId of new Set(deps.siteByTerminal.values())) {
        const content = deps.contentOf(siteId, dateInJapan(issuedAtMs));
        const text = JSON.stringify(content);
        if (issued.get(siteId)?.content === text) continue;
        const bytes = encodeRoster(
          { ...content, version: deps.nextVersion(), issuedAtMs },
          deps.signer,
        );
        issued.set(siteId, { content: text, bytes });
        sendTo(siteId, bytes);
      }
    },
    sendAll: () => {
      for (const [siteId, { bytes }] of issued) sendTo(siteId, bytes);
    },
    sendTo: (terminalId) => {
      const siteId = deps.siteByTerminal.get(terminalId);
      const roster = siteId && issued.get(siteId);
      if (roster) deps.send(terminalId, roster.bytes);
    },
  };
};
