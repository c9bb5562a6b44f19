/** The reader host as a process: what becomes of the readers when the machine has none to give. */
import { afterEach, describe, expect, test } from 'vitest';
import { until } from '../fixtures/event-log.ts';
import { kind, pcscBench } from '../fixtures/pcsc-bench.ts';
import { childrenOf } from '../fixtures/processes.ts';

const bench = pcscBench();

describe('a reader host that the machine does not start is said, and started when it does', () => {
  const node = process.execPath;
  const mend = (): void => {
    process.execPath = node;
    delete process.env.TOO_LARGE;
  };
  afterEach(mend);

  test.each<[string, () => void, RegExp]>([
    // Told by an event, as that no process is to be had (EAGAIN).
    ['the program is not there', () => (process.execPath = '/nonexistent/node'), /ENOENT/],
    // Thrown, as that there is no memory for it (ENOMEM).
    ['the system refuses', () => (process.env.TOO_LARGE = 'x'.repeat(200_000)), /E2BIG/],
  ])('%s', async (_why, hurt, reason) => {
    const [host] = childrenOf(process.pid, 'pcsc-host');
    if (host === undefined) throw new Error('no reader host');
    const from = bench.log.events.length;
    hurt();
    process.kill(host, 'SIGKILL');
    await bench.log.next(kind('reader-detached'), from);
    const told = () => bench.log.events.slice(from).filter(kind('readers-unavailable'));
    await until(() => told().length > 2, 'it is tried again and again');
    expect(told()[0]).toMatchObject({ reason: expect.stringMatching(reason) });
    mend();
    await bench.bothAttached();
    await bench.tap(1);
  });
});
