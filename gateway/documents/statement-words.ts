/**
 * The words of a worker's own 掛金充当書 (本人用の文言), in the languages of the gate; Japanese with furigana.
 *
 * Plain and short, for somebody who reads it once a month. All but Japanese and English still want the eye
 * of somebody who grew up with the language.
 */
import type { Language } from '../../shared/language.ts';
import type { NotPayable } from '../policies/not-payable.ts';
import type { Method } from '../registry-document.ts';
import { STATEMENT_WORDS_JA } from './statement-words-ja.ts';

export interface StatementWords {
  readonly title: string;
  readonly about: string;
  readonly name: string;
  readonly workerId: string;
  readonly memberNo: string;
  readonly employer: string;
  readonly monthly: string;
  readonly month: string;
  readonly site: string;
  readonly method: string;
  readonly workedDays: string;
  readonly days: string;
  readonly yen: string;
  readonly remark: string;
  readonly empty: string;
  readonly soFar: string;
  readonly totalDays: string;
  readonly totalYen: string;
  readonly booklet: string;
  readonly bookletNumber: string;
  readonly bookletDays: string;
  readonly bookletDaysLeft: string;
  readonly noBooklet: string;
  readonly level: string;
  readonly trade: string;
  readonly presentLevel: string;
  readonly levelDays: string;
  readonly levelDaysLeft: string;
  readonly methods: Readonly<Record<Method, string>>;
  readonly why: Readonly<Record<NotPayable, string>>;
  readonly leave: string;
  /** Before a number of days. */
  readonly awaiting: string;
  readonly notes: readonly string[];
}

