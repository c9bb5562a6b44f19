/** The kinds of deadlines (期限の種類), each with its rule and who says so. */

/** In the order in which deadlines of one date are told. */
export const DEADLINE = {
  receipt: {
    textJa: '掛金収納書の提出',
    ruleJa:
      '契約から1か月以内（証紙）または40日以内（電子）に、購入した掛金収納書を発注者へ提出する',
    source: 'http://senmonshi.com/archive/01/01100NSnCPB5BG8.asp',
  },
  report: {
    textJa: '就労実績の報告',
    ruleJa: '賃金支払期日のある月の翌月末までに就労実績を報告する',
    source: '約款第11条 https://kentaikyo.taisyokukin.go.jp/m/menu5.html',
  },
  extract: {
    textJa: '就業履歴の一括抽出',
    ruleJa:
      '翌月10日ごろに月の就業履歴が一括で取り出される（日は公表されておらず、設定 closing.extractDay の日とする。初期値10日）',
    source: 'https://gyosei-one.com/ccus/?p=1399',
  },
  correction: {
    textJa: '就業履歴の修正',
    ruleJa: '就業履歴の直接入力と元請の承認は、就労した月の翌月末まで',
    source: 'https://www.ccus-support.com/column_80317.html',
  },
  allocation: {
    textJa: '充当',
    ruleJa:
      '月の就労日を充当する。期限は公表されておらず、その月の最も早い報告期限とする（本システムの既定）',
    source: 'README「Settings and defaults」',
  },
  'allocation-addition': {
    textJa: '追加・残りの充当',
    ruleJa:
      '充当の後に分かった違いと残りを充当する。期限は充当の期限か就業履歴の修正期限の遅い方とする（本システムの既定）',
    source: 'README「Settings and defaults」',
  },
  lapse: {
    textJa: '充当できる最後の日',
    ruleJa:
      '掛金を受ける権利は2年で消滅する。就労日から730日を過ぎると納付できない。充当の期限を過ぎた月に表示する',
    source: '中小企業退職金共済法第33条第1項、第51条',
  },
  booklet: {
    textJa: '共済手帳の更新',
    ruleJa: '手帳は250日分が満ちたとき、または交付から2年で更新する',
    source:
      'https://kentaikyo.taisyokukin.go.jp/m/menu5.html, https://kumaken.or.jp/smarts/index/141/detail=1/b_id=308/r_id=1421',
  },
  'keep-contributions': {
    textJa: '掛金の資料の保存',
    ruleJa: '工事別受払簿などの資料は、工事完成後1年間保存する',
    source: 'http://miyagi-kentai.jp/k_rikou/index_.html, https://kensetsunet-pr.com/2020-7-2-1',
  },
  'keep-attendance': {
    textJa: '出面・就労記録の保存',
    ruleJa: '出勤簿などは5年間保存する（労働基準法第109条。当分の間は3年）',
    source: '労働基準法第109条、附則第143条',
  },
} as const;

export type DeadlineKind = keyof typeof DEADLINE;
export const DEADLINE_KINDS = Object.keys(DEADLINE) as [DeadlineKind, ...DeadlineKind[]];
