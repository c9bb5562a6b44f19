/** What a terminal learns of the days to come, and that it is what would be found on each of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gateFindings } from '../../../gateway/policies/gate-findings.ts';
import { decideInsurance } from '../../../gateway/policies/social-insurance.ts';
import { missingForWorkHistory } from '../../../gateway/policies/work-history-checklist.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { SiteId, WorkerId } from '../../../shared/ids.ts';
import { addDays, isValidOn, workDate } from '../../../shared/time.ts';
import { registryDocument, registryWith, SITE_ID, WORKER_ID } from '../../fixtures/registry.ts';

const today = workDate('2026-11-24');
const of = { siteId: SiteId.parse(SITE_ID), workerId: WorkerId.parse(WORKER_ID) };
const insurance = [
  {
    workerId: WORKER_ID,
    health: 'kyokai',
    pension: 'employees',
    employment: 'general',
    source: 'ccus',
  },
];
const findings = (tables: Readonly<Record<string, unknown>>) =>
  gateFindings(indexRegistry(registryWith({ insurance, ...tables })), of, today);

const [assignment] = registryDocument.assignments;
const [site, otherSite] = registryDocument.sites;

describe('gateFindings', () => {
  test('nothing, when everything is there for good', () => {
    expect(findings({})).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, unknown>>, readonly object[]]>([
    [
      'an assignment that ends is missed from the day after',
      { assignments: [{ ...assignment, to: '2026-12-10' }] },
      [{ reason: 'worker-not-assigned', from: '2026-12-11' }],
    ],
    [
      'one that begins later is missed until then',
      { assignments: [{ ...assignment, from: '2026-12-01' }] },
      [{ reason: 'worker-not-assigned', from: '2026-11-24', to: '2026-11-30' }],
    ],
    [
      'a licence that runs out',
      {
        sites: [{ ...site, requiredQualifications: ['tamakake'] }, otherSite],
        qualifications: [
          {
            workerId: WORKER_ID,
            code: 'tamakake',
            name: '玉掛け技能講習',
            kind: 'skill-training',
            to: '2027-03-31',
          },
        ],
      },
      [{ reason: 'qualification-missing', from: '2027-04-01' }],
    ],
    [
      'a licence that is not there',
      { sites: [{ ...site, requiredQualifications: ['tamakake'] }, otherSite] },
      [{ reason: 'qualification-missing', from: '2026-11-24' }],
    ],
    ['no insurance', { insurance: [] }, [{ reason: 'insurance-unconfirmed', from: '2026-11-24' }]],
    [
      'a birthday that makes a 特段の理由 good',
      {
        workers: registryDocument.workers.map((row) => ({ ...row, birthDate: '1967-01-15' })),
        insurance: insurance.map((row) => ({ ...row, pension: 'recipient' })),
        insuranceReasons: [
          { siteId: SITE_ID, workerId: WORKER_ID, reason: 'over-60', approvedBy: '元請所長' },
        ],
      },
      [{ reason: 'insurance-unconfirmed', from: '2026-11-24', to: '2027-01-14' }],
    ],
    [
      'a birthday of a leap year, in a leap year',
      {
        workers: registryDocument.workers.map((row) => ({ ...row, birthDate: '1968-02-29' })),
        insurance: insurance.map((row) => ({ ...row, pension: 'recipient' })),
        insuranceReasons: [
          { siteId: SITE_ID, workerId: WORKER_ID, reason: 'over-60', approvedBy: '元請所長' },
        ],
      },
      [{ reason: 'insurance-unconfirmed', from: '2026-11-24', to: '2028-02-28' }],
    ],
  ])('%s', (_because, tables, expected) => {
    expect(findings(tables)).toEqual(expected);
  });

  test('on every day says what would be found on that day', () => {
    const day = fc.integer({ min: -5, max: 25 }).map((offset) => addDays(today, offset));
    const dates = fc
      .tuple(fc.option(day, { nil: undefined }), fc.option(day, { nil: undefined }))
      .map(([a, b]) =>
        a !== undefined && b !== undefined && b < a ? { from: b, to: a } : { from: a, to: b },
      );
    fc.assert(
      fc.property(dates, dates, dates, dates, (ofSite, ofTier, ofWork, ofInsurance) => {
        const registry = indexRegistry(
          registryWith({
            sites: [{ ...site, ...ofSite }, otherSite],
            organisation: [
              registryDocument.organisation[0],
              { ...registryDocument.organisation[1], ...ofTier },
            ],
            assignments: [{ ...assignment, ...ofWork }],
            insurance: insurance.map((row) => ({ ...row, ...ofInsurance })),
          }),
        );
        const found = gateFindings(registry, of, today);
        for (let offset = 0; offset <= 30; offset += 1) {
          const date = addDays(today, offset);
          const now = found.filter((each) => isValidOn(each, date)).map(({ reason }) => reason);
          expect([...now].sort()).toEqual(
            [
              ...missingForWorkHistory(registry, { ...of, date }),
              ...(decideInsurance(registry, { ...of, date }).decision === 'hold'
                ? ['insurance-unconfirmed']
                : []),
            ].sort(),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
