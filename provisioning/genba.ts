#!/usr/bin/env node
/** genba: the technician's command line (設置・保守). People read Japanese; `--json` is for programs. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { hashPin, Pin } from '../device/manager/pin.ts';
import { parseEntry } from '../shared/entry.ts';
import { encodeRescue } from '../shared/rescue-file.ts';
import { rescueFrom } from './rescue.ts';

const USAGE = `使い方:
  genba pin                              管理者の暗証番号を入力し、設定ファイル用の値を表示します
  genba rescue --data フォルダ [--out ファイル] [--json]
                                         壊れた端末の記録を読み出します（読むだけで、何も変えません）
`;

const EXIT_WRONG_INPUT = 2;
const EXIT_NOTHING_FOUND = 1;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const refuse = (message: string, code = EXIT_WRONG_INPUT): never => {
  process.stderr.write(`${message}\n`);
  process.exit(code);
};

const pin = async (): Promise<void> => {
  // From a pipe too, so that a provisioning script need not type it.
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const typed = (await lines.question('暗証番号（4〜12桁）: ')).trim();
  lines.close();
  if (!Pin.safeParse(typed).success) refuse('暗証番号は4〜12桁の数字です');
  say(await hashPin(typed));
};

const isTap = (text: string): boolean => {
  const parsed = parseEntry(text);
  return parsed.ok && parsed.value.kind === 'tap';
};

const rescue = (parameters: readonly string[]): void => {
  const { values } = parseArgs({
    args: [...parameters],
    options: { data: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean' } },
  });
  const { data, out, json = false } = values;
  if (data === undefined) return refuse(`--data がありません\n\n${USAGE}`);
  if (!existsSync(data)) return refuse(`${data}: フォルダがありません`);
  const found = rescueFrom(data);
  if (found === undefined) return refuse(`${data}: 読み出せる記録がありません`, EXIT_NOTHING_FOUND);
  if (out !== undefined) {
    if (existsSync(out)) return refuse(`${out}: すでにあります。別の名前にしてください`);
    writeFileSync(out, encodeRescue(found), { mode: 0o600, flush: true });
  }
  const { entries, missing, broken, settledSeq } = found;
  const unsent = entries.filter(({ seq, text }) => seq > (settledSeq ?? 0) && isTap(text)).length;
  const lost = missing.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const summary = {
    terminalId: found.terminalId,
    journalId: found.journalId,
    entries: entries.length,
    firstSeq: entries[0]?.seq,
    lastSeq: entries.at(-1)?.seq,
    unsentTaps: unsent,
    missing: lost,
    broken: broken.length,
  };
  if (json) return say(JSON.stringify(summary));
  say(`端末 ${found.terminalId}・記録 ${found.journalId}`);
  say(`読めた記録 ${entries.length}件（${summary.firstSeq}〜${summary.lastSeq}番）`);
  say(
    `未送信のタッチ ${unsent}件${settledSeq === undefined ? '（送信済みの印が読めないため全件）' : ''}`,
  );
  say(lost === 0 ? '欠けている記録 なし' : `欠けている記録 ${lost}件`);
  say(broken.length === 0 ? '連鎖の確認 ○' : `連鎖の確認 ✕ ${broken.length}か所`);
  if (out === undefined) say('ファイルに保存するには --out を付けてください');
  else say(`${out} に保存しました`);
  return undefined;
};

const [command, ...parameters] = process.argv.slice(2);
try {
  if (command === 'pin') await pin();
  else if (command === 'rescue') rescue(parameters);
  else if (command === '--version')
    say(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
  else if (command === undefined || command === '--help') say(USAGE);
  else refuse(`${command} というコマンドはありません\n\n${USAGE}`);
} catch (cause) {
  // parseArgs names the option that it does not know.
  refuse(`${cause instanceof Error ? cause.message : cause}\n\n${USAGE}`);
}
