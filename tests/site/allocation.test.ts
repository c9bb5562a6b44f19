/** A confirmed run on a real gateway: it outlives the process that confirmed it, and allocates no day again. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registryDocument, SITE_ID, WORKER_ID } from '../fixtures/registry.ts';
import { createSite, type Site } from '../fixtures/site.ts';

let site: Site;
beforeEach(async () => {
  site = await createSite();
});
afterEach(() => site.remove());

/** Days that somebody vouches for, in the month before this one: over, and recent whenever the test runs. */
const lastMonth = (): string => {
  const today = new Date(Date.now() + 9 * 3_600_000);
  return new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 1))
    .toISOString()
    .slice(0, 7);
};
const month = lastMonth();
const vouched = (day: string) => ({
  siteId: SITE_ID,
  workerId: WORKER_ID,
  workDate: `${month}-${day}`,
  kind: 'add',
  by: '現場代理人',
  reason: 'カード忘れ',
  recordedAt: `${month}-25T09:00:00+09:00`,
});
const [contract, second] = registryDocument.contracts;
const registry = (days: readonly string[]) => ({
  ...registryDocument,
  contracts: [{ ...contract, contractDate: `${month}-01` }, second],
  purchases: [
    { contractId: 'K1', method: 'points', date: `${month}-01`, yen: 3_200, colour: 'red' },
  ],
  corrections: days.map(vouched),
});

const put = async (days: readonly string[]): Promise<void> => {
  const answer = await site.api('/v1/registry', {
    method: 'PUT',
    body: JSON.stringify(registry(days)),
  });
  expect(answer.status).toBe(200);
};
const allocate = async (dryRun: boolean) => {
  const answer = await site.api('/v1/allocations', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ contractId: 'K1', month, dryRun }),
  });
  return { status: answer.status, ...(await answer.json()) };
};

test('a run outlives kill -9; what comes and goes after it is an addition and a reversal', async () => {
  let gateway = await site.startGateway();
  await put(['02', '03']);
  const { plan } = await allocate(true);
  expect(plan.figures).toMatchObject({ days: 2, yen: 640 });
  const { status, run } = await allocate(false);
  expect([status, run.confirmedBy, run.importNo]).toEqual([201, 'token:tests', 1]);

  await gateway.kill('SIGKILL');
  gateway = await site.startGateway();
  const kept = await (await site.api(`/v1/allocations/${run.runId}`)).json();
  expect(kept).toMatchObject({ run, isIntact: true });
  expect((await allocate(false)).outcome).toBe('nothing-to-allocate');

  await put(['03', '04']);
  const after = await allocate(false);
  expect(
    after.plan.rows.map(({ kind, workDate, days }: Record<string, unknown>) => [
      kind,
      workDate,
      days,
    ]),
  ).toEqual([
    ['reversal', `${month}-02`, -1],
    ['addition', `${month}-04`, 1],
  ]);
  const deadlines = await (await site.api('/v1/reports/deadlines')).json();
  expect(deadlines.rows).toContainEqual(
    expect.objectContaining({ kind: 'allocation', contractId: 'K1', month, state: 'done' }),
  );
  await gateway.kill('SIGTERM');
});
