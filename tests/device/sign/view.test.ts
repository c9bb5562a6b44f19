/** What people read on the sign, and what they must not find there. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexRoster } from '../../../device/gate.ts';
import type { LatestTouch, PersonOnSite } from '../../../device/presence.ts';
import { type SignFacts, signView } from '../../../device/sign/view.ts';
import { WorkerId } from '../../../shared/ids.ts';
import { uptimeMs, utcMs } from '../../../shared/time.ts';
import { CARD } from '../../fixtures/identities.ts';
import { rosterOf, rosterWorkerOf } from '../../fixtures/roster.ts';

const jst = (text: string) => utcMs(Date.parse(`${text}+09:00`));
const now = jst('2026-11-24T07:58:30');
const idOf = (company: number, person: number) =>
  WorkerId.parse(String(10_000_000_000_000 + company * 100 + person));
const nameOf = (company: number, person: number) => `氏名${company}の${person}`;
const COMPANIES = 12;
const PEOPLE = 5;
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const rosterIndex = indexRoster(
  rosterOf({
    siteName: '県道みなと橋',
    workers: range(COMPANIES).flatMap((company) =>
      range(PEOPLE).map((person) =>
        rosterWorkerOf({
          workerId: idOf(company, person),
          shortName: nameOf(company, person),
          companyName: `会社${String(company).padStart(2, '0')}`,
          cards: [],
        }),
      ),
    ),
  }),
);
const onSite = (identity: string): PersonOnSite => ({
  identity,
  presented: { by: 'card', cardId: CARD },
  since: now,
  gate: undefined,
});
const touch = (fields: Partial<LatestTouch> = {}): LatestTouch => ({
  seq: 1,
  identity: idOf(0, 0),
  passage: 'in',
  verdict: 'recorded',
  at: now,
  ...fields,
});
const clock = { wallMs: now, uptimeMs: uptimeMs(0), bootId: 'b', trust: 'trusted' } as const;
const facts = (fields: Partial<SignFacts> = {}): SignFacts => ({
  status: { rosterIndex, storageFault: undefined, clock, otherGates: { kind: 'untold' } },
  people: [],
  latest: [],
  ...fields,
});
const SILENT = { showsNames: false };

describe('signView', () => {
  test('nobody there yet', () => {
    expect(signView(facts(), SILENT)).toEqual({
      kind: 'open',
      siteName: '県道みなと橋',
      date: '11月24日（火）',
      time: '07:58',
      isClockTrusted: true,
      onSite: 0,
      scope: '在場（この端末）',
      latestScope: '最近のタッチ',
      age: undefined,
      companies: [],
      others: undefined,
      touches: [],
    });
  });

  test.each<[string, Partial<LatestTouch>, object]>([
    ['an entry', {}, { way: '入場', passage: 'in', company: '会社00', isToCheck: false }],
    ['an exit', { passage: 'out' }, { way: '退場', passage: 'out', isToCheck: false }],
    ['a warned one', { verdict: 'warned' }, { way: '入場', isToCheck: true }],
    ['one who waits for staff', { verdict: 'held' }, { way: '入場', isToCheck: true }],
    ['a card of nobody', { identity: CARD, verdict: 'warned' }, { company: '所属不明' }],
    ['its own time', { at: jst('2026-11-23T22:00') }, { time: '22:00' }],
    ['a boot before, whose clock was ahead', { at: jst('2026-11-24T08:30') }, { time: '08:30' }],
  ])('the latest touches: %s', (_what, fields, shown) => {
    expect(signView(facts({ latest: [touch(fields)] }), SILENT)).toMatchObject({
      touches: [shown],
    });
  });

  test.each([
    ['of half a day ago, which its time of day would pass off as new', '2026-11-23T19:58:30', 0],
    ['of a little less', '2026-11-23T19:58:31', 1],
  ])('a touch %s', (_what, at, count) => {
    const view = signView(facts({ latest: [touch({ at: jst(at) })] }), SILENT);
    expect(view.kind === 'open' && view.touches).toHaveLength(count);
  });

  test('eight touches, in the order given', () => {
    const latest = range(12).map((index) => touch({ seq: 12 - index, identity: idOf(index, 0) }));
    const view = signView(facts({ latest }), SILENT);
    expect(view.kind === 'open' && view.touches.map(({ company }) => company)).toEqual(
      range(8).map((index) => `会社0${index}`),
    );
  });

  test.each<[string, readonly number[], readonly (readonly [string, number])[], number?]>([
    [
      'the biggest first, then by name',
      [1, 3, 1],
      [
        ['会社01', 3],
        ['会社00', 1],
        ['会社02', 1],
      ],
    ],
    ['six have a line each', [1, 1, 1, 1, 1, 1], range(6).map((index) => [`会社0${index}`, 1])],
    [
      'of more, five have one and the rest are summed',
      [1, 1, 5, 4, 3, 2, 2],
      [
        ['会社02', 5],
        ['会社03', 4],
        ['会社04', 3],
        ['会社05', 2],
        ['会社06', 2],
      ],
      2,
    ],
  ])('people by company: %s', (_what, counts, companies, others) => {
    const people = counts.flatMap((count, company) =>
      range(count).map((person) => onSite(idOf(company, person))),
    );
    expect(signView(facts({ people }), SILENT)).toMatchObject({
      onSite: people.length,
      companies: companies.map(([company, count]) => ({ company, people: count })),
      others,
    });
  });

  test('who is on no roster counts, too', () => {
    const people = [onSite(CARD), onSite(idOf(0, 0))];
    const unknown = { company: '所属不明', people: 1 };
    expect(signView(facts({ people }), SILENT)).toMatchObject({
      onSite: 2,
      companies: [{ company: '会社00', people: 1 }, unknown],
    });
    const status = { ...facts().status, rosterIndex: undefined };
    expect(signView(facts({ people, status }), SILENT)).toMatchObject({
      siteName: '',
      companies: [{ ...unknown, people: 2 }],
    });
  });

  test('a name only where the site says so', () => {
    const latest = [touch({ identity: idOf(3, 2) }), touch({ identity: CARD })];
    expect(signView(facts({ latest }), { showsNames: true })).toMatchObject({
      touches: [{ name: nameOf(3, 2) }, { name: '（名簿にない方）' }],
    });
  });

  test('where nothing can be recorded, no figure is shown', () => {
    const status = { ...facts().status, storageFault: 'full: disk' };
    const closed = facts({ status, people: [onSite(idOf(0, 0))], latest: [touch()] });
    expect(signView(closed, SILENT)).toEqual({
      kind: 'closed',
      siteName: '県道みなと橋',
      date: '11月24日（火）',
      time: '07:58',
      isClockTrusted: true,
      words: ['記録できません', '職員に知らせてください'],
    });
  });

  test('a clock that is not set is said to be so', () => {
    const status = { ...facts().status, clock: { ...clock, trust: 'untrusted' } as const };
    expect(signView(facts({ status }), SILENT)).toMatchObject({ isClockTrusted: false });
  });

  test('whoever is there: each is counted once, and no name or id is in the view', () => {
    const someone = fc.tuple(fc.nat(COMPANIES - 1), fc.nat(PEOPLE - 1));
    fc.assert(
      fc.property(fc.uniqueArray(someone, { selector: String }), (who) => {
        const identities = who.map(([company, person]) => idOf(company, person));
        const view = signView(
          facts({
            people: identities.map(onSite),
            latest: identities.map((identity) => touch({ identity })),
          }),
          SILENT,
        );
        if (view.kind !== 'open') throw new Error('not open');
        const shown = view.companies.reduce((sum, { people }) => sum + people, 0);
        expect(shown + (view.others ?? 0)).toBe(who.length);
        const text = JSON.stringify(view);
        for (const [company, person] of who) {
          expect(text).not.toContain(nameOf(company, person));
          expect(text).not.toContain(idOf(company, person));
        }
      }),
    );
  });
});
