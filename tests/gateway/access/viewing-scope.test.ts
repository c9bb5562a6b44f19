/** Who may see what: the whole matrix, a reason in each row. */
import { describe, expect, test } from 'vitest';
import type { ViewedSubject } from '../../../gateway/access/viewing-relations.ts';
import type { ClosedRule, Item, OpenRule } from '../../../gateway/access/viewing-scope.ts';
import type { RegistryIndex } from '../../../gateway/registry/registry.ts';
import {
  CONTRACT,
  castDocument,
  castIndex,
  FIRST,
  FOREIGN_CONTRACT,
  FOREIGN_SITE,
  FORMER,
  LEFT,
  NEIGHBOUR,
  OTHER_PRIME,
  PAST_CONTRACT,
  PAST_SITE,
  PRIME,
  SECOND,
  SITE,
  STRANGER,
  sight,
  TODAY,
  WORKER,
} from '../../fixtures/viewing-cast.ts';

const worker = { siteId: SITE, workerId: WORKER };

/** The cast by the names that the tables use. */
const CAST: Readonly<Record<string, string>> = {
  PRIME,
  FIRST,
  SECOND,
  FORMER,
  OTHER_PRIME,
  WORKER,
  STRANGER,
  NEIGHBOUR,
  LEFT,
  SITE,
  PAST_SITE,
  FOREIGN_SITE,
  CONTRACT,
  PAST_CONTRACT,
  FOREIGN_CONTRACT,
  TODAY,
};
const named = (name: string): string => CAST[name] ?? name;
const scopeNamed = (text: string): string => text.split(':').map(named).join(':');
const subjectNamed = (text: string): ViewedSubject =>
  Object.fromEntries(
    text.split(' ').map((name) => {
      const id = named(name);
      const field = { 1: 'workerId', 2: 'companyId', 3: 'siteId' }[id.charAt(0)] ?? 'contractId';
      return [field, id];
    }),
  );
/** One row a line, cells between bars. */
const table = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));

const OPEN = new Set<string>([
  'administrator',
  'central-system',
  'own-record',
  'own-employee',
  'own-assignment',
  'own-company',
  'own-contract',
  'own-active-site',
  'past-own-site',
  'asked-of-own-site',
  'lower-tier',
  'prime-consented',
  'both-consented',
]);

