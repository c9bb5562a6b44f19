/**
 * What the gate says (画面の文言), in eight languages; Japanese with furigana.
 *
 * Short, because a worker reads them in two seconds. All but Japanese and English still want the eye of
 * somebody who grew up with the language.
 */
import type { Language } from '../../shared/language.ts';

export interface Phrases {
  readonly touchCard: string;
  readonly lookAtCamera: string;
  readonly takeCardAway: string;
  readonly readerDead: string;
  /** Where no card is taken: the button ID, or the staff. */
  readonly wayOut: string;
  /** Before the name of a reader beside which another works. */
  readonly deadReader: string;
  readonly in: string;
  readonly out: string;
  readonly unknownCard: string;
  readonly notOnRoster: string;
  readonly reception: string;
  readonly notRecorded: string;
  readonly tellStaff: string;
  readonly unreadable: string;
  readonly touchAgain: string;
  readonly oneCardOnly: string;
  readonly cardOfNoOne: string;
  /** Before the number. */
  readonly daysThisMonth: string;
  readonly daysInAll: string;
  /** After the number. */
  readonly days: string;
  readonly typeId: string;
  readonly enter: string;
  readonly back: string;
  readonly tooManyTries: string;
}

const PHRASES: Readonly<Record<Language, Phrases>> = {
  ja: {
    touchCard: 'カードをかざしてください',
    lookAtCamera: 'カメラを{見|み}てください',
    takeCardAway: 'リーダーの{上|うえ}のカードを{取|と}ってください',
    readerDead: 'カードリーダーが{使|つか}えません',
    wayOut:
      '{下|した}の「ID」で{番号|ばんごう}を{入力|にゅうりょく}するか、{職員|しょくいん}に{知|し}らせてください',
    deadReader: '{使|つか}えないリーダー：',
    in: '{入場|にゅうじょう}',
    out: '{退場|たいじょう}',
    unknownCard: '{未登録|みとうろく}カード',
    notOnRoster: '{名簿|めいぼ}にない{方|かた}',
    reception: '{受付|うけつけ}',
    notRecorded: '{記録|きろく}できません',
    tellStaff: '{職員|しょくいん}に{知|し}らせてください',
    unreadable: '{読|よ}み{取|と}れません',
    touchAgain: 'もう{一度|いちど}かざしてください',
    oneCardOnly: 'カードは{一枚|いちまい}だけかざしてください',
    cardOfNoOne: 'このカードは{使|つか}えません（{番号|ばんごう}が{毎回|まいかい}{変|か}わります）',
    daysThisMonth: '{今月|こんげつ}の{建退共|けんたいきょう}',
    daysInAll: 'これまでの{合計|ごうけい}',
    days: '{日|にち}',
    typeId: '{技能者|ぎのうしゃ}IDを{入力|にゅうりょく}（14{桁|けた}）',
    enter: '{記録|きろく}する',
    back: 'もどる',
    tooManyTries: 'しばらくお{待|ま}ちください',
  },
  en: {
    touchCard: 'Touch your card',
    lookAtCamera: 'Look at the camera',
    takeCardAway: 'Take the card off the reader',
    readerDead: 'Card reader not working',
    wayOut: 'Press “ID” below and type your number, or tell the staff',
    deadReader: 'Not working: ',
    in: 'IN',
    out: 'OUT',
    unknownCard: 'Unknown card',
    notOnRoster: 'Not on the list',
    reception: 'Reception',
    notRecorded: 'NOT RECORDED',
    tellStaff: 'Tell the staff',
    unreadable: 'Cannot read',
    touchAgain: 'Touch again',
    oneCardOnly: 'Touch with one card only',
    cardOfNoOne: 'This card cannot be used (its number keeps changing)',
    daysThisMonth: 'Kentaikyo this month',
    daysInAll: 'Total so far',
    days: 'days',
    typeId: 'Type your worker ID (14 digits)',
    enter: 'Record',
    back: 'Back',
    tooManyTries: 'Please wait a moment',
  },
  vi: {
    touchCard: 'Hãy chạm thẻ',
    lookAtCamera: 'Hãy nhìn vào camera',
    takeCardAway: 'Hãy lấy thẻ ra khỏi đầu đọc',
    readerDead: 'Đầu đọc thẻ bị hỏng',
    wayOut: 'Bấm “ID” bên dưới để nhập số, hoặc báo nhân viên',
    deadReader: 'Không dùng được: ',
    in: 'VÀO',
    out: 'RA',
    unknownCard: 'Thẻ chưa đăng ký',
    notOnRoster: 'Không có trong danh sách',
    reception: 'Tiếp nhận',
    notRecorded: 'KHÔNG GHI ĐƯỢC',
    tellStaff: 'Hãy báo nhân viên',
    unreadable: 'Không đọc được',
    touchAgain: 'Hãy chạm lại',
    oneCardOnly: 'Chỉ chạm một thẻ',
    cardOfNoOne: 'Không dùng được thẻ này (số thẻ luôn thay đổi)',
    daysThisMonth: 'Kentaikyo tháng này',
    daysInAll: 'Tổng đến nay',
    days: 'ngày',
    typeId: 'Nhập ID kỹ năng (14 số)',
    enter: 'Ghi nhận',
    back: 'Quay lại',
    tooManyTries: 'Vui lòng chờ một lát',
  },
  zh: {
    touchCard: '请刷卡',
    lookAtCamera: '请看摄像头',
    takeCardAway: '请取走读卡器上的卡',
    readerDead: '读卡器不能使用',
    wayOut: '请按下方的“ID”输入号码，或告诉工作人员',
    deadReader: '不能使用：',
    in: '进场',
    out: '离场',
    unknownCard: '未登记的卡',
    notOnRoster: '不在名单内',
    reception: '接待',
    notRecorded: '无法记录',
    tellStaff: '请告诉工作人员',
    unreadable: '无法读取',
    touchAgain: '请再刷一次',
    oneCardOnly: '请只刷一张卡',
    cardOfNoOne: '此卡不能使用（卡号每次变化）',
    daysThisMonth: '本月建退共',
    daysInAll: '累计',
    days: '天',
    typeId: '请输入技能者ID（14位）',
    enter: '记录',
    back: '返回',
    tooManyTries: '请稍候',
  },
  id: {
    touchCard: 'Tempelkan kartu',
    lookAtCamera: 'Lihat ke kamera',
    takeCardAway: 'Ambil kartu dari alat pembaca',
    readerDead: 'Pembaca kartu tidak berfungsi',
    wayOut: 'Tekan “ID” di bawah dan ketik nomor Anda, atau beri tahu petugas',
    deadReader: 'Tidak berfungsi: ',
    in: 'MASUK',
    out: 'KELUAR',
    unknownCard: 'Kartu tidak dikenal',
    notOnRoster: 'Tidak ada di daftar',
    reception: 'Penerimaan',
    notRecorded: 'TIDAK TERCATAT',
    tellStaff: 'Beri tahu petugas',
    unreadable: 'Tidak terbaca',
    touchAgain: 'Tempelkan lagi',
    oneCardOnly: 'Tempelkan satu kartu saja',
    cardOfNoOne: 'Kartu ini tidak bisa dipakai (nomornya selalu berubah)',
    daysThisMonth: 'Kentaikyo bulan ini',
    daysInAll: 'Jumlah sampai sekarang',
    days: 'hari',
    typeId: 'Ketik ID pekerja (14 angka)',
    enter: 'Catat',
    back: 'Kembali',
    tooManyTries: 'Mohon tunggu sebentar',
  },
  fil: {
    touchCard: 'Itapat ang card',
    lookAtCamera: 'Tumingin sa camera',
    takeCardAway: 'Alisin ang card sa reader',
    readerDead: 'Hindi gumagana ang card reader',
    wayOut: 'Pindutin ang “ID” sa ibaba at ilagay ang numero mo, o sabihin sa staff',
    deadReader: 'Hindi gumagana: ',
    in: 'PASOK',
    out: 'LABAS',
    unknownCard: 'Hindi kilalang card',
    notOnRoster: 'Wala sa listahan',
    reception: 'Tanggapan',
    notRecorded: 'HINDI NAITALA',
    tellStaff: 'Sabihin sa staff',
    unreadable: 'Hindi mabasa',
    touchAgain: 'Itapat ulit',
    oneCardOnly: 'Isang card lang ang itapat',
    cardOfNoOne: 'Hindi magagamit ang card na ito (nagbabago ang numero)',
    daysThisMonth: 'Kentaikyo ngayong buwan',
    daysInAll: 'Kabuuan hanggang ngayon',
    days: 'araw',
    typeId: 'I-type ang worker ID (14 numero)',
    enter: 'Itala',
    back: 'Bumalik',
    tooManyTries: 'Maghintay sandali',
  },
  my: {
    touchCard: 'ကတ်ကို ထိပါ',
    lookAtCamera: 'ကင်မရာကို ကြည့်ပါ',
    takeCardAway: 'ကတ်ဖတ်စက်ပေါ်က ကတ်ကို ယူပါ',
    readerDead: 'ကတ်ဖတ်စက် သုံးမရပါ',
    wayOut: 'အောက်က “ID” ကို နှိပ်၍ နံပါတ် ရိုက်ပါ၊ သို့မဟုတ် ဝန်ထမ်းကို ပြောပါ',
    deadReader: 'သုံးမရပါ: ',
    in: 'အဝင်',
    out: 'အထွက်',
    unknownCard: 'မသိသော ကတ်',
    notOnRoster: 'စာရင်းတွင် မပါ',
    reception: 'လက်ခံရေး',
    notRecorded: 'မှတ်တမ်းမတင်နိုင်',
    tellStaff: 'ဝန်ထမ်းကို ပြောပါ',
    unreadable: 'ဖတ်မရပါ',
    touchAgain: 'ထပ်ထိပါ',
    oneCardOnly: 'ကတ်တစ်ကတ်တည်း ထိပါ',
    cardOfNoOne: 'ဤကတ် သုံးမရပါ (နံပါတ် အမြဲပြောင်းသည်)',
    daysThisMonth: 'ယခုလ Kentaikyo',
    daysInAll: 'ယခုအထိ စုစုပေါင်း',
    days: 'ရက်',
    typeId: 'လုပ်သား ID ရိုက်ပါ (ဂဏန်း ၁၄ လုံး)',
    enter: 'မှတ်တမ်းတင်',
    back: 'နောက်သို့',
    tooManyTries: 'ခဏ စောင့်ပါ',
  },
  ne: {
    touchCard: 'कार्ड छुवाउनुहोस्',
    lookAtCamera: 'क्यामेरामा हेर्नुहोस्',
    takeCardAway: 'रिडरमाथिको कार्ड हटाउनुहोस्',
    readerDead: 'कार्ड रिडर चल्दैन',
    wayOut: 'तलको “ID” थिचेर नम्बर टाइप गर्नुहोस्, वा कर्मचारीलाई भन्नुहोस्',
    deadReader: 'चल्दैन: ',
    in: 'प्रवेश',
    out: 'बाहिर',
    unknownCard: 'अज्ञात कार्ड',
    notOnRoster: 'सूचीमा छैन',
    reception: 'स्वागत',
    notRecorded: 'रेकर्ड भएन',
    tellStaff: 'कर्मचारीलाई भन्नुहोस्',
    unreadable: 'पढ्न सकिएन',
    touchAgain: 'फेरि छुवाउनुहोस्',
    oneCardOnly: 'एउटा कार्ड मात्र छुवाउनुहोस्',
    cardOfNoOne: 'यो कार्ड चल्दैन (नम्बर फेरिरहन्छ)',
    daysThisMonth: 'यो महिनाको Kentaikyo',
    daysInAll: 'अहिलेसम्मको जम्मा',
    days: 'दिन',
    typeId: 'कामदार ID टाइप गर्नुहोस् (१४ अंक)',
    enter: 'रेकर्ड',
    back: 'पछाडि',
    tooManyTries: 'कृपया पर्खनुहोस्',
  },
};

export const phrasesIn = (language: Language): Phrases => PHRASES[language];
