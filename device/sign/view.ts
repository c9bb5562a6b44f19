/**
 * What the sign shows (掲示板の表示内容) to everybody who walks by. Pure: what the terminal knows in, view out.
 *
 * The least personal data: companies and counts. A worker's name leaves here only where the site says so.
 */
import { withoutRuby } from '../../shared/ruby.ts';
import {
  clockTimeInJapan,
  dateInJapan,
  HOUR_MS,
  type UtcMs,
  type WorkDate,
} from '../../shared/time.ts';
import { phrasesIn } from '../kiosk/phrases.ts';
import { personOf } from '../manager/lists.ts';
import { ageOfOthersJa, hasOtherGates } from '../other-gates.ts';
import type { LatestTouch, Passage, PersonOnSite } from '../presence.ts';
import type { TerminalStatus } from '../terminal-status.ts';

export interface SignSettings {
  /** The latest touches also by the worker's short name. */
  readonly showsNames: boolean;
}

export interface SignFacts {
  readonly status: Pick<TerminalStatus, 'rosterIndex' | 'storageFault' | 'clock' | 'otherGates'>;
  readonly people: readonly PersonOnSite[];
  /** Newest first. */
  readonly latest: readonly LatestTouch[];
}

export interface SignTouch {
  /** `HH:MM` */
  readonly time: string;
  readonly passage: Passage;
  /** 入場 or 退場 */
  readonly way: string;
  readonly company: string;
  /** Absent unless the site shows names. */
  readonly name?: string;
  /** Recorded, but somebody should look. */
  readonly isToCheck: boolean;
}

export interface CompanyCount {
  readonly company: string;
  readonly people: number;
}

interface SignHead {
  /** Empty until there is a roster. */
  readonly siteName: string;
  /** `11月24日（火）` */
  readonly date: string;
  /** `HH:MM` */
  readonly time: string;
  readonly isClockTrusted: boolean;
}

export type SignView = SignHead &
  (
    | {
        readonly kind: 'open';
        readonly onSite: number;
        /** Heading of the head count: of which gates it is. */
        readonly scope: string;
        /** Heading of the latest touches. */
        readonly latestScope: string;
        /** How old what other gates noted is, where it is old. */
        readonly age: string | undefined;
        /** The biggest first. */
        readonly companies: readonly CompanyCount[];
        /** People of the companies that have no line of their own; undefined where each has one. */
        readonly others: number | undefined;
        /** Newest first. */
        readonly touches: readonly SignTouch[];
      }
    /** Nothing can be recorded: figures would be old without looking so. */
    | { readonly kind: 'closed'; readonly words: readonly string[] }
  );

/** Lines that a screen of 16:9 holds in type that is read from five metres. */
const COMPANY_LINES = 6;
const TOUCH_LINES = 8;
/** A touch is shown by its time of day alone: before it could be taken for one of today, it is gone. */
const LATEST_FOR_MS = 12 * HOUR_MS;

const WEEKDAYS = '日月火水木金土';

const dateJa = (date: WorkDate): string => {
  const [, month, day] = date.split('-').map(Number);
  return `${month}月${day}日（${WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()]}）`;
};

const countByCompany = ({ people, status }: SignFacts): readonly CompanyCount[] => {
  const countOf = new Map<string, number>();
  for (const { identity } of people) {
    const { company } = personOf(identity, status.rosterIndex);
    countOf.set(company, (countOf.get(company) ?? 0) + 1);
  }
  return [...countOf]
    .map(([company, count]) => ({ company, people: count }))
    .toSorted((a, b) => b.people - a.people || (a.company < b.company ? -1 : 1));
};

const touchOf = (
  touch: LatestTouch,
  { rosterIndex }: SignFacts['status'],
  { showsNames }: SignSettings,
): SignTouch => {
  const { identity, passage, verdict, at } = touch;
  const { company, name } = personOf(identity, rosterIndex);
  return {
    time: clockTimeInJapan(at),
    passage,
    way: withoutRuby(phrasesIn('ja')[passage]),
    company,
    ...(showsNames ? { name } : {}),
    isToCheck: verdict !== 'recorded',
  };
};

/** Either side of now: touches of an earlier boot may bear a later time, where the clock is not set yet. */
const isLatest = (at: UtcMs, now: UtcMs): boolean => Math.abs(now - at) < LATEST_FOR_MS;

export const signView = (facts: SignFacts, settings: SignSettings): SignView => {
  const { rosterIndex, storageFault, clock } = facts.status;
  const head: SignHead = {
    siteName: rosterIndex?.roster.siteName ?? '',
    date: dateJa(dateInJapan(clock.wallMs)),
    time: clockTimeInJapan(clock.wallMs),
    isClockTrusted: clock.trust === 'trusted',
  };
  if (storageFault !== undefined) {
    const { notRecorded, tellStaff } = phrasesIn('ja');
    return { ...head, kind: 'closed', words: [notRecorded, tellStaff].map(withoutRuby) };
  }
  const isOfSite = hasOtherGates(facts.status.otherGates);
  const companies = countByCompany(facts);
  const shown =
    companies.length <= COMPANY_LINES ? companies : companies.slice(0, COMPANY_LINES - 1);
  const others = companies.slice(shown.length).reduce((sum, { people }) => sum + people, 0);
  return {
    ...head,
    kind: 'open',
    onSite: facts.people.length,
    scope: isOfSite ? '在場（現場全体）' : '在場（この端末）',
    latestScope: isOfSite ? '最近のタッチ（この端末）' : '最近のタッチ',
    age: ageOfOthersJa(facts.status.otherGates, clock.wallMs),
    companies: shown,
    others: others === 0 ? undefined : others,
    touches: facts.latest
      .filter(({ at }) => isLatest(at, clock.wallMs))
      .slice(0, TOUCH_LINES)
      .map((touch) => touchOf(touch, facts.status, settings)),
  };
};
