/**
 * `month-close`: a month of a million worker-days, from what is derived on disk to what everybody owes and to
 * runs of allocation; against a plain SQL aggregate over the very same rows.
 *
 * 50 sites of 1,000 workers on 20 days, each with a contract, 10 companies a site, an officer and a worker
 * without a member number in every 50, and a night shift in every 100 days.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAllocationDesk } from '../../gateway/allocation/allocation-desk.ts';
import type { AttendanceDay } from '../../gateway/attendance/attendance.ts';
import { subjectKey } from '../../gateway/attendance/subject-key.ts';
import { contributionsByContract, useOf } from '../../gateway/policies/contract-use.ts';
import { contributionsOf } from '../../gateway/policies/contributions.ts';
import { workerMonths } from '../../gateway/policies/worker-totals.ts';
import { parseRegistryDocument } from '../../gateway/registry/parse-registry.ts';
import { indexRegistry } from '../../gateway/registry/registry.ts';
import type { Registry } from '../../gateway/registry/registry-document.ts';
import { openSqliteAllocations } from '../../gateway/store/sqlite-allocations.ts';
import { openSqliteLedger } from '../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite, type Sqlite } from '../../shared/durable-sqlite.ts';
import { SiteId, WorkerId } from '../../shared/ids.ts';
import {
  addDays,
  firstDateOf,
  HOUR_MS,
  lastDateOf,
  month,
  startOfDate,
  utcMs,
  workDate,
} from '../../shared/time.ts';
import { type Figure, figure, milliseconds } from './figures.ts';

const SITES = 50;
const WORKERS_PER_SITE = 1_000;
const DAYS = 20;
const COMPANIES_PER_SITE = 10;
const WORKER_DAYS = SITES * WORKERS_PER_SITE * DAYS;
const MONTH = month('2026-05');
const TODAY = workDate('2026-06-15');
const SPAN = { from: firstDateOf(MONTH), to: lastDateOf(MONTH) };

const id = (start: string, no: number): string => `${start}${String(no).padStart(12, '0')}`;
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
const siteIdOf = (site: number): string => id('30', site);
const contractOf = (site: number): string => `K${site}`;
const companyOf = (worker: number): string => {
  const site = Math.floor(worker / WORKERS_PER_SITE);
  return id('20', site * COMPANIES_PER_SITE + (worker % COMPANIES_PER_SITE));
};
const workers = numbers(SITES * WORKERS_PER_SITE);

const makeRegistry = (): Registry => {
  const parsed = parseRegistryDocument({
    companies: numbers(SITES * COMPANIES_PER_SITE).map((no) => ({
      companyId: id('20', no),
      name: `会社${no}`,
      form: 'corporation',
      size: no % COMPANIES_PER_SITE === 0 ? 'large' : 'small',
      contractorNo: `65-${String(no).padStart(5, '0')}`,
      ccusRegistered: true,
      payDay: 25,
    })),
    workers: workers.map((no) => ({
      workerId: id('10', no),
      name: `技能者${no}`,
      kana: 'ギノウシャ',
      birthDate: '1980-04-01',
      ...(no % 50 === 1 ? {} : { memberNo: String(100_000_000 + no) }),
      ccusRegistered: true,
    })),
    employments: workers.map((no) => ({
      workerId: id('10', no),
      companyId: companyOf(no),
      kind: no % 50 === 0 ? 'officer' : 'employee',
    })),
    sites: numbers(SITES).map((site) => ({
      siteId: siteIdOf(site),
      name: `現場${site}`,
      primeId: id('20', site * COMPANIES_PER_SITE),
      public: true,
    })),
    contracts: numbers(SITES).map((site) => ({
      contractId: contractOf(site),
      siteId: siteIdOf(site),
      name: `工事${site}`,
      ordererName: '試験県',
      contractDate: '2026-04-01',
      costYen: 5_000_000_000,
      workType: 'civil-other',
      joiningRatePercent: 70,
      method: 'points',
    })),
    assignments: workers.map((no) => ({
      siteId: siteIdOf(Math.floor(no / WORKERS_PER_SITE)),
      workerId: id('10', no),
      companyId: companyOf(no),
      trade: '10-01',
      role: 'general',
    })),
    purchases: numbers(SITES).map((site) => ({
      contractId: contractOf(site),
      method: 'points',
      date: '2026-04-10',
      yen: 10_000_000,
      colour: 'blue',
    })),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults.slice(0, 3)));
  return parsed.value;
};

const dayOf = (worker: number, at: number): AttendanceDay => {
  const date = addDays(SPAN.from, at);
  const isNight = (worker + at) % 100 === 0;
  const inAt = utcMs(startOfDate(date) + (isNight ? 21 : 8) * HOUR_MS);
  const outAt = utcMs(inAt + (isNight ? 12 : 9) * HOUR_MS);
  const journal = `gate-${worker % 7}/0192f0c8-7d5e-7b7a-9a55-2f6b7c1d9e${worker % 90}`;
  return {
    siteId: SiteId.parse(siteIdOf(Math.floor(worker / WORKERS_PER_SITE))),
    subject: { kind: 'worker', workerId: WorkerId.parse(id('10', worker)) },
    workDate: date,
    firstTouchAt: inAt,
    firstIn: inAt,
    lastOut: outAt,
    minutes: isNight ? 720 : 540,
    nightMinutes: isNight ? 420 : 0,
    flags: [],
    evidence: [`${journal}/${worker * 40 + at}`, `${journal}/${worker * 40 + at + 20}`],
    shifts: [{ startAt: inAt, intervals: [{ inAt, outAt }] }],
    boundaryAt: inAt,
  };
};

/** As derivation leaves them. */
const fillAttendance = (db: Sqlite): void => {
  const insert = db.prepare('insert into attendance values (?, ?, ?, ?, ?)');
  const insertSite = db.transaction((site: number) => {
    for (const no of numbers(WORKERS_PER_SITE))
      for (const at of numbers(DAYS)) {
        const day = dayOf(site * WORKERS_PER_SITE + no, at);
        insert.run(
          day.siteId,
          subjectKey(day.subject),
          day.workDate,
          day.boundaryAt,
          JSON.stringify(day),
        );
      }
  });
  for (const site of numbers(SITES)) insertSite(site);
};

