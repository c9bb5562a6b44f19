/**
 * Reads the audit log for what a person should look at (ログ分析): pure, record after record.
 *
 * Reading much is judged by the reader's own habits: a 元請 that reads a thousand rows each hour, or each
 * morning at eight, is at work, and the same by a subcontractor on a Sunday night is not.
 */
import { HOUR_MS, isoInJapan, type UtcMs, utcMs } from '../../shared/time.ts';
import type { AuditKind, FindingKind } from './audit-kind.ts';
import type { AuditRecord } from './audit-log.ts';

export interface AnalysisSettings {
  /** An hour's reading is unusual from so many rows on … */
  readonly readRows: number;
  /** … and from so many times the reader's own median hour. */
  readonly readTimes: number;
  /** Failed log-ins from one address, or to one account, within an hour. */
  readonly failedLogIns: number;
  /** Refusals to one asker within an hour. */
  readonly refusals: number;
}

export interface Finding {
  readonly kind: FindingKind;
  readonly level: 'critical' | 'warning' | 'notice';
  /** As in the log; for tries at an account `user:NAME`. */
  readonly actor: string;
  /** Start of the hour, or the instant itself. */
  readonly at: UtcMs;
  /** Rows, tries or events. */
  readonly count: number;
  /** The reader's own median hour, where there is one. */
  readonly usual?: number;
  /** Of the log, the last one that belongs to it. */
  readonly auditNo: number;
}

const LEVELS: Readonly<Record<FindingKind, Finding['level']>> = {
  'chain-failed': 'critical',
  'log-in-after-failures': 'critical',
  'clone-suspected': 'critical',
  'site-forbidden': 'critical',
  'topic-forbidden': 'warning',
  'failed-log-ins': 'warning',
  'unusual-reading': 'warning',
  'many-refusals': 'warning',
  'certificate-refused': 'notice',
  'clock-anomaly': 'notice',
};
const ORDER: readonly Finding['level'][] = ['critical', 'warning', 'notice'];

/** Each of these is worth a line by itself. */
const SINGLE: Partial<Record<AuditKind, FindingKind>> = {
  'chain-failed': 'chain-failed',
  'clone-suspected': 'clone-suspected',
  'clock-anomaly': 'clock-anomaly',
};
/** These are told by the hour. */
const HOURLY: Partial<Record<AuditKind, FindingKind>> = {
  'topic-forbidden': 'topic-forbidden',
  'site-forbidden': 'site-forbidden',
  'certificate-refused': 'certificate-refused',
};
/** A reader's own habit takes so many hours to know. */
const HOURS_FOR_HABIT = 3;
/** So many other days with at least half as much in the same hour, too. */
const DAYS_FOR_HABIT = 2;
const HOURS_A_DAY = 24;

interface Hour {
  count: number;
  last: AuditRecord;
  /** Rows by what was asked for: a page that asks every ten seconds shows the same rows again. */
  readonly rowsByQuestion: Map<string, number>;
}
type Hours = Map<string, Map<number, Hour>>;

export interface Analysis {
  readonly add: (record: AuditRecord) => void;
  /** Worst first, then newest first. */
  readonly findings: () => readonly Finding[];
}

const hourOf = ({ at }: AuditRecord): number => Math.floor(at / HOUR_MS);
const numberIn = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Itself, and those like it that were not written down one by one. */
const timesOf = ({ detail }: AuditRecord): number => 1 + numberIn(detail.heldBack);

/** All that the log says of it but how it ended: page after page and person after person are other rows. */
const questionOf = ({ detail: { status: _status, rows: _rows, ...asked } }: AuditRecord): string =>
  JSON.stringify(asked);

/** Who follows the touches of a morning reads many then, and few at noon. */
const isOfEveryDay = (rowsByHour: ReadonlyMap<number, number>, hour: number): boolean => {
  const others = [...rowsByHour].filter(
    ([each, rows]) =>
      each !== hour && (each - hour) % HOURS_A_DAY === 0 && rows * 2 >= (rowsByHour.get(hour) ?? 0),
  );
  return others.length >= DAYS_FOR_HABIT;
};

