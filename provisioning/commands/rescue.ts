/** `genba rescue` (救出): reads the journal off a dead terminal's card, and changes nothing there. */
import { accessSync, constants, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setAsideFolders } from '../../device/journal-file.ts';
import { parseEntry } from '../../shared/entry.ts';
import { fileFaultJa } from '../../shared/file-fault.ts';
import { newFileHindranceJa } from '../../shared/needed-file.ts';
import { encodeRescue, parseRescue, type Rescue } from '../../shared/rescue-file.ts';
import { rescueFrom } from '../rescue.ts';
import { type Command, DONE, refused } from './command.ts';

const isTap = (text: string): boolean => {
  const parsed = parseEntry(text);
  return parsed.ok && parsed.value.kind === 'tap';
};

const summaryOf = ({ terminalId, journalId, entries, missing, broken, settledSeq }: Rescue) => ({
  terminalId,
  journalId,
  entries: entries.length,
  firstSeq: entries[0]?.seq,
  lastSeq: entries.at(-1)?.seq,
  unsentTaps: entries.filter(({ seq, text }) => seq > (settledSeq ?? 0) && isTap(text)).length,
  missing: missing.reduce((sum, { first, last }) => sum + last - first + 1, 0),
  broken: broken.length,
});

const linesOf = (found: Rescue): readonly string[] => {
  const { terminalId, journalId, entries, firstSeq, lastSeq, unsentTaps, missing, broken } =
    summaryOf(found);
  const unknown = found.settledSeq === undefined ? '（送信済みの印が読めないため全件）' : '';
  return [
    `端末 ${terminalId}・記録 ${journalId}`,
    `読めた記録 ${entries}件（${firstSeq}〜${lastSeq}番）`,
    `未送信のタッチ ${unsentTaps}件${unknown}`,
    missing === 0 ? '欠けている記録 なし' : `欠けている記録 ${missing}件`,
    broken === 0 ? '連鎖の確認 ○' : `連鎖の確認 ✕ ${broken}か所`,
  ];
};

/** What was written is read again as the gateway will read it: a stick may be worse than the card. */
const isSavedWhole = (file: string, found: Rescue): boolean => {
  const parsed = parseRescue(readFileSync(file, 'utf8'));
  return parsed.ok && encodeRescue(parsed.value) === encodeRescue(found);
};

/** A folder that may not be read looks like one without records, and that would be a wrong word about them. */
const closedTo = (data: string): string | undefined => {
  try {
    readdirSync(data);
    accessSync(data, constants.X_OK);
    return undefined;
  } catch (cause) {
    const fault = fileFaultJa(cause);
    if (fault === undefined) throw cause;
    return fault;
  }
};

export const rescue: Command = {
  usage: `genba rescue --data フォルダ [--out ファイル] [--json]
      壊れた端末の記録を読み出します（読むだけで、何も変えません）。
      中継サーバで: genba-gateway import-rescue ファイル --config /etc/genba-tap/gateway.json`,
  run: async (parameters, { say }) => {
    const { values } = parseArgs({
      args: [...parameters],
      options: { data: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean' } },
    });
    const { data, out, json = false } = values;
    if (data === undefined) return refused('--data がありません');
    const hindrance = closedTo(data) ?? (out === undefined ? undefined : newFileHindranceJa(out));
    if (hindrance !== undefined) return refused(hindrance);
    const found = rescueFrom(data);
    if (found === undefined)
      return { kind: 'not-good', message: `${data}: 読み出せる記録がありません` };
    if (out !== undefined) {
      writeFileSync(out, encodeRescue(found), { mode: 0o600, flush: true });
      if (!isSavedWhole(out, found))
        return { kind: 'not-good', message: `${out}: 書いた内容が読み直せません。別の媒体に` };
    }
    const setAside = setAsideFolders(data);
    if (json) say(JSON.stringify({ ...summaryOf(found), setAside }));
    else {
      for (const line of linesOf(found)) say(line);
      say(
        out === undefined
          ? 'ファイルに保存するには --out を付けてください'
          : `${out} に保存し、読み直して確かめました`,
      );
      for (const name of setAside)
        say(`退避された記録もあります。別に: genba rescue --data ${join(data, name)}`);
    }
    return DONE;
  },
};
