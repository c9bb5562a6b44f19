/** `npm run tap -- <cardId or workerId> [--reader in|out]`: holds a virtual card to the demo's reader. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { CardId, WorkerId } from '../shared/ids.ts';
import { withoutRuby } from '../shared/ruby.ts';
import { tellUsageIfAsked } from '../shared/tell-usage.ts';
import { demoWorkers } from './demo-site.ts';
import { DEMO_DIR, readDemoState } from './demo-state.ts';
import { presentCard } from './virtual-reader/virtual-card.ts';

const USAGE = 'usage: npm run tap -- [cardId or workerId] [--reader in|out] [--dir FOLDER]';
const VERDICT_WAIT_MS = 10_000;

const refuse = (message: string, code: number): never => {
  process.stderr.write(`${message}\n`);
  process.exit(code);
};

const readArguments = () => {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        reader: { type: 'string', default: 'in' },
        dir: { type: 'string', default: DEMO_DIR },
      },
    });
    if (positionals.length > 1) return refuse(USAGE, 2);
    return { ...values, who: positionals[0] };
  } catch (cause) {
    return refuse(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`, 2);
  }
};

tellUsageIfAsked(process.argv.slice(2), USAGE);
const arguments_ = readArguments();
const slot = z.enum(['in', 'out']).safeParse(arguments_.reader);

/** No argument: the first demo worker's card. */
const cardOf = (who: string | undefined): string => {
  if (who === undefined) return demoWorkers[0]?.cardId ?? '';
  if (WorkerId.safeParse(who).success) {
    const worker = demoWorkers.find(({ workerId }) => workerId === who);
    return worker?.cardId ?? refuse(`${who} is no worker of the demo`, 2);
  }
  const cardId = CardId.safeParse(who.toUpperCase());
  return cardId.success
    ? cardId.data
    : refuse(`${who} is neither a card id nor a worker id\n${USAGE}`, 2);
};

const View = z.object({
  touch: z
    .object({
      key: z.string(),
      title: z.string(),
      name: z.string(),
      time: z.string(),
      days: z.number().optional(),
      words: z.array(z.string()),
    })
    .optional(),
});

const views = async function* (kioskUrl: string, signal: AbortSignal) {
  const response = await fetch(`${kioskUrl}events`, { signal });
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data:')) yield View.parse(JSON.parse(line.slice('data:'.length)));
    }
  }
};

const cardId = cardOf(arguments_.who);
const demo = readDemoState(arguments_.dir);
if (!slot.success) refuse(USAGE, 2);
else if (demo === undefined) refuse('no demo is running: start one with npm start', 1);
else if (demo.ports === undefined)
  refuse(`there is no virtual reader here: ${demo.readerWords}`, 1);
else {
  const stream = views(demo.kioskUrl, AbortSignal.timeout(VERDICT_WAIT_MS));
  const before = (await stream.next()).value?.touch?.key;
  const card = await presentCard(demo.ports[slot.data], { serial: cardId });
  try {
    for await (const { touch } of stream) {
      if (touch === undefined || touch.key === before) continue;
      const days = touch.days === undefined ? [] : [`今月の建退共 ${touch.days}日`];
      process.stdout.write(
        `${withoutRuby([touch.time, touch.title, touch.name, ...touch.words, ...days].join(' '))}\n`,
      );
      break;
    }
  } catch {
    process.stderr.write('the kiosk showed no verdict\n');
    process.exitCode = 1;
  }
  await card.remove();
  process.exit();
}
