/**
 * What the kiosk shows (表示内容), in the words that people at the gate read. Pure: status in, view out.
 *
 * The page is dumb; it draws what stands here. The least personal data: short name and company. The
 * person who touched is spoken to in their language, the line for the staff stays Japanese.
 */
import type { Language } from '../../shared/language.ts';
import { clockTimeInJapan, DAY_MS, type UtcMs } from '../../shared/time.ts';
import { type Feedback, type Tone, toneOf } from '../feedback.ts';
import { CERTIFICATE_DAYS_MIN } from '../manager/health.ts';
import { ageOfOthersJa } from '../other-gates.ts';
import { MUTE_CARD, RANDOM_SERIAL } from '../readers/card-id.ts';
import { isReaderDead, type Readiness, readinessOf } from '../readiness.ts';
import { type Beep, beepsOf } from '../signals/patterns.ts';
import type { TerminalStatus } from '../terminal-status.ts';
import { type Phrases, phrasesIn } from './phrases.ts';
import { reasonIn, verdictIn } from './verdict-phrases.ts';

export interface TouchView {
  /** Differs from touch to touch, so that the page knows a new one from a redraw. */
  readonly key: string;
  readonly tone: Tone;
  /** 入場, 退場, … */
  readonly title: string;
  readonly name: string;
  /** Furigana of the name; empty where the language is not Japanese or nobody gave one. */
  readonly kana: string;
  readonly company: string;
  /** `HH:MM` */
  readonly time: string;
  /** Card colour: 1 white · 2 blue · 3 silver · 4 gold. */
  readonly level: number | undefined;
  /** Days of this month that count for 建退共. */
  readonly days: number | undefined;
  /** Of all months, where they are known. */
  readonly daysInAll: number | undefined;
  readonly words: readonly string[];
  readonly beeps: readonly Beep[];
}

/** What stands large while nobody touches. */
export interface PromptView {
  readonly sign: Readiness;
  /** What to do, or why it cannot be done; then the way out. */
  readonly words: readonly string[];
}

/** Texts may hold furigana as `{漢字|かんじ}`. */
export interface KioskView {
  readonly siteName: string;
  readonly onSite: number;
  readonly unsent: number;
  readonly isLinked: boolean;
  /** What a person should look at, most urgent first. */
  readonly faults: readonly string[];
  /** Nothing can be recorded. */
  readonly isClosed: boolean;
  readonly prompt: PromptView;
  /** Instead of the prompt, where the terminal does not answer. */
  readonly silent: PromptView;
  readonly language: Language;
  readonly phrases: Pick<
    Phrases,
    | 'daysThisMonth'
    | 'daysInAll'
    | 'days'
    | 'typeId'
    | 'enter'
    | 'back'
    | 'tooManyTries'
    | 'notRecorded'
  >;
  /** The last touch, while it is recent. */
  readonly touch: TouchView | undefined;
}

type Recorded = Extract<Feedback, { kind: 'recorded' }>;

const strangerName = ({ by, reasons }: Recorded, phrases: Phrases): string => {
  if (reasons.includes('no-roster')) return phrases.reception;
  return by === 'card' && !reasons.includes('card-invalid')
    ? phrases.unknownCard
    : by === 'card'
      ? phrases.reception
      : phrases.notOnRoster;
};

