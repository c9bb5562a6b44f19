/**
 * The rules that a 掛金 rests on, each by its id, so that every row can answer "why?" (根拠) in a few bytes.
 */
export const KENTAIKYO_RULES = {
  'one-day': {
    ruleJa: '有給の労働は、短時間でも1日とする',
    source: 'https://www.kentaikyo.taisyokukin.go.jp/qa/qa_h3.html',
  },
  'beyond-8-hours': {
    ruleJa: '1日の労働で8時間を超えた分は、8時間ごとに1日を加える',
    source: 'https://www.kentaikyo.taisyokukin.go.jp/qa/qa_h3.html',
  },
  'next-day-4-hours': {
    ruleJa: '深夜作業で超過分が翌日に4時間以上及ぶときは1日を加える',
    source: 'https://www.kentaikyo.taisyokukin.go.jp/qa/qa_h3.html',
  },
  'approved-days': {
    ruleJa: '1日を超える日数は、承認された日数までとする(本システムの取扱い)',
    source: 'CCUSの就業履歴は1日1件のため。README「Settings and defaults」',
  },
  'paid-leave': {
    ruleJa: '有給休暇は掛金の対象とする',
    source: 'http://www.agc-y.or.jp/pages/76/, https://a-kenkyo.or.jp/shuken/1105/kentaikyo.html',
  },
  'employer-closure': {
    ruleJa: '事業主の都合による休業日で賃金が支払われる日は掛金の対象とする',
    source: 'https://www.kentaikyo.taisyokukin.go.jp/qa/qa_h3.html',
  },
  'two-sites': {
    ruleJa: '同じ事業主の下で1日に複数の現場で働いたときは、時間を合わせて最初の現場の1日とする',
    source:
      'http://a-kenkyo.or.jp/kentaikyo_akita/denshi/denshi_qanda (二重の納付の禁止からの解釈)',
  },
  officer: {
    ruleJa: '事業主・役員報酬を受ける者は被共済者になれない',
    source: 'http://www.kentaikyo.taisyokukin.go.jp/seido/seido03.html',
  },
  'other-scheme': {
    ruleJa: '中退共・清退共・林退共の被共済者は重ねて加入できない',
    source: 'http://www.kentaikyo.taisyokukin.go.jp/seido/seido03.html',
  },
  'sole-contractor': {
    ruleJa: '一人親方として働いた日の掛金は任意組合が納める',
    source: 'https://kentaikyo.taisyokukin.go.jp/m/menu7.html',
  },
  'no-member-no': {
    ruleJa: '被共済者番号がなければ納付できない',
    source: 'https://www.ccus-support.com/column_84562.html',
  },
  'too-late': {
    ruleJa: '掛金を受ける権利は2年で消滅する(730日を超える遡りは納付できない)',
    source: '中小企業退職金共済法第33条第1項、第51条',
  },
} as const;

export type KentaikyoRule = keyof typeof KENTAIKYO_RULES;
