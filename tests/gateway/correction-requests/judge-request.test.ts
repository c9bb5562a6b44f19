/** What a 訂正依頼 is worth: every fault at once, and who may ask for whom, a reason in each row. */
import { describe, expect, test } from 'vitest';
import { parseViewer } from '../../../gateway/access/viewer.ts';
import { judgeRequest } from '../../../gateway/correction-requests/judge-request.ts';
import { utcMs } from '../../../shared/time.ts';
import {
  castDocument,
  castIndex,
  FIRST,
  FOREIGN_SITE,
  FORMER,
  LEFT,
  NEIGHBOUR,
  OTHER_PRIME,
  PAST_SITE,
  PRIME,
  SECOND,
  SITE,
  STRANGER,
  WORKER,
} from '../../fixtures/viewing-cast.ts';

const registry = castIndex();
const NOW = utcMs(Date.parse('2026-11-25T12:00:00+09:00'));
const EARLIER = 'correction/add/2026-11-20/2026-11-21T09:00:00+09:00';

const judged = (
  body: unknown,
  scopes: readonly string[] = [`employer:${SECOND}`],
  { now = NOW, index = registry, hasTouched = false } = {},
) =>
  judgeRequest(body, {
    index,
    viewers: scopes.map(parseViewer),
    now,
    dayFacts: () => ({ hasTouched, correctable: [EARLIER] }),
  });
const placesOf = (outcome: ReturnType<typeof judged>): readonly string[] =>
  outcome.ok ? [] : [...new Set(outcome.faults.map(({ place }) => place))];

const sound = {
  siteId: SITE,
  workerId: WORKER,
  workDate: '2026-11-20',
  kind: 'add',
  reason: 'カード忘れ',
};

describe('a request', () => {
  test.each<[string, object, readonly string[]]>([
    ['a day without a time: presence alone', {}, []],
    ['an entry', { kind: 'add', at: '2026-11-20T08:00:00+09:00' }, []],
    ['a day that does not count', { kind: 'void' }, []],
    ['today: it may be mended before the evening', { workDate: '2026-11-25' }, []],
    ['tomorrow has not happened', { workDate: '2026-11-26' }, ['/workDate']],
    ['no such day', { workDate: '2026-02-30' }, ['/workDate']],
    ['an empty reason', { reason: ' ' }, ['/reason']],
    ['a reason of 200 characters', { reason: '長'.repeat(200) }, []],
    ['a longer reason', { reason: '長'.repeat(201) }, ['/reason']],
    ['no such kind', { kind: 'delete' }, ['/kind']],
    ['an entry needs its time', { kind: 'set-in' }, ['/at']],
    ['an exit needs its time', { kind: 'set-out' }, ['/at']],
    ['a void has none', { kind: 'void', at: '2026-11-20T08:00:00+09:00' }, ['/at']],
    ['no instant', { kind: 'set-in', at: '8時' }, ['/at']],
    ['the first moment of the date', { kind: 'set-in', at: '2026-11-20T00:00:00+09:00' }, []],
    ['before it', { kind: 'set-in', at: '2026-11-19T23:59:59+09:00' }, ['/at']],
    ['an entry on the next date', { kind: 'set-in', at: '2026-11-21T00:00:00+09:00' }, ['/at']],
    ['a night shift’s exit', { kind: 'set-out', at: '2026-11-21T06:00:00+09:00' }, []],
    [
      'an exit beyond the longest shift (24 h + 18 h)',
      { kind: 'set-out', at: '2026-11-21T18:00:00+09:00' },
      ['/at'],
    ],
    [
      'a time that has not come',
      { workDate: '2026-11-25', kind: 'set-out', at: '2026-11-25T12:00:01+09:00' },
      ['/at'],
    ],
    ['a correction of a correction', { corrects: EARLIER }, []],
    ['of one that is not there', { corrects: 'correction/none' }, ['/corrects']],
    ['an unknown site', { siteId: '39999999999999' }, ['/siteId']],
    ['an unknown worker', { workerId: '19999999999999' }, ['/workerId']],
    ['a field that is none', { name: '山田' }, ['']],
    ['the deadline: until the end of the next month', { workDate: '2026-10-01' }, []],
    ['late, and it does not say so', { workDate: '2026-09-30' }, ['/late']],
    ['late, and says so', { workDate: '2026-09-30', late: true }, []],
    ['says late, and is not', { late: true }, ['/late']],
  ])('%s: %o', (_because, fields, places) => {
    expect(placesOf(judged({ ...sound, ...fields }))).toEqual(places);
  });

  test('names every fault at once', () => {
    const outcome = judged({
      siteId: '39999999999999',
      workerId: '19999999999999',
      workDate: '2026-12-24',
      kind: 'set-in',
      reason: '',
      late: false,
    });
    expect(placesOf(outcome).toSorted()).toEqual(
      ['/at', '/late', '/reason', '/siteId', '/workDate', '/workerId'].toSorted(),
    );
  });

  test.each([undefined, null, [], 'text', 7])('is not %o', (body) => {
    expect(judged(body).ok).toBe(false);
  });

  test('goes by the day of the site where days begin later', () => {
    const sites = castDocument.sites.map((site) => ({ ...site, dayStart: '05:00' }));
    const at = (text: string) =>
      placesOf(
        judged({ ...sound, kind: 'set-in', at: text }, undefined, {
          index: castIndex({ sites }),
        }),
      );
    expect(at('2026-11-20T04:59:59+09:00')).toEqual(['/at']);
    expect(at('2026-11-21T04:59:59+09:00')).toEqual([]);
  });

  test('is late from the first day after the deadline', () => {
    const at = (text: string) =>
      placesOf(judged(sound, undefined, { now: utcMs(Date.parse(text)) }));
    expect(at('2026-12-31T23:59:59+09:00')).toEqual([]);
    expect(at('2027-01-01T00:00:00+09:00')).toEqual(['/late']);
  });
});

