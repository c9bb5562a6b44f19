/** 端末一覧: asks the API and draws one card a terminal, worst first as the API has them. */
import { actorJa } from '../actor-text.js';
import { element, make, say } from '../elements.js';
import { dateTime, japanNow } from '../japan-date.js';
import { ask, session, wordsFor } from '../who.js';

/** @import { AlertRow, TerminalRow } from '../../fleet/terminal-row.ts' */

const REFRESH_MS = 15_000;
const PAST_SHOWN = 20;

/** @typedef {{ terminalId?: string, title: string, detail: string, begunAt: string, clearedAt: string }} PastAlert */

/** @type {Record<TerminalRow['condition'], string>} */
const CONDITION_JA = {
  critical: '異常',
  warning: '注意',
  revoked: '失効',
  waiting: '未接続',
  good: '正常',
};
/** Shape beside colour, for who does not see colours. @type {Record<TerminalRow['condition'], string>} */
const CONDITION_MARK = { critical: '■', warning: '▲', revoked: '✕', waiting: '○', good: '●' };
const DIRECTION_JA = { in: '入場', out: '退場', auto: '入退場' };

/** @param {number} seconds */
const span = (seconds) => {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  if (minutes < 1) return '1分未満';
  if (minutes < 120) return `${minutes}分`;
  if (minutes < 2_880) return `${Math.floor(minutes / 60)}時間`;
  return `${Math.floor(minutes / 1_440)}日`;
};
/** @param {string} iso */
const ago = (iso) => `${span((Date.now() - Date.parse(iso)) / 1_000)}前`;
/** @param {number} bytes */
const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;

/** @param {AlertRow} alert */
const alertItem = ({ level, status, title, detail, advice, since }) =>
  make(
    'li',
    level,
    make('b', '', `${CONDITION_MARK[level]} ${title}`),
    make('span', 'detail', detail === '' ? '' : `（${detail}）`),
    make('span', 'since', ` ${ago(since)}から${status === 'pending' ? '・様子見' : ''}`),
    make('p', 'advice', advice),
  );

const WHY_JA = { revoked: '取り消されました', cloned: '複製のため失効しました' };
/** @param {NonNullable<TerminalRow['revoked']>} revoked */
const revokedItem = ({ at, why, by, advice }) =>
  make(
    'li',
    '',
    make('b', '', `${CONDITION_MARK.revoked} ${WHY_JA[why]}`),
    make('span', 'detail', `（${actorJa(by)}）`),
    make('span', 'since', ` ${dateTime(at)}`),
    make('p', 'advice', `${advice}失効の後のタッチの数は分かりません。`),
  );

/** @param {readonly AlertRow[]} alerts */
const isAbout = (alerts) => {
  const rules = new Set(alerts.map(({ rule }) => rule));
  /** @param {readonly string[]} of */
  return (...of) => of.some((rule) => rules.has(rule));
};

/** @param {NonNullable<TerminalRow['state']>['readers'][number]} reader */
const readerText = ({ readerId, direction, isAttached, isCardLeft }) => {
  const name =
    readerId === DIRECTION_JA[direction] ? readerId : `${readerId}（${DIRECTION_JA[direction]}）`;
  if (!isAttached) return `${name} 外れています`;
  return `${name} ${isCardLeft ? 'カードが置かれたまま' : '接続'}`;
};

/**
 * What is shown of a terminal: name, text, whether a rule complains of it.
 *
 * @param {TerminalRow} terminal
 * @returns {readonly (readonly [string, string, boolean])[]}
 */
const factsOf = ({ lastHeardAt, lastBatchAt, isOnline, state, alerts, revoked }) => {
  const bad = isAbout(alerts);
  const heard = lastHeardAt === undefined ? 'まだありません' : ago(lastHeardAt);
  /** @type {readonly [string, string, boolean]} */
  const contact = [
    '最終連絡',
    `${heard}${isOnline ? '・接続中' : '・オフライン'}`,
    bad('terminal-silent'),
  ];
  if (state === undefined) return [contact];
  if (revoked !== undefined)
    return [contact, ['未送信', `${state.unsentTaps}件（${ago(state.at)}）`, state.unsentTaps > 0]];
  const { readers, cameras, disk, roster, oldestUnsentAt, clockOffsetSeconds } = state;
  const isOff = Math.abs(clockOffsetSeconds) >= 10;
  const offset = isOff ? `（${clockOffsetSeconds > 0 ? '+' : ''}${clockOffsetSeconds}秒）` : '';
  return [
    contact,
    ['最終の記録', lastBatchAt === undefined ? 'この起動ではまだ' : ago(lastBatchAt), false],
    [
      '未送信',
      `${state.unsentTaps}件${oldestUnsentAt === undefined ? '' : `（最古 ${ago(oldestUnsentAt)}）`}`,
      bad('unsent-old', 'sync-refused'),
    ],
    [
      'リーダー',
      readers.length === 0 ? 'なし（番号入力）' : readers.map(readerText).join('\n'),
      bad('reader-gone', 'card-left'),
    ],
    ...(cameras.length === 0
      ? []
      : [
          /** @type {readonly [string, string, boolean]} */ ([
            'カメラ',
            cameras
              .map((each) => `${each.camera} ${each.isAttached ? '接続' : '外れています'}`)
              .join('\n'),
            bad('camera-gone'),
          ]),
        ]),
    [
      '時計',
      `${state.clock === 'trusted' ? '同期済み' : '未同期'}${offset}`,
      bad('clock-untrusted', 'clock-off'),
    ],
    [
      'ディスク',
      disk === undefined
        ? '不明'
        : `空き ${gigabytes(disk.freeBytes)} / ${gigabytes(disk.totalBytes)}`,
      bad('disk-low', 'cannot-record'),
    ],
    [
      '証明書',
      state.certificateDays === undefined ? 'なし' : `あと${state.certificateDays}日`,
      bad('certificate-expiring'),
    ],
    [
      '名簿',
      roster === undefined
        ? '未受信'
        : `第${roster.version}版・${roster.workers}名・${ago(roster.issuedAt)}`,
      bad('roster-old') || bad('roster-refused'),
    ],
    [
      '版',
      `${state.version}・起動から${span(state.uptimeSeconds)}・切断${state.linkDrops}回`,
      false,
    ],
  ];
};

