/**
 * `tap-feedback`: from the card's last answer to the verdict on the kiosk's stream, through the real
 * PC/SC daemon and the real terminal, with the roster of a site of 5,000; against the same card read by the
 * bare reader host.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pcscReaders } from '../../device/readers/pcsc.ts';
import { presentCard } from '../../provisioning/virtual-reader/virtual-card.ts';
import { startVirtualPcscd } from '../../provisioning/virtual-reader/virtual-pcscd.ts';
import { until } from '../fixtures/event-log.ts';
import { followKiosk } from '../fixtures/kiosk-stream.ts';
import { createSite } from '../fixtures/site.ts';
import { bringCrowd, CROWD, serialOfCrowd } from './crowd.ts';
import { type Figure, figure, percentile } from './figures.ts';

const TOUCHES = 300;

/** Milliseconds from each card's last answer until `seen()` says that it arrived. */
const measure = async (
  port: number,
  seenAtNs: (number: number) => bigint | undefined,
): Promise<readonly number[]> => {
  const samples: number[] = [];
  for (let number = 0; number < TOUCHES; number += 1) {
    let answeredAtNs: bigint | undefined;
    const card = await presentCard(port, {
      serial: serialOfCrowd(number),
      onAnswered: (atNs) => {
        answeredAtNs ??= atNs;
      },
    });
    await until(() => seenAtNs(number) !== undefined, `touch ${number} is seen`);
    const seen = seenAtNs(number);
    if (seen === undefined || answeredAtNs === undefined)
      throw new Error(`touch ${number} was not measured`);
    samples.push(Number(seen - answeredAtNs) / 1e6);
    await card.remove();
  }
  return samples;
};

export const tapFeedback = async (): Promise<readonly Figure[]> => {
  const pcscd = await startVirtualPcscd(join(tmpdir(), 'genba-virtual-reader'));
  if (pcscd.kind !== 'running') throw new Error(pcscd.reason);
  const { port } = pcscd.slots[0];

  const readAt = new Map<string, bigint>();
  let attached = 0;
  const readers = pcscReaders({ daemonSocket: pcscd.stableSocket })((event) => {
    if (event.kind === 'reader-attached') attached += 1;
    if (event.kind === 'card-presented') readAt.set(event.cardId, process.hrtime.bigint());
  });
  await until(() => attached === 2, 'readers attached');
  const bare = await measure(port, (number) => readAt.get(serialOfCrowd(number)));
  await readers.close();

  const site = await createSite({ hasReaders: true });
  const gateway = await site.startGateway();
  const terminal = await site.startTerminal({ PCSCLITE_CSOCK_NAME: pcscd.stableSocket });
  await bringCrowd(site, terminal);
  const shownAt: bigint[] = [];
  let lastKey = '';
  let isReady = false;
  const stream = followKiosk(String(terminal.ready.kioskUrl), (view) => {
    isReady = !view.faults.some((fault) => fault.includes('リーダー'));
    if (view.touch === undefined || view.touch.key === lastKey) return;
    lastKey = view.touch.key;
    shownAt.push(process.hrtime.bigint());
  });
  await until(() => isReady, 'the terminal has its readers');
  const whole = await measure(port, (number) => shownAt[number]);
  stream.close();
  await terminal.kill('SIGTERM');
  await gateway.kill('SIGTERM');
  site.remove();
  await pcscd.close();
  return [0.5, 0.99].map((share) =>
    figure(
      `tap-feedback p${share * 100}, ${CROWD} workers`,
      percentile(whole, share),
      'ms',
      'card read by the reader host alone, no journal and no kiosk',
      percentile(bare, share),
    ),
  );
};
