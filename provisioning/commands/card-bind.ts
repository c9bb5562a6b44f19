/**
 * `genba card bind` (カードの紐付け): a card is held to a reader, its holder's id is typed, and the running
 * terminal writes it down under the manager's name – as its own screen would.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createSystemClock } from '../../device/clock.ts';
import type { TerminalConfig } from '../../device/config.ts';
import { pcscReaders } from '../../device/readers/pcsc.ts';
import type { ReaderEvent } from '../../device/readers/reader.ts';
import { CardId, WorkerId } from '../../shared/ids.ts';
import { faultLines } from '../../shared/result.ts';
import { dateInJapan } from '../../shared/time.ts';
import { watch } from '../self-test/watch.ts';
import { type Command, type CommandDeps, type CommandEnd, DONE, refused } from './command.ts';
import { askTerminal, DEFAULT_CONFIG, kioskUrl, readTerminalConfig } from './terminal-config.ts';

const CARD_WAIT_MS = 60_000;

const OPTIONS = {
  config: { type: 'string', default: DEFAULT_CONFIG },
  card: { type: 'string' },
  worker: { type: 'string' },
  by: { type: 'string' },
  reason: { type: 'string', default: 'カードの紐付け（genba card bind）' },
  print: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

type Presented = Extract<ReaderEvent, { kind: 'card-presented' }>;

const heldCard = async (say: (line: string) => void): Promise<CardId | undefined> => {
  const readers = watch(pcscReaders({}));
  try {
    say(`カードをリーダーにかざしてください（${CARD_WAIT_MS / 1_000}秒）`);
    const card = await readers.wait(
      (event): event is Presented => event.kind === 'card-presented',
      CARD_WAIT_MS,
    );
    return card?.cardId;
  } finally {
    await readers.close();
  }
};

const Names = z.object({ names: z.array(z.string()) });
const Workers = z.object({
  rows: z.array(z.object({ workerId: WorkerId, name: z.string(), company: z.string() })),
});
const Told = z.object({
  message: z.string().optional(),
  faults: z.array(z.object({ place: z.string(), message: z.string() })).optional(),
});

const wordsOf = async (response: Response): Promise<string> => {
  const told = Told.safeParse(await response.json().catch(() => undefined));
  if (!told.success) return `端末の答え ${response.status}`;
  const faults =
    told.data.faults?.map(({ place, message }) => `${place.slice(1)} ${message}`) ?? [];
  return told.data.message ?? faults.join('\n');
};

interface Binding {
  readonly cardId: CardId;
  readonly workerId: WorkerId;
  readonly reason: string;
}

/** Through the manager's view, with the PIN of whoever stands for it. */
const bindAtTerminal = async (
  config: TerminalConfig,
  { cardId, workerId, reason }: Binding,
  { by, json }: { readonly by?: string; readonly json: boolean },
  { say, ask, askSecret, isInteractive }: CommandDeps,
): Promise<CommandEnd> => {
  const url = `${kioskUrl(config)}/manager`;
  const { names } = Names.parse(await (await fetch(`${url}/names`)).json());
  const name = by ?? (names.length === 1 ? names[0] : await ask(`管理者（${names.join('・')}）: `));
  const pin = await askSecret(`${name ?? ''} の暗証番号: `);
  const post = (path: string, body: object, cookie = ''): Promise<Response> =>
    fetch(`${url}${path}`, { method: 'POST', headers: { cookie }, body: JSON.stringify(body) });
  const session = await post('/session', { by: name ?? '', pin: pin ?? '' });
  if (!session.ok) return refused(await wordsOf(session));
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  try {
    const { rows } = Workers.parse(
      await (await fetch(`${url}/workers`, { headers: { cookie } })).json(),
    );
    const worker = rows.find((each) => each.workerId === workerId);
    if (worker === undefined) return refused(`${workerId} はこの現場の名簿にありません`);
    const whose = `${worker.name}さん（${worker.company}）`;
    if (isInteractive) {
      const answer = await ask(`${whose}のカードにしますか（y/n）: `);
      if (!/^(y|yes|はい)$/i.test(answer ?? '')) return refused('やめました');
    }
    const bound = await post('/bindings', { cardId, workerId, reason }, cookie);
    if (!bound.ok) return { kind: 'not-good', message: await wordsOf(bound) };
    say(
      json
        ? JSON.stringify({ cardId, workerId })
        : `末尾 ${cardId.slice(-4)} のカードを ${whose}に紐付けました`,
    );
    return DONE;
  } finally {
    await fetch(`${url}/session`, { method: 'DELETE', headers: { cookie } }).catch(() => undefined);
  }
};

export const cardBind: Command = {
  usage: `genba card bind [--card ID] [--worker 技能者ID] [--by 管理者] [--reason 理由] [--print] [--json]
              [--config ファイル]
      かざしたカードを技能者に紐付けます（管理者の暗証番号が要ります）。
      --print は端末に書かず、台帳（cards）の1行を表示します`,
  run: async (parameters, deps) => {
    const { values } = parseArgs({ args: [...parameters], options: OPTIONS });
    const parsed = readTerminalConfig(values.config);
    if (!parsed.ok) return refused(`${values.config}:\n${faultLines(parsed.faults)}`);
    const config = parsed.value;
    if (!values.print) {
      if (config.kiosk.managers.length === 0)
        return refused('設定に管理者がいません（kiosk.managers、genba pin）。または --print');
      if ((await askTerminal(config)) === undefined)
        return { kind: 'unreachable', message: '端末が動いていません（または --print）' };
    }
    // What is asked for must not stand in a document for programs.
    const prompt = values.print || values.json ? () => undefined : deps.say;
    const typed = values.card === undefined ? await heldCard(prompt) : values.card.toUpperCase();
    if (typed === undefined)
      return { kind: 'unreachable', message: 'カードが読めませんでした（genba self-test）' };
    const cardId = CardId.safeParse(typed);
    if (!cardId.success) return refused(`${typed} はカードのIDではありません`);
    const workerText = values.worker ?? (await deps.ask('技能者ID（14桁）: '));
    const workerId = WorkerId.safeParse(workerText);
    if (!workerId.success) return refused('技能者IDは14桁の数字です');
    const binding = { cardId: cardId.data, workerId: workerId.data, reason: values.reason };
    if (!values.print) return bindAtTerminal(config, binding, values, deps);
    const from = dateInJapan(createSystemClock(config.clockTrust).read().wallMs);
    deps.say(JSON.stringify({ cardId: binding.cardId, workerId: binding.workerId, from }));
    return DONE;
  },
};
