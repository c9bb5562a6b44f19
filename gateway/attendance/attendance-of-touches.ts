/**
 * Attendance of everybody (全員の出面) from touches at hand: how `replay` derives, and what the server's
 * own derivation, a few people at a time, must equal.
 */
import type { SiteId } from '../../shared/ids.ts';
import { personAtSite, type RegistryIndex } from '../registry/registry.ts';
import { type AttendanceDay, attendanceDays } from './attendance.ts';
import type { Subject, Touch } from './shifts.ts';
import { subjectKey } from './subject-key.ts';

interface Person {
  readonly siteId: SiteId;
  readonly subject: Subject;
  readonly touches: Touch[];
}

/** Also of people who never touched and whose presence somebody vouches for by a correction. */
export const attendanceOfTouches = (
  touches: Iterable<Touch>,
  index: RegistryIndex,
): readonly AttendanceDay[] => {
  const people = new Map<string, Person>();
  const personOf = (siteId: SiteId, subject: Subject): Person => {
    const key = `${siteId} ${subjectKey(subject)}`;
    const known = people.get(key);
    if (known !== undefined) return known;
    const person: Person = { siteId, subject, touches: [] };
    people.set(key, person);
    return person;
  };
  for (const touch of touches) personOf(touch.siteId, touch.subject).touches.push(touch);
  for (const [workerId, rows] of index.correctionsByWorker)
    for (const { siteId } of rows) personOf(siteId, { kind: 'worker', workerId });
  return [...people.values()].flatMap(({ siteId, subject, touches: own }) =>
    attendanceDays(own, personAtSite(index, siteId, subject)),
  );
};