describe('the matrix', () => {
  test.each(
    table(`
      admin                          | SITE WORKER           | own-page       | TODAY      | administrator           | whoever runs the gateway answers for it
      central                        | SITE WORKER           | history        | TODAY      | central-system          | the record is kept for it
      worker:WORKER                  | SITE WORKER           | own-page       | TODAY      | own-record              | it is the own record
      worker:WORKER                  | PAST_SITE WORKER      | history        | 2025-06-01 | own-record              | on every site and date
      worker:WORKER                  | SITE NEIGHBOUR        | roster         | TODAY      | not-theirs              | a mate is somebody else
      worker:WORKER                  | SITE                  | figures        | TODAY      | not-theirs              | figures of a site are not the worker’s
      employer:SECOND                | SITE WORKER           | own-page       | TODAY      | own-employee            | ポイント1: 本人と雇用主
      employer:SECOND                | FOREIGN_SITE WORKER   | history        | TODAY      | own-employee            | wherever the worker works
      employer:SECOND                | PAST_SITE WORKER      | history        | 2025-06-01 | needs-both-consents     | before the employment it was another’s worker
      employer:FORMER                | PAST_SITE WORKER      | history        | 2025-06-01 | own-employee            | a day of the own employment
      employer:FORMER                | SITE WORKER           | history        | TODAY      | needs-both-consents     | a former employer sees nothing later
      employer:FORMER                | SITE WORKER           | birth-date     | TODAY      | not-theirs              | 生年月日 is always closed to other companies
      employer:PRIME                 | SITE WORKER           | history        | TODAY      | needs-both-consents     | an employer scope is no prime scope
      employer:SECOND                | SECOND SITE           | figures        | TODAY      | own-company             | the own company’s figures
      employer:SECOND                | FIRST SITE            | figures        | TODAY      | not-theirs              | another company’s figures
      employer:SECOND                | SITE                  | site-state     | TODAY      | not-theirs              | the site is not the subcontractor’s
      prime:PRIME                    | SITE WORKER           | roster         | TODAY      | own-active-site         | ポイント3: 作業員名簿の項目
      prime:PRIME                    | SITE WORKER           | birth-date     | TODAY      | own-active-site         | stands in the 作業員名簿
      prime:PRIME                    | SITE WORKER           | insurance      | TODAY      | own-active-site         | stands in the 作業員名簿
      prime:PRIME                    | SITE WORKER           | history        | 2026-05-01 | own-active-site         | history on the own site
      prime:PRIME                    | SITE WORKER           | contributions  | 2026-05-01 | own-active-site         | the 元請 pays into its own contract
      prime:PRIME                    | SITE WORKER           | qualifications | TODAY      | needs-both-consents     | qualifications only where the worker agrees
      prime:PRIME                    | SITE WORKER           | level          | TODAY      | needs-both-consents     | the level is no roster item
      prime:PRIME                    | SITE WORKER           | own-page       | TODAY      | worker-page             | never the worker’s own page
      prime:PRIME                    | PAST_SITE WORKER      | history        | 2025-06-01 | past-own-site           | 過去自社の現場での就業履歴, while the worker is on one of its sites
      prime:PRIME                    | PAST_SITE WORKER      | contributions  | 2025-06-01 | needs-both-consents     | of past sites the history only
      worker:WORKER                  | SITE WORKER           | corrections    | TODAY      | own-record              | what is asked about oneself
      employer:SECOND                | SITE WORKER           | corrections    | TODAY      | own-employee            | what is asked about its own people
      prime:PRIME                    | SITE WORKER           | corrections    | TODAY      | asked-of-own-site       | it has to decide
      prime:PRIME                    | PAST_SITE WORKER      | corrections    | 2025-06-01 | asked-of-own-site       | also when the works are over
      prime:PRIME                    | FOREIGN_SITE WORKER   | corrections    | TODAY      | not-theirs              | another 元請 decides there
      upper:FIRST                    | SITE WORKER           | corrections    | TODAY      | not-theirs              | between employer and 元請
      prime:PRIME                    | FOREIGN_SITE WORKER   | history        | TODAY      | needs-both-consents     | another 元請’s site
      prime:PRIME                    | SITE LEFT             | roster         | TODAY      | worker-not-on-site      | who has left is no longer on the roster
      prime:PRIME                    | SITE LEFT             | history        | 2026-06-01 | own-active-site         | but the days on the active site stay
      prime:PRIME                    | FOREIGN_SITE STRANGER | roster         | TODAY      | not-an-own-active-site  | nothing to do with each other
      prime:OTHER_PRIME              | SITE WORKER           | roster         | TODAY      | not-an-own-active-site  | prime elsewhere is not prime here
      prime:PRIME                    | WORKER                | history        | TODAY      | needs-both-consents     | history of no named site is more than the own sites
      prime:PRIME                    | SITE                  | site-state     | TODAY      | own-active-site         | terminals of the own site
      prime:PRIME                    | PAST_SITE             | site-state     | TODAY      | not-an-own-active-site  | the works are over
      prime:PRIME                    | SITE                  | card           | TODAY      | own-active-site         | a card of nobody must be found out about
      prime:PRIME                    | SITE WORKER           | card           | TODAY      | needs-both-consents     | the number of somebody’s card
      prime:PRIME                    | PAST_CONTRACT         | works          | TODAY      | own-contract            | its party, also after completion: names nobody
      prime:PRIME                    | FOREIGN_CONTRACT      | works          | TODAY      | not-theirs              | another’s contract
      prime:PRIME                    | FOREIGN_CONTRACT SITE | works          | TODAY      | not-theirs              | a contract of another site than the row’s is nobody’s
      prime:PRIME                    | PRIME                 | figures        | TODAY      | own-company             | the own company’s figures
      prime:PRIME                    | SECOND                | figures        | TODAY      | not-theirs              | a subcontractor’s figures over all its sites
      upper:FIRST                    | SITE WORKER           | roster         | TODAY      | lower-tier              | SECOND stands below FIRST here
      upper:FIRST                    | SITE WORKER           | history        | 2026-05-01 | lower-tier              | history of its own lower tier
      upper:FIRST                    | SITE WORKER           | contributions  | 2026-05-01 | needs-both-consents     | 掛金 are between employer and 元請
      upper:FIRST                    | SITE WORKER           | own-page       | TODAY      | worker-page             | never the worker’s own page
      upper:FIRST                    | SITE NEIGHBOUR        | roster         | TODAY      | not-theirs              | FORMER stands beside, not below
      upper:FIRST                    | PAST_SITE WORKER      | history        | 2025-06-01 | past-own-site           | FORMER stood below it there, and the worker is on its site now
      upper:SECOND                   | SITE NEIGHBOUR        | history        | TODAY      | not-theirs              | nobody stands below SECOND
      upper:FIRST                    | SITE SECOND           | works          | TODAY      | lower-tier              | its own lower tier
      upper:FIRST                    | SITE SECOND           | figures        | TODAY      | not-theirs              | what the lower tier pays is its own affair
      upper:FIRST                    | SITE FORMER           | works          | TODAY      | not-theirs              | beside, not below
      upper:FIRST                    | SITE                  | site-state     | TODAY      | not-theirs              | the site is the 元請’s
      orderer-contract:CONTRACT      | SITE CONTRACT         | figures        | TODAY      | prime-consented         | rates and totals with the 元請’s consent
      orderer-contract:CONTRACT      | SITE                  | works          | TODAY      | prime-consented         | the site has this contract only
      orderer-site:SITE              | CONTRACT              | works          | TODAY      | prime-consented         | a contract of its site
      orderer-contract:PAST_CONTRACT | PAST_CONTRACT         | figures        | TODAY      | prime-has-not-consented | closed until the 元請 consents
      orderer-site:FOREIGN_SITE      | FOREIGN_SITE          | figures        | TODAY      | prime-has-not-consented | closed until the 元請 consents
      orderer-contract:CONTRACT      | FOREIGN_CONTRACT      | figures        | TODAY      | not-theirs              | another contract
      orderer-contract:CONTRACT      | SITE WORKER           | history        | TODAY      | needs-both-consents     | a single worker takes both consents
      orderer-contract:CONTRACT      | SITE WORKER           | own-page       | TODAY      | worker-page             | never the worker’s own page
      orderer-site:SITE              | SITE STRANGER         | history        | TODAY      | worker-not-on-site      | never on that site
      orderer-site:SITE              | SITE                  | site-state     | TODAY      | needs-both-consents     | who stands where now is the 元請’s
    `),
  )('%s · %s · %s on %s: %s (%s)', (scope = '', subject = '', item = '', date = '', rule = '') => {
    expect(
      sight(scopeNamed(scope), subjectNamed(subject), item as Item, { date: named(date) }),
    ).toEqual({ isVisible: OPEN.has(rule), rule });
  });

  test.each<[string, string, Item, OpenRule | ClosedRule, string]>([
    [`prime:${PRIME}`, '2026-12-31', 'history', 'own-active-site', 'the last day of the works'],
    [`prime:${PRIME}`, '2027-01-01', 'history', 'not-an-own-active-site', 'the day after'],
    [`prime:${PRIME}`, '2027-01-01', 'roster', 'not-an-own-active-site', 'the day after'],
    [`upper:${FIRST}`, '2026-12-31', 'roster', 'lower-tier', 'the last day of the works'],
    [`upper:${FIRST}`, '2027-01-01', 'history', 'not-an-own-active-site', 'the day after'],
    [`employer:${SECOND}`, '2027-01-01', 'history', 'own-employee', 'an employer needs no site'],
  ])('%s asked on %s for %s: %s (%s)', (scope, today, item, rule) => {
    expect(sight(scope, worker, item, { date: '2026-05-01', today })).toMatchObject({ rule });
  });

  test('the orderer sees no longer than the 元請’s consent lasts', () => {
    const asked = (today: string) =>
      sight(`orderer-contract:${CONTRACT}`, { contractId: CONTRACT }, 'figures', { today });
    expect(asked('2026-12-31').isVisible).toBe(true);
    expect(asked('2027-01-01').isVisible).toBe(false);
    expect(asked('2025-12-31').isVisible).toBe(false);
  });

  test('a company that stands under two others on a site is below both', () => {
    const index = castIndex({
      organisation: [
        ...castDocument.organisation,
        { siteId: SITE, companyId: SECOND, upperId: FORMER, accepted: true },
      ],
    });
    for (const upperId of [FIRST, FORMER])
      for (const item of ['roster', 'history'] as const)
        expect(sight(`upper:${upperId}`, worker, item, { index })).toEqual({
          isVisible: true,
          rule: 'lower-tier',
        });
  });

  test('a site with contracts of several orderers shows its whole to neither', () => {
    const [first] = castDocument.contracts;
    const index = castIndex({
      contracts: [...castDocument.contracts, { ...first, contractId: 'K9' }],
    });
    const asked = (subject: ViewedSubject) =>
      sight(`orderer-contract:${CONTRACT}`, subject, 'figures', { index }).isVisible;
    expect(asked({ siteId: SITE })).toBe(false);
    expect(asked({ siteId: SITE, contractId: CONTRACT })).toBe(true);
    expect(asked({ siteId: SITE, contractId: 'K9' })).toBe(false);
  });
});

