/** The self-test's sheet as a page to print on A4 (設置試験表の印刷): one file, nothing from elsewhere. */
import { html, raw } from 'hono/html';
import { type Check, minuteInJapan, type Sheet, verdictOf, WORDS } from './sheet.ts';

const STYLE = `
@page { size: A4; margin: 18mm 15mm; }
body { font-family: "Noto Sans CJK JP", "Noto Sans JP", "VL PGothic", sans-serif; font-size: 10.5pt; color: #000; margin: 0 auto; max-width: 180mm; }
header { display: flex; justify-content: space-between; align-items: flex-end; border-bottom: 2px solid #000; padding-bottom: 3mm; }
h1 { font-size: 18pt; margin: 0; letter-spacing: 0.2em; }
.verdict { font-size: 16pt; font-weight: bold; border: 2px solid #000; padding: 1mm 6mm; }
dl { display: grid; grid-template-columns: 24mm 1fr 24mm 1fr; gap: 1mm 3mm; margin: 4mm 0; }
dt { color: #444; }
dd { margin: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #777; padding: 1.5mm 2.5mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #eee; font-weight: bold; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
td.result { text-align: center; white-space: nowrap; width: 18mm; }
td.part { width: 42mm; }
tr.fail td.result { font-weight: bold; text-decoration: underline; }
tr.left-out td { color: #555; }
.advice { display: block; margin-top: 1mm; }
.signatures { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6mm; margin-top: 10mm; break-inside: avoid; }
.signatures div { border-bottom: 1px solid #000; height: 14mm; }
.note { color: #444; font-size: 9pt; margin-top: 5mm; }
`;

const row = ({ part, result }: Check) => html`
<tr class="${result.kind}">
<td class="part">${part}</td>
<td class="result">${WORDS[result.kind]}</td>
<td>${result.text}${result.kind === 'fail' ? html`<span class="advice">→ ${result.advice}</span>` : ''}</td>
</tr>`;

export const sheetHtml = (sheet: Sheet): string =>
  String(html`<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>設置試験表 ${sheet.terminalId} ${minuteInJapan(sheet.at)}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<header><h1>設置試験表</h1><span class="verdict">総合判定 ${verdictOf(sheet)}</span></header>
<dl>
<dt>端末</dt><dd>${sheet.terminalId}</dd>
<dt>現場ID</dt><dd>${sheet.siteId}</dd>
<dt>試験日時</dt><dd>${minuteInJapan(sheet.at)}</dd>
<dt>版</dt><dd>${sheet.version}</dd>
</dl>
<table>
<thead><tr><th>項目</th><th>判定</th><th>結果・処置</th></tr></thead>
<tbody>${sheet.checks.map(row)}</tbody>
</table>
<div class="signatures"><div>試験者</div><div>現場管理者</div><div>日付</div></div>
<p class="note">genba self-test による記録です。${sheet.wasRunning ? '端末の動作中に試験しました。端末が使っている配線・回線は、端末の報告によります。' : '端末を止めて試験しました。'}</p>
</body>
</html>
`);
