/** A site of 5,000 workers, each with a card: what the terminal has to know by heart. */
import { until } from '../fixtures/event-log.ts';
import { FIRST_TIER, registryDocument, SITE_ID } from '../fixtures/registry.ts';
import type { RunningService } from '../fixtures/service.ts';
import type { Site } from '../fixtures/site.ts';

export const CROWD = 5_000;

export const serialOfCrowd = (number: number): string =>
  `02BE${number.toString(16).toUpperCase().padStart(12, '0')}`;

/** Imports them at the gateway and waits until the terminal has them. */
export const bringCrowd = async (site: Site, terminal: RunningService): Promise<void> => {
  const numbers = Array.from({ length: CROWD }, (_, index) => index);
  const workerIdOf = (number: number): string => String(10_000_000_001_000 + number);
  const [worker] = registryDocument.workers;
  const [assignment] = registryDocument.assignments;
  await site.importRegistry({
    workers: numbers.map((number) => ({
      ...worker,
      workerId: workerIdOf(number),
      name: `試験 作業${number}`,
      memberNo: String(400_000_000 + number),
    })),
    cards: numbers.map((number) => ({
      cardId: serialOfCrowd(number),
      workerId: workerIdOf(number),
    })),
    employments: numbers.map((number) => ({
      workerId: workerIdOf(number),
      companyId: FIRST_TIER,
      kind: 'employee',
    })),
    assignments: numbers.map((number) => ({
      ...assignment,
      siteId: SITE_ID,
      workerId: workerIdOf(number),
    })),
  });
  await until(async () => {
    const report = await (await fetch(`${terminal.ready.kioskUrl}status`)).json();
    return report.state.roster?.workers === CROWD;
  }, `the roster of ${CROWD}`);
};
