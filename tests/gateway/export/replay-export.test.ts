/** Every report, recomputed from an export, is what the gateway issues from its ledger. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { basisOfExport } from '../../../gateway/export/replay-export.ts';
import type { ReportBasis } from '../../../gateway/report-basis.ts';
import { REPORTS } from '../../../gateway/reports/catalogue.ts';
import { dateInJapan, isValidOn, Month } from '../../../shared/time.ts';
import { bodyLinesOf, encoded } from '../../fixtures/exports.ts';
import { createGatewayOfGates, type GatewayOfGates } from '../../fixtures/gateway-of-gates.ts';
import { SITE, WORKER } from '../../fixtures/identities.ts';
import { aChange, HISTORY_END, isOfficeChange } from '../../fixtures/random-history.ts';

const folder = mkdtempSync(join(tmpdir(), 'genba-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILTERS = [
  {},
  { month: Month.parse('2026-11') },
  { siteId: SITE, month: Month.parse('2026-11') },
] as const;

type DaysOf = (span: Parameters<GatewayOfGates['ledger']['attendance']>[0]) => ReportBasis['days'];

const reports = ({ registry, index }: Pick<ReportBasis, 'registry' | 'index'>, daysOf: DaysOf) =>
  REPORTS.flatMap((report) =>
    FILTERS.map((filter) =>
      report.make({
        registry,
        index,
        days: daysOf(report.needs(filter)),
        filter,
        asOf: dateInJapan(HISTORY_END),
        now: HISTORY_END,
      }),
    ),
  );

const issued = ({ gateway, ledger }: GatewayOfGates) =>
  reports({ registry: gateway.registry(), index: gateway.registryIndex() }, ledger.attendance);

const recomputed = ({ db }: GatewayOfGates) => {
  const file = join(folder, 'export.ndjson');
  writeFileSync(file, encoded(bodyLinesOf(db)));
  const basis = basisOfExport(file);
  if (!basis.ok) throw new Error(JSON.stringify(basis.faults));
  const { days } = basis.value;
  return reports(basis.value, (span) => days.filter(({ workDate }) => isValidOn(span, workDate)));
};

/** What happens, at which gate, and how much of it is sent or rescued afterwards. */
const aStep = fc.record({
  gate: fc.constantFrom<0 | 1>(0, 1),
  changes: fc.array(aChange, { maxLength: 6 }),
  sent: fc.constantFrom('send', 'send-again', 'rescue', 'wait'),
});

describe('replay of an export', () => {
  test('gives what the gateway issues, for every report and whatever happened', () => {
    fc.assert(
      fc.property(fc.array(aStep, { maxLength: 8 }), (steps) => {
        const world = createGatewayOfGates();
        for (const { gate, changes, sent } of steps) {
          for (const change of changes)
            if (isOfficeChange(change)) world.change(change);
            else world.write(gate, change);
          if (sent === 'send') world.send(gate, 4);
          if (sent === 'send-again') world.send(gate, 4, 2);
          if (sent === 'rescue') world.rescue(gate, 3);
          world.derive();
        }
        world.sendAll();
        world.derive();
        const both = [recomputed(world), issued(world)];
        world.close();
        expect(both[0]).toEqual(both[1]);
      }),
      { numRuns: 150 },
    );
  }, 300_000);

  test('counts a touch that was dated later, off a card that was bound later', () => {
    const world = createGatewayOfGates();
    world.write(0, { do: 'boot' });
    world.write(0, { do: 'touch', minute: 480, direction: 'in', card: 0, readerId: 'east' });
    world.write(0, { do: 'touch', minute: 1_020, direction: 'out', card: 0, readerId: 'east' });
    world.write(0, { do: 'trust', minute: 1_030 });
    world.write(1, { do: 'bind', card: 0, isOther: false });
    world.rescue(0, 2);
    world.sendAll();
    const rows = recomputed(world).find(({ report }) => report === 'attendance')?.rows;
    expect(rows).toMatchObject([{ workerId: WORKER, workDate: '2026-11-01', minutes: 540 }]);
    world.close();
  });

  test('of a gateway that has nothing yet', () => {
    const world = createGatewayOfGates();
    expect(recomputed(world)).toEqual(issued(world));
    world.close();
  });
});
