/** The registry document: taken whole, or refused with every fault and its place. */
import { describe, expect, test } from 'vitest';
import { FAULTS_MAX } from '../../../gateway/fault-list.ts';
import {
  parseRegistryDocument,
  registryParsing,
} from '../../../gateway/registry/parse-registry.ts';
import { runToEnd } from '../../../gateway/turns.ts';
import {
  CARD_ID,
  FIRST_TIER,
  registryDocument,
  registryWith,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';

const faultsOf = (tables: Readonly<Record<string, unknown>>): readonly string[] => {
  const parsed = parseRegistryDocument({ ...registryDocument, ...tables });
  return parsed.ok ? [] : parsed.faults.map(({ place }) => place);
};
const [company, , other] = registryDocument.companies;
const [worker] = registryDocument.workers;
const leave = {
  workerId: WORKER_ID,
  companyId: FIRST_TIER,
  date: '2026-11-20',
  kind: 'paid-leave',
};

describe('parseRegistryDocument', () => {
  test('takes a sound document, and absent tables are empty', () => {
    const parsed = parseRegistryDocument(registryDocument);
    expect(parsed.ok && parsed.value.workers).toHaveLength(1);
    expect(parsed.ok && parsed.value.leave).toEqual([]);
    expect(parseRegistryDocument({}).ok).toBe(true);
  });

  test('fields of tomorrow are ignored', () => {
    expect(faultsOf({ workers: [{ ...worker, nickname: 'タロー' }], tomorrow: [] })).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    [
      'a worker id of 13 digits',
      { workers: [{ ...worker, workerId: '1000000000001' }] },
      ['/workers/0/workerId'],
    ],
    [
      'a date that is not',
      { workers: [{ ...worker, birthDate: '1980-02-30' }] },
      ['/workers/0/birthDate'],
    ],
    [
      'a member number of 8 digits',
      { workers: [{ ...worker, memberNo: '48765432' }] },
      ['/workers/0/memberNo'],
    ],
    ['a level 5', { workers: [{ ...worker, level: 5 }] }, ['/workers/0/level']],
    [
      'a card id in lower case',
      { cards: [{ cardId: 'abcdef01', workerId: WORKER_ID }] },
      ['/cards/0/cardId'],
    ],
    [
      'a day that begins at 24:00',
      {
        sites: [{ ...registryDocument.sites[0], dayStart: '24:00' }, registryDocument.sites[1]],
      },
      ['/sites/0/dayStart'],
    ],
    ['a table that is no list', { leave: {} }, ['/leave']],
    [
      'several at once',
      { workers: [{ ...worker, level: 0, kana: '' }], cards: [{}] },
      ['/workers/0/kana', '/workers/0/level', '/cards/0/cardId', '/cards/0/workerId'],
    ],
    ['a worker twice', { workers: [worker, worker] }, ['/workers/1/workerId']],
    [
      'a card of nobody',
      { cards: [{ cardId: CARD_ID, workerId: '19999999999999' }] },
      ['/cards/0/workerId'],
    ],
    [
      'a prime that is nowhere',
      {
        sites: [
          { ...registryDocument.sites[0], primeId: '29999999999999' },
          registryDocument.sites[1],
        ],
      },
      ['/sites/0/primeId'],
    ],
    [
      'a purchase for a contract that is nowhere',
      {
        purchases: [
          { contractId: 'K9', method: 'points', date: '2026-04-10', yen: 32_000, colour: 'red' },
        ],
      },
      ['/purchases/0/contractId'],
    ],
    [
      'an interval that ends before it begins',
      {
        employments: [{ ...registryDocument.employments[0], from: '2026-04-02', to: '2026-04-01' }],
      },
      ['/employments/0/to'],
    ],
    [
      'a card held by two at once',
      {
        workers: [worker, { ...worker, workerId: '10000000000002' }],
        cards: [
          { cardId: CARD_ID, workerId: WORKER_ID, to: '2026-04-30' },
          { cardId: CARD_ID, workerId: '10000000000002', from: '2026-04-30' },
        ],
      },
      ['/cards/1'],
    ],
    [
      'an exception for a company that is nowhere',
      {
        contracts: [
          {
            ...registryDocument.contracts[0],
            exceptions: [{ companyId: '29999999999999', method: 'stamps' }],
          },
          registryDocument.contracts[1],
        ],
      },
      ['/contracts/0/exceptions/0/companyId'],
    ],
  ])('%s', (_what, tables, places) => {
    expect(faultsOf(tables)).toEqual(places);
  });

  test('of a great many faults the first are told, and how many more there are', () => {
    const parsed = parseRegistryDocument({ leave: Array.from({ length: 1_000 }, () => ({})) });
    const faults = parsed.ok ? [] : parsed.faults;
    expect(faults).toHaveLength(FAULTS_MAX + 1);
    expect(faults[0]?.place).toBe('/leave/0/workerId');
    expect(faults.at(-1)).toEqual({ place: '', message: `has ${4_000 - FAULTS_MAX} more faults` });
  });

  test('tables that a document does not have stand as they are', () => {
    const standing = registryWith();
    const parsed = runToEnd(registryParsing({ leave: [leave] }, standing));
    expect(parsed.ok && parsed.value.workers).toBe(standing.workers);
    expect(parsed.ok && parsed.value.leave).toEqual([leave]);
  });

  test('a card that changes hands is no fault', () => {
    const workers = [worker, { ...worker, workerId: '10000000000002' }];
    const cards = [
      { cardId: CARD_ID, workerId: WORKER_ID, to: '2026-04-30' },
      { cardId: CARD_ID, workerId: '10000000000002', from: '2026-05-01' },
    ];
    expect(faultsOf({ workers, cards })).toEqual([]);
  });

  test.each([
    ['51-00000', true],
    ['97-99999', true],
    ['60-12345', true],
    ['50-12345', false],
    ['98-12345', false],
    ['65-1234', false],
    ['100-00001', true],
    ['100-', false],
  ])('contractor number %s: %s', (contractorNo, isSound) => {
    const companies = [{ ...company, contractorNo }, registryDocument.companies[1], other];
    expect(faultsOf({ companies })).toEqual(isSound ? [] : ['/companies/0/contractorNo']);
  });

  test.each([[undefined], [null], [[]], ['text'], [{ workers: null }]])(
    '%j is no registry',
    (json) => {
      expect(parseRegistryDocument(json).ok).toBe(false);
    },
  );

  test('what is said of a fault helps to mend it', () => {
    const parsed = parseRegistryDocument({ ...registryDocument, sites: [] });
    expect(parsed.ok ? [] : parsed.faults[0]).toEqual({
      place: '/contracts/0/siteId',
      message: `${SITE_ID} is not in sites`,
    });
  });
});
