/** What leaves no single answer is refused with its place; a mistake of business never keeps a document out. */
import { describe, expect, test } from 'vitest';
import { parseRegistryDocument } from '../../gateway/registry/parse-registry.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  PRIME,
  registryDocument,
  WORKER_ID,
} from '../fixtures/registry.ts';

const [contract, second] = registryDocument.contracts;
const withContract = (fields: object) => ({ contracts: [{ ...contract, ...fields }, second] });
const reading = { breaks: 'statutory', decidedBy: '試験建設' };
const surcharge = { workerId: WORKER_ID, yen: 180, source: '試験規程' };
const booklet = { workerId: WORKER_ID, number: 1, issuedOn: '2026-04-01' };
const purchase = { contractId: 'K1', method: 'points', yen: 3_200, colour: 'red' };

const places = (tables: object): readonly string[] => {
  const parsed = parseRegistryDocument({ ...registryDocument, ...tables });
  return parsed.ok ? [] : parsed.faults.map(({ place }) => place);
};

describe('refused, with the place', () => {
  test.each<[string, object, readonly string[]]>([
    [
      'a company that pays by both methods',
      withContract({
        exceptions: [
          { companyId: FIRST_TIER, method: 'stamps' },
          { companyId: FIRST_TIER, method: 'points' },
        ],
      }),
      ['/contracts/0/exceptions/1/companyId'],
    ],
    [
      'a joint venture with a stranger, and a member twice',
      withContract({
        jointVenture: [
          { companyId: PRIME, sharePercent: 50 },
          { companyId: PRIME, sharePercent: 30 },
          { companyId: '29999999999999', sharePercent: 20 },
        ],
      }),
      ['/contracts/0/jointVenture/1/companyId', '/contracts/0/jointVenture/2/companyId'],
    ],
    [
      'two readings at once',
      {
        contributionReadings: [
          { ...reading, to: '2026-04-01' },
          { ...reading, from: '2026-04-01' },
        ],
      },
      ['/contributionReadings/1'],
    ],
    [
      'two surcharges at once',
      { surcharges: [surcharge, { ...surcharge, from: '2026-10-01' }] },
      ['/surcharges/1'],
    ],
    ['a surcharge of 185', { surcharges: [{ ...surcharge, yen: 185 }] }, ['/surcharges/0/yen']],
    ['a book twice', { booklets: [booklet, booklet] }, ['/booklets/1']],
    [
      'a book closed before it was issued',
      { booklets: [{ ...booklet, closedOn: '2026-03-31' }] },
      ['/booklets/0/closedOn'],
    ],
    [
      'a negative purchase',
      { purchases: [{ ...purchase, date: '2026-04-10', yen: -1 }] },
      ['/purchases/0/yen'],
    ],
    [
      'a purchase by nobody known',
      { purchases: [{ ...purchase, date: '2026-04-10', companyId: '29999999999999' }] },
      ['/purchases/0/companyId'],
    ],
  ])('%s', (_what, tables, expected) => {
    expect(places(tables)).toEqual(expected);
  });
});

describe('imported, and told in the reports', () => {
  test.each<[string, object]>([
    ['a purchase before the contract', { purchases: [{ ...purchase, date: '2020-01-01' }] }],
    [
      'a purchase by the other method',
      { purchases: [{ ...purchase, method: 'stamps', date: '2026-04-10' }] },
    ],
    [
      'an approval for a day without work',
      {
        approvals: [
          {
            workerId: WORKER_ID,
            workDate: '2026-05-03',
            days: 2,
            by: '現場代理人',
            at: '2026-05-04T08:00:00+09:00',
          },
        ],
      },
    ],
    [
      'two workers with one member number',
      {
        workers: [
          registryDocument.workers[0],
          { ...registryDocument.workers[0], workerId: '10000000000002' },
        ],
      },
    ],
    [
      'shares that make 90 percent',
      withContract({ jointVenture: [{ companyId: OTHER_COMPANY, sharePercent: 90 }] }),
    ],
  ])('%s', (_what, tables) => {
    expect(places(tables)).toEqual([]);
  });
});