export const STATEMENT_WORDS: Readonly<Record<Language, StatementWords>> = {
  ja: STATEMENT_WORDS_JA,
  en: {
    title: 'Kentaikyo statement (掛金充当書)',
    about:
      'Kentaikyo (建退共) is the retirement pay of people who work in construction. Your company pays into it for every day that you work.',
    name: 'Name',
    workerId: 'Worker ID (技能者ID)',
    memberNo: 'Member no. (被共済者番号)',
    employer: 'Company',
    monthly: 'Days by month',
    month: 'Month',
    site: 'Site',
    method: 'Paid by',
    workedDays: 'Days worked',
    days: 'Days paid in',
    yen: 'Yen',
    remark: 'Remarks',
    empty: 'No days worked in this time',
    soFar: 'Total so far',
    totalDays: 'Days paid in',
    totalYen: 'Paid in',
    booklet: 'Your book (共済手帳)',
    bookletNumber: 'Book number',
    bookletDays: 'Days in the book (full at 250)',
    bookletDaysLeft: 'Days until it is full',
    noBooklet: 'No book is registered',
    level: 'CCUS level',
    trade: 'Trade',
    presentLevel: 'Your level',
    levelDays: 'Days counted',
    levelDaysLeft: 'Days to the next level',
    methods: { points: 'Points', stamps: 'Stamps' },
    why: {
      officer: 'Officers of a company are not covered',
      'other-scheme': 'Member of another retirement scheme',
      'sole-contractor': 'Self-employed: paid through an association',
      'no-member-no': 'No member number',
      'too-late': 'More than two years ago',
    },
    leave: 'Includes paid leave or closure',
    awaiting: 'Days waiting for approval:',
    notes: [
      'Your company pays all of it. Nothing is taken from your wages.',
      'If a figure looks wrong, please ask your company.',
      'The totals hold only days that are recorded in this system.',
    ],
  },
  vi: {
    title: 'Bảng kê Kentaikyo (掛金充当書)',
    about:
      'Kentaikyo (建退共) là chế độ tiền hưu trí cho người làm ngành xây dựng. Công ty đóng tiền cho mỗi ngày bạn làm việc.',
    name: 'Họ tên',
    workerId: 'ID kỹ năng (技能者ID)',
    memberNo: 'Số thành viên (被共済者番号)',
    employer: 'Công ty',
    monthly: 'Số ngày theo tháng',
    month: 'Tháng',
    site: 'Công trường',
    method: 'Cách đóng',
    workedDays: 'Ngày làm việc',
    days: 'Ngày được đóng',
    yen: 'Yên',
    remark: 'Ghi chú',
    empty: 'Không có ngày làm việc trong thời gian này',
    soFar: 'Tổng đến nay',
    totalDays: 'Ngày được đóng',
    totalYen: 'Số tiền đã đóng',
    booklet: 'Sổ của bạn (共済手帳)',
    bookletNumber: 'Quyển số',
    bookletDays: 'Số ngày trong sổ (đầy khi đủ 250)',
    bookletDaysLeft: 'Số ngày còn lại đến khi đầy',
    noBooklet: 'Chưa đăng ký sổ',
    level: 'Cấp độ CCUS',
    trade: 'Nghề',
    presentLevel: 'Cấp độ hiện tại',
    levelDays: 'Số ngày được tính',
    levelDaysLeft: 'Số ngày đến cấp tiếp theo',
    methods: { points: 'Điểm điện tử', stamps: 'Tem' },
    why: {
      officer: 'Lãnh đạo công ty không thuộc đối tượng',
      'other-scheme': 'Đã tham gia chế độ hưu trí khác',
      'sole-contractor': 'Thợ tự do: đóng qua hiệp hội',
      'no-member-no': 'Chưa có số thành viên',
      'too-late': 'Đã quá hai năm',
    },
    leave: 'Gồm ngày nghỉ có lương',
    awaiting: 'Số ngày chờ duyệt:',
    notes: [
      'Công ty trả toàn bộ. Không trừ vào lương của bạn.',
      'Nếu thấy số liệu sai, hãy hỏi công ty.',
      'Tổng số chỉ gồm các ngày được ghi trong hệ thống này.',
    ],
  },
  zh: {
    title: '建退共缴纳明细（掛金充当書）',
    about: '建退共是建筑业劳动者的退休金制度。您每工作一天，公司就为您缴纳一天的钱。',
    name: '姓名',
    workerId: '技能者ID',
    memberNo: '被共済者番号（会员号）',
    employer: '公司',
    monthly: '每月天数',
    month: '月份',
    site: '工地',
    method: '缴纳方式',
    workedDays: '工作天数',
    days: '缴纳天数',
    yen: '日元',
    remark: '备注',
    empty: '这段时间没有工作日',
    soFar: '累计',
    totalDays: '缴纳天数',
    totalYen: '缴纳金额',
    booklet: '您的手册（共済手帳）',
    bookletNumber: '第几本',
    bookletDays: '手册中的天数（满250天）',
    bookletDaysLeft: '还差几天满',
    noBooklet: '没有登记手册',
    level: 'CCUS等级',
    trade: '工种',
    presentLevel: '现在的等级',
    levelDays: '已计算的天数',
    levelDaysLeft: '到下一等级的天数',
    methods: { points: '电子积分', stamps: '印花' },
    why: {
      officer: '公司高管不在对象之内',
      'other-scheme': '已加入其他退休金制度',
      'sole-contractor': '个体承包：通过协会缴纳',
      'no-member-no': '没有会员号',
      'too-late': '已超过两年',
    },
    leave: '包括带薪休假或停工',
    awaiting: '等待批准的天数：',
    notes: [
      '全部由公司缴纳，不会从您的工资中扣除。',
      '如果觉得数字不对，请问公司。',
      '累计只包括本系统有记录的日子。',
    ],
  },
  id: {
    title: 'Laporan Kentaikyo (掛金充当書)',
    about:
      'Kentaikyo (建退共) adalah uang pensiun bagi pekerja konstruksi. Perusahaan membayar iuran untuk setiap hari Anda bekerja.',
    name: 'Nama',
    workerId: 'ID pekerja (技能者ID)',
    memberNo: 'No. anggota (被共済者番号)',
    employer: 'Perusahaan',
    monthly: 'Jumlah hari per bulan',
    month: 'Bulan',
    site: 'Proyek',
    method: 'Cara bayar',
    workedDays: 'Hari kerja',
    days: 'Hari dibayar',
    yen: 'Yen',
    remark: 'Keterangan',
    empty: 'Tidak ada hari kerja pada masa ini',
    soFar: 'Jumlah sampai sekarang',
    totalDays: 'Hari dibayar',
    totalYen: 'Iuran',
    booklet: 'Buku Anda (共済手帳)',
    bookletNumber: 'Buku ke-',
    bookletDays: 'Hari dalam buku (penuh 250)',
    bookletDaysLeft: 'Sisa hari sampai penuh',
    noBooklet: 'Buku belum terdaftar',
    level: 'Level CCUS',
    trade: 'Jenis pekerjaan',
    presentLevel: 'Level Anda',
    levelDays: 'Hari yang dihitung',
    levelDaysLeft: 'Hari menuju level berikutnya',
    methods: { points: 'Poin', stamps: 'Prangko' },
    why: {
      officer: 'Pengurus perusahaan tidak termasuk',
      'other-scheme': 'Anggota program pensiun lain',
      'sole-contractor': 'Pekerja mandiri: lewat perkumpulan',
      'no-member-no': 'Belum ada nomor anggota',
      'too-late': 'Sudah lewat dua tahun',
    },
    leave: 'Termasuk cuti berbayar atau libur',
    awaiting: 'Hari menunggu persetujuan:',
    notes: [
      'Semuanya dibayar perusahaan. Gaji Anda tidak dipotong.',
      'Jika angka tampak salah, tanyakan kepada perusahaan.',
      'Jumlah hanya mencakup hari yang tercatat di sistem ini.',
    ],
  },
  fil: {
    title: 'Ulat ng Kentaikyo (掛金充当書)',
    about:
      'Ang Kentaikyo (建退共) ay retirement pay ng mga manggagawa sa konstruksyon. Nagbabayar ang kompanya para sa bawat araw na nagtrabaho ka.',
    name: 'Pangalan',
    workerId: 'ID ng manggagawa (技能者ID)',
    memberNo: 'Numero ng kasapi (被共済者番号)',
    employer: 'Kompanya',
    monthly: 'Mga araw bawat buwan',
    month: 'Buwan',
    site: 'Site',
    method: 'Paraan ng bayad',
    workedDays: 'Araw na nagtrabaho',
    days: 'Araw na binayaran',
    yen: 'Yen',
    remark: 'Paalala',
    empty: 'Walang araw ng trabaho sa panahong ito',
    soFar: 'Kabuuan hanggang ngayon',
    totalDays: 'Araw na binayaran',
    totalYen: 'Halagang binayaran',
    booklet: 'Ang libreta mo (共済手帳)',
    bookletNumber: 'Ikailang libreta',
    bookletDays: 'Mga araw sa libreta (puno sa 250)',
    bookletDaysLeft: 'Natitirang araw bago mapuno',
    noBooklet: 'Walang nakarehistrong libreta',
    level: 'Level sa CCUS',
    trade: 'Uri ng trabaho',
    presentLevel: 'Level mo ngayon',
    levelDays: 'Nabilang na araw',
    levelDaysLeft: 'Araw bago ang susunod na level',
    methods: { points: 'Points', stamps: 'Selyo' },
    why: {
      officer: 'Hindi kasama ang opisyal ng kompanya',
      'other-scheme': 'Kasapi sa ibang retirement plan',
      'sole-contractor': 'Self-employed: sa pamamagitan ng samahan',
      'no-member-no': 'Walang numero ng kasapi',
      'too-late': 'Lampas na sa dalawang taon',
    },
    leave: 'Kasama ang bayad na bakasyon o pagsasara',
    awaiting: 'Araw na naghihintay ng pahintulot:',
    notes: [
      'Kompanya ang nagbabayad ng lahat. Walang ibinabawas sa sahod mo.',
      'Kung tila mali ang numero, magtanong sa kompanya.',
      'Mga araw lang na nakatala sa system na ito ang nasa kabuuan.',
    ],
  },
  my: {
    title: 'Kentaikyo စာရင်း (掛金充当書)',
    about:
      'Kentaikyo (建退共) သည် ဆောက်လုပ်ရေးလုပ်သားများ၏ အငြိမ်းစားငွေ ဖြစ်သည်။ သင်အလုပ်လုပ်သော နေ့တိုင်းအတွက် ကုမ္ပဏီက ငွေသွင်းပေးသည်။',
    name: 'အမည်',
    workerId: 'လုပ်သား ID (技能者ID)',
    memberNo: 'အဖွဲ့ဝင်နံပါတ် (被共済者番号)',
    employer: 'ကုမ္ပဏီ',
    monthly: 'လအလိုက် ရက်များ',
    month: 'လ',
    site: 'လုပ်ငန်းခွင်',
    method: 'သွင်းနည်း',
    workedDays: 'အလုပ်ရက်',
    days: 'ငွေသွင်းရက်',
    yen: 'ယန်း',
    remark: 'မှတ်ချက်',
    empty: 'ဤကာလတွင် အလုပ်ရက် မရှိပါ',
    soFar: 'ယခုအထိ စုစုပေါင်း',
    totalDays: 'ငွေသွင်းရက်',
    totalYen: 'သွင်းငွေ',
    booklet: 'သင့်စာအုပ် (共済手帳)',
    bookletNumber: 'စာအုပ်အမှတ်',
    bookletDays: 'စာအုပ်ထဲရှိ ရက် (၂၅၀ ပြည့်)',
    bookletDaysLeft: 'ပြည့်ရန် ကျန်ရက်',
    noBooklet: 'စာအုပ် မှတ်ပုံမတင်ရသေး',
    level: 'CCUS အဆင့်',
    trade: 'လုပ်ငန်းအမျိုးအစား',
    presentLevel: 'သင့်အဆင့်',
    levelDays: 'ရေတွက်ပြီး ရက်',
    levelDaysLeft: 'နောက်အဆင့်အထိ ရက်',
    methods: { points: 'ပွိုင့်', stamps: 'တံဆိပ်ခေါင်း' },
    why: {
      officer: 'ကုမ္ပဏီအရာရှိ မပါဝင်ပါ',
      'other-scheme': 'အခြားအငြိမ်းစားအစီအစဉ် ဝင်ထားသည်',
      'sole-contractor': 'ကိုယ်ပိုင်လုပ်သား – အသင်းမှ သွင်းသည်',
      'no-member-no': 'အဖွဲ့ဝင်နံပါတ် မရှိ',
      'too-late': 'နှစ်နှစ် ကျော်ပြီ',
    },
    leave: 'လစာရခွင့်ရက် ပါဝင်သည်',
    awaiting: 'ခွင့်ပြုချက်စောင့်ရက်:',
    notes: [
      'ငွေအားလုံး ကုမ္ပဏီက ပေးသည်။ သင့်လစာမှ မဖြတ်ပါ။',
      'ကိန်းဂဏန်း မှားသည်ထင်လျှင် ကုမ္ပဏီကို မေးပါ။',
      'စုစုပေါင်းတွင် ဤစနစ်၌ မှတ်တမ်းရှိသော ရက်များသာ ပါသည်။',
    ],
  },
  ne: {
    title: 'Kentaikyo विवरण (掛金充当書)',
    about:
      'Kentaikyo (建退共) निर्माण कामदारको अवकाश रकम हो। तपाईंले काम गरेको हरेक दिनको लागि कम्पनीले रकम जम्मा गर्छ।',
    name: 'नाम',
    workerId: 'कामदार ID (技能者ID)',
    memberNo: 'सदस्य नम्बर (被共済者番号)',
    employer: 'कम्पनी',
    monthly: 'महिना अनुसार दिन',
    month: 'महिना',
    site: 'साइट',
    method: 'जम्मा गर्ने तरिका',
    workedDays: 'काम गरेको दिन',
    days: 'जम्मा भएको दिन',
    yen: 'येन',
    remark: 'कैफियत',
    empty: 'यो अवधिमा काम गरेको दिन छैन',
    soFar: 'अहिलेसम्मको जम्मा',
    totalDays: 'जम्मा भएको दिन',
    totalYen: 'जम्मा रकम',
    booklet: 'तपाईंको पुस्तिका (共済手帳)',
    bookletNumber: 'पुस्तिका नम्बर',
    bookletDays: 'पुस्तिकाको दिन (२५० मा भरिन्छ)',
    bookletDaysLeft: 'भरिन बाँकी दिन',
    noBooklet: 'पुस्तिका दर्ता छैन',
    level: 'CCUS तह',
    trade: 'कामको किसिम',
    presentLevel: 'तपाईंको तह',
    levelDays: 'गनिएको दिन',
    levelDaysLeft: 'अर्को तहसम्मको दिन',
    methods: { points: 'पोइन्ट', stamps: 'टिकट' },
    why: {
      officer: 'कम्पनीका पदाधिकारी पर्दैनन्',
      'other-scheme': 'अर्को अवकाश योजनाको सदस्य',
      'sole-contractor': 'स्वरोजगार: संघमार्फत',
      'no-member-no': 'सदस्य नम्बर छैन',
      'too-late': 'दुई वर्ष नाघ्यो',
    },
    leave: 'तलबी बिदा समावेश',
    awaiting: 'स्वीकृति पर्खेको दिन:',
    notes: [
      'सबै रकम कम्पनीले तिर्छ। तपाईंको तलबबाट काटिँदैन।',
      'अंक गलत लागेमा कम्पनीलाई सोध्नुहोस्।',
      'जम्मामा यो प्रणालीमा रेकर्ड भएका दिन मात्र छन्।',
    ],
  },
};