/** Upper one of the two in the middle. */
const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export const analyseAudit = (settings: AnalysisSettings): Analysis => {
  const singles: Finding[] = [];
  const reading: Hours = new Map();
  const failing: Hours = new Map();
  const refused: Hours = new Map();
  const hourly = new Map<FindingKind, Hours>();

  const count = (hours: Hours, actor: string, record: AuditRecord, by = 1): Hour => {
    const own = hours.get(actor) ?? new Map<number, Hour>();
    hours.set(actor, own);
    const hour = own.get(hourOf(record)) ?? { count: 0, last: record, rowsByQuestion: new Map() };
    own.set(hourOf(record), hour);
    hour.count += by;
    hour.last = hour.last.auditNo > record.auditNo ? hour.last : record;
    return hour;
  };
  const single = (kind: FindingKind, record: AuditRecord, actor = record.actor, times = 1): void =>
    void singles.push({
      kind,
      level: LEVELS[kind],
      actor,
      at: record.at,
      count: times,
      auditNo: record.auditNo,
    });

  /** Failures of the same address or account within the hour before. */
  const failuresBefore = (record: AuditRecord): number => {
    const of = (actor: string): number => {
      const own = failing.get(actor);
      return (own?.get(hourOf(record))?.count ?? 0) + (own?.get(hourOf(record) - 1)?.count ?? 0);
    };
    return Math.max(of(record.actor), of(`address:${record.detail.address}`));
  };

  const add = (record: AuditRecord): void => {
    const { kind, actor, detail } = record;
    const alone = SINGLE[kind];
    if (alone !== undefined) return single(alone, record);
    const told = HOURLY[kind];
    if (told !== undefined) {
      const hours = hourly.get(told) ?? new Map();
      hourly.set(told, hours);
      count(hours, actor, record, timesOf(record));
      return undefined;
    }
    switch (kind) {
      case 'look':
      case 'change':
      case 'export': {
        const hour = count(reading, actor, record, 0);
        const question = questionOf(record);
        const rows = numberIn(detail.rows);
        hour.rowsByQuestion.set(question, Math.max(rows, hour.rowsByQuestion.get(question) ?? 0));
        return undefined;
      }
      case 'log-in-failed':
        count(failing, actor, record, timesOf(record));
        if (detail.account !== undefined)
          count(failing, `user:${detail.account}`, record, timesOf(record));
        return undefined;
      case 'log-in': {
        // Links and keys are not guessed.
        if (detail.how !== 'password') return undefined;
        const before = failuresBefore(record);
        if (before >= settings.failedLogIns) single('log-in-after-failures', record, actor, before);
        return undefined;
      }
      case 'refused':
        count(refused, actor, record, timesOf(record));
        return undefined;
      default:
        return undefined;
    }
  };

  const byHour = (kind: FindingKind, hours: Hours, from: number): readonly Finding[] =>
    [...hours].flatMap(([actor, own]) =>
      [...own].flatMap(([hour, { count: times, last }]) =>
        times < from
          ? []
          : [
              {
                kind,
                level: LEVELS[kind],
                actor,
                at: utcMs(hour * HOUR_MS),
                count: times,
                auditNo: last.auditNo,
              },
            ],
      ),
    );

  const unusual = (): readonly Finding[] =>
    [...reading].flatMap(([actor, own]) => {
      const rowsByHour = new Map(
        [...own].map(([hour, { rowsByQuestion }]) => [
          hour,
          [...rowsByQuestion.values()].reduce((sum, rows) => sum + rows, 0),
        ]),
      );
      return [...rowsByHour].flatMap(([hour, rows]) => {
        const others = [...rowsByHour].flatMap(([each, of]) => (each === hour ? [] : [of]));
        const usual = others.length < HOURS_FOR_HABIT ? undefined : medianOf(others);
        const isMuch = rows >= settings.readRows;
        const isHabit = usual !== undefined && rows < usual * settings.readTimes;
        if (!isMuch || isHabit || isOfEveryDay(rowsByHour, hour)) return [];
        return [
          {
            kind: 'unusual-reading' as const,
            level: LEVELS['unusual-reading'],
            actor,
            at: utcMs(hour * HOUR_MS),
            count: rows,
            ...(usual === undefined ? {} : { usual }),
            auditNo: own.get(hour)?.last.auditNo ?? 0,
          },
        ];
      });
    });

  return {
    add,
    findings: () =>
      [
        ...singles,
        ...[...hourly].flatMap(([kind, hours]) => byHour(kind, hours, 1)),
        ...byHour('failed-log-ins', failing, settings.failedLogIns),
        ...byHour('many-refusals', refused, settings.refusals),
        ...unusual(),
      ].toSorted(
        (a, b) =>
          ORDER.indexOf(a.level) - ORDER.indexOf(b.level) || b.at - a.at || b.auditNo - a.auditNo,
      ),
  };
};

export const shownFinding = ({ at, ...finding }: Finding) => ({ ...finding, at: isoInJapan(at) });
