/** The mail that carries an employer's 就労状況報告書 to the 元請 (提出メール): its words and its files. */
import type { DocumentModel } from '../documents/document.ts';
import { companyName, siteName } from '../documents/names.ts';
import { renderCsv } from '../documents/render-csv.ts';
import { renderXlsx } from '../documents/render-xlsx.ts';
import { monthJa } from '../documents/words-ja.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { MailContent } from './compose.ts';
import type { Submission } from './submissions.ts';

const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const YEN = new Intl.NumberFormat('ja-JP');

export interface SubmissionDocuments {
  readonly monthly: DocumentModel;
  readonly daily: DocumentModel;
}

const text = (index: RegistryIndex, submission: Submission): string => {
  const { siteId, companyId, primeId, month, workers, days, yen, reportDue } = submission;
  return [
    `${companyName(index, primeId)} 御中`,
    '',
    `${companyName(index, companyId)}の${monthJa(month)}の就労状況報告書をお送りします。`,
    '',
    `現場　　　${siteName(index, siteId)}`,
    `人数　　　${workers}名`,
    `掛金日数　${YEN.format(days)}日`,
    `掛金　　　${YEN.format(yen)}円`,
    `報告期限　${reportDue}`,
    '',
    '添付: 月別・日別（Excel）、日別（CSV）',
    '添付の帳票は独自の様式です。公的機関の定める様式ではありません。',
    '',
    'このメールは現場タッチの中継サーバが自動で送信しました。',
    '',
  ].join('\n');
};

/** `from`: the gateway's own address; answers go to the employer where its address is known. */
export const submissionMail = async (
  index: RegistryIndex,
  {
    submission,
    to,
    from,
  }: {
    readonly submission: Submission;
    readonly to: string;
    readonly from: string;
  },
  { monthly, daily }: SubmissionDocuments,
): Promise<MailContent> => {
  const { companyId, siteId, month } = submission;
  const csv = renderCsv(daily, 'utf-8');
  if (!csv.ok) throw new Error('UTF-8 has every character');
  const name = `employment-report-${month}-${companyId}`;
  return {
    from,
    to,
    replyTo: index.companyById.get(companyId)?.contactEmail,
    subject: `就労状況報告書 ${monthJa(month)} ${companyName(index, companyId)}（${siteName(index, siteId)}）`,
    text: text(index, submission),
    attachments: [
      {
        filename: `${name}-monthly.xlsx`,
        contentType: XLSX_TYPE,
        bytes: await renderXlsx(monthly),
      },
      { filename: `${name}-daily.xlsx`, contentType: XLSX_TYPE, bytes: await renderXlsx(daily) },
      { filename: `${name}-daily.csv`, contentType: 'text/csv; charset=utf-8', bytes: csv.value },
    ],
  };
};
