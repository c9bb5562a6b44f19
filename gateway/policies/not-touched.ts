/**
 * 未タッチ: who stands on the roster of a site and date and did not touch, and the likely reason.
 *
 * The site's routine of every evening (ozono-office.jp/column/848: unread workers with their reason). A
 * reason is a guess from what is known; the person who can mend it decides.
 */
import { z } from 'zod';
import type { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import { isValidOn, type WorkDate } from '../../shared/time.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry, RegistryRow } from '../registry/registry-document.ts';
import type { MendedBy } from './mended-by.ts';
import type { WorkHistoryRecord } from './work-history.ts';

/** First that applies. */
export const NotTouchedReason = z.enum([
  /** 有給休暇, 会社都合の休業 */
  'leave',
  /** Touched at another site on that date. */
  'other-site',
  /** Nobody touched at the site, and companies report people: the terminal was down or has not sent yet. */
  'terminal-down',
  /** As many of the company touched as it says were there: the others were not. */
  'absent',
  /** Nobody of the company touched, and it reports nobody. */
  'company-not-there',
  'no-card',
  'card-expired',
  /** The assignment begins on that date. */
  'just-assigned',
  /** The company reports more people than touched. */
  'forgot',
  /** Others of the company touched, and it has not reported how many were there. */
  'unknown',
]);
export type NotTouchedReason = z.infer<typeof NotTouchedReason>;

interface Mending {
  readonly mendedBy?: MendedBy;
  readonly howJa?: string;
}

/** Who does what about it; nothing where all is well. */
export const MENDING: Readonly<Record<NotTouchedReason, Mending>> = {
  leave: {},
  'other-site': {},
  absent: {},
  'company-not-there': {},
  'terminal-down': { mendedBy: 'site-staff', howJa: '端末の通信と未送信を確認' },
  'no-card': { mendedBy: 'employer', howJa: 'カードの申請。届くまでは技能者IDの手入力' },
  'card-expired': { mendedBy: 'worker', howJa: '新しいカードを使う。届くまでは技能者IDの手入力' },
  'just-assigned': { mendedBy: 'site-staff', howJa: '入場時にタッチの場所を案内' },
  forgot: { mendedBy: 'employer', howJa: '本人に確認し、就労していれば追加を申請（元請が承認）' },
  unknown: { mendedBy: 'employer', howJa: '休みか打刻忘れかを確認し、出面の人数を報告' },
};

export interface NotTouched {
  readonly siteId: SiteId;
  readonly workDate: WorkDate;
  readonly companyId: CompanyId;
  readonly workerId: WorkerId;
  readonly trade: string;
  readonly role: RegistryRow<'assignments'>['role'];
  readonly reason: NotTouchedReason;
}

export interface NotTouchedInput {
  readonly registry: RegistryIndex;
  readonly headcounts: Registry['headcounts'];
  readonly leave: Registry['leave'];
  /** Of all sites, on the dates asked for. */
  readonly records: readonly WorkHistoryRecord[];
  readonly isAsked: (siteId: SiteId, date: WorkDate) => boolean;
}

type Question = Omit<NotTouched, 'reason'> & { readonly from: WorkDate | undefined };

interface Facts {
  readonly sitesTouched: ReadonlyMap<string, ReadonlySet<SiteId>>;
  readonly touchedOfCompany: ReadonlyMap<string, number>;
  readonly touchedOfSite: ReadonlyMap<string, number>;
  readonly headcountOfCompany: ReadonlyMap<string, number>;
  readonly headcountOfSite: ReadonlyMap<string, number>;
  readonly onLeave: ReadonlySet<string>;
}

const key = (...parts: readonly (string | undefined)[]): string => parts.join(' ');

const addTo = (sums: Map<string, number>, at: string, value: number): void => {
  sums.set(at, (sums.get(at) ?? 0) + value);
};

const factsOf = ({ headcounts, leave, records }: NotTouchedInput): Facts => {
  const sitesTouched = new Map<string, Set<SiteId>>();
  const touchedOfCompany = new Map<string, number>();
  const touchedOfSite = new Map<string, number>();
  for (const { siteId, workerId, companyId, workDate } of records) {
    const sites = sitesTouched.get(key(workerId, workDate)) ?? new Set();
    sitesTouched.set(key(workerId, workDate), sites.add(siteId));
    addTo(touchedOfCompany, key(siteId, workDate, companyId), 1);
    addTo(touchedOfSite, key(siteId, workDate), 1);
  }
  const headcountOfCompany = new Map<string, number>();
  const headcountOfSite = new Map<string, number>();
  for (const { siteId, companyId, date, workers } of headcounts) {
    addTo(headcountOfCompany, key(siteId, date, companyId), workers);
    addTo(headcountOfSite, key(siteId, date), workers);
  }
  const onLeave = new Set(leave.map(({ workerId, date }) => key(workerId, date)));
  return {
    sitesTouched,
    touchedOfCompany,
    touchedOfSite,
    headcountOfCompany,
    headcountOfSite,
    onLeave,
  };
};

/** What was known of somebody who did not touch: counts where they were asked for. */
export interface NotTouchedFacts {
  readonly sitesTouched: readonly SiteId[];
  /** People of the company that touched at the site on that date. */
  readonly touchedOfCompany: number;
  /** Absent where the company reported nothing. */
  readonly headcountOfCompany: number | undefined;
  readonly touchedOfSite: number;
}

const reasonOf = (registry: RegistryIndex, facts: Facts, question: Question): NotTouchedReason => {
  const { siteId, workerId, companyId, workDate, from } = question;
  if (facts.onLeave.has(key(workerId, workDate))) return 'leave';
  if (facts.sitesTouched.has(key(workerId, workDate))) return 'other-site';
  const worked = facts.headcountOfCompany.get(key(siteId, workDate, companyId));
  const touched = facts.touchedOfCompany.get(key(siteId, workDate, companyId)) ?? 0;
  const isSiteSilent = !facts.touchedOfSite.has(key(siteId, workDate));
  if (isSiteSilent && worked !== undefined && worked > 0) return 'terminal-down';
  if (worked !== undefined && worked <= touched) return 'absent';
  if (worked === undefined && touched === 0) return 'company-not-there';
  const cards = registry.holdingsByWorker.get(workerId) ?? [];
  if (cards.length === 0) return 'no-card';
  if (!cards.some((card) => isValidOn(card, workDate))) return 'card-expired';
  if (from === workDate) return 'just-assigned';
  return worked === undefined ? 'unknown' : 'forgot';
};

/** Dates on which anybody touched at a site, or a company reports people there. */
const workingDates = (facts: Facts): readonly (readonly [SiteId, WorkDate])[] => {
  const worked = [...facts.headcountOfSite].filter(([, workers]) => workers > 0);
  const keys = new Set([...facts.touchedOfSite.keys(), ...worked.map(([at]) => at)]);
  return [...keys].map((at) => at.split(' ') as unknown as [SiteId, WorkDate]);
};

export interface ReasonedNotTouched {
  readonly row: NotTouched;
  readonly facts: NotTouchedFacts;
  readonly assignment: RegistryRow<'assignments'>;
}

export const reasonedNotTouched = (input: NotTouchedInput): readonly ReasonedNotTouched[] => {
  const { registry, isAsked } = input;
  const facts = factsOf(input);
  return workingDates(facts)
    .filter(([siteId, date]) => isAsked(siteId, date))
    .flatMap(([siteId, workDate]) => {
      const missing = (registry.assignmentsBySite.get(siteId) ?? []).filter(
        (row) =>
          isValidOn(row, workDate) &&
          !facts.sitesTouched.get(key(row.workerId, workDate))?.has(siteId),
      );
      // Somebody who works for two companies at once is listed once, whatever the order of the rows.
      const inOrder = missing.toSorted((a, b) => (a.companyId < b.companyId ? 1 : -1));
      const byWorker = new Map(inOrder.map((row) => [row.workerId, row]));
      return [...byWorker.values()].map((assignment) => {
        const { companyId, workerId, trade, role, from } = assignment;
        const of = { siteId, workDate, companyId, workerId, trade, role };
        const companyKey = key(siteId, workDate, companyId);
        return {
          row: { ...of, reason: reasonOf(registry, facts, { ...of, from }) },
          facts: {
            sitesTouched: [...(facts.sitesTouched.get(key(workerId, workDate)) ?? [])],
            touchedOfCompany: facts.touchedOfCompany.get(companyKey) ?? 0,
            headcountOfCompany: facts.headcountOfCompany.get(companyKey),
            touchedOfSite: facts.touchedOfSite.get(key(siteId, workDate)) ?? 0,
          },
          assignment,
        };
      });
    });
};

/** The rows alone. */
export const notTouched = (input: NotTouchedInput): readonly NotTouched[] =>
  reasonedNotTouched(input).map(({ row }) => row);