const recordedView = (feedback: Recorded, language: Language): TouchView => {
  const { worker, verdict, standing, reasons, passage, contributedDays } = feedback;
  const phrases = phrasesIn(language);
  return {
    key: `${feedback.seq}`,
    tone: toneOf(feedback),
    beeps: beepsOf(toneOf(feedback)),
    title: phrases[passage],
    name: worker?.shortName ?? strangerName(feedback, phrases),
    kana: language === 'ja' ? (worker?.kana ?? '') : '',
    company: worker?.companyName ?? '',
    time: clockTimeInJapan(feedback.at),
    level: worker?.level,
    days: contributedDays?.month,
    daysInAll: contributedDays?.total,
    // What stands in place of the name need not be said twice; what is only noted is the manager's.
    words: [
      ...(standing === 'recorded' ? [] : [verdictIn(language, standing)]),
      ...(standing === 'recorded' || verdict === 'repeat' ? [verdictIn(language, verdict)] : []),
      ...(standing === 'recorded'
        ? []
        : reasons
            .filter((reason) => reason !== 'unknown-card' && reason !== 'roster-old')
            .map((reason) => reasonIn(language, reason))),
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
  beeps: beepsOf('failed'),
  title,
  name: '',
  kana: '',
  company: '',
  time,
  level: undefined,
  days: undefined,
  daysInAll: undefined,
  words,
});

const unreadableWords = (reason: string, phrases: Phrases): string => {
  if (reason === RANDOM_SERIAL) return phrases.cardOfNoOne;
  return reason === MUTE_CARD ? phrases.oneCardOnly : phrases.touchAgain;
};

const touchView = (feedback: Feedback, language: Language): TouchView => {
  const time = clockTimeInJapan(feedback.at);
  const phrases = phrasesIn(language);
  switch (feedback.kind) {
    case 'recorded':
      return recordedView(feedback, language);
    case 'not-recorded':
      return failedView(
        `not-recorded ${feedback.at}`,
        phrases.notRecorded,
        [phrases.tellStaff],
        time,
      );
    case 'unreadable-card':
      return failedView(
        `unreadable ${feedback.at}`,
        phrases.unreadable,
        [unreadableWords(feedback.message, phrases)],
        time,
      );
  }
};

const readerFaults = ({ readersFault, readers }: TerminalStatus): readonly string[] => {
  const detached = readers.filter(isReaderDead);
  if (readers.length === detached.length) {
    if (readersFault !== undefined) return ['カードリーダーが使えません'];
    if (readers.length === 0) return ['カードリーダーがありません'];
  }
  return [
    ...detached.map(({ place }) => `リーダー「${place.readerId}」が外れています`),
    ...readers
      .filter(({ isCardLeft }) => isCardLeft)
      .map(({ place }) => `リーダー「${place.readerId}」にカードが置かれたままです`),
  ];
};

const promptView = (status: TerminalStatus, phrases: Phrases): PromptView => {
  const sign = readinessOf(status);
  switch (sign) {
    case 'ready':
      return {
        sign,
        words: [
          phrases.touchCard,
          ...status.readers
            .filter(isReaderDead)
            .map(({ place }) => `${phrases.deadReader}${place.readerId}`),
        ],
      };
    case 'face-only':
      return { sign, words: [phrases.lookAtCamera, phrases.readerDead] };
    case 'card-left':
      return { sign, words: [phrases.takeCardAway, phrases.wayOut] };
    case 'no-reader':
      return { sign, words: [phrases.readerDead, phrases.wayOut] };
    case 'closed':
      return { sign, words: [phrases.notRecorded, phrases.tellStaff] };
  }
};

const certificateFaults = (ends: UtcMs | undefined, now: UtcMs): readonly string[] => {
  if (ends === undefined || ends - now >= CERTIFICATE_DAYS_MIN * DAY_MS) return [];
  return [
    ends < now
      ? '証明書の期限が切れています'
      : `証明書の期限まであと${Math.floor((ends - now) / DAY_MS)}日です`,
  ];
};

/** For the staff, hence Japanese. */
export const faultsOf = (
  status: TerminalStatus,
  certificateEnds?: UtcMs | undefined,
): readonly string[] => {
  const { rosterIndex, clock, cameras } = status;
  const ageOfOthers = ageOfOthersJa(status.otherGates, clock.wallMs);
  return [
    ...(status.storageFault === undefined ? [] : ['記録できません（ディスク）']),
    ...readerFaults(status),
    ...cameras
      .filter(({ attached }) => !attached)
      .map(({ camera }) => `カメラ「${camera}」が外れています`),
    ...(status.signalsFault === undefined ? [] : ['ランプ・ブザーが使えません']),
    ...(status.syncFault === undefined ? [] : ['中継サーバが記録を受け付けません（事務所へ連絡）']),
    ...(rosterIndex === undefined ? ['名簿を受信していません'] : []),
    ...(status.isRosterOld ? ['名簿が古くなっています'] : []),
    ...(status.rosterFault === undefined ? [] : ['新しい名簿を受け取れません']),
    ...(clock.trust === 'untrusted' ? ['時計が未同期です'] : []),
    ...certificateFaults(certificateEnds, clock.wallMs),
    ...(ageOfOthers === undefined ? [] : [ageOfOthers]),
  ];
};

/** `certificateEnds`: undefined where the terminal has none. */
export const kioskView = (
  status: TerminalStatus,
  certificateEnds?: UtcMs | undefined,
): KioskView => {
  const { lastFeedback, language } = status;
  const shownLanguage = lastFeedback !== undefined || status.isLanguageChosen ? language : 'ja';
  const phrases = phrasesIn(shownLanguage);
  const { daysThisMonth, daysInAll, days, typeId, enter, back, tooManyTries, notRecorded } =
    phrases;
  return {
    siteName: status.rosterIndex?.roster.siteName ?? '',
    onSite: status.onSite,
    unsent: status.unsentTaps,
    isLinked: status.isLinked,
    faults: faultsOf(status, certificateEnds),
    isClosed: status.storageFault !== undefined,
    prompt: promptView(status, phrases),
    silent: { sign: 'closed', words: [phrases.notRecorded, phrases.tellStaff] },
    language: shownLanguage,
    phrases: {
      daysThisMonth,
      daysInAll,
      days,
      typeId,
      enter,
      back,
      tooManyTries,
      notRecorded,
    },
    touch: lastFeedback && touchView(lastFeedback, language),
  };
};
