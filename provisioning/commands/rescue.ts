/** `genba rescue` (救出): reads the journal off a dead terminal's card, and changes nothing there. */
import { createHash } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setAsideFolders } from '../../device/journal-file.ts';
import { sqliteFailure } from '../../shared/durable-sqlite.ts';
import { fileFaultJa } from '../../shared/file-fault.ts';
import { fileLines } from '../../shared/file-lines.ts';
import { newFileHindranceJa } from '../../shared/needed-file.ts';
import {
  encodeRescue,
  RESCUE_LINE_BYTES_MAX,
  type RescueAbout,
  type RescueSurvey,
  readRescue,
  surveyOf,
} from '../../shared/rescue-file.ts';
import { openRescue, type Rescue } from '../rescue.ts';
import { type Command, type CommandEnd, DONE, refused } from './command.ts';

/** Longer than any line of the file. */
const BUFFER_BYTES = 1 << 20;

const summaryOf = (
  { terminalId, journalId }: RescueAbout,
  { count, seqs, unsentTaps, missing, broken }: RescueSurvey,
) => ({
  terminalId,
  journalId,
  entries: count,
  firstSeq: seqs?.first,
  lastSeq: seqs?.last,
  unsentTaps,
  missing,
  broken,
});

const linesOf = (about: RescueAbout, survey: RescueSurvey): readonly string[] => {
  const { terminalId, journalId, entries, firstSeq, lastSeq, unsentTaps, missing, broken } =
    summaryOf(about, survey);
  const unknown = about.settledSeq === undefined ? '（送信済みの印が読めないため全件）' : '';
  return [
    `端末 ${terminalId}・記録 ${journalId}`,
    `読めた記録 ${entries}件（${firstSeq}〜${lastSeq}番）`,
    `未送信のタッチ ${unsentTaps}件${unknown}`,
    missing === 0 ? '欠けている記録 なし' : `欠けている記録 ${missing}件`,
    broken === 0 ? '連鎖の確認 ○' : `連鎖の確認 ✕ ${broken}か所`,
  ];
};

/** SHA-256 of what was written and synced, hex. Where that fails, no piece of a file stays. */
const writeLines = (file: string, lines: Iterable<string>): string => {
  const sha = createHash('sha256');
  const handle = openSync(file, 'wx', 0o600);
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  let filled = 0;
  const write = (): void => {
    const bytes = buffer.subarray(0, filled);
    sha.update(bytes);
    for (let at = 0; at < filled; ) at += writeSync(handle, bytes, at);
    filled = 0;
  };
  try {
    for (const line of lines) {
      if (filled + Buffer.byteLength(line) > BUFFER_BYTES) write();
      filled += buffer.write(line, filled);
    }
    write();
    fsyncSync(handle);
    return sha.digest('hex');
  } catch (cause) {
    rmSync(file);
    throw cause;
  } finally {
    closeSync(handle);
  }
};

/** What was written is read again as the gateway will read it: a stick may be worse than the card. */
const isSavedWhole = (file: string, sha256: string): boolean => {
  for (const item of readRescue(fileLines(file, RESCUE_LINE_BYTES_MAX)))
    if (item.kind === 'end') return item.sha256 === sha256;
  return false;
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

const save = (out: string, found: Rescue, survey: RescueSurvey): CommandEnd => {
  try {
    const sha256 = writeLines(out, encodeRescue(found, survey, found.entries()));
    return isSavedWhole(out, sha256)
      ? DONE
      : { kind: 'not-good', message: `${out}: 書いた内容が読み直せません。別の媒体に` };
  } catch (cause) {
    const message = fileFaultJa(cause, out);
    if (message === undefined) throw cause;
    return { kind: 'not-good', message };
  }
};

/** What keeps a journal from being read, in Japanese; undefined = another error, which may be a bug of ours. */
const hindranceOf = (cause: unknown, data: string): string | undefined => {
  const failure = sqliteFailure(cause);
  if (failure === undefined) return fileFaultJa(cause, data);
  return failure.kind === 'disk-full'
    ? '作業用の空き（ふつう /var/tmp。環境変数 SQLITE_TMPDIR で変えられます）が足りません'
    : `${data}: 読み出しの途中で読めなくなりました。もう一度実行してください（${failure.message}）`;
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
    let found: Rescue | undefined;
    try {
      found = openRescue(data);
      if (found === undefined)
        return { kind: 'not-good', message: `${data}: 読み出せる記録がありません` };
      const survey = surveyOf(found.entries(), found.settledSeq);
      const saved = out === undefined ? DONE : save(out, found, survey);
      if (saved.kind !== 'done') return saved;
      const setAside = setAsideFolders(data);
      if (json) say(JSON.stringify({ ...summaryOf(found, survey), setAside }));
      else {
        for (const line of linesOf(found, survey)) say(line);
        say(
          out === undefined
            ? 'ファイルに保存するには --out を付けてください'
            : `${out} に保存し、読み直して確かめました`,
        );
        for (const name of setAside)
          say(`退避された記録もあります。別に: genba rescue --data ${join(data, name)}`);
      }
      return DONE;
    } catch (cause) {
      const message = hindranceOf(cause, data);
      if (message === undefined) throw cause;
      return { kind: 'not-good', message };
    } finally {
      found?.close();
    }
  },
};
