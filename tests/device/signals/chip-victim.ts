/** Lets the gate open and stays: somebody is going to end this program, one way or another. */
import { ADAPTERS, CHIP, outputsOf } from './chip-cases.ts';
import { WIRES } from './outputs-contract.ts';

const adapter = ADAPTERS.find((each) => each === process.argv[2]) ?? 'onoff';
const outputs = outputsOf(adapter)(WIRES, CHIP)((event) => {
  if (event.kind === 'outputs-failed') throw new Error(event.reason);
  outputs.setLine('green', true);
  outputs.setLine('relay', true);
  process.send?.('open');
});
setInterval(() => undefined, 60_000);
