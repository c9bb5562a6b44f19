/** Rosters: the least that the gate needs, sent when it changes. */
import { describe, expect, test } from 'vitest';
import type { Contribution } from '../../gateway/policies/contribution.ts';
import { contributionsOf } from '../../gateway/policies/contributions.ts';
import { indexRegistry } from '../../gateway/registry/registry.ts';
import { createRosters, rosterContent, shortNames } from '../../gateway/rosters.ts';
import { WorkerId } from '../../shared/ids.ts';
import { parseRoster } from '../../shared/roster.ts';
import { utcMs, workDate } from '../../shared/time.ts';
import {
  CARD,
  gatewaySigner,
  OTHER_TERMINAL,
  SITE,
  TERMINAL,
  verifyGateway,
  WORKER,
} from '../fixtures/identities.ts';
import {
  CARD_ID,
  FIRST_TIER,
  registryDocument,
  registryWith,
  WORKER_ID,
} from '../fixtures/registry.ts';

const today = workDate('2026-11-24');
const contentWith = (tables: Readonly<Record<string, unknown>> = {}, on = today) => {
  const registry = indexRegistry(registryWith(tables));
  const leave = contributionsOf([], registry, { asOf: on }).contributions;
  return rosterContent({
    registry,
    siteId: SITE,
    today: on,
    contributions: leave,
    daysBefore: () => undefined,
  });
};

describe('shortNames', () => {
  const ids = [1, 2, 3].map((number) => WorkerId.parse(String(number).padStart(14, '0')));
  const names = (...all: readonly string[]) => [
    ...shortNames(new Map(all.map((name, index) => [ids[index] ?? WORKER, name]))).values(),
  ];
  test.each([
    ['the family name is enough', ['山田 太郎', '佐藤 花子'], ['山田', '佐藤']],
    [
      'two of a name get the first of the given one',
      ['佐藤 勇', '佐藤 健太', '山田 太郎'],
      ['佐藤 勇', '佐藤 健', '山田'],
    ],
    ['a full-width space divides too', ['山田　太郎'], ['山田']],
    ['a name that is one word stays', ['アウン', 'アウン'], ['アウン', 'アウン']],
  ])('%s', (_because, full, short) => {
    expect(names(...full)).toEqual(short);
  });
});

describe('rosterContent', () => {
  test('holds the least: no birth date, no member number, no full name', () => {
    const content = contentWith();
    expect(content.workers).toEqual([
      {
        workerId: WORKER_ID,
        shortName: '山田',
        kana: 'ヤマダ',
        companyName: '試験鉄筋',
        cards: [{ cardId: CARD_ID }],
        level: 2,
        contributedDays: [],
        earnsContribution: true,
        findings: [{ reason: 'insurance-unconfirmed', from: '2026-11-24' }],
      },
    ]);
    expect(JSON.stringify(content)).not.toMatch(/太郎|1980|487654321/);
  });

  test('tells the days that count this month', () => {
    const leave = ['2026-11-02', '2026-11-20'].map((date) => ({
      workerId: WORKER_ID,
      companyId: FIRST_TIER,
      date,
      kind: 'paid-leave',
    }));
    expect(contentWith({ leave }).workers[0]?.contributedDays).toEqual([2, 20]);
  });

  test('tells days beyond one a date, and those of the months before, where they are known', () => {
    const registry = indexRegistry(registryWith());
    const day = { days: 2, workerId: WORKER, workDate: today } as Contribution;
    const [worker] = rosterContent({
      registry,
      siteId: SITE,
      today,
      contributions: [day],
      daysBefore: () => 340,
    }).workers;
    expect(worker).toMatchObject({ contributedDays: [24], extraDays: 1, daysBefore: 340 });
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['an officer', { employments: [{ ...registryDocument.employments[0], kind: 'officer' }] }],
    [
      'a sole contractor',
      { employments: [{ ...registryDocument.employments[0], kind: 'sole-contractor' }] },
    ],
    [
      'a member of another scheme',
      { workers: [{ ...registryDocument.workers[0], otherScheme: 'chutaikyo' }] },
    ],
    [
      'who has no member number',
      { workers: [{ ...registryDocument.workers[0], memberNo: undefined }] },
    ],
  ])('%s earns no days, and is told of none', (_who, tables) => {
    expect(contentWith(tables).workers[0]?.earnsContribution).toBe(false);
  });

  test.each([
    ['assignments', { to: '2026-11-23' }, 0, 'who has left is not on it'],
    ['assignments', { to: '2026-11-24' }, 1, 'the last day counts'],
    ['assignments', { from: '2026-11-25' }, 1, 'who comes tomorrow is known without a network'],
    ['assignments', { from: '2027-01-26' }, 0, 'who comes in two months is not on it yet'],
  ] as const)('%s %j: %i, because %s', (_table, interval, count, _because) => {
    const assignments = [{ ...registryDocument.assignments[0], ...interval }];
    expect(contentWith({ assignments }).workers).toHaveLength(count);
  });

  test('a card goes down with its dates, so that one handed back is told from a stranger’s', () => {
    const cards = [{ cardId: CARD, workerId: WORKER, to: '2026-11-23' }];
    expect(contentWith({ cards }).workers[0]?.cards).toEqual([{ cardId: CARD, to: '2026-11-23' }]);
  });

  test.each([
    [undefined, {}, 'a site that says nothing is not bothered'],
    ['advise', { 'insurance-unconfirmed': 'warn' }, 'advice is a warning'],
    ['hold', { 'insurance-unconfirmed': 'hold' }, 'and a hold holds'],
  ])('insurance at a site that says %s: %j, because %s', (insuranceGate, effects, _because) => {
    const [first, second] = registryDocument.sites;
    const sites = [{ ...first, insuranceGate }, second];
    expect(contentWith({ sites }).effects).toEqual(effects);
  });

  test('a site makes more or less of a reason as it likes', () => {
    const [first, second] = registryDocument.sites;
    const sites = [{ ...first, gateEffects: { 'qualification-missing': 'hold' } }, second];
    expect(contentWith({ sites }).effects).toEqual({ 'qualification-missing': 'hold' });
  });
});

describe('createRosters', () => {
  test('sends to the terminals of the site when something changed, and again when asked', () => {
    const sent: [string, number][] = [];
    let siteName = '現場';
    let version = 0;
    const rosters = createRosters({
      siteByTerminal: new Map([
        [TERMINAL, SITE],
        [OTHER_TERMINAL, SITE],
      ]),
      signer: gatewaySigner,
      now: () => utcMs(Date.parse('2026-11-24T07:00:00+09:00')),
      nextVersion: () => {
        version += 1;
        return version;
      },
      contentOf: () => ({ ...contentWith(), siteName }),
      send: (terminalId, bytes) => {
        const roster = parseRoster(bytes, verifyGateway);
        if (roster.ok) sent.push([terminalId, roster.value.version]);
      },
    });
    rosters.refresh();
    rosters.refresh();
    expect(sent.splice(0)).toEqual([
      [TERMINAL, 1],
      [OTHER_TERMINAL, 1],
    ]);
    siteName = '新しい名の現場';
    rosters.refresh();
    expect(sent.splice(0)).toEqual([
      [TERMINAL, 2],
      [OTHER_TERMINAL, 2],
    ]);
    rosters.sendAll();
    expect(sent).toEqual([
      [TERMINAL, 2],
      [OTHER_TERMINAL, 2],
    ]);
  });
});
