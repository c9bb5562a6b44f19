/** Who may see what: what must hold whoever asks, for whatever, on whichever dates. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ITEMS } from '../../../gateway/access/viewing-scope.ts';
import type { RegistryIndex } from '../../../gateway/registry/registry.ts';
import { addDays, workDate } from '../../../shared/time.ts';
import {
  CONTRACT,
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

const withConsents = (...consents: readonly object[]): RegistryIndex => castIndex({ consents });

describe('whatever is asked', () => {
  const companies = [PRIME, FIRST, SECOND, FORMER, OTHER_PRIME];
  const workers = [WORKER, STRANGER, NEIGHBOUR, LEFT];
  const sites = [SITE, PAST_SITE, FOREIGN_SITE];
  const contracts = [CONTRACT, PAST_CONTRACT, FOREIGN_CONTRACT];
  const anyDate = fc.integer({ min: -700, max: 700 }).map((days) => addDays(workDate(TODAY), days));
  const optional = (values: readonly string[]) =>
    fc.option(fc.constantFrom(...values, '99999999999999'), { nil: undefined });
  const anySubject = fc.record({
    workerId: optional(workers),
    companyId: optional(companies),
    siteId: optional(sites),
    contractId: optional(contracts),
  });
  const companyScope = (kind: string) =>
    fc.constantFrom(...companies).map((companyId) => `${kind}:${companyId}`);
  const limitedScope = fc.oneof(
    ...['employer', 'prime', 'upper'].map(companyScope),
    fc.constantFrom(...workers).map((workerId) => `worker:${workerId}`),
    fc.constantFrom(...sites).map((siteId) => `orderer-site:${siteId}`),
    fc.constantFrom(...contracts).map((contractId) => `orderer-contract:${contractId}`),
  );
  const anyConsents = fc.array(
    fc.record({
      workerId: fc.constantFrom(...workers),
      byWorker: fc.boolean(),
      byEmployer: fc.boolean(),
      items: fc.subarray([...ITEMS]),
      to: fc.constantFrom('prime', 'upper', 'orderer', 'other-company'),
    }),
    { maxLength: 4 },
  );
  const anyItem = fc.constantFrom(...ITEMS);

  test('a stranger sees nothing: every company, worker and contract that the registry does not know', () => {
    const strangers = ['employer', 'prime', 'upper'].map((kind) => `${kind}:88888888888888`);
    const scope = fc.constantFrom(
      ...strangers,
      'worker:88888888888888',
      'orderer-site:88888888888888',
      'orderer-contract:none',
    );
    fc.assert(
      fc.property(
        scope,
        anySubject,
        anyItem,
        anyDate,
        anyDate,
        (of, subject, item, date, today) => {
          expect(sight(of, subject, item, { date, today }).isVisible).toBe(false);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('without a consent of both, consents open nothing', () => {
    fc.assert(
      fc.property(
        limitedScope,
        anySubject,
        anyItem,
        anyDate,
        anyConsents,
        (scope, subject, item, date, consents) => {
          const halves = consents.filter(({ byWorker, byEmployer }) => !(byWorker && byEmployer));
          const index = withConsents(...halves);
          expect(sight(scope, subject, item, { date, index })).toEqual(
            sight(scope, subject, item, { date }),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a consent never closes what was open, and opens only its own items', () => {
    fc.assert(
      fc.property(
        limitedScope,
        anySubject,
        anyItem,
        anyDate,
        anyConsents,
        (scope, subject, item, date, consents) => {
          const before = sight(scope, subject, item, { date });
          const after = sight(scope, subject, item, { date, index: withConsents(...consents) });
          if (before.isVisible) expect(after).toEqual(before);
          else if (after.isVisible) {
            expect(after.rule).toBe('both-consented');
            expect(
              consents.some(
                (each) =>
                  each.byWorker &&
                  each.byEmployer &&
                  each.workerId === subject.workerId &&
                  each.items.includes(item),
              ),
            ).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('the own page is for the worker and the employer of that date alone', () => {
    fc.assert(
      fc.property(
        limitedScope,
        anySubject,
        anyDate,
        anyConsents,
        (scope, subject, date, consents) => {
          if (subject.workerId === undefined) return;
          const { isVisible, rule } = sight(scope, subject, 'own-page', {
            date,
            index: withConsents(...consents),
          });
          if (isVisible) expect(['own-record', 'own-employee']).toContain(rule);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('a 元請 sees workers only while it has an own site under way', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(PRIME),
        anySubject,
        anyItem,
        anyDate,
        anyDate,
        anyConsents,
        (prime, subject, item, date, today, consents) => {
          // What is asked of the 元請 of a site stays before it until it is decided.
          if (subject.workerId === undefined || item === 'corrections') return;
          const { isVisible } = sight(`prime:${prime}`, subject, item, {
            date,
            today,
            index: withConsents(...consents),
          });
          const isUnderWay =
            (today >= '2026-01-01' && today <= '2026-12-31') || today <= '2025-12-31';
          if (!isUnderWay) expect(isVisible).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
