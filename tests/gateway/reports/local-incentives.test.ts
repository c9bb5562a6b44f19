/** 自治体の加点: an authority's rules on a contract's rates. */
import { describe, expect, test } from 'vitest';
import { FIRST_TIER, registryDocument, SITE_ID } from '../../fixtures/registry.ts';
import { reportOf } from '../../fixtures/report.ts';

const rule = (metric: string, atLeastPercent: number, points: number) => ({
  name: metric,
  metric,
  atLeastPercent,
  points,
});
const profile = {
  authority: '試験県',
  ordererNames: ['試験県'],
  rules: [rule('company-rate', 100, 2), rule('touch-rate', 50, 3), rule('touch-rate', 51, 5)],
  counting: 'sum',
  forms: ['様式1'],
  source: '試験県要領 2026',
};
const tables = (more: object = {}) => ({
  incentives: [{ ...profile, ...more }],
  headcounts: [{ siteId: SITE_ID, companyId: FIRST_TIER, date: '2026-11-24', workers: 2 }],
});
const pack = (more: object = {}) =>
  reportOf('local-incentives', {
    tables: tables(more),
    touches: ['2026-11-24T08:00 in'],
    siteId: SITE_ID,
  });

describe('report local-incentives', () => {
  test('each rule says rate, threshold and whether it is met', () => {
    expect(pack().rows).toMatchObject([
      {
        authority: '試験県',
        contractId: 'K1',
        metric: 'company-rate',
        rate: 100,
        met: true,
        points: 2,
      },
      { metric: 'touch-rate', rate: 50, atLeastPercent: 50, met: true, points: 3 },
      { metric: 'touch-rate', rate: 50, atLeastPercent: 51, met: false, points: 0 },
    ]);
  });

  test.each<[string, object, number]>([
    ['added up', {}, 5],
    ['only the best', { counting: 'best' }, 3],
    ['none met', { rules: [rule('touch-rate', 51, 5)] }, 0],
    ['a rate that cannot be worked out meets nothing', { rules: [rule('days-off-rate', 0, 5)] }, 0],
  ])('points: %s', (_because, more, points) => {
    expect(pack(more).packs).toMatchObject([
      { contractId: 'K1', points, forms: ['様式1'], records: 1, source: '試験県要領 2026' },
    ]);
  });

  test('other orderers’ contracts and rules that are over are left alone', () => {
    expect(pack({ ordererNames: ['別の県'] }).packs).toEqual([]);
    expect(pack({ to: '2026-03-31' }).packs).toEqual([]);
  });

  test('the pack names the reports that prove it', () => {
    const rules = [rule('days-off-rate', 28, 1), rule('complete-history-rate', 90, 1)];
    const [contract, second] = registryDocument.contracts;
    const contracts = [{ ...contract, daysOff: { from: '2026-11-21', to: '2026-11-24' } }, second];
    const { rows, packs } = reportOf('local-incentives', {
      tables: { ...tables({ rules }), contracts },
      touches: ['2026-11-24T08:00 in'],
      siteId: SITE_ID,
    });
    expect(packs).toMatchObject([{ points: 2, reports: ['days-off', 'work-history'] }]);
    expect(rows.map(({ rate }: { rate: number }) => rate)).toEqual([100, 75]);
  });
});
