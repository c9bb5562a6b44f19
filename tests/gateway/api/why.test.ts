/** `GET /v1/why/REPORT`, request in and answer out, on a real ledger behind a terminal's journal. */
import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Figure, Why } from '../../../gateway/why/why.ts';
import type { EntryBody } from '../../../shared/entry.ts';
import { CardId, SiteId, WorkerId } from '../../../shared/ids.ts';
import { utcMs } from '../../../shared/time.ts';
import { openTouchedSite, type TouchedSite } from '../../fixtures/touched-site.ts';
import {
  castDocument,
  FORMER,
  OTHER_PRIME,
  PRIME,
  SECOND,
  SITE,
  WORKER,
} from '../../fixtures/viewing-cast.ts';

const siteId = SiteId.parse(SITE);
const touch = (readerId: string, direction: 'in' | 'out'): EntryBody => ({
  kind: 'tap',
  siteId,
  readerId,
  direction,
  presented: { by: 'card', cardId: CardId.parse('0123456789ABCDEF') },
  verdict: 'recorded',
  reasons: [],
});
const byManager = { by: '所長', reason: '付け忘れ' };
const DAY = `siteId=${SITE}&workerId=${WORKER}&workDate=2026-11-24`;

let site: TouchedSite;
beforeEach(() => {
  site = openTouchedSite({
    document: {
      ...castDocument,
      corrections: [
        {
          siteId: SITE,
          workerId: WORKER,
          workDate: '2026-11-20',
          kind: 'set-in',
          at: '2026-11-20T08:00:00+09:00',
          by: '元請 所長',
          reason: 'カード忘れ',
          recordedAt: '2026-11-21T09:00:00+09:00',
        },
      ],
    },
    siteId: SITE,
    now: '2026-11-25T12:00:00+09:00',
    happenings: [
      ['2026-11-24T08:00:00+09:00', touch('in', 'in')],
      ['2026-11-24T08:00:20+09:00', touch('in', 'in')],
      ['2026-11-24T12:00:00+09:00', touch('out', 'out')],
      ['2026-11-24T12:30:00+09:00', touch('out', 'out')],
      [
        '2026-11-24T18:00:00+09:00',
        { kind: 'manual', siteId, change: { do: 'void', seq: 4 }, ...byManager },
      ],
      [
        '2026-11-24T18:01:00+09:00',
        {
          kind: 'manual',
          siteId,
          change: {
            do: 'add',
            workerId: WorkerId.parse(WORKER),
            direction: 'in',
            at: utcMs(Date.parse('2026-11-24T13:00:00+09:00')),
          },
          ...byManager,
        },
      ],
    ],
  });
  for (const [name, scopes] of Object.entries({
    employer: [`employer:${SECOND}`],
    former: [`employer:${FORMER}`],
    prime: [`prime:${PRIME}`],
    stranger: [`prime:${OTHER_PRIME}`],
    orderer: [`orderer-site:${SITE}`],
    worker: [`worker:${WORKER}`],
  }))
    site.access.tokens.add(
      {
        name,
        scopes,
        issuedBy: 'test',
        issuedAt: utcMs(0),
        expiresAt: undefined,
        revokedAt: undefined,
      },
      hash('sha256', name, 'buffer'),
    );
});
afterEach(() => site.close());

const get = (path: string, token = 'read-me') =>
  site.api.request(path, { headers: { authorization: `Bearer ${token}` } });
const why = async (path: string, token?: string): Promise<Why> =>
  (await (await get(path, token)).json()) as Why;
const figure = ({ figures }: Why, column: string): Figure => {
  const found = figures.find(({ code }) => code === column);
  if (found === undefined) throw new Error(`no ${column}`);
  return found;
};

