/** `GET /v1/changes` names what an import of the registry makes another, though nobody touched. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EntryBody } from '../../../shared/entry.ts';
import { CardId, SiteId } from '../../../shared/ids.ts';
import { openTouchedSite, type TouchedSite } from '../../fixtures/touched-site.ts';
import { castDocument, SITE, WORKER } from '../../fixtures/viewing-cast.ts';

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

  const changes = async (after: string) => {
    const response = await site.api.request(`/v1/changes?after=${after}`, {
      headers: { authorization: 'Bearer read-me' },
    });
    return (await response.json()) as {
      readonly changes: readonly { readonly workDate: string; readonly workerId: string }[];
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
});