const AGGREGATE = `select site_id, subject, count(*) as days, sum(json_extract(day, '$.minutes')) as minutes
  from attendance where work_date between ? and ? group by site_id, subject`;

export const monthClose = async (): Promise<readonly Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'genba-bench-'));
  const db = openDurableSqlite(join(folder, 'ledger.db'), {
    checkpointPages: 10_000,
    cacheKiB: 65_536,
  });
  const ledger = openSqliteLedger(db);
  fillAttendance(db);
  const registry = makeRegistry();
  const index = indexRegistry(registry);
  const store = openSqliteAllocations(db);
  const desk = createAllocationDesk({
    ledger,
    store,
    registry: () => registry,
    registryIndex: () => index,
    derive: () => 0,
    now: () => startOfDate(TODAY),
  });

  let rows = 0;
  const aggregateMs = milliseconds(() => {
    rows = db.prepare<[string, string], object>(AGGREGATE).all(SPAN.from, SPAN.to).length;
  });
  if (rows !== workers.length) throw new Error(`the aggregate has ${rows} rows`);

  let owed = 0;
  const closeMs = milliseconds(() => {
    const { contributions } = contributionsOf(ledger.attendance(SPAN), index, {
      asOf: TODAY,
      ...SPAN,
    });
    for (const of of contributionsByContract(contributions).values()) owed += useOf(of).workerDays;
    rows = workerMonths(contributions).length;
  });
  if (owed !== WORKER_DAYS || rows !== workers.length)
    throw new Error(`the month has ${owed} worker-days of ${rows} workers`);

  let allocated = 0;
  const allocateMs = milliseconds(() => {
    for (const { contractId } of registry.contracts) {
      const outcome = desk.confirm({ contractId, month: MONTH }, { seen: undefined, by: 'bench' });
      if (outcome.kind !== 'confirmed') throw new Error(outcome.kind);
      allocated += outcome.run.figures.days;
    }
  });
  // Officers and those without a number are not payable.
  if (allocated !== (WORKER_DAYS * 48) / 50) throw new Error(`${allocated} days were allocated`);
  ledger.close();
  rmSync(folder, { recursive: true });

  const aggregate = 'plain SQL aggregate over the same rows, s';
  const limit = 'limit for a million worker-days';
  const seconds = (ms: number): number => ms / 1_000;
  return [
    figure(
      'month-close, 1,000,000 worker-days',
      seconds(closeMs),
      's',
      aggregate,
      seconds(aggregateMs),
    ),
    figure('month-close, limit', seconds(closeMs), 's', limit, 60),
    figure(
      'month-close, 50 runs of allocation confirmed on disk',
      seconds(allocateMs),
      's',
      aggregate,
      seconds(aggregateMs),
    ),
  ];
};
