/** The labour tables of the registry: what is refused, with its place. */
import { describe, expect, test } from 'vitest';
import { parseRegistryDocument } from '../../gateway/registry/parse-registry.ts';
import { registryDocument } from '../fixtures/registry.ts';

const guideline = { level: 2, yenPerYear: 5_690_000, daysPerYear: 234, source: '試験' };
const criteria = { trade: '99-01', level: 2, days: 645, source: '試験' };
const [contract, second] = registryDocument.contracts;
const [site, secondSite] = registryDocument.sites;
const assessment = {
  body: '試験団体',
  block: 'ability',
  items: [{ item: 'workers', steps: [{ atLeast: 1, points: 1 }] }],
  stars: [{ stars: 1, atLeastPoints: 1 }],
  source: '試験',
};
const incentive = {
  authority: '試験県',
  ordererNames: ['試験県'],
  rules: [{ name: '登録', metric: 'worker-rate', atLeastPercent: 80, points: 1 }],
  counting: 'sum',
  source: '試験要領',
};

const faultsOf = (tables: object) => {
  const parsed = parseRegistryDocument({ ...registryDocument, ...tables });
  return parsed.ok ? [] : parsed.faults.map(({ place }) => place);
};

describe('labour tables', () => {
  test.each<[string, object, readonly string[]]>([
    ['two pays for one level', { payGuidelines: [guideline, guideline] }, ['/payGuidelines/1']],
    [
      'a revised pay from the day after',
      {
        payGuidelines: [
          { ...guideline, to: '2025-11-30' },
          { ...guideline, from: '2025-12-01' },
        ],
      },
      [],
    ],
    [
      'a pay of a trade beside that of all',
      { payGuidelines: [guideline, { ...guideline, trade: '10-01' }] },
      [],
    ],
    [
      'a pay without its source',
      { payGuidelines: [{ ...guideline, source: '' }] },
      ['/payGuidelines/0/source'],
    ],
    [
      'half a yen',
      { payGuidelines: [{ ...guideline, yenPerYear: 0.5 }] },
      ['/payGuidelines/0/yenPerYear'],
    ],
    ['two criteria for one level', { levelCriteria: [criteria, criteria] }, ['/levelCriteria/1']],
    [
      'criteria of level 1',
      { levelCriteria: [{ ...criteria, level: 1 }] },
      ['/levelCriteria/0/level'],
    ],
    ['two assessments of one block', { assessments: [assessment, assessment] }, ['/assessments/1']],
    ['two profiles of one authority', { incentives: [incentive, incentive] }, ['/incentives/1']],
    [
      'days of a worker who is not there',
      {
        careerDays: [
          {
            workerId: '19999999999999',
            trade: '10-01',
            asOf: '2026-03-31',
            days: 1,
            foremanDays: 0,
            crewLeaderDays: 0,
            source: 'CCUS',
          },
        ],
      },
      ['/careerDays/0/workerId'],
    ],
    [
      'an exemption of a site that is not there',
      {
        overtimeExemptions: [
          { siteId: '39999999999999', reason: 'disaster-recovery', source: '36協定' },
        ],
      },
      ['/overtimeExemptions/0/siteId'],
    ],
    [
      'periods that end before they begin',
      {
        contracts: [
          {
            ...contract,
            daysOff: {
              from: '2026-12-01',
              to: '2026-11-01',
              excluded: [{ from: '2027-01-04', to: '2026-12-29', reason: '年末年始' }],
            },
          },
          second,
        ],
      },
      ['/contracts/0/daysOff/to', '/contracts/0/daysOff/excluded/0/to'],
    ],
    [
      'a break of no length',
      { sites: [{ ...site, breaks: [{ from: '12:00', to: '12:00' }] }, secondSite] },
      ['/sites/0/breaks/0/to'],
    ],
  ])('%s', (_what, tables, places) => {
    expect(faultsOf(tables)).toEqual(places);
  });
});
