/**
 * Self-test of the readers (リーダー・カード): each configured one is there, and reads a card that is held to it.
 *
 * PC/SC readers are shared with the running terminal, so it reads the card too and writes the touch down.
 * A serial line has one owner: while the terminal runs, its word counts.
 */
import { isMatch, placeOfReader, type TerminalConfig } from '../../device/config.ts';
import { pcscReaders } from '../../device/readers/pcsc.ts';
import type { CardReader, ReaderEvent } from '../../device/readers/reader.ts';
import { serialReader } from '../../device/readers/serial.ts';
import type { StatusReport } from '../../device/status-report.ts';
import { type Check, fail, leftOut, pass } from './sheet.ts';
import { type Watch, watch } from './watch.ts';

/** A reader that is plugged in is told within a second or two. */
const ATTACH_WAIT_MS = 10_000;

export interface CardPlan {
  /** How long to wait for a card at each reader, ms; 0: no card is tried. */
  readonly waitMs: number;
  readonly say: (line: string) => void;
  readonly uptimeMs: () => number;
}

type Attached = Extract<ReaderEvent, { kind: 'reader-attached' }>;
type Presented = Extract<ReaderEvent, { kind: 'card-presented' }>;

const adviceFor = (reason: string): string => {
  if (/denied/i.test(reason)) return 'sudo を付けて実行してください';
  if (/ENOENT|ECONNREFUSED|does not answer/.test(reason))
    return 'sudo systemctl restart pcscd.socket pcscd';
  return 'リーダーのUSB・配線を差し直してください。RC-S380はLinuxで使えません';
};

const checkCard = async (
  readerId: string,
  reader: string,
  readers: Watch<ReaderEvent>,
  { waitMs, say }: CardPlan,
): Promise<Check> => {
  const part = `カード ${readerId}`;
  if (waitMs === 0) return leftOut(part, '試していません');
  say(`リーダー「${readerId}」にカードをかざしてください（${Math.round(waitMs / 1_000)}秒）`);
  const from = readers.events.length;
  const card = await readers.wait(
    (event): event is Presented => event.kind === 'card-presented' && event.reader === reader,
    waitMs,
    from,
  );
  if (card !== undefined)
    return pass(
      part,
      `読めました（${card.cardId.length / 2}バイト、末尾 ${card.cardId.slice(-4)}）`,
    );
  const failed = readers.events
    .slice(from)
    .flatMap((event) =>
      event.kind === 'read-failed' && event.reader === reader ? [event.reason] : [],
    );
  return failed.length > 0
    ? fail(
        part,
        `カードはありましたが読めません（${failed[0]}）`,
        '別のカードで試してください。スマートフォンは使えません',
      )
    : fail(part, 'カードがかざされませんでした', 'リーダーの向きを確かめ、もう一度試してください');
};

/** What it saw instead of the reader that was waited for. */
const absent = (readers: Watch<ReaderEvent>, part: string): Check => {
  const reasons = readers.events.flatMap((event) =>
    event.kind === 'readers-unavailable' || event.kind === 'reader-detached' ? [event.reason] : [],
  );
  const others = readers.events.flatMap((event) =>
    event.kind === 'reader-attached' ? [event.reader] : [],
  );
  const reason = reasons.at(-1);
  if (reason !== undefined) return fail(part, `使えません（${reason}）`, adviceFor(reason));
  const found =
    others.length === 0
      ? 'リーダーが見つかりません'
      : `見つかりません（ここにあるのは ${others.join('、')}）`;
  return fail(part, found, adviceFor(''));
};

/** `match`: part of the reader's name; undefined takes any. */
const checkOne = async (
  readers: Watch<ReaderEvent>,
  { readerId, match }: { readonly readerId: string; readonly match: string | undefined },
  config: TerminalConfig,
  plan: CardPlan,
): Promise<readonly Check[]> => {
  const attached = await readers.wait(
    (event): event is Attached =>
      event.kind === 'reader-attached' && (match === undefined || isMatch(event.reader, match)),
    ATTACH_WAIT_MS,
  );
  if (attached === undefined) return [absent(readers, `リーダー ${readerId}`.trim())];
  const { reader } = attached;
  const id = placeOfReader(config, reader).readerId;
  return [pass(`リーダー ${id}`, reader), await checkCard(id, reader, readers, plan)];
};

type Place = Parameters<typeof checkOne>[1];

const checkAll = async (
  open: CardReader,
  places: readonly Place[],
  config: TerminalConfig,
  plan: CardPlan,
): Promise<readonly Check[]> => {
  const readers = watch(open);
  try {
    const checks: Check[] = [];
    for (const place of places) checks.push(...(await checkOne(readers, place, config, plan)));
    return checks;
  } finally {
    await readers.close();
  }
};

const byReport = (readerId: string, { state }: StatusReport): Check => {
  const reader = state.readers.find((each) => each.readerId === readerId);
  const part = `リーダー ${readerId}`;
  return reader?.isAttached === true && reader.fault === undefined
    ? pass(part, '動作中の端末が使っています')
    : fail(part, `動作中の端末から見えません（${reader?.fault ?? '外れています'}）`, adviceFor(''));
};

export const checkReaders = async (
  config: TerminalConfig,
  running: StatusReport | undefined,
  plan: CardPlan,
): Promise<readonly Check[]> => {
  const { pcsc, places, serial } = config.readers;
  const wanted: readonly Place[] =
    places.length === 0 ? [{ readerId: '', match: undefined }] : places;
  const checks: Check[] = pcsc ? [...(await checkAll(pcscReaders({}), wanted, config, plan))] : [];
  for (const line of serial) {
    if (running !== undefined) checks.push(byReport(line.readerId, running));
    else {
      const place = { readerId: line.readerId, match: line.path };
      const open = serialReader(line, plan.uptimeMs);
      checks.push(...(await checkAll(open, [place], config, plan)));
    }
  }
  return checks.length > 0
    ? checks
    : [fail('リーダー', '設定にリーダーがありません', '設定の readers を確かめてください')];
};
