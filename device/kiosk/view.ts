/**
 * What the kiosk shows (表示内容), in the words that people at the gate read. Pure: status in, view out.
 *
 * The page is dumb; it draws what stands here. The least personal data: short name and company.
 */
import { clockTimeInJapan } from '../../shared/time.ts';
import { reasonJa, verdictJa } from '../../shared/verdict.ts';
import type { Feedback, TerminalStatus } from '../terminal.ts';

/** How a touch looks and sounds; colour, shape and sound each tell the same. */
export type Tone = 'in' | 'out' | 'repeat' | 'warned' | 'held' | 'failed';

export interface TouchView {
  /** Differs from touch to touch, so that the page knows a new one from a redraw. */
  readonly key: string;
  readonly tone: Tone;
  /** 入場, 退場, … */
  readonly title: string;
  readonly name: string;
  readonly company: string;
  /** `HH:MM` */
  readonly time: string;
  /** Card colour: 1 white · 2 blue · 3 silver · 4 gold. */
  readonly level: number | undefined;
  /** Days of this month that count for 建退共. */
  readonly days: number | undefined;
  readonly words: readonly string[];
}

export interface KioskView {
  readonly siteName: string;
  readonly onSite: number;
  readonly unsent: number;
  readonly isLinked: boolean;
  /** What a person should look at, most urgent first. */
  readonly faults: readonly string[];
  /** The last touch, while it is recent. */
  readonly touch: TouchView | undefined;
}

/** A touch stands this long, unless the next one comes. */
export const TOUCH_SHOWN_MS = 8_000;

const PASSAGE_JA = { in: '入場', out: '退場' } as const;

type Recorded = Extract<Feedback, { kind: 'recorded' }>;

const toneOf = ({ verdict, passage }: Recorded): Tone =>
  verdict === 'recorded' ? passage : verdict;

const strangerName = ({ by, reasons }: Recorded): string => {
  if (reasons.includes('no-roster')) return '受付';
  return by === 'card' ? '未登録カード' : '名簿にない方';
};

const recordedView = (feedback: Recorded): TouchView => {
  const { worker, verdict, reasons, passage, contributedDays } = feedback;
  return {
    key: `${feedback.seq}`,
    tone: toneOf(feedback),
    title: PASSAGE_JA[passage],
    name: worker?.shortName ?? strangerName(feedback),
    company: worker?.companyName ?? '',
    time: clockTimeInJapan(feedback.at),
    level: worker?.level,
    days: contributedDays,
    // What stands in place of the name need not be said twice.
    words: [
      verdictJa(verdict),
      ...reasons.filter((reason) => reason !== 'unknown-card').map(reasonJa),
    ],
  };
};

const failedView = (
  key: string,
  title: string,
  words: readonly string[],
  time: string,
): TouchView => ({
  key,
  tone: 'failed',
  title,
  name: '',
  company: '',
  time,
  level: undefined,
  days: undefined,
  words,
});

const touchView = (feedback: Feedback): TouchView => {
  const time = clockTimeInJapan(feedback.at);
  switch (feedback.kind) {
    case 'recorded':
      return recordedView(feedback);
    case 'not-recorded':
      return failedView(
        `not-recorded ${feedback.at}`,
        '記録できません',
        ['職員に知らせてください'],
        time,
      );
    case 'unreadable-card':
      return failedView(
        `unreadable ${feedback.at}`,
        '読み取れません',
        ['もう一度かざしてください'],
        time,
      );
  }
};

const faultsOf = ({
  readersFault,
  readers,
  rosterIndex,
  clock,
}: TerminalStatus): readonly string[] => {
  const detached = readers.filter(({ attached }) => !attached);
  const isAnyAttached = readers.length > detached.length;
  return [
    ...(readersFault !== undefined && !isAnyAttached ? ['カードリーダーが使えません'] : []),
    ...(readersFault === undefined
      ? detached.map(({ place }) => `リーダー「${place.readerId}」が外れています`)
      : []),
    ...(readersFault === undefined && readers.length === 0 ? ['カードリーダーがありません'] : []),
    ...(rosterIndex === undefined ? ['名簿を受信していません'] : []),
    ...(clock.trust === 'untrusted' ? ['時計が未同期です'] : []),
  ];
};

export const kioskView = (status: TerminalStatus): KioskView => {
  const { lastFeedback, clock } = status;
  const isRecent =
    lastFeedback !== undefined && Math.abs(clock.wallMs - lastFeedback.at) < TOUCH_SHOWN_MS;
  return {
    siteName: status.rosterIndex?.roster.siteName ?? '',
    onSite: status.onSite,
    unsent: status.unsentTaps,
    isLinked: status.isLinked,
    faults: faultsOf(status),
    touch: isRecent ? touchView(lastFeedback) : undefined,
  };
};
