/** 作業員名簿: what the list says, what it keeps to itself, and what changed when. */
import { describe, expect, test } from 'vitest';
import {
  FIRST_TIER,
  OTHER_COMPANY,
  PRIME,
  registryDocument,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';
import { reportOf } from '../../fixtures/report.ts';

const [assignment] = registryDocument.assignments;
const [employment] = registryDocument.employments;
const insured = {
  workerId: WORKER_ID,
  health: 'kyokai',
  pension: 'employees',
  employment: 'general',
  source: 'ccus',
};
const qualifications = [
  { workerId: WORKER_ID, code: 'Q1', name: '玉掛け技能講習', kind: 'skill-training' },
  {
    workerId: WORKER_ID,
    code: 'Q2',
    name: '足場特別教育',
    kind: 'special-education',
    from: '2026-12-01',
  },
];
const consent = {
  workerId: WORKER_ID,
  byWorker: true,
  byEmployer: true,
  items: ['qualifications'],
  to: 'prime',
};

describe('report roster', () => {
  test('one line per assignment', () => {
    const { rows } = reportOf('roster', { tables: { insurance: [insured] } });
    expect(rows).toEqual([
      {
        siteId: SITE_ID,
        siteName: '試験現場',
        companyId: FIRST_TIER,
        companyName: '試験鉄筋',
        tier: 2,
        workerId: WORKER_ID,
        name: '山田 太郎',
        kana: 'ヤマダ タロウ',
        birthDate: '1980-04-01',
        age: 46,
        trade: '10-01',
        role: 'general',
        level: 2,
        health: 'kyokai',
        pension: 'employees',
        employment: 'general',
        insuranceDecision: 'allow',
        mutualAid: 'kentaikyo',
      },
    ]);
  });

  test.each<[string, Record<string, unknown>, readonly string[] | undefined]>([
    ['nobody agreed', {}, undefined],
    ['both agreed', { consents: [consent] }, ['玉掛け技能講習']],
    ['only the worker agreed', { consents: [{ ...consent, byEmployer: false }] }, undefined],
    ['only the employer agreed', { consents: [{ ...consent, byWorker: false }] }, undefined],
    ['agreed for something else', { consents: [{ ...consent, items: ['level'] }] }, undefined],
    ['agreed for somebody else', { consents: [{ ...consent, to: 'orderer' }] }, undefined],
    ['agreed from tomorrow', { consents: [{ ...consent, from: '2026-11-26' }] }, undefined],
    [
      'agreed under a former employer',
      {
        consents: [{ ...consent, from: '2026-01-01' }],
        employments: [
          { ...employment, companyId: OTHER_COMPANY, to: '2026-03-31' },
          { ...employment, from: '2026-04-01' },
        ],
      },
      undefined,
    ],
    ['agreed, and none held', { consents: [consent], qualifications: [] }, []],
  ])('qualifications: %s', (_because, tables, expected) => {
    const { rows } = reportOf('roster', { tables: { qualifications, ...tables } });
    expect(rows[0].qualifications).toEqual(expected);
  });

  test('changes are dated: joined, changed without a gap, left', () => {
    const assignments = [
      { ...assignment, from: '2026-11-01', to: '2026-11-10' },
      { ...assignment, from: '2026-11-11', to: '2026-11-20', role: 'foreman' },
      { ...assignment, from: '2026-11-25', to: '2026-12-05' },
    ];
    const { rows, changes } = reportOf('roster', { tables: { assignments }, month: '2026-11' });
    expect(rows).toHaveLength(3);
    expect(changes.map(({ date, kind }: { date: string; kind: string }) => [date, kind])).toEqual([
      ['2026-11-01', 'joined'],
      ['2026-11-11', 'changed'],
      ['2026-11-21', 'left'],
      ['2026-11-25', 'joined'],
    ]);
  });

  test.each<[string, readonly object[], number | undefined]>([
    ['the prime’s own are the first tier', [{ ...assignment, companyId: PRIME }], 1],
    [
      'a company whose upper tier leads nowhere has none',
      [{ ...assignment, companyId: OTHER_COMPANY }],
      undefined,
    ],
  ])('%s', (_because, assignments, tier) => {
    expect(reportOf('roster', { tables: { assignments } }).rows[0].tier).toBe(tier);
  });

  test('age counts the birthday itself', () => {
    expect(reportOf('roster', { asOf: '2027-03-31T12:00' }).rows[0].age).toBe(46);
    expect(reportOf('roster', { asOf: '2027-04-01T12:00' }).rows[0].age).toBe(47);
  });
});
