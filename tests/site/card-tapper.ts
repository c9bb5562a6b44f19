/** Holds cards to a slot one after the other, from a process of its own: `card-tapper PORT COUNT`. */
import { presentCard } from '../../provisioning/virtual-reader/virtual-card.ts';

const [port = '', count = ''] = process.argv.slice(2);
process.on('message', async () => {
  for (let number = 0; number < Number(count); number += 1) {
    const card = await presentCard(Number(port), {
      serial: `0123456789AB${String(number).padStart(4, '0')}`,
    });
    await card.answered;
    await card.remove();
    // The daemon looks every few milliseconds; a real hand takes longer.
    await new Promise((done) => setTimeout(done, 60));
  }
  process.exit(0);
});
process.send?.('ready');
