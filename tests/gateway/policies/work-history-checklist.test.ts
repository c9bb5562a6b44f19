/** The ordered checklist of a full work-history record, line by line. */
import { describe, expect, test } from 'vitest';
import { missingForWorkHistory } from '../../../gateway/policies/work-history-checklist.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { SiteId, WorkerId } from '../../../shared/ids.ts';
import { workDate } from '../../../shared/time.ts';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  PRIME,
  registryDocument,
  registryWith,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';

const date = workDate('2026-11-24');
const [site] = registryDocument.sites;
const [prime, firstTier] = registryDocument.organisation;
const [assignment] = registryDocument.assignments;
const [employment] = registryDocument.employments;
const [worker] = registryDocument.workers;
const secondTier = {
  siteId: SITE_ID,
  companyId: OTHER_COMPANY,
  upperId: FIRST_TIER,
  accepted: true,
};
const ofSecondTier = {
  assignments: [{ ...assignment, companyId: OTHER_COMPANY }],
  employments: [{ ...employment, companyId: OTHER_COMPANY }],
};

const missing = (tables: Readonly<Record<string, unknown>>, siteId = SITE_ID) =>
  missingForWorkHistory(indexRegistry(registryWith(tables)), {
    siteId: SiteId.parse(siteId),
    workerId: WorkerId.parse(WORKER_ID),
    date,
  });

describe('missingForWorkHistory', () => {
  test.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['nothing, when everything is there', {}, []],
    [
      'the period ended yesterday',
      { sites: [{ ...site, to: '2026-11-23' }, registryDocument.sites[1]] },
      ['outside-period'],
    ],
    [
      'the last day of the period still counts',
      { sites: [{ ...site, to: '2026-11-24' }, registryDocument.sites[1]] },
      [],
    ],
    [
      'a worker whom CCUS does not know',
      { workers: [{ ...worker, ccusRegistered: false }] },
      ['worker-unknown'],
    ],
    ['nobody employs the worker', { employments: [] }, ['no-employer']],
    [
      'employed elsewhere than assigned',
      { employments: [{ ...employment, companyId: OTHER_COMPANY }] },
      ['no-employer'],
    ],
    [
      'the employer is not in the 施工体制',
      { organisation: [prime] },
      ['employer-not-in-organisation'],
    ],
    [
      'invited and not accepted',
      { organisation: [prime, { ...firstTier, accepted: false }] },
      ['employer-not-accepted'],
    ],
    ['not on the site’s list of workers', { assignments: [] }, ['worker-not-assigned']],
    [
      'not on the list, and the employer is not on the site either',
      { assignments: [], organisation: [prime] },
      ['employer-not-in-organisation', 'worker-not-assigned'],
    ],
    [
      'an upper tier between prime and employer is missing',
      { ...ofSecondTier, organisation: [prime, secondTier] },
      ['upper-tier-missing'],
    ],
    ['every tier is there', { ...ofSecondTier, organisation: [prime, firstTier, secondTier] }, []],
    [
      'an upper tier that left before that date',
      {
        ...ofSecondTier,
        organisation: [prime, { ...firstTier, to: '2026-11-23' }, secondTier],
      },
      ['upper-tier-missing'],
    ],
    [
      'the prime’s own people need no row of their own in the 施工体制',
      {
        organisation: [],
        assignments: [{ ...assignment, companyId: PRIME }],
        employments: [{ ...employment, companyId: PRIME }],
      },
      [],
    ],
    [
      'several at once, in the order in which they are mended',
      {
        workers: [{ ...worker, ccusRegistered: false }],
        employments: [],
        assignments: [],
      },
      ['worker-unknown', 'no-employer', 'worker-not-assigned'],
    ],
  ])('%s', (_because, tables, expected) => {
    expect(missing(tables)).toEqual(expected);
  });

  test('a site that nobody registered', () => {
    expect(missing({}, '30000000000009')).toEqual([
      'site-not-registered',
      'employer-not-in-organisation',
      'worker-not-assigned',
    ]);
  });
});
