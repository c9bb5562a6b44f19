/**
 * `idle`: share of one core that a terminal with its reader and a roster of 5,000 takes while nobody touches,
 * against a bare Node; and its memory, that of the reader host included.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startVirtualPcscd } from '../../provisioning/virtual-reader/virtual-pcscd.ts';
import { until } from '../fixtures/event-log.ts';
import { followKiosk } from '../fixtures/kiosk-stream.ts';
import { childrenOf } from '../fixtures/processes.ts';
import { createSite } from '../fixtures/site.ts';
import { bringCrowd } from './crowd.ts';
import { type Figure, figure } from './figures.ts';

const WINDOW_MS = 20_000;
/** USER_HZ, the same on every Linux that we run on. */
const TICK_MS = 10;

const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
};

const residentMb = (pid: number): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024;
};

/** What the processes take of the machine together: what is theirs alone, and what they share once. */
const togetherMb = (pids: readonly number[]): number => {
  const fields = pids.map((pid) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kilobytes = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(rollup)?.[1] ?? 0);
    const own = kilobytes('Private_Clean') + kilobytes('Private_Dirty');
    return { own, shared: kilobytes('Shared_Clean') + kilobytes('Shared_Dirty') };
  });
  const own = fields.reduce((total, each) => total + each.own, 0);
  return (own + Math.max(...fields.map(({ shared }) => shared))) / 1_024;
};

/**
 * A processor at rest goes slowly and has forgotten everything: the same few wake-ups take it several times as long
 * as one that is busy anyhow. On a virtual machine the more so. Both are measured.
 */
const keepAwake = (): readonly ChildProcess[] =>
  Array.from({ length: availableParallelism() }, () =>
    spawn('nice', ['-n', '19', process.execPath, '--eval', 'for (;;);']),
  );

const share = async (pids: readonly number[]): Promise<number> => {
  const sum = () => pids.reduce((total, pid) => total + cpuMs(pid), 0);
  const before = sum();
  await wait(WINDOW_MS);
  return ((sum() - before) / WINDOW_MS) * 100;
};

const cpuFigure = (name: string, ours: number, theirs: number): Figure =>
  figure(
    name,
    ours,
    '% of one core',
    'node with one timer a second (at least one tick of the kernel’s clock)',
    Math.max(theirs, (TICK_MS / WINDOW_MS) * 100),
  );

export const idle = async (): Promise<readonly Figure[]> => {
  const pcscd = await startVirtualPcscd(join(tmpdir(), 'genba-virtual-reader'));
  if (pcscd.kind !== 'running') throw new Error(pcscd.reason);
  const site = await createSite({ hasReaders: true });
  const gateway = await site.startGateway();
  const startWithReaders = async () => {
    const started = await site.startTerminal({ PCSCLITE_CSOCK_NAME: pcscd.stableSocket });
    let hasReaders = false;
    const screen = followKiosk(String(started.ready.kioskUrl), ({ faults }) => {
      hasReaders = !faults.some((fault) => fault.includes('リーダー'));
    });
    await until(() => hasReaders, 'the terminal has its readers');
    return { terminal: started, screen };
  };
  // Once before, so that Node has kept what it makes of the sources: a terminal on a Pi ships it made.
  const first = await startWithReaders();
  first.screen.close();
  await first.terminal.kill('SIGTERM');
  const { terminal, screen } = await startWithReaders();
  await bringCrowd(site, terminal);
  await site.drained(terminal);
  const bare = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);
  // Start-up is over; what it left to do is done.
  await wait(5_000);
  const pids = [terminal.pid, ...childrenOf(terminal.pid, 'pcsc-host')];
  const theirs = await share([bare.pid ?? 0]);
  const ours = await share(pids);
  const awake = keepAwake();
  const theirsAwake = await share([bare.pid ?? 0]);
  const oursAwake = await share(pids);
  for (const spinner of awake) spinner.kill();
  const [ownMb = 0, hostMb = 0] = pids.map(residentMb);
  const bothMb = togetherMb(pids);
  const bareMb = residentMb(bare.pid ?? 0);
  bare.kill();
  screen.close();
  await terminal.kill('SIGTERM');
  await gateway.kill('SIGTERM');
  site.remove();
  await pcscd.close();
  return [
    cpuFigure('idle, terminal and reader host, a machine at rest', ours, theirs),
    cpuFigure('idle, terminal and reader host, a machine kept awake', oursAwake, theirsAwake),
    figure('idle, RSS of the terminal', ownMb, 'MB', 'node with one timer a second', bareMb),
    figure('idle, RSS of the reader host', hostMb, 'MB', 'node with one timer a second', bareMb),
    figure('idle, both, shared pages once', bothMb, 'MB', 'node with one timer a second', bareMb),
  ];
};
