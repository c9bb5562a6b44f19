/** `GET /v1/changes` names what an import of the registry makes another, though nobody touched. */
import { hash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EntryBody } from '../../../shared/entry.ts';
import { CardId, SiteId } from '../../../shared/ids.ts';
import { utcMs } from '../../../shared/time.ts';
import { openTouchedSite, type TouchedSite } from '../../fixtures/touched-site.ts';
import { castDocument, OTHER_PRIME, SECOND, SITE, WORKER } from '../../fixtures/viewing-cast.ts';

describe('GET /v1/changes', () => {
  let site: TouchedSite;
  const touch = (direction: 'in' | 'out'): EntryBody => ({
    kind: 'tap',
    siteId: SiteId.parse(SITE),
    readerId: direction,
    direction,
    presented: { by: 'card', cardId: CardId.parse('0123456789ABCDEF') },
    verdict: 'recorded',
    reasons: [],
  });
  beforeEach(() => {
    site = openTouchedSite({
      document: castDocument,
      siteId: SITE,
      now: '2026-11-25T12:00:00+09:00',
      happenings: ['2026-11-18', '2026-11-19', '2026-11-24'].flatMap((date) => [
        [`${date}T08:00:00+09:00`, touch('in')] as const,
        [`${date}T17:00:00+09:00`, touch('out')] as const,
      ]),
    });
  });
  afterEach(() => site.close());

  const changes = async (after: string, token = 'read-me') => {
    const response = await site.api.request(`/v1/changes?after=${after}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await response.json()) as {
      readonly changes: readonly {
        readonly report: string;
        readonly workDate: string;
        readonly workerId: string;
      }[];
      readonly next: string;
    };
  };
  const put = (table: string, rows: readonly object[]) =>
    site.api.request(`/v1/registry/${table}`, {
      method: 'PUT',
      headers: { authorization: 'Bearer administer', 'content-type': 'application/json' },
      body: JSON.stringify(rows),
    });

  test('names the days that an import makes others, and then no more', async () => {
    const { next } = await changes('0');
    const approval = {
      workerId: WORKER,
      workDate: '2026-11-19',
      days: 1,
      by: '所長',
      at: '2026-11-25T09:00:00+09:00',
    };
    expect((await put('approvals', [approval])).status).toBe(200);
    const found = await changes(next);
    expect(found.changes.map(({ workerId, workDate }) => [workerId, workDate])).toEqual([
      [WORKER, '2026-11-19'],
    ]);
    expect((await put('approvals', [approval])).status).toBe(200);
    expect((await changes(found.next)).changes).toEqual([]);
  });

  test('finds them also among thousands of people who never touched', async () => {
    const { next } = await changes('0');
    const [first] = castDocument.workers;
    const strangers = Array.from({ length: 1_500 }, (_, at) => ({
      ...first,
      workerId: String(70_000_000_000_000 + at),
      memberNo: undefined,
    }));
    const workers = castDocument.workers.map((row) =>
      row.workerId === WORKER ? { ...row, ccusRegistered: !row.ccusRegistered } : row,
    );
    expect((await put('workers', [...workers, ...strangers])).status).toBe(200);
    const found = await changes(next);
    expect(found.changes.map(({ workDate }) => workDate)).toEqual([
      '2026-11-18',
      '2026-11-19',
      '2026-11-24',
    ]);
  });

  const day = { workerId: WORKER, companyId: SECOND, date: '2026-11-20', kind: 'paid-leave' };

  test('names a day of leave, on which nobody touched, as its import comes, changes and goes', async () => {
    const { next } = await changes('0');
    expect((await put('leave', [day])).status).toBe(200);
    const named = [
      { report: 'contributions', siteId: SITE, workerId: WORKER, workDate: '2026-11-20' },
    ];
    const given = await changes(next);
    expect(given.changes).toMatchObject(named);
    expect((await put('leave', [day])).status).toBe(200);
    expect((await changes(given.next)).changes).toEqual([]);
    expect((await put('leave', [{ ...day, kind: 'employer-closure' }])).status).toBe(200);
    const changed = await changes(given.next);
    expect(changed.changes).toMatchObject(named);
    expect((await put('leave', [])).status).toBe(200);
    expect((await changes(changed.next)).changes).toMatchObject(named);
  });

  test('names beside a worked day that it was leave, too: neither hides the other', async () => {
    const { next } = await changes('0');
    expect((await put('leave', [{ ...day, date: '2026-11-19' }])).status).toBe(200);
    const found = (await changes(next)).changes;
    expect(found.map(({ report, workDate }) => [report, workDate])).toEqual([
      ['attendance', '2026-11-19'],
      ['contributions', '2026-11-19'],
    ]);
  });

  test('names it to the worker’s own employer, and not to another’s', async () => {
    const { next } = await changes('0');
    expect((await put('leave', [day])).status).toBe(200);
    for (const companyId of [SECOND, OTHER_PRIME])
      site.access.tokens.add(
        {
          name: companyId,
          scopes: [`employer:${companyId}`],
          issuedBy: 'test',
          issuedAt: utcMs(0),
          expiresAt: undefined,
          revokedAt: undefined,
        },
        hash('sha256', companyId, 'buffer'),
      );
    expect((await changes(next, SECOND)).changes).toMatchObject([{ workDate: '2026-11-20' }]);
    expect((await changes(next, OTHER_PRIME)).changes).toEqual([]);
  });
});
