/** Of a "why", whoever asks: nobody is named in the answer of whom the asker may see nothing at all. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSight } from '../../../gateway/access/sight.ts';
import { parseViewer } from '../../../gateway/access/viewer.ts';
import { ITEMS, sightingOf } from '../../../gateway/access/viewing-scope.ts';
import { REPORTS } from '../../../gateway/reports/catalogue.ts';
import type { Report, ReportDocument } from '../../../gateway/reports/report.ts';
import { addDays, isValidOn } from '../../../shared/time.ts';
import { RANDOM_AS_OF, RANDOM_NOW, randomSite, worldOf } from '../../fixtures/random-site.ts';
import {
  COMPANIES,
  CONTRACTS,
  DAYS,
  FIRST,
  SITES,
  WORKERS,
} from '../../fixtures/random-site-parties.ts';

const scopes = fc.constantFrom(
  ...COMPANIES.flatMap((id) => [`employer:${id}`, `prime:${id}`, `upper:${id}`]),
  ...WORKERS.map((id) => `worker:${id}`),
  ...SITES.map((id) => `orderer-site:${id}`),
  ...CONTRACTS.map((id) => `orderer-contract:${id}`),
);
/** Whose rows name no worker, and so are open to people who may see none. */
const FIGURE_REPORTS = REPORTS.filter(({ key }) => !key.includes('workerId')).flatMap((report) => [
  report,
  report,
  report,
]);
const DATES = Array.from({ length: DAYS }, (_, day) => addDays(FIRST, day));

/** Some of the report's own rows, and of those of each list beside them, each with the fields of its key. */
const rowsAndLists = (report: Report, document: ReportDocument) =>
  [[undefined, report.key] as const, ...Object.entries(report.besideKeys ?? {})].flatMap(
    ([list, fields]) => {
      const rows: readonly object[] = Reflect.get(document, list ?? 'rows');
      return rows.slice(0, 10).map((row) => ({ row, fields, list }));
    },
  );

describe('a narrowed why', () => {
  test('and the report itself name no worker of whom nothing is open', () => {
    let answers = 0;
    let closed = 0;
    fc.assert(
      fc.property(
        randomSite,
        scopes,
        fc.constantFrom(...FIGURE_REPORTS, ...REPORTS),
        (site, scope, report) => {
          const { registry, index, days, asker } = worldOf(...site);
          const viewer = parseViewer(scope);
          const sight = createSight({ viewers: [viewer], index, today: RANDOM_AS_OF });
          const span = report.needs({});
          const document = report.make({
            registry,
            index,
            days: days.filter(({ workDate }) => isValidOn(span, workDate)),
            filter: {},
            asOf: RANDOM_AS_OF,
            now: RANDOM_NOW,
          });
          const isOpen = (workerId: string): boolean =>
            [undefined, ...SITES].some((siteId) =>
              [RANDOM_AS_OF, ...DATES].some((date) =>
                ITEMS.some(
                  (item) =>
                    sightingOf(index, {
                      viewer,
                      subject: { workerId, siteId },
                      item,
                      date,
                      today: RANDOM_AS_OF,
                    }).isVisible,
                ),
              ),
            );
          const strangers = WORKERS.filter((workerId) => !isOpen(workerId));
          const shown = JSON.stringify(sight.report(document));
          for (const stranger of strangers) expect(shown).not.toContain(stranger);
          for (const { row, fields, list } of rowsAndLists(report, document)) {
            const key = Object.fromEntries(
              Object.entries(row).flatMap(([field, value]) =>
                fields.includes(field) && value !== undefined ? [[field, String(value)]] : [],
              ),
            );
            const why = asker.why(report, key, {}, list);
            const seen = why && sight.why(asker.deepened(why, 2));
            if (seen === undefined) continue;
            answers += 1;
            const text = JSON.stringify(seen);
            if (text.includes('"closed"')) closed += 1;
            for (const stranger of strangers) expect(text).not.toContain(stranger);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(answers).toBeGreaterThan(0);
    expect(closed).toBeGreaterThan(0);
  });
});
