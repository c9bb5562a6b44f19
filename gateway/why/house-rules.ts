/**
 * Rules that figures rest on and that are no dated table of their own (規則と出典): each by its id, in words
 * and with who says so. Readings and defaults of this product say that they are ours.
 */
const OURS = '本システムの既定。README「Settings and defaults」';

export const HOUSE_RULES = {
  'repeat-window': { ruleJa: '同じ端末で60秒以内の再タッチは、記録に残し、数えない', source: OURS },
  'shift-pairing': {
    ruleJa:
      '入場から退場までを一続きとする。同じ向きが4時間以内に続けば、入場は最初、退場は最後で数える。8時間以上あけば別の勤務とする',
    source: OURS,
  },
  'shift-date': {
    ruleJa: '勤務は、始まった日の就労日に属する。日の始まりと最長時間は現場の設定',
    source: OURS,
  },
  'missing-passage': { ruleJa: '入場または退場のタッチがない日も残し、その旨を示す', source: OURS },
  correction: { ruleJa: '訂正は、だれが・いつ・なぜとともに残し、タッチは消さない', source: OURS },
  'stamp-exchange': {
    ruleJa:
      '310円証紙32枚を320円証紙31枚に交換する。端数は、2021年中の銀行では差額を足して1枚、以後の本部では切り捨てる',
    source:
      'https://token.or.jp/magazine/e202109-10.html, kentaikyo.taisyokukin.go.jp/tetsuzuki/tetsuzuki08.html',
  },
  'lapsed-stamps': {
    ruleJa:
      '充当の確定がないまま730日を過ぎた日の証紙は、貼られずに手元にあるものとして、過ぎた月に残高へ戻す',
    source: OURS,
  },
  'night-hours': { ruleJa: '深夜は22時から翌5時まで', source: '労働基準法第37条第4項' },
  'company-of-day': {
    ruleJa: 'その日の作業員名簿の会社、なければ雇用している会社を所属とする',
    source: '技能者の所属の読み方（本システムの取扱い）',
  },
  'record-per-day': {
    ruleJa: '就業履歴は、一人・一現場・一日につき1件とする',
    source: 'https://www.ccus-support.com/column_80317.html',
  },
  'history-checklist': {
    ruleJa: '就業履歴が完全になる条件を順に確かめる',
    source: 'https://miyagi-ccus.com/works13.html, works14.html',
  },
  'correction-due': {
    ruleJa: '直接入力と元請の承認は、就労した月の翌月末まで',
    source: 'https://www.ccus-support.com/column_80317.html',
  },
  'extract-day': {
    ruleJa:
      '翌月の一括抽出の日から後の修正は追加分になる（日は公表されておらず、設定 closing.extractDay、初期値10日）',
    source: OURS,
  },
  'mended-by': {
    ruleJa: '是正できる人は、項目ごとに決まっている',
    source: 'https://miyagi-ccus.com/works13.html, works14.html',
  },
  'report-due': {
    ruleJa: '就労状況の報告は、賃金支払日の翌月末まで',
    source: '建退共約款第11条、https://kentaikyo.taisyokukin.go.jp/m/menu5.html',
  },
  'pay-day-default': { ruleJa: '支払日の登録がなければ、翌月末払いとみなす', source: OURS },
  'stamp-colour': {
    ruleJa: '証紙の色は、大手は青、中小は赤',
    source: 'http://kumaken.or.jp/publics/index/142/',
  },
  'contract-of-company': {
    ruleJa: '施工体制で会社に結び付いた契約、なければ現場に一つだけの契約とする',
    source: OURS,
  },
  'method-of-contract': {
    ruleJa: '納付方法は契約のもの。会社ごとの例外があればそれによる',
    source: '官民施策パッケージ 2020-03（一つの工事に一つの方式）',
  },
  'leave-instead': {
    ruleJa: '働いた日は、休暇の届出があっても就労の1日とする',
    source: OURS,
  },
  'insurance-required': {
    ruleJa: '事業所の形態ごとに、必要な健康保険・年金・雇用保険がある',
    source:
      '適切な保険の表: hayashi-gyosei.com（加入しなければならない保険）、oyakata.jp/social-insurance-qa1',
  },
  'special-reason': {
    ruleJa: '特段の理由（60歳以上で厚生年金のみ未加入・特殊な技能・加入手続中）があれば入場できる',
    source: '社会保険加入に関する下請指導ガイドライン、oyakata.jp/social-insurance-qa5',
  },
  'insurance-date': {
    ruleJa: '問い合わせた日を、名簿と月の範囲に収めた日で判定する',
    source: OURS,
  },
  'working-time': {
    ruleJa: '入場から退場までの時間から、現場の休憩を引く。複数の現場は通算する',
    source: '労働基準法第38条第1項',
  },
  'overtime-day': { ruleJa: '1日8時間を超えた時間は時間外', source: '労働基準法第32条第2項' },
  'overtime-week': {
    ruleJa: '週（日曜から）40時間を超えた時間は、超えた日の時間外',
    source: '労働基準法第32条第1項、昭和63年1月1日 基発第1号',
  },
  'month-rounding': {
    ruleJa: '1か月の合計だけ、30分未満を切り捨て、30分以上を切り上げられる',
    source: '昭和63年3月14日 基発第150号',
  },
  'overtime-premium': {
    ruleJa:
      '時間外の割増賃金の目安は、賃金目安の1日分を8時間で割り、割増率と時間外を掛ける。見積もりであり、支払う義務の額ではない。深夜・休日の割増は含まない。月の合計で一度だけ、50銭未満を切り捨て、50銭以上を切り上げる',
    source:
      '労働基準法第37条第1項、昭和63年3月14日 基発第150号。目安で計算するのは本システムの既定',
  },
  'overtime-priced-by': {
    ruleJa:
      'その日最後に入場した現場の作業員名簿の職種と立場、技能者のレベルの目安による。目安のない時間外があれば、額を求めない',
    source: OURS,
  },
  'overtime-near': { ruleJa: '上限の80%から「近い」とし、月の7日から見込みを示す', source: OURS },
  'overtime-year': {
    ruleJa: '36協定の年は、会社の起算月（登録がなければ4月）から',
    source: '労働基準法第36条第2項',
  },
  'level-pay': {
    ruleJa:
      'レベル別の年収の目安を、その年の日数で割って1日とし、職長手当を加える。最後に一度だけ切り捨てる',
    source: '官民施策パッケージ 2020-03（建設技能者のレベルに応じた賃金支払）',
  },
  'full-records-only': {
    ruleJa: '完全な就業履歴だけを、日ごとに一度数える',
    source: 'https://miyagi-ccus.com/works14.html',
  },
  'level-criterion': {
    ruleJa: '能力評価基準の日数との差を、残りの日数とする。215日が1年',
    source: '各職種の能力評価基準（出典は基準の行）',
  },
  'company-rate': {
    ruleJa: '施工体制にある会社のうちCCUSに登録した会社の割合を、確認日ごとに求めて平均する',
    source: '官民施策パッケージ 2020-03 III 3',
  },
  'worker-rate': {
    ruleJa: '作業員名簿にある技能者のうちCCUSに登録した人の割合を、確認日ごとに求めて平均する',
    source: '官民施策パッケージ 2020-03 III 3',
  },
  'touch-rate': {
    ruleJa: '就業履歴の件数を、会社が報告した出面の人数で割る（現場の蓄積期間の全体）',
    source: '官民施策パッケージ 2020-03 III 3',
  },
  'days-off': {
    ruleJa: '一日を通してだれも在場しない日を閉所とし、28.5%以上で4週8休とする',
    source: 'https://web.pref.hyogo.lg.jp/ks30/syukyuhutuka.html',
  },
  'not-touched': {
    ruleJa: '名簿にあってタッチのない人について、最初に当てはまる理由を示す',
    source: 'https://ozono-office.jp/column/848',
  },
  'receipt-due': {
    ruleJa:
      '掛金収納書は、証紙なら契約から1か月、ポイントなら40日（発注者の条件があればそれによる）',
    source: 'http://senmonshi.com/archive/01/01100NSnCPB5BG8.asp、民法第140条・第143条',
  },
  'purchase-expected': {
    ruleJa: '計画した延べ人日があれば日額を掛け、なければ‰の表で総工事費から求める',
    source: 'https://www.tori-ken.or.jp/1025.htm',
  },
  'purchase-verdict': {
    ruleJa: '購入がなければ「購入なし」、必要額に足りなければ「不足」、2倍を超えれば「過大」',
    source: OURS,
  },
  'contract-attention': { ruleJa: '契約・施工・完成の各段階で確かめる点', source: OURS },
  progress: {
    ruleJa: '報告された出来高、なければ工期の経過を進みとする',
    source: OURS,
  },
  'point-forecast': {
    ruleJa: '直近の一月の使用が続くものとして、不足する月を見込む',
    source: OURS,
  },
  'joint-venture': {
    ruleJa: '構成員の割合で分け、一円未満は代表者の分とする',
    source: 'https://kentaikyo.taisyokukin.go.jp/tetsuzuki/tetsuzuki02.html',
  },
  'stamp-books': {
    ruleJa: '310円と320円、赤と青の証紙は、別の帳簿とする。貼付は就労日に数える',
    source: 'http://kumaken.or.jp/publics/index/142/（310円と320円の別）',
  },
  'first-booklet': {
    ruleJa: '最初の手帳は、5日ごとに1日を国が負担する（証紙を貼らない）',
    source: 'https://kentaikyo.taisyokukin.go.jp/m/menu6.html',
  },
  'roster-contents': {
    ruleJa: '作業員名簿の記載事項。資格は本人と所属事業者の同意があるときだけ',
    source: '建設業法施行規則第14条の2第1項第4号チ',
  },
  'roster-date': {
    ruleJa: '問い合わせた日を、名簿と月の範囲に収めた日の記載とする',
    source: OURS,
  },
  'company-metrics': {
    ruleJa: '公表されている見える化の項目に従って数える',
    source: 'tokyo-doken.or.jp/?p=2851, jbn-support.jp/builder/service/mieruka',
  },
  'unresolved-days': {
    ruleJa: '掛金が決まらない日も、理由と直せる人とともに残す',
    source: OURS,
  },
  'waiting-touch': {
    ruleJa:
      '受信より未来の日時のタッチと、時計が合わなかった起動のタッチは、元請が就労日を決めるまで数えない',
    source: OURS,
  },
  'week-from-sunday': { ruleJa: '週は日曜から数える', source: OURS },
  'presence-hours': {
    ruleJa: '入場から退場までにかかる時間帯に数える。退場がなければ最初のタッチの時間帯',
    source: OURS,
  },
  'on-site': {
    ruleJa: '入場して退場のタッチがなく、現場の最長時間を過ぎていない人を在場とする',
    source: OURS,
  },
  'quote-respect': {
    ruleJa: '契約額が見積額以上なら見積りを尊重したとする',
    source: '官民施策パッケージ 2020-03（労務費の見積り尊重）',
  },
  'model-works-statement': {
    ruleJa:
      '著しく下回った活用推奨モデル工事は、事実・要因・改善策を公表する。要因と改善策は人が書く',
    source: '官民施策パッケージ 2020-03 III 3',
  },
  'company-grade': {
    ruleJa: '項目ごとに、届いた最も高い段の点を加え、点が届いた☆とする',
    source: '台帳の「評価団体の基準」の出典',
  },
  'stamp-delivery': {
    ruleJa: '下請の就労による日数（国が負担する日を除く）から、渡した日数を引いたものが未交付',
    source: 'https://www.kentaikyo.taisyokukin.go.jp/qa/qa_h8.html',
  },
  'completion-evidence': {
    ruleJa: '証紙は総括表に受払簿と就労状況報告書を添え、ポイントは求められたときに添える',
    source: 'https://wise-pds.jp/news/2021/news2021040201.htm',
  },
  'booklet-250-days': {
    ruleJa: '手帳は250日で満ちる。最初の手帳は5日ごとに1日を国が負担する',
    source: 'https://kentaikyo.taisyokukin.go.jp/m/menu6.html',
  },
  'local-incentive': {
    ruleJa: '率が自治体の基準に届けば、その点を加える',
    source: '台帳の「自治体の評価基準」の出典',
  },
} as const;

export type HouseRule = keyof typeof HOUSE_RULES;
