/** 作業員名簿 and 施工体制: who stands where, what the orderer's copy leaves out, and what changed when. */
import { describe, expect, test } from 'vitest';
import { documentOf, linesOf, orderDocument, tableOf } from '../../fixtures/documents.ts';
import {
  DEMO_FORMWORK,
  DEMO_PRIME,
  DEMO_REBAR,
  DEMO_SITE,
  workedMonth,
} from '../../fixtures/worked-month.ts';

const asked = { siteId: DEMO_SITE };
const { registry } = workedMonth();
const [assignment, ...others] = registry.assignments.filter(
  ({ companyId }) => companyId === DEMO_REBAR,
);
const workerId = assignment?.workerId ?? '';
const qualifications = [{ workerId, code: 'Q1', name: '玉掛け技能講習', kind: 'skill-training' }];
const consentTo = (to: string, ...items: readonly string[]) => ({
  workerId,
  byWorker: true,
  byEmployer: true,
  items,
  to,
});

const rosterRow = (query: object, tables: Readonly<Record<string, unknown>>) =>
  documentOf('worker-roster', { ...asked, ...query }, workedMonth(tables))
    .sections.flatMap((section) => (section.kind === 'table' ? section.rows : []))
    .find((row) => row.workerId === workerId && 'mutualAid' in row);

describe('作業員名簿', () => {
  test('has a list for each company, from the 元請 down', () => {
    const model = documentOf('worker-roster', asked);
    expect(model).toMatchObject({ orientation: 'landscape', addressee: 'みなと建設株式会社 御中' });
    expect([0, 1, 2].map((at) => tableOf(model, at).title)).toEqual([
      'みなと建設株式会社（元請、4名）',
      '北浜鉄筋工業株式会社（1次下請、8名）',
      '株式会社しおさい型枠（1次下請、8名）',
    ]);
    expect(linesOf(tableOf(model, 1))[4]).toEqual([
      '鈴木 大輔',
      'スズキ ダイスケ',
      '10260000000005',
      '1968-05-15',
      '58',
      '10-01',
      '職長',
      undefined,
      '協会けんぽ・厚生年金・一般',
      '建退共',
      undefined,
      '2026-08-03',
    ]);
  });

  test('of one company is that company’s own', () => {
    const model = documentOf('worker-roster', { ...asked, companyId: DEMO_FORMWORK });
    expect(model.issuer[0]).toBe('株式会社しおさい型枠');
    expect(tableOf(model, 0).rows).toHaveLength(8);
  });

  const BIRTH = { birthDate: '1968-05-15', age: '58' };
  test.each<[string, object[], object, string]>([
    ['prime', [], { ...BIRTH, qualifications: undefined }, 'qualifications need a consent'],
    [
      'prime',
      [consentTo('prime', 'qualifications')],
      { ...BIRTH, qualifications: '玉掛け技能講習' },
      'consented to for the 元請',
    ],
    [
      'prime',
      [consentTo('orderer', 'qualifications')],
      { qualifications: undefined },
      'consented to for somebody else',
    ],
    [
      'orderer',
      [],
      { birthDate: undefined, age: undefined, insurance: undefined, qualifications: undefined },
      'nothing was consented to for the orderer',
    ],
    [
      'orderer',
      [consentTo('prime', 'qualifications', 'birth-date')],
      { birthDate: undefined, qualifications: undefined },
      'what the 元請 may see is not yet the orderer’s',
    ],
    [
      'orderer',
      [consentTo('orderer', 'birth-date', 'qualifications')],
      { ...BIRTH, insurance: undefined, qualifications: '玉掛け技能講習' },
      'item by item',
    ],
    [
      'orderer',
      [{ ...consentTo('orderer', 'birth-date'), byEmployer: false }],
      { birthDate: undefined },
      'the worker alone is not enough',
    ],
  ])('copy %s with %j: %j (%s)', (copy, consents, shown) => {
    const row = rosterRow({ copy }, { qualifications, consents });
    for (const [key, value] of Object.entries(shown)) expect(row?.[key], key).toBe(value);
    expect(row?.name).toBe('鈴木 大輔');
  });

  test('for the orderer goes to the orderer and says what an empty cell is', () => {
    const model = documentOf('worker-roster', { ...asked, copy: 'orderer' });
    expect(model).toMatchObject({ addressee: 'みなと県土木部 様', subtitle: '発注者提出用' });
    expect(model.notes.join()).toContain('空欄は「ない」という意味ではありません');
  });

  test('dates its changes, and of who has left keeps the number alone', () => {
    const [left, came] = others;
    const input = workedMonth({
      assignments: registry.assignments.map((row) => {
        if (row === left) return { ...row, to: '2026-11-20' };
        return row === came ? { ...row, from: '2026-11-16' } : row;
      }),
    });
    const model = documentOf('worker-roster', asked, input);
    expect(tableOf(model, 1).title).toBe('北浜鉄筋工業株式会社（1次下請、7名）');
    expect(linesOf(tableOf(model, 3))).toEqual([
      ['2026-11-16', '入場', '北浜鉄筋工業株式会社', came?.workerId, '山﨑 光'],
      ['2026-11-21', '退場', '北浜鉄筋工業株式会社', left?.workerId, undefined],
    ]);
    const later = documentOf('worker-roster', { ...asked, since: '2026-11-21' }, input);
    expect(tableOf(later, 3)).toMatchObject({ title: '2026-11-21 以後の変更' });
    expect(tableOf(later, 3).rows).toHaveLength(1);
  });
});