/** @param {TerminalRow} terminal */
const terminalCard = (terminal) => {
  const { terminalId, siteId, siteName, condition, alerts, revoked, isOnline, state } = terminal;
  const facts = factsOf(terminal).flatMap(([name, text, isBad]) => [
    make('dt', '', name),
    make('dd', isBad ? 'bad' : '', text),
  ]);
  const stale =
    isOnline || revoked || state === undefined
      ? []
      : [make('p', 'stale', `下は${ago(state.at)}の状態です`)];
  return make(
    'li',
    `terminal ${condition}`,
    make(
      'h2',
      '',
      make('span', 'condition', `${CONDITION_MARK[condition]} ${CONDITION_JA[condition]}`),
      terminalId,
      make('span', 'site', siteName ?? `現場 ${siteId}`),
    ),
    make('ul', 'alerts', ...(revoked ? [revokedItem(revoked)] : alerts.map(alertItem))),
    ...stale,
    make('dl', '', ...facts),
  );
};

/** @param {readonly TerminalRow[]} terminals */
const drawTerminals = (terminals) => {
  element('#counts').textContent = /** @type {const} */ ([
    'critical',
    'warning',
    'revoked',
    'waiting',
    'good',
  ])
    .flatMap((condition) => {
      const count = terminals.filter((each) => each.condition === condition).length;
      // Most fleets have none, and nobody looks for the word.
      if (condition === 'revoked' && count === 0) return [];
      return `${CONDITION_MARK[condition]} ${CONDITION_JA[condition]} ${count}`;
    })
    .join('　');
  element('#terminals').replaceChildren(
    ...(terminals.length === 0
      ? [make('li', 'none', '端末がまだ登録されていません')]
      : terminals.map(terminalCard)),
  );
};

/** @param {readonly PastAlert[]} past */
const drawPast = (past) => {
  element('#past').hidden = past.length === 0;
  element('#past tbody').replaceChildren(
    ...past
      .slice(0, PAST_SHOWN)
      .map(({ terminalId, title, detail, begunAt, clearedAt }) =>
        make(
          'tr',
          '',
          make('td', '', terminalId ?? '中継サーバ'),
          make('td', '', detail === '' ? title : `${title}（${detail}）`),
          make('td', 'time', dateTime(begunAt)),
          make('td', 'time', dateTime(clearedAt)),
        ),
      ),
  );
};

/** As the gateway names it; what is not here is shown as it is. @type {Record<string, string>} */
const REASON_JA = {
  unreadable: '読めない',
  'wrong-terminal': '別の端末の名',
  'unknown-terminal': '登録のない端末',
  'bad-signature': '署名が合わない',
  'broken-chain': '連鎖が合わない',
  'wrong-site': '登録のない現場の記録',
  conflict: '台帳と食い違う',
  'not-for-terminals-to-say': '端末の宛先でない',
  forbidden: '許可のない送信',
};
/** @param {string} reason */
const reasonText = (reason) => {
  const [, code = '', rest = ''] = /^([a-z-]+)(?:: | to )?(.*)$/s.exec(reason) ?? [];
  const told = REASON_JA[code];
  return told === undefined ? reason : `${told}${rest === '' ? '' : `（${rest}）`}`;
};

/** @typedef {{ sha256: string, topic: string, reason: string, byteCount: number, lastAt: string, times: number }} Quarantined */

/** @param {readonly Quarantined[]} quarantined */
const drawQuarantine = (quarantined) => {
  element('#quarantine').hidden = quarantined.length === 0;
  element('#quarantine tbody').replaceChildren(
    ...quarantined.map(({ sha256, topic, reason, byteCount, lastAt, times }) => {
      const open = /** @type {HTMLAnchorElement} */ (make('a', '', '保存'));
      open.href = `/v1/quarantine/${sha256}`;
      open.download = '';
      return make(
        'tr',
        '',
        make('td', 'time', dateTime(lastAt)),
        make('td', '', `${times}回`),
        make('td', '', reasonText(reason)),
        make('td', '', topic),
        make('td', '', `${byteCount.toLocaleString('ja-JP')} B`),
        make('td', '', open),
      );
    }),
  );
};

const refresh = async () => {
  try {
    const [{ terminals }, { alerts, past }] = await Promise.all([
      /** @type {Promise<{ terminals: readonly TerminalRow[] }>} */ (ask('/v1/terminals')),
      /** @type {Promise<{ alerts: readonly AlertRow[], past: readonly PastAlert[] }>} */ (
        ask('/v1/alerts')
      ),
    ]);
    drawTerminals(terminals);
    const ofGateway = alerts.filter(({ terminalId }) => terminalId === undefined);
    element('#gateway-alerts').replaceChildren(...ofGateway.map(alertItem));
    drawPast(past);
    if (session.isAdmin) {
      /** @type {{ quarantined: readonly Quarantined[] }} */
      const { quarantined } = await ask('/v1/quarantine');
      drawQuarantine(quarantined);
    }
    say('#state', `${japanNow().slice(11, 19)} 更新`);
  } catch (cause) {
    say('#state', wordsFor(cause), true);
  }
};

await refresh();
setInterval(refresh, REFRESH_MS);
