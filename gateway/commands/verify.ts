/** `genba-gateway verify` (書き出しの検証): with the export alone, on any machine. */
import { parseArgs } from 'node:util';
import { PublicKeyText } from '../../shared/signature.ts';
import { isSystemError } from '../../shared/system-error.ts';
import { isoInJapan } from '../../shared/time.ts';
import { exportFaultText } from '../export/export-faults.ts';
import { readExport } from '../export/read-export.ts';
import {
  createExportVerifier,
  type ExportSummary,
  type ExportVerdict,
} from '../export/verify-export.ts';
import { type Command, refused } from './command.ts';

const summaryLines = (summary: ExportSummary, isKnown: boolean): readonly string[] => [
  `${isoInJapan(summary.madeAtMs)} の書き出しです。始めから終わりまで、書かれたときのままです`,
  `記録 ${summary.entries}件・端末の署名 ${summary.seals}個・ジャーナル ${summary.journals}冊・台帳の取り込み ${summary.registries}回・承認された訂正 ${summary.corrections}件・充当 ${summary.runs}回・締めと追加分 ${summary.issued}件`,
  ...(summary.unsigned === 0
    ? []
    : [`うち ${summary.unsigned}件は署名なし（故障した端末から救出した記録）`]),
  ...(summary.purged === 0
    ? []
    : [`うち ${summary.purged}件は保存期間を過ぎて本文を消した記録（連鎖と署名の値だけで検証）`]),
  `中継サーバの鍵 ${summary.gatewayKey}${isKnown ? '（指定の鍵と一致）' : '（本物かどうかは --gateway-key で確かめてください）'}`,
  ...summary.terminals.map(
    ({ terminalId, siteId, publicKey }) => `端末 ${terminalId}（現場 ${siteId}）の鍵 ${publicKey}`,
  ),
];

const read = (file: string, gatewayKey: PublicKeyText | undefined): ExportVerdict | string => {
  try {
    return readExport(file, createExportVerifier(gatewayKey));
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    return `${file}: 読めません（${cause.message}）`;
  }
};

export const verify: Command = {
  usage: 'verify FILE [--gateway-key KEY] [--json]  書き出しを検証し、最初の異常の場所を示します',
  run: async (parameters, { say }) => {
    const { values, positionals } = parseArgs({
      args: [...parameters],
      allowPositionals: true,
      options: { 'gateway-key': { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) return refused('書き出しのファイルが1つ要ります');
    const key = PublicKeyText.optional().safeParse(values['gateway-key']);
    if (!key.success) return refused('--gateway-key が公開鍵ではありません');
    const verdict = read(file, key.data);
    if (typeof verdict === 'string') return refused(verdict);
    if (values.json) say(JSON.stringify(verdict));
    if (!verdict.ok)
      return { kind: 'not-good', message: `${file}: ${exportFaultText(verdict.fault)}` };
    if (!values.json)
      for (const line of summaryLines(verdict.summary, key.data !== undefined)) say(line);
    return { kind: 'done' };
  },
};