const consent = {
  workerId: WORKER,
  byWorker: true,
  byEmployer: true,
  items: ['level', 'history', 'birth-date', 'own-page'],
  to: 'prime',
};
const withConsents = (...consents: readonly object[]): RegistryIndex => castIndex({ consents });

describe('a consent', () => {
  const elsewhere = { siteId: FOREIGN_SITE, workerId: WORKER };
  test.each<[object, string, ViewedSubject, Item, boolean, string]>([
    [{}, `prime:${PRIME}`, worker, 'level', true, 'both agreed to that item'],
    [{}, `prime:${PRIME}`, elsewhere, 'history', true, 'both agreed to the history elsewhere'],
    [{}, `prime:${PRIME}`, worker, 'qualifications', false, 'another item'],
    [{}, `prime:${PRIME}`, worker, 'own-page', false, 'the own page opens to no one'],
    [{ byWorker: false }, `prime:${PRIME}`, worker, 'level', false, 'the worker did not'],
    [{ byEmployer: false }, `prime:${PRIME}`, worker, 'level', false, 'the employer did not'],
    [{ to: 'upper' }, `prime:${PRIME}`, worker, 'level', false, 'to somebody else'],
    [{ from: '2026-11-26' }, `prime:${PRIME}`, worker, 'level', false, 'from tomorrow on'],
    [{ from: '2026-03-01' }, `prime:${PRIME}`, worker, 'level', true, 'under the present employer'],
    [{ from: '2025-03-01' }, `prime:${PRIME}`, worker, 'level', false, 'under the former employer'],
    [{}, `prime:${OTHER_PRIME}`, worker, 'level', false, 'a 元請 on whose sites the worker is not'],
    [{ to: 'upper' }, `upper:${FIRST}`, worker, 'level', true, 'both agreed'],
    [{ to: 'upper' }, `upper:${FORMER}`, worker, 'level', false, 'no upper tier of this worker'],
    [
      { to: 'orderer' },
      `orderer-contract:${CONTRACT}`,
      worker,
      'history',
      true,
      'all three agreed',
    ],
    [
      { to: 'orderer' },
      `orderer-site:${FOREIGN_SITE}`,
      elsewhere,
      'history',
      false,
      'without the 元請',
    ],
    [{ to: 'other-company' }, `employer:${FORMER}`, worker, 'history', true, 'both agreed'],
    [
      { to: 'other-company' },
      `employer:${FORMER}`,
      worker,
      'birth-date',
      false,
      '生年月日 stays closed',
    ],
    [{ workerId: NEIGHBOUR }, `prime:${PRIME}`, worker, 'level', false, 'another worker’s'],
  ])('%j opens to %s of %j the %s: %s (%s)', (change, scope, subject, item, isVisible) => {
    const index = withConsents({ ...consent, ...change });
    expect(sight(scope, subject, item, { index }).isVisible).toBe(isVisible);
  });

  test('of each alone does not add up to both', () => {
    const index = withConsents({ ...consent, byWorker: false }, { ...consent, byEmployer: false });
    expect(sight(`prime:${PRIME}`, worker, 'level', { index }).isVisible).toBe(false);
  });
});