describe('who may ask', () => {
  const none = undefined;
  test.each<[readonly string[], object, string | undefined, string]>([
    [[`worker:${WORKER}`], {}, `worker:${WORKER}`, 'for oneself'],
    [[`worker:${NEIGHBOUR}`], {}, none, 'not for a mate'],
    [[`employer:${SECOND}`], {}, `employer:${SECOND}`, 'for its own people'],
    [
      [`employer:${SECOND}`],
      { siteId: FOREIGN_SITE },
      `employer:${SECOND}`,
      'wherever they worked; that site’s 元請 decides',
    ],
    [[`employer:${FORMER}`], {}, none, 'a former employer no more'],
    [[`employer:${FORMER}`], { workerId: NEIGHBOUR }, `employer:${FORMER}`, 'its own'],
    [[`employer:${FIRST}`], {}, none, 'an upper tier is not the employer'],
    [[`upper:${FIRST}`], {}, none, 'nor by its scope as such'],
    [[`prime:${PRIME}`], {}, `prime:${PRIME}`, 'the 元請 of the site'],
    [[`prime:${PRIME}`], { workerId: LEFT }, `prime:${PRIME}`, 'also who has left it'],
    [[`prime:${PRIME}`], { workerId: STRANGER }, none, 'nobody who was never there'],
    [[`prime:${OTHER_PRIME}`], {}, none, 'another 元請'],
    [[`employer:${SECOND}`, `prime:${PRIME}`], {}, `prime:${PRIME}`, '元請 first'],
    [['admin'], {}, none, 'whoever runs the gateway is none of them'],
    [['central'], {}, none, 'reads only'],
    [[`orderer-site:${SITE}`], {}, none, 'an orderer looks on'],
  ])('%o for %o: %s (%s)', (scopes, fields, expected) => {
    const outcome = judged({ ...sound, ...fields }, scopes);
    expect(outcome.ok ? outcome.value.askedFor : undefined).toBe(expected);
    if (!outcome.ok) expect(placesOf(outcome)).toEqual(['/workerId']);
  });

  test('the 元請 also for who touched without being on the roster', () => {
    const stray = { ...sound, workerId: STRANGER };
    expect(judged(stray, [`prime:${PRIME}`], { hasTouched: true }).ok).toBe(true);
  });

  test('a worker of somebody else is not told from one that nobody knows', () => {
    const asked = (workerId: string, fields: object = {}) =>
      judged({ ...sound, workerId, ...fields }, [`employer:${SECOND}`]);
    expect(asked(STRANGER)).toEqual(asked('19999999999999'));
    const wrong = { workDate: 'yesterday', siteId: PAST_SITE };
    expect(asked(STRANGER, wrong)).toEqual(asked('19999999999999', wrong));
  });
});
