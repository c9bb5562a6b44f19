/** 掛金助成手帳 in the 受払簿, where a worker is paid by points at one site and by stamps at another. */
import { expect, test } from 'vitest';
import type { AttendanceDay } from '../../../gateway/attendance/attendance.ts';
import { stampBook } from '../../../gateway/reports/stamp-book-report.ts';
import { SiteId } from '../../../shared/ids.ts';
import { addDays, workDate } from '../../../shared/time.ts';
import { attendanceDay } from '../../fixtures/attendance-day.ts';
import {
  FIRST_TIER,
  registryDocument,
  SECOND_SITE,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';
import { makeReport } from '../../fixtures/report-of-days.ts';

const asOf = workDate('2026-07-15');

test('days that points pay are none of the five, as in a run of 充当', () => {
  const booklets = [{ workerId: WORKER_ID, number: 1, issuedOn: '2026-05-01' }];
  const onDay = (siteId: string) => (day: AttendanceDay) => ({
    ...day,
    siteId: SiteId.parse(siteId),
  });
  const dates = Array.from({ length: 14 }, (_each, at) => addDays(workDate('2026-05-01'), at));
  const assignments = [SITE_ID, SECOND_SITE].map((siteId) => ({
    ...registryDocument.assignments[0],
    siteId,
  }));
  const organisation = [SITE_ID, SECOND_SITE].flatMap((siteId) =>
    registryDocument.organisation.map((row) => ({ ...row, siteId })),
  );
  const { rows } = makeReport(stampBook, {
    tables: { assignments, organisation, booklets },
    days: dates.map((date, at) => onDay(at < 4 ? SITE_ID : SECOND_SITE)(attendanceDay(date))),
    asOf,
  });
  // 4 days by points, then 10 by stamps: the fifth and the tenth of these are free.
  expect(rows).toMatchObject([{ companyId: FIRST_TIER, pastedDays: 8, exemptDays: 2 }]);
});
