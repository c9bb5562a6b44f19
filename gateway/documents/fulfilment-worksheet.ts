/**
 * 加入・履行証明の計算書: whether a company's business year passes A ≥ days × 320 × 10/12, with what A is made
 * of, and the days of each member as a 手帳受払簿 has them (with the signature that stands in for 出勤簿).
 */
import { z } from 'zod';
import { CompanyId } from '../../shared/ids.ts';
import { ok } from '../../shared/result.ts';
import { WorkDate } from '../../shared/time.ts';
import { contributionsOf } from '../policies/contributions.ts';
import { DAILY_PREMIUM_YEN } from '../policies/daily-premium.ts';
import { rowOn } from '../policies/effective-table.ts';
import {
  type CertificateFigures,
  type CertificateWorksheet,
  certificateWorksheet,
} from '../policies/fulfilment-certificate.ts';
import { businessYearTo, fulfilmentYear } from '../policies/fulfilment-figures.ts';
import { stampMovementsOf } from '../reports/contract-facts.ts';
import { cellText } from './cell-text.ts';
import { allocatedBy, settledByStamps, wholeLife } from './contract-document.ts';
import { documentKind, notThere, refused } from './document-kind.ts';
import { issuerLines, memberNoOf, workerName } from './names.ts';

const query = z.object({ companyId: CompanyId, yearEnd: WorkDate });

/** A year without work passes any test, and proves nothing. */
const resultJa = ({ workedDays }: CertificateFigures, { passes }: CertificateWorksheet): string => {
  if (workedDays === 0) return '就労した被共済者がいないため、判定していません';
  return passes ? '基準を満たしています' : '基準に足りません';
};

export const fulfilmentWorksheet = documentKind({
  name: 'fulfilment-worksheet',
  titleJa: '加入・履行証明の計算書',
  query,
  needs: wholeLife,
  make: (input, { companyId, yearEnd }) => {
    const { index, days, asOf } = input;
    if (!index.companyById.has(companyId))
      return refused(notThere('companyId', companyId, 'companies'));
    const year = businessYearTo(yearEnd);
    const { figures, members, duePointsYen } = fulfilmentYear(index, companyId, year, {
      contributions: contributionsOf(days, index, { asOf }).contributions,
      movements: stampMovementsOf({ ...input, isSettled: settledByStamps(input) }),
      allocated: allocatedBy('points', input),
    });
    const sheet = certificateWorksheet(figures);
    const rate = rowOn(DAILY_PREMIUM_YEN, yearEnd);
    const booksOf = (workerId: (typeof members)[number]['workerId']) =>
      index.bookletsByWorker.get(workerId)?.toSorted((a, b) => b.number - a.number)[0];
    return ok({
      name: 'fulfilment-worksheet',
      language: 'ja',
      orientation: 'portrait',
      title: '加入・履行証明の計算書',
      subtitle: `決算期間 ${year.from} ～ ${year.to}`,
      madeOn: asOf,
      issuer: issuerLines(index, companyId),
      sections: [
        {
          kind: 'table',
          title: '納付した額 A',
          columns: [
            { key: 'no', title: '', kind: 'mark' },
            { key: 'what', title: '内訳', kind: 'text' },
            { key: 'yen', title: '金額（円）', kind: 'yen' },
          ],
          rows: [
            {
              no: '①',
              what: '電子申請で自社の被共済者に充当（自社負担）',
              yen: figures.ownPointsYen,
            },
            { no: '②', what: '電子申請で元請が自社の被共済者に充当', yen: figures.primePointsYen },
            { no: '③', what: '証紙購入額', yen: figures.stampsBoughtYen },
            { no: '④', what: '前年度から繰り越した証紙', yen: figures.stampsCarriedOverYen },
            { no: '⑤', what: '元請から現物で受けた証紙', yen: figures.stampsReceivedYen },
            {
              no: '⑥',
              what: '下請へ現物で交付した証紙（差し引く）',
              yen: 0 - figures.stampsIssuedYen,
            },
          ],
          totals: { yen: sheet.amountYen },
          empty: '',
        },
        {
          kind: 'facts',
          title: '判定',
          facts: [
            { label: '就労日数', kind: 'days', value: figures.workedDays },
            { label: '必要な額', kind: 'yen', value: sheet.requiredYen },
            { label: '納付した額 A', kind: 'yen', value: sheet.amountYen },
            { label: '不足', kind: 'yen', value: sheet.shortYen },
            {
              label: '結果',
              kind: 'text',
              value: resultJa(figures, sheet),
            },
            { label: '被共済者', kind: 'count', value: members.length },
          ],
        },
        {
          kind: 'table',
          title: '被共済者ごとの現場就労日数',
          columns: [
            { key: 'memberNo', title: '被共済者番号', kind: 'id' },
            { key: 'name', title: '氏名', kind: 'text' },
            { key: 'number', title: '手帳の冊目', kind: 'count' },
            { key: 'issuedOn', title: '手帳交付日', kind: 'date' },
            { key: 'days', title: '就労日数', kind: 'days' },
          ],
          rows: members.map(({ workerId, days: worked }) => ({
            memberNo: memberNoOf(index, workerId),
            name: workerName(index, workerId),
            number: booksOf(workerId)?.number,
            issuedOn: booksOf(workerId)?.issuedOn,
            days: worked,
          })),
          totals: { days: figures.workedDays },
          empty: 'この決算期間に就労した被共済者はいません',
        },
        { kind: 'boxes', boxes: [{ label: '勤怠管理者氏名（自署）', size: 'line' }] },
      ],
      notes: [
        ...(asOf <= year.to ? [`決算期間はまだ終わっていません。${asOf}までの数字です。`] : []),
        ...(duePointsYen > 0 || figures.ownPointsYen + figures.primePointsYen > 0
          ? [
              `①②は、このシステムの「充当」で確定した額です。就労の記録から計算した、電子申請で充当すべき額は${cellText('yen', duePointsYen)}円です。`,
            ]
          : []),
        `基準: A ≧ 就労日数 × ${rate.value}円 × 10/12。端数を丸めずに比べています。`,
        '証明には、このほかに手帳の更新、工事別受払簿の保管、下請への交付が見られます。',
        'この台帳にある就労と証紙だけを集計しています。共同企業体では、構成員の被共済者への充当を自社負担に数えています。',
      ],
      sources: [
        '基準: http://okayama-kentaikyo.jp/certificate.html、http://miyagi-kentai.jp/k_rikou/index_.html',
        '自署: https://www.kentaikyo.taisyokukin.go.jp/qa/qa_d6.html',
        `掛金日額 ${rate.value}円: ${rate.source}`,
      ],
    });
  },
});
