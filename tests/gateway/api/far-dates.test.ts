/**
 * Dates at the ends of the calendar: `9999-12-31` is how other systems write "for ever", and a mistyped year is
 * everyday. Neither may break a report, make somebody leave, or be stored where nothing can be derived from it.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { REPORTS } from '../../../gateway/reports/catalogue.ts';
import type { EntryBody } from '../../../shared/entry.ts';
import { CardId, SiteId } from '../../../shared/ids.ts';
import {
  CARD_ID,
  FIRST_TIER,
  registryDocument,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';
import { openTouchedSite, type TouchedSite } from '../../fixtures/touched-site.ts';

const EVER = { from: '2020-01-01', to: '9999-12-31' };
const STRANGERS_CARD = 'AB12CD34EF560000';

const touch = (direction: 'in' | 'out', cardId: string): EntryBody => ({
  kind: 'tap',
  siteId: SiteId.parse(SITE_ID),
  readerId: direction,
  direction,
  presented: { by: 'card', cardId: CardId.parse(cardId) },
  verdict: 'recorded',
  reasons: [],
});

let site: TouchedSite;
beforeEach(() => {
  site = openTouchedSite({
    document: registryDocument,
    siteId: SITE_ID,
    now: '2026-11-25T12:00:00+09:00',
    happenings: [CARD_ID, STRANGERS_CARD].flatMap((cardId) => [
      ['2026-11-24T08:00:00+09:00', touch('in', cardId)] as const,
      ['2026-11-24T17:00:00+09:00', touch('out', cardId)] as const,
    ]),
  });
});
afterEach(() => site.close());

const get = (path: string) =>
  site.api.request(path, { headers: { authorization: 'Bearer read-me' } });
const rows = async (path: string) => (await (await get(path)).json()).rows;
const put = (table: string, body: unknown) =>
  site.api.request(`/v1/registry/${table}`, {
    method: 'PUT',
    headers: { authorization: 'Bearer administer', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const brokenReports = async (): Promise<readonly string[]> => {
  const broken: string[] = [];
  for (const { name } of REPORTS)
    for (const query of ['', '?month=2026-11'])
      if ((await get(`/v1/reports/${name}${query}`)).status !== 200) broken.push(name + query);
  return broken;
};

describe('a row that holds to 9999-12-31', () => {
  test.each(['cards', 'employments', 'organisation', 'assignments', 'sites'] as const)(
    'of %s says the same as one without an end',
    async (table) => {
      const names = ['attendance', 'contributions', 'work-history', 'not-touched'];
      const before = await Promise.all(names.map((name) => rows(`/v1/reports/${name}`)));
      const open = registryDocument[table].map((row) => ({ ...row, from: EVER.from }));
      expect((await put(table, open)).status).toBe(200);
      const ever = registryDocument[table].map((row) => ({ ...row, ...EVER }));
      expect((await put(table, ever)).status).toBe(200);
      expect(await Promise.all(names.map((name) => rows(`/v1/reports/${name}`)))).toEqual(before);
      expect(await brokenReports()).toEqual([]);
      expect((await put(table, registryDocument[table])).status).toBe(200);
    },
  );

  test('of the roster has not left', async () => {
    const ever = registryDocument.assignments.map((row) => ({ ...row, ...EVER }));
    await put('assignments', ever);
    const { changes } = await (await get('/v1/reports/roster')).json();
    expect(changes.map(({ kind }: { kind: string }) => kind)).toEqual(['joined']);
  });

  test('of a card that was nobody’s has its touches, and gives them back', async () => {
    const bound = { cardId: STRANGERS_CARD, workerId: WORKER_ID, ...EVER };
    expect((await put('cards', [...registryDocument.cards, bound])).status).toBe(200);
    expect(await rows('/v1/attendance')).toMatchObject([{ workerId: WORKER_ID }]);
    expect((await put('cards', registryDocument.cards)).status).toBe(200);
    expect(await rows('/v1/attendance')).toMatchObject([
      { cardId: STRANGERS_CARD },
      { workerId: WORKER_ID },
    ]);
  });
});

describe('a contract that ends nobody knows when', () => {
  test.each([
    { completionDate: '9999-12-31' },
    { contractDate: '9999-12-31' },
    { daysOff: { from: '2026-04-01', to: '9999-12-31' } },
  ])('%j breaks no report', async (dates) => {
    const contracts = registryDocument.contracts.map((row) => ({ ...row, ...dates }));
    expect((await put('contracts', contracts)).status).toBe(200);
    expect(await brokenReports()).toEqual([]);
  });
});

describe('a day on which nobody can have worked', () => {
  const leave = { workerId: WORKER_ID, companyId: FIRST_TIER, kind: 'paid-leave' };
  const correction = {
    siteId: SITE_ID,
    workerId: WORKER_ID,
    kind: 'add',
    by: '所長',
    reason: 'カード忘れ',
    recordedAt: '2026-11-25T08:00:00+09:00',
  };
  test.each(['0026-11-20', '1969-12-31', '9999-12-31'])(
    '%s is refused, and nothing stored',
    async (date) => {
      const refusedLeave = await put('leave', [{ ...leave, date }]);
      expect(refusedLeave.status).toBe(422);
      expect((await refusedLeave.json()).faults).toMatchObject([{ place: '/leave/0/date' }]);
      const refusedCorrection = await put('corrections', [{ ...correction, workDate: date }]);
      expect(refusedCorrection.status).toBe(422);
      expect((await refusedCorrection.json()).faults).toMatchObject([
        { place: '/corrections/0/workDate' },
      ]);
      expect(await brokenReports()).toEqual([]);
    },
  );

  test.each(['1970-01-02', '9998-12-31'])('%s is the last that is taken', async (date) => {
    expect((await put('leave', [{ ...leave, date }])).status).toBe(200);
    expect((await put('corrections', [{ ...correction, workDate: date }])).status).toBe(200);
    expect(await brokenReports()).toEqual([]);
  });
});

describe('a month that is asked for', () => {
  const paths = [
    ...REPORTS.map(({ name }) => `/v1/reports/${name}?`),
    '/v1/approvals?',
    '/v1/exports/contribution-days?',
    '/v1/exports/stamp-movements?',
    '/v1/statements?',
  ];
  test.each([
    ['0000-01', 400],
    ['1969-12', 400],
    ['1970-01', 200],
    ['9998-12', 200],
    ['9999-12', 400],
  ])('%s is answered with %i, wherever', async (month, status) => {
    const others: string[] = [];
    for (const path of paths) {
      const response = await get(`${path}month=${month}`);
      if (response.status !== status) others.push(`${path} ${response.status}`);
    }
    expect(others).toEqual([]);
  });
});
