/**
 * What a 訂正依頼 is worth (訂正依頼の判定): sound, or every fault at once, each with its place.
 *
 * Pure. The deadline is CCUS's own (policies/correction-deadline.ts): afterwards the gateway's figures can still be
 * mended, and the asker says that it is late.
 */
import { z } from 'zod';
import { SiteId, WorkerId } from '../../shared/ids.ts';
import { plainText } from '../../shared/plain-text.ts';
import { type Fault, faultsOf, ok, type Result } from '../../shared/result.ts';
import {
  DAY_MS,
  dateInJapan,
  EventDate,
  HOUR_MS,
  IsoInstant,
  isoInJapan,
  type UtcMs,
  utcMs,
} from '../../shared/time.ts';
import { askingScope, type CorrectedDay } from '../access/asking-scope.ts';
import { type Viewer, viewerText } from '../access/viewer.ts';
import { startOfWorkDate } from '../attendance/attendance.ts';
import { isTimeNeeded } from '../corrections.ts';
import { correctionDue, correctionStage } from '../policies/correction-deadline.ts';
import { type RegistryIndex, siteRulesOf } from '../registry/registry.ts';
import type { AskedCorrection } from './correction-store.ts';

/** As long as a reason in the registry may be. */
const REASON_CHARS_MAX = 200;

export const Reason = z
  .string()
  .trim()
  .min(1, 'must say why')
  .max(REASON_CHARS_MAX, `must have at most ${REASON_CHARS_MAX} characters`)
  .pipe(plainText(REASON_CHARS_MAX));

export const CorrectionBody = z.strictObject({
  siteId: SiteId,
  workerId: WorkerId,
  workDate: EventDate,
  /** add: was there · void: nothing of the day counts · set-in, set-out: first entry, last exit at `at`. */
  kind: z.enum(['add', 'void', 'set-in', 'set-out']),
  at: IsoInstant.optional(),
  reason: Reason,
  /** Evidence of that day that this takes the place of. */
  corrects: z.string().min(1).max(200).optional(),
  /** Needed, and allowed, only after CCUS has closed the month. */
  late: z.literal(true).optional(),
});
type CorrectionBody = z.infer<typeof CorrectionBody>;
const SoundFields = CorrectionBody.partial();
type SoundFields = z.infer<typeof SoundFields>;

/** What stands of a day before it is corrected. */
export interface DayFacts {
  readonly hasTouched: boolean;
  /** Evidence that a request may name as what it takes the place of. */
  readonly correctable: readonly string[];
}

export interface JudgeFacts {
  readonly index: RegistryIndex;
  readonly viewers: readonly Viewer[];
  readonly now: UtcMs;
  readonly dayFacts: (day: CorrectedDay) => DayFacts;
}

export interface SoundRequest {
  readonly asked: AskedCorrection;
  /** The scope on whose behalf it is asked. */
  readonly askedFor: string;
}

/** The fields that are sound, and the faults of the others. */
const soundFields = (
  json: unknown,
): { readonly fields: SoundFields; readonly faults: readonly Fault[] } => {
  const whole = CorrectionBody.safeParse(json);
  if (whole.success) return { fields: whole.data, faults: [] };
  const { issues } = whole.error;
  const faulty = new Set<PropertyKey>(
    issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys : issue.path.slice(0, 1),
    ),
  );
  const entries = Object.entries(Object(json)).filter(([field]) => !faulty.has(field));
  const sound = SoundFields.safeParse(Object.fromEntries(entries));
  return { fields: sound.success ? sound.data : {}, faults: faultsOf(issues) };
};

const fault = (field: keyof CorrectionBody, message: string): Fault => ({
  place: `/${field}`,
  message,
});

/**
 * A shift begins on its work date; an entry lies within that date, an exit at most the site's longest shift
 * behind its end.
 */
const timeFaults = (
  { kind, at, workDate, siteId }: SoundFields,
  { index, now }: JudgeFacts,
): readonly Fault[] => {
  if (kind === undefined) return [];
  if (at === undefined)
    return isTimeNeeded(kind) ? [fault('at', `is missing; ${kind} says when`)] : [];
  if (kind === 'void') return [fault('at', 'must be absent; void concerns the whole day')];
  if (at > now) return [fault('at', 'lies in the future')];
  if (workDate === undefined || siteId === undefined || !index.siteById.has(siteId)) return [];
  const rules = siteRulesOf(index, siteId);
  const from = startOfWorkDate(workDate, rules);
  const longestMs = kind === 'set-out' ? rules.maxShiftHours * HOUR_MS : 0;
  const to = utcMs(from + DAY_MS + longestMs);
  return at < from || at >= to
    ? [
        fault(
          'at',
          `is not within a shift of ${workDate}: ${isoInJapan(from)} to ${isoInJapan(to)}`,
        ),
      ]
    : [];
};

const dateFaults = ({ workDate, late }: SoundFields, { now }: JudgeFacts): readonly Fault[] => {
  if (workDate === undefined) return [];
  const today = dateInJapan(now);
  if (workDate > today) return [fault('workDate', 'lies in the future')];
  const isClosed = correctionStage(workDate, today) === 'closed';
  if (isClosed && late === undefined)
    return [fault('late', `must be true: CCUS took corrections until ${correctionDue(workDate)}`)];
  return !isClosed && late === true
    ? [fault('late', `must be absent: CCUS takes corrections until ${correctionDue(workDate)}`)]
    : [];
};

/** Faults in the order of the fields; an unknown worker is not told from one of somebody else. */
export const judgeRequest = (json: unknown, facts: JudgeFacts): Result<SoundRequest> => {
  const { fields, faults } = soundFields(json);
  const { index, viewers, now } = facts;
  const { siteId, workerId, workDate = dateInJapan(now), corrects } = fields;
  const day = workerId === undefined ? undefined : { siteId: siteId ?? '', workerId, workDate };
  const dayFacts = day && facts.dayFacts(day);
  const scope =
    day && dayFacts && askingScope(index, viewers, day, { hasTouched: dayFacts.hasTouched });
  const told = new Set(faults.map(({ place }) => place));
  const more: readonly Fault[] = [
    ...(siteId !== undefined && !index.siteById.has(siteId)
      ? [fault('siteId', 'is no site here')]
      : []),
    ...(day !== undefined && scope === undefined
      ? [fault('workerId', 'is nobody for whom this scope may ask at that site and date')]
      : []),
    ...dateFaults(fields, facts),
    ...timeFaults(fields, facts),
    ...(corrects !== undefined && scope !== undefined && !dayFacts?.correctable.includes(corrects)
      ? [fault('corrects', 'is no correction of that day, nor a touch that waits for one')]
      : []),
  ];
  const found = [...faults, ...more.filter(({ place }) => !told.has(place))];
  if (found.length > 0 || scope === undefined || !isWhole(fields))
    return { ok: false, faults: found };
  const { late, ...asked } = fields;
  return ok({
    asked: { ...asked, at: asked.at, corrects, isLate: late === true },
    askedFor: viewerText(scope),
  });
};

const isWhole = (
  fields: SoundFields,
): fields is SoundFields &
  Pick<CorrectionBody, 'siteId' | 'workerId' | 'workDate' | 'kind' | 'reason'> =>
  fields.siteId !== undefined &&
  fields.workerId !== undefined &&
  fields.workDate !== undefined &&
  fields.kind !== undefined &&
  fields.reason !== undefined;