describe('GET /v1/why', () => {
  test('tells of each touch what it said and what it was taken for', async () => {
    const { grounds } = figure(await why(`/v1/why/attendance?${DAY}`), 'evidence');
    const [entry, again, exit, voided, , added] = site.entryIds;
    expect(
      grounds.map((node) => (node.kind === 'touch' ? [node.entryId, node.meaning, node.by] : node)),
    ).toEqual([
      [entry, 'entry', 'card'],
      [again, 'repeat', 'card'],
      [exit, 'exit', 'card'],
      [voided, 'void', 'card'],
      [added, 'entry', 'manager'],
    ]);
    expect(grounds[0]).toMatchObject({
      at: '2026-11-24T08:00:00+09:00',
      trust: 'trusted',
      readerId: 'gate-1/in',
      direction: 'in',
      verdict: 'recorded',
    });
    expect(grounds[3]).toMatchObject({ manager: byManager });
    expect(grounds[4]).toMatchObject({ manager: byManager });
  });

  test('tells who corrected a day, when and why', async () => {
    const { grounds } = figure(
      await why(`/v1/why/attendance?siteId=${SITE}&workerId=${WORKER}&workDate=2026-11-20`),
      'evidence',
    );
    expect(grounds).toMatchObject([
      { kind: 'correction', by: '元請 所長', reason: 'カード忘れ', correction: 'set-in' },
    ]);
  });

  test('follows links to the touches, unless told not to', async () => {
    const key = `workerId=${WORKER}&workDate=2026-11-24&companyId=${SECOND}`;
    const [near] = figure(await why(`/v1/why/contributions?${key}&depth=0`), 'evidence').grounds;
    expect(near).toMatchObject({ kind: 'row', report: 'attendance' });
    expect(near).not.toHaveProperty('figure');
    const [far] = figure(await why(`/v1/why/contributions?${key}`), 'evidence').grounds;
    expect(far).toMatchObject({ figure: { code: 'evidence' } });
  });

  test('every report of the catalogue is there', async () => {
    const catalogue = await (await get('/v1/reports')).json();
    const { reports } = catalogue as { reports: readonly { name: string }[] };
    expect(reports.length).toBeGreaterThan(10);
    for (const { name } of reports)
      expect((await get(`/v1/why/${name}?nonsense=1`)).status, name).toBe(400);
    expect((await get('/v1/why/nonsense?siteId=1')).status).toBe(404);
  });

  test('names every fault of the question at once', async () => {
    const response = await get('/v1/why/attendance?siteId=1&siteId=2&depth=99&worker=3');
    expect(response.status).toBe(400);
    const { faults } = (await response.json()) as { faults: readonly { place: string }[] };
    expect(faults.map(({ place }) => place).sort()).toEqual(['/depth', 'siteId', 'worker']);
  });

  test('says why of a row that stands beside the report’s own, as far as the asker sees it', async () => {
    const path = `/v1/why/headcount?list=weeks&siteId=${SITE}&week=2026-11-22`;
    expect(await why(path)).toMatchObject({
      list: 'weeks',
      figures: [{ code: 'workerDays', how: 'count', value: 1 }, {}, {}, {}],
    });
    const seen = await why(path, 'orderer');
    expect(figure(seen, 'workerDays')).toMatchObject({ value: 1, parts: [{ kind: 'closed' }] });
    expect(JSON.stringify(seen)).not.toContain(WORKER);
    expect((await get(path, 'stranger')).status).toBe(404);
  });

  test.each([
    ['attendance?list=weeks&siteId=1', 'is no list of attendance with a why; there are none'],
    ['headcount?list=rows&siteId=1', 'there are weeks, hours, onSite'],
    [
      'headcount?list=weeks&workDate=1',
      'is no key of weeks of headcount; its keys are siteId, week',
    ],
  ])('names what is wrong with %s', async (path, message) => {
    const response = await get(`/v1/why/${path}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(message);
  });

  test('a row that is not there is not found', async () => {
    expect(
      (await get(`/v1/why/attendance?siteId=${SITE}&workerId=1&workDate=2026-11-24`)).status,
    ).toBe(404);
  });

  test.each([
    ['employer', 200, 'the worker is theirs'],
    ['worker', 200, 'it is their own day'],
    ['prime', 200, 'the site is theirs and active'],
    ['former', 404, 'they employed the worker once'],
    ['stranger', 404, 'another 元請'],
    ['orderer', 404, 'nobody consented'],
  ])('%s is answered with %i, as the report’s row is shown: %s', async (token, status) => {
    expect((await get(`/v1/why/attendance?${DAY}`, token)).status).toBe(status);
  });

  test('an orderer sees a sum and nothing of the people behind it', async () => {
    const path = `/v1/why/headcount?siteId=${SITE}&workDate=2026-11-24&companyId=${SECOND}&trade=10-01`;
    const seen = await why(`${path}&depth=4`, 'orderer');
    expect(figure(seen, 'workers')).toMatchObject({ value: 1, parts: [{ kind: 'closed' }] });
    expect(JSON.stringify(seen)).not.toContain(WORKER);
    expect(JSON.stringify(await why(`${path}&depth=4`))).toContain(WORKER);
  });

  test('each look stands in the audit log, with the one whom it is about', async () => {
    await get(`/v1/why/attendance?${DAY}`, 'employer');
    expect(site.access.audit.page({ limit: 1 })).toMatchObject([
      {
        kind: 'look',
        actor: 'token:employer',
        detail: { path: '/v1/why/attendance', siteId: SITE, workerId: WORKER, rows: 1 },
      },
    ]);
  });
});
