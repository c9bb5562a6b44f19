/**
 * The words that stand on every document whatever it says (帳票の枠), in the languages of the gate.
 *
 * All but Japanese and English still want the eye of somebody who grew up with the language.
 */
import type { Language } from '../../shared/language.ts';

export interface FrameWords {
  readonly madeOn: string;
  readonly notes: string;
  readonly sources: string;
  readonly total: string;
  /** Stands at the foot of every document. */
  readonly ownLayout: string;
  /** After a number that stands alone. */
  readonly yen: string;
  readonly days: string;
}

/** On Japanese papers for workers. */
const JA_WITH_FURIGANA = {
  madeOn: '{作成日|さくせいび}',
  notes: '{注記|ちゅうき}',
  sources: '{根拠|こんきょ}',
  total: '{合計|ごうけい}',
  ownLayout:
    'この{帳票|ちょうひょう}は{当|とう}システム{独自|どくじ}の{様式|ようしき}です。{公的|こうてき}{機関|きかん}の{定|さだ}める{様式|ようしき}ではありません。',
} as const;

export const FRAME_WORDS: Readonly<Record<Language, FrameWords>> = {
  ja: {
    madeOn: '作成日',
    notes: '注記',
    sources: '根拠',
    total: '合計',
    ownLayout: 'この帳票は当システム独自の様式です。公的機関の定める様式ではありません。',
    yen: '円',
    days: '日',
  },
  en: {
    madeOn: 'Made on',
    notes: 'Notes',
    sources: 'Sources',
    total: 'Total',
    ownLayout: 'This sheet has a layout of our own. It is not an official form.',
    yen: ' yen',
    days: ' days',
  },
  vi: {
    madeOn: 'Ngày lập',
    notes: 'Ghi chú',
    sources: 'Căn cứ',
    total: 'Tổng cộng',
    ownLayout: 'Mẫu này do hệ thống của chúng tôi tự thiết kế, không phải biểu mẫu chính thức.',
    yen: ' yên',
    days: ' ngày',
  },
  zh: {
    madeOn: '制表日期',
    notes: '备注',
    sources: '依据',
    total: '合计',
    ownLayout: '本表为本系统自有格式，并非官方表格。',
    yen: '日元',
    days: '天',
  },
  id: {
    madeOn: 'Dibuat pada',
    notes: 'Catatan',
    sources: 'Dasar',
    total: 'Jumlah',
    ownLayout: 'Tata letak lembar ini milik kami sendiri, bukan formulir resmi.',
    yen: ' yen',
    days: ' hari',
  },
  fil: {
    madeOn: 'Petsa ng paggawa',
    notes: 'Mga tala',
    sources: 'Batayan',
    total: 'Kabuuan',
    ownLayout: 'Sariling ayos namin ang papel na ito. Hindi ito opisyal na form.',
    yen: ' yen',
    days: ' araw',
  },
  my: {
    madeOn: 'ပြုလုပ်သည့်နေ့',
    notes: 'မှတ်ချက်',
    sources: 'အခြေခံ',
    total: 'စုစုပေါင်း',
    ownLayout: 'ဤစာရွက်သည် ကျွန်ုပ်တို့၏ ကိုယ်ပိုင်ပုံစံဖြစ်ပြီး တရားဝင်ပုံစံ မဟုတ်ပါ။',
    yen: ' ယန်း',
    days: ' ရက်',
  },
  ne: {
    madeOn: 'बनाएको मिति',
    notes: 'टिप्पणी',
    sources: 'आधार',
    total: 'जम्मा',
    ownLayout: 'यो पाना हाम्रो आफ्नै ढाँचामा छ। यो आधिकारिक फाराम होइन।',
    yen: ' येन',
    days: ' दिन',
  },
};

/** As a page writes them: with furigana where the document has it. */
export const frameWordsOf = ({
  language,
  hasFurigana,
}: {
  readonly language: Language;
  readonly hasFurigana?: true;
}): FrameWords =>
  hasFurigana === true && language === 'ja'
    ? { ...FRAME_WORDS.ja, ...JA_WITH_FURIGANA }
    : FRAME_WORDS[language];
