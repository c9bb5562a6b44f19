/** `genba-gateway enrolment-code` (登録コード): the same as `POST /v1/enrolments`, for who sits at the gateway's machine. */
import { parseArgs } from 'node:util';
import QrCode from 'qrcode';
import { SiteId, TerminalId } from '../../shared/ids.ts';
import { MINUTE_MS } from '../../shared/time.ts';
import { makeEnrolmentCode } from '../enrolment/enrolment-order.ts';
import { urlHost } from '../enrolment/terminal-settings.ts';
import { storedRegistry } from '../registry/stored-registry.ts';
import { openSqliteAuditLog } from '../store/sqlite-audit-log.ts';
import { openSqliteLedger } from '../store/sqlite-ledger.ts';
import { systemNow } from '../system-clock.ts';
import { type Command, refused } from './command.ts';
import { DEFAULT_CONFIG, type TrustBooks, withTrustBooks } from './trust-books.ts';

const MINUTES_MAX = 7 * 24 * 60;

const OPTIONS = {
  config: { type: 'string', default: DEFAULT_CONFIG },
  site: { type: 'string' },
  terminal: { type: 'string' },
  minutes: { type: 'string', default: '60' },
  json: { type: 'boolean', default: false },
} as const;

const isSite = ({ db }: TrustBooks, siteId: SiteId): boolean => {
  const registry = storedRegistry(openSqliteLedger(db));
  return registry?.sites.some((site) => site.siteId === siteId) === true;
};

export const enrolmentCode: Command = {
  usage:
    'enrolment-code --site 現場ID [--terminal 端末] [--minutes 分] [--json] [--config FILE]\n' +
    '                                         端末の登録コードを作ります（--terminal は同じ場所の入れ替え）',
  run: async (parameters, { say }) => {
    const { values } = parseArgs({ args: [...parameters], options: OPTIONS });
    const siteId = SiteId.safeParse(values.site);
    const terminalId = TerminalId.optional().safeParse(values.terminal);
    const minutes = /^\d{1,5}$/.test(values.minutes) ? Number(values.minutes) : 0;
    const faults = [
      ...(siteId.success ? [] : ['--site は14桁の現場IDです']),
      ...(terminalId.success ? [] : ['--terminal は gate-1 のような端末の名前です']),
      ...(minutes >= 1 && minutes <= MINUTES_MAX ? [] : [`--minutes は1〜${MINUTES_MAX}です`]),
    ];
    if (!siteId.success || !terminalId.success || faults.length > 0)
      return refused(faults.join('\n'));
    const order = {
      siteId: siteId.data,
      terminalId: terminalId.data,
      lifeMs: minutes * MINUTE_MS,
      by: 'command',
    };
    return withTrustBooks(values.config, async (books) => {
      const { config, trust, db, store, authority } = books;
      if (trust.enrolment.port === 0) return refused('trust.enrolment.port が 0 です');
      if (!isSite(books, order.siteId))
        return refused(
          `${order.siteId} は台帳の現場ではありません（台帳を先に取り込んでください）`,
        );
      const now = systemNow;
      const made = await makeEnrolmentCode(
        {
          store,
          authority,
          now,
          audit: openSqliteAuditLog(db, now).append,
          isConfigured: (id) => config.terminals.some((each) => each.terminalId === id),
        },
        order,
      );
      if (made.kind !== 'made')
        return refused(
          made.kind === 'other-site'
            ? 'その端末は別の現場に登録されています。先に取り消してください'
            : 'その端末は設定ファイルに書かれています',
        );
      const url = `https://${urlHost(trust.host)}:${trust.enrolment.port}`;
      const text = `${url}#${made.code}`;
      if (values.json)
        say(JSON.stringify({ terminalId: made.enrolment.terminalId, code: made.code, url, text }));
      else {
        say(`端末 ${made.enrolment.terminalId} の登録コード（${minutes}分有効、一度だけ）`);
        say(`  ${made.code}`);
        say(await QrCode.toString(text, { type: 'utf8', errorCorrectionLevel: 'M' }));
        say(`端末で: sudo genba enrol '${text}'`);
      }
      return { kind: 'done' };
    });
  },
};
