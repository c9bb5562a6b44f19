/** ログ分析: what in the audit log asks for a look, whether its chain is whole, and the log itself. */
/** @import { AuditKind } from '../../access/audit-kind.ts' */
/** @import { FindingKind } from '../../access/audit-kind.ts' */
import { actorJa } from '../actor-text.js';
import { element, input, make, say } from '../elements.js';
import { dateTime } from '../japan-date.js';
import { ask, wordsFor } from '../who.js';

const RECORDS_SHOWN = 100;

/** @typedef {{ kind: FindingKind, level: 'critical' | 'warning' | 'notice', actor: string, at: string, count: number, usual?: number, auditNo: number }} ShownFinding */
/** @typedef {{ auditNo: number, at: string, kind: AuditKind, actor: string, scope?: string, detail: Record<string, string | number | boolean> }} ShownRecord */

/** @type {Record<AuditKind, string>} */
const KINDS_JA = {
  look: '閲覧',
  export: '書き出し',
  change: '変更',
  refused: '拒否',
  'log-in': 'ログイン',
  'log-in-failed': 'ログイン失敗',
  'log-out': 'ログアウト',
  'user-changed': 'アカウント変更',
  'token-issued': 'トークン発行',
  'token-revoked': 'トークン失効',
  'enrolment-issued': '登録コード発行',
  'enrolment-claimed': '端末登録',
  'enrolment-refused': '端末登録の拒否',
  'enrolment-revoked': '端末登録の取消',
  'certificate-issued': '証明書発行',
  'certificate-refused': '証明書の拒否',
  'certificate-revoked': '証明書失効',
  'clone-suspected': '複製の疑い',
  'topic-forbidden': '許可のない宛先',
  'site-forbidden': '登録のない現場の記録',
  started: '起動',
  'chain-failed': 'つながりの破れ',
  'clock-anomaly': '時計の異常',
  'rescue-imported': '救出した記録の取り込み',
  'backup-made': '控えの作成',
  restored: '控えからの復元',
  'mail-sent': 'メール送信',
  'nightly-job': '夜間の処理',
  purged: '消去',
};
/** Title, and what to do. @type {Record<FindingKind, readonly [string, string]>} */
const FINDINGS_JA = {
  'chain-failed': [
    '記録のつながりが破れています',
    '記録が書き換えられたか、壊れています。控えと比べてください',
  ],
  'log-in-after-failures': [
    '失敗が続いた後のログイン',
    '本人か確かめ、違えばアカウントを停止してパスワードを変えてください',
  ],
  'clone-suspected': [
    '端末の複製の疑い',
    '同じ証明書が二か所で使われています。端末を登録し直してください',
  ],
  'site-forbidden': [
    '登録のない現場の記録',
    '端末が、登録されたことのない現場の記録を送りました。鍵が盗まれたか、設定の現場が違います。端末の実物を確かめてください',
  ],
  'topic-forbidden': [
    '許可のない宛先への送信',
    '端末が自分のものでない宛先を使いました。端末を確かめてください',
  ],
  'failed-log-ins': ['ログイン失敗が多い', '本人が困っているか、だれかが試しています'],
  'unusual-reading': ['ふだんより多い閲覧', '仕事に要る閲覧か、本人に確かめてください'],
  'many-refusals': ['拒否が多い', '範囲外のデータを繰り返し求めています'],
  'certificate-refused': [
    '証明書の拒否',
    '登録のない機器か、失効・期限切れ・複製の証明書での接続です。続くときは接続元を確かめてください',
  ],
  'clock-anomaly': ['端末の時計の異常', 'この間のタッチの時刻を確かめてください'],
};
const LEVEL_MARK = { critical: '■', warning: '▲', notice: '○' };

/** @param {string} selector */
const typed = (selector) => input(selector).value;

/** @param {ShownFinding} finding */
const sizeJa = ({ kind, count, usual }) => {
  if (kind === 'unusual-reading')
    return `${count.toLocaleString('ja-JP')}件/時${usual === undefined ? '（ふだんは不明）' : `（ふだん ${usual.toLocaleString('ja-JP')}件）`}`;
  return count === 1 ? '' : `${count.toLocaleString('ja-JP')}回`;
};