describe('施工体制', () => {
  const row = (companyId: string, upperId?: string, more: object = {}) => ({
    siteId: DEMO_SITE,
    companyId,
    ...(upperId === undefined ? {} : { upperId }),
    accepted: true,
    ...more,
  });
  const organisationOf = (organisation: readonly object[]) =>
    documentOf(
      'works-organisation',
      { ...asked, since: '2026-01-01' },
      workedMonth({ organisation }),
    );

  test('puts every company below the one that it works for', () => {
    const model = organisationOf([
      row(DEMO_FORMWORK, DEMO_REBAR, { accepted: false }),
      row(DEMO_PRIME),
      row(DEMO_REBAR, DEMO_PRIME),
    ]);
    expect(
      tableOf(model).rows.map(({ company, tier, accepted, workers }) => [
        company,
        tier,
        accepted,
        workers,
      ]),
    ).toEqual([
      ['みなと建設株式会社', '元請', '○', 4],
      ['└ 北浜鉄筋工業株式会社', '1次下請', '○', 8],
      ['　└ 株式会社しおさい型枠', '2次下請', '×', 8],
    ]);
  });

  test('leaves out nobody whose upper tier is not there', () => {
    const model = organisationOf([row(DEMO_PRIME), row(DEMO_FORMWORK)]);
    expect(tableOf(model).rows.map(({ tier }) => tier)).toEqual(['元請', '元請につながっていない']);
  });

  test('dates its changes: in, to another upper tier, out', () => {
    const model = organisationOf([
      row(DEMO_PRIME, undefined, { from: '2026-08-03' }),
      row(DEMO_FORMWORK, DEMO_REBAR, { from: '2026-09-01', to: '2026-09-30' }),
      row(DEMO_FORMWORK, DEMO_PRIME, { from: '2026-10-01', to: '2026-11-30' }),
    ]);
    expect(linesOf(tableOf(model, 1))).toEqual([
      ['2026-08-03', '入場', 'みなと建設株式会社'],
      ['2026-09-01', '入場', '株式会社しおさい型枠'],
      ['2026-10-01', '変更', '株式会社しおさい型枠'],
      ['2026-12-01', '退場', '株式会社しおさい型枠'],
    ]);
  });
});

test.each([
  ['worker-roster', { siteId: '39999999999999' }, ['/siteId']],
  ['worker-roster', { ...asked, companyId: '29999999999999' }, ['/companyId']],
  ['works-organisation', { siteId: '39999999999999', copy: 'press' }, ['/copy']],
])('%s of %o names what is wrong', (name, query, places) => {
  const made = orderDocument(name, query);
  expect(made.ok ? [] : made.faults.map(({ place }) => place)).toEqual(places);
});
