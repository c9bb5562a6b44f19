#!/usr/bin/env node
/** genba: the technician's command line (設置・保守). People read Japanese; `--json` is for programs. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { fileFaultJa } from '../shared/file-fault.ts';
import { isHelpAsked, parameterFaultJa } from '../shared/parameter-fault.ts';
import { cardBind } from './commands/card-bind.ts';
import { type Command, type CommandEnd, EXIT_CODES } from './commands/command.ts';
import { config } from './commands/config.ts';
import { enrol } from './commands/enrol.ts';
import { pin } from './commands/pin.ts';
import { rescue } from './commands/rescue.ts';
import { selfTest } from './commands/self-test.ts';
import { status } from './commands/status.ts';
import { openTypedLines } from './commands/typed-lines.ts';

/** By the words that stand before the parameters. */
const COMMANDS: Readonly<Record<string, Command>> = {
  enrol,
  'self-test': selfTest,
  status,
  config,
  'card bind': cardBind,
  pin,
  rescue,
};

const USAGE = `使い方:
${Object.values(COMMANDS)
  .map(({ usage }) => `  ${usage}\n`)
  .join('')}
終了コード: 0 よい ・ 1 不合格や不具合がある ・ 2 入力の誤り（何も変えていません） ・ 3 端末や装置が答えない
`;

// What is wrong with a file is told to a technician.
z.config(z.locales.ja());

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** The command of one word or two, and what follows it. */
const find = (words: readonly string[]): readonly [Command, readonly string[]] | undefined => {
  for (const count of [1, 2]) {
    const name = words.slice(0, count).join(' ');
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command !== undefined) return [command, words.slice(count)];
  }
  return undefined;
};

const perform = async (words: readonly string[]): Promise<CommandEnd> => {
  const [first] = words;
  if (first === '--version') say(String(version));
  if (first === '--version') return { kind: 'done' };
  const found = find(words);
  if (first === undefined || (found === undefined && isHelpAsked(words))) {
    say(USAGE);
    return { kind: 'done' };
  }
  if (found === undefined)
    return { kind: 'refused', message: `${first} というコマンドはありません\n\n${USAGE}` };
  const [command, parameters] = found;
  if (isHelpAsked(parameters)) {
    say(`使い方:\n  ${command.usage}`);
    return { kind: 'done' };
  }
  const typed = openTypedLines(process.stdin, process.stderr);
  try {
    return await command.run(parameters, {
      ...typed,
      say,
      isInteractive: process.stdin.isTTY === true,
      version: String(version),
    });
  } catch (cause) {
    const fault = parameterFaultJa(cause);
    if (fault !== undefined) return { kind: 'refused', message: `${fault}\n\n  ${command.usage}` };
    const file = fileFaultJa(cause);
    if (file === undefined) throw cause;
    // It may fail after others were written.
    return { kind: 'not-good', message: file };
  } finally {
    typed.close();
  }
};

const end = await perform(process.argv.slice(2));
if ('message' in end && end.message !== undefined) complain(end.message);
process.exit(EXIT_CODES[end.kind]);