/** @param {readonly ShownFinding[]} findings */
const drawFindings = (findings) => {
  element('#count').textContent = `${findings.length}件`;
  element('#findings').replaceChildren(
    ...findings.map((finding) => {
      const [title, advice] = FINDINGS_JA[finding.kind];
      return make(
        'li',
        finding.level,
        make('span', '', dateTime(finding.at)),
        make(
          'span',
          '',
          make('b', '', `${LEVEL_MARK[finding.level]} ${title}`),
          `　${actorJa(finding.actor)} ${sizeJa(finding)}`,
          make('small', '', advice),
        ),
        make('span', '', `記録 ${finding.auditNo}`),
      );
    }),
  );
  if (findings.length === 0)
    element('#findings').append(
      make('li', 'none notice', 'この期間に、気になることはありません。'),
    );
};

/** @type {ShownRecord[]} */
let records = [];

/** @param {ShownRecord} record */
const detailJa = ({ detail, scope }) =>
  [
    ...Object.entries(detail).map(([name, value]) => `${name}=${value}`),
    ...(scope === undefined ? [] : [`範囲=${scope}`]),
  ].join('　');

const drawRecords = () => {
  const wanted = typed('#filter').trim().toLowerCase();
  const rows = records
    .map((record) => [
      String(record.auditNo),
      record.at.slice(0, 19).replace('T', ' '),
      KINDS_JA[record.kind],
      actorJa(record.actor),
      detailJa(record),
    ])
    .filter((cells) => cells.some((cell) => cell.toLowerCase().includes(wanted)));
  element('#records').replaceChildren(
    ...rows.map((cells) => make('tr', '', ...cells.map((cell) => make('td', '', cell)))),
  );
};

/** @param {boolean} isMore */
const loadRecords = async (isMore) => {
  const query = new URLSearchParams({ limit: String(RECORDS_SHOWN) });
  const kind = typed('#kind');
  if (kind !== '') query.set('kind', kind);
  const last = records.at(-1);
  if (isMore && last !== undefined) query.set('before', String(last.auditNo));
  const page = /** @type {{ records: readonly ShownRecord[] }} */ (await ask(`/v1/audit?${query}`));
  records = isMore ? [...records, ...page.records] : [...page.records];
  element('#more').hidden = page.records.length < RECORDS_SHOWN;
  drawRecords();
};

const loadFindings = async () => {
  const query = new URLSearchParams(
    ['days', 'readRows', 'readTimes', 'failedLogIns', 'refusals'].map((name) => [
      name,
      typed(`#${name}`),
    ]),
  );
  const { findings } = /** @type {{ findings: readonly ShownFinding[] }} */ (
    await ask(`/v1/audit/analysis?${query}`)
  );
  drawFindings(findings);
};

const loadChain = async () => {
  const verdict =
    /** @type {{ kind: 'intact', records: number, headHash: string } | { kind: 'broken', auditNo: number }} */ (
      await ask('/v1/audit/verification')
    );
  const chain = element('#chain');
  chain.dataset.is = verdict.kind;
  chain.textContent =
    verdict.kind === 'intact'
      ? `監査記録 ${verdict.records.toLocaleString('ja-JP')}件のつながりを確認しました（最後のハッシュ ${verdict.headHash.slice(0, 16)}…）`
      : `監査記録の ${verdict.auditNo} 番でつながりが破れています。書き換えか破損です`;
};

/** @param {() => Promise<unknown>} work */
const attempt = async (work) => {
  say('#state', '読み込み中…');
  try {
    await work();
    say('#state', '');
  } catch (cause) {
    say('#state', wordsFor(cause), true);
  }
};

element('#kind').append(...Object.entries(KINDS_JA).map(([kind, text]) => new Option(text, kind)));
element('#kind').addEventListener('change', () => attempt(() => loadRecords(false)));
element('#filter').addEventListener('input', drawRecords);
element('#more').addEventListener('click', () => attempt(() => loadRecords(true)));
element('#settings').addEventListener('submit', (event) => {
  event.preventDefault();
  attempt(loadFindings);
});
await attempt(() => Promise.all([loadChain(), loadFindings(), loadRecords(false)]));
