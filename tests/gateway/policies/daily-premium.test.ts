/** 掛金日額: the printed boundary, and a surcharge that is data with its source and never built in. */
import { describe, expect, test } from 'vitest';
import { premiumGrounds } from '../../../gateway/policies/daily-premium.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { CompanyId, WorkerId } from '../../../shared/ids.ts';
import { workDate } from '../../../shared/time.ts';
import { FIRST_TIER, OTHER_COMPANY, registryWith, WORKER_ID } from '../../fixtures/registry.ts';

const premium = (date: string, method: 'points' | 'stamps', surcharges: readonly object[] = []) =>
  premiumGrounds(indexRegistry(registryWith({ surcharges })), {
    workerId: WorkerId.parse(WORKER_ID),
    companyId: CompanyId.parse(FIRST_TIER),
    workDate: workDate(date),
    method,
  }).premium;
const surcharge = { workerId: WORKER_ID, yen: 180, source: '試験規程', from: '2026-10-01' };

describe('the premium of a day', () => {
  test.each<[string, 'points' | 'stamps', readonly object[], number, string]>([
    ['2021-09-30', 'points', [], 310, 'the last day of 310'],
    ['2021-10-01', 'points', [], 320, 'the first day of 320'],
    ['2026-09-30', 'points', [surcharge], 320, 'the surcharge begins tomorrow'],
    ['2026-10-01', 'points', [surcharge], 500, '320 and 180'],
    ['2026-10-01', 'stamps', [surcharge], 320, 'a stamp has one value'],
    [
      '2026-10-01',
      'points',
      [{ ...surcharge, companyId: OTHER_COMPANY }],
      320,
      'the surcharge is of another employer',
    ],
    ['2026-10-01', 'points', [{ ...surcharge, yen: 0 }], 320, 'none'],
  ])('%s by %s is %j → %i: %s', (date, method, surcharges, yen) => {
    expect(premium(date, method, surcharges).yen).toBe(yen);
  });

  test('says who says so, base and surcharge', () => {
    expect(premium('2026-10-01', 'points', [surcharge])).toMatchObject({
      surchargeYen: 180,
      source: expect.stringMatching(/kentaikyo.*試験規程/),
    });
    expect(premium('2026-10-01', 'points')).not.toHaveProperty('surchargeYen');
  });
});
