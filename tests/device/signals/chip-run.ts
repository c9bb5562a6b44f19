/** On the machine with the chip: runs every case and prints a line for each, marked for who reads the console. */
import { flushCompileCache } from 'node:module';
import { ADAPTERS, CHIP_CASES, createChipBench } from './chip-cases.ts';
import { type ChipMessage, MARK } from './chip-messages.ts';
import { OUTPUTS_CONTRACT } from './outputs-contract.ts';

const say = (message: ChipMessage): void => {
  process.stdout.write(`${MARK}${JSON.stringify(message)}\n`);
};

const [adapterName, rig = ''] = process.argv.slice(2);
const adapter = ADAPTERS.find((each) => each === adapterName);
if (adapter === undefined) throw new Error(`no adapter ${adapterName}`);
// The programs that the cases start load what is compiled by now.
flushCompileCache();
const bench = createChipBench(adapter, () => say({ kind: 'press-button' }));

for (const [name, run] of Object.entries({ ...OUTPUTS_CONTRACT, ...CHIP_CASES })) {
  try {
    await run(bench);
    say({ kind: 'case', rig, name, outcome: 'passed' });
  } catch (cause) {
    const outcome = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    say({ kind: 'case', rig, name, outcome });
  }
}
process.exit(0);
