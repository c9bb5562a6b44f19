/** What can be wrong with an export (書き出しの異常), and how people are told. */

export type ExportFaultKind =
  /** No UTF-8, no JSON, not of the shape, too long. */
  | 'unreadable'
  /** It is not what was written there: this line was altered, or one before it is gone, new or moved. */
  | 'altered'
  /** A line of this kind does not belong here. */
  | 'out-of-place'
  | 'registry-altered'
  | 'issued-altered'
  | 'run-altered'
  | 'seq-gap'
  | 'chain-broken'
  /** The entry says that it is of another journal or seq. */
  | 'foreign-entry'
  | 'seal-mismatch'
  /** No key of the terminal is in the export. */
  | 'unknown-key'
  | 'bad-signature'
  /** An entry that no signature covers, and that nobody rescued either. */
  | 'unsealed'
  /** The journal does not end where the gateway says that it does. */
  | 'incomplete-journal'
  | 'truncated'
  | 'wrong-end'
  | 'bad-end-signature'
  | 'other-gateway'
  | 'after-end';

export interface ExportFault {
  readonly kind: ExportFaultKind;
  /** From 1. */
  readonly line: number;
  /** Bytes of the file before that line. */
  readonly byteOffset: number;
  /** What was found, in English, for whoever looks into it. */
  readonly detail: string;
}

const WORDS_JA: Readonly<Record<ExportFaultKind, string>> = {
  unreadable: '読めない行です',
  altered: 'この行が書き換えられたか、直前の行が抜け・追加・入れ替えになっています',
  'out-of-place': 'ここにあってはならない行です',
  'registry-altered': '台帳の本文がハッシュと合いません',
  'issued-altered': '締めの内容がハッシュと合わないか、前の締めとつながりません',
  'run-altered': '充当の内容がハッシュと合いません',
  'seq-gap': '記録の番号が続いていません',
  'chain-broken': '記録が前の記録とつながりません',
  'foreign-entry': '別の端末・ジャーナルの記録です',
  'seal-mismatch': '封印と記録が合いません',
  'unknown-key': 'この端末の公開鍵が書き出しにありません',
  'bad-signature': '端末の署名が正しくありません',
  unsealed: 'どの署名にも覆われていない記録です',
  'incomplete-journal': 'ジャーナルの終わりが、中継サーバの言う終わりと違います',
  truncated: '途中で切れています',
  'wrong-end': '最後の行が、それまでの内容と合いません',
  'bad-end-signature': '中継サーバの署名が正しくありません',
  'other-gateway': '指定された中継サーバの書き出しではありません',
  'after-end': '最後の行の後に続きがあります',
};

/** One line for a person: where, what, and the finding itself. */
export const exportFaultText = ({ kind, line, byteOffset, detail }: ExportFault): string =>
  `${line}行目（先頭から${byteOffset}バイト）: ${WORDS_JA[kind]}（${kind}: ${detail}）`;
