/** Asks the API and draws tables; nothing is worked out here that the API does not say. */
import type { AttendanceRow } from '../../reports/attendance-report.ts';
import type { ContributionsReport } from '../../reports/contributions-report.ts';

const REFRESH_MS = 10_000;
const TOKEN_KEY = 'genba-token';

interface Terminal {
  readonly terminalId: string;
  readonly siteId: string;
  readonly isOnline: boolean;
  readonly lastBatchAt?: string;
}

const UNRESOLVED_JA: Record<ContributionsReport['unresolved'][number]['reason'], string> = {
  'unknown-card': '未登録カードのタッチ',
  'unknown-worker': '台帳にない技能者',
  'no-employer': '所属事業者が分からない',
  'no-contract': 'どの契約か分からない',
};
const MENDED_BY_JA = { prime: '元請', employer: '所属事業者' } as const;
const NOT_PAYABLE_JA: Record<
  NonNullable<ContributionsReport['rows'][number]['notPayable']>,
  string
> = {
  officer: '役員',
  'other-scheme': '他制度加入',
  'sole-contractor': '一人親方（任意組合）',
  'no-member-no': '被共済者番号なし',
  'too-late': '2年経過',
};
const FLAG_JA: Record<AttendanceRow['flags'][number], string> = {
  'missing-out': '退場打刻なし',
  'missing-in': '入場打刻なし',
  'unknown-card': '未登録カード',
};

const element = <Kind extends Element = HTMLElement>(selector: string): Kind => {
  const found = document.querySelector<Kind>(selector);
  if (found === null) throw new Error(`no element ${selector}`);
  return found;
};

// The token comes in the fragment, which no server sees, and leaves the address bar at once.
const fragment = new URLSearchParams(location.hash.slice(1)).get('token');
if (fragment !== null) {
  sessionStorage.setItem(TOKEN_KEY, fragment);
  history.replaceState(undefined, '', location.pathname);
}

const ask = async <Answer>(path: string): Promise<Answer> => {
  const token = sessionStorage.getItem(TOKEN_KEY) ?? '';
  const response = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
  if (response.status === 401)
    throw new Error('トークンがないか、無効です。起動時に表示された URL で開いてください');
  if (!response.ok) throw new Error(`サーバーの応答 ${response.status}`);
  return response.json();
};

const cell = (text: string, className = '', tag: 'td' | 'th' = 'td'): HTMLElement => {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
};
const row = (...cells: readonly HTMLElement[]): HTMLTableRowElement => {
  const made = document.createElement('tr');
  made.append(...cells);
  return made;
};
const fill = (selector: string, rows: readonly HTMLTableRowElement[], columns: number): void => {
  const none = cell('ありません', 'empty');
  none.setAttribute('colspan', String(columns));
  element(selector).replaceChildren(...(rows.length === 0 ? [row(none)] : rows));
};

const japanNow = (): string => new Date(Date.now() + 9 * 3_600_000).toISOString();
const time = (instant: string | undefined): string => instant?.slice(11, 16) ?? '';

const drawTerminals = (terminals: readonly Terminal[]): void =>
  fill(
    '#terminals tbody',
    terminals.map(({ terminalId, siteId, isOnline, lastBatchAt }) =>
      row(
        cell(terminalId),
        cell(siteId),
        cell(isOnline ? '接続中' : 'オフライン', isOnline ? '' : 'bad'),
        cell(lastBatchAt?.slice(0, 19).replace('T', ' ') ?? '–'),
      ),
    ),
    4,
  );

/** Today an exit that is not there yet only means that the person is still on site. */
const noteOfToday = (flag: AttendanceRow['flags'][number], lastOut: string | undefined): string =>
  flag === 'missing-out' && lastOut === undefined ? '在場中' : FLAG_JA[flag];

const drawToday = (rows: readonly AttendanceRow[]): void => {
  const today = rows.filter(({ workDate }) => workDate === japanNow().slice(0, 10));
  element('#today-count').textContent = `${today.length} 名`;
  fill(
    '#today tbody',
    today.map(({ workerId, cardId, companyId, firstIn, lastOut, flags }) =>
      row(
        cell(workerId ?? `カード ${cardId}`),
        cell(companyId ?? '–'),
        cell(time(firstIn)),
        cell(time(lastOut)),
        cell(flags.map((flag) => noteOfToday(flag, lastOut)).join('、')),
      ),
    ),
    5,
  );
};

type Contribution = ContributionsReport['rows'][number];

const mark = (rows: readonly Contribution[]): string => {
  const days = rows.reduce((sum, each) => sum + each.days, 0);
  if (rows.length === 0) return '';
  if (rows.some((each) => each.notPayable !== undefined)) return '×';
  if (rows.some((each) => each.candidateDays > each.days)) return '△';
  return days === 1 ? '●' : '②';
};

const drawContributions = (month: string, { rows }: ContributionsReport): void => {
  const [year = 0, monthNo = 0] = month.split('-').map(Number);
  const dates = Array.from({ length: new Date(year, monthNo, 0).getDate() }, (_, index) => ({
    date: `${month}-${String(index + 1).padStart(2, '0')}`,
    className: [0, 6].includes(new Date(year, monthNo - 1, index + 1).getDay()) ? 'weekend' : '',
  }));
  const heading = [
    cell('技能者ID', '', 'th'),
    ...dates.map(({ className }, index) => cell(String(index + 1), className, 'th')),
    ...['日数', '掛金', '備考'].map((text) => cell(text, '', 'th')),
  ];
  element('#contributions thead').replaceChildren(row(...heading));
  const workers = [...new Set(rows.map(({ workerId }) => workerId))];
  const yenOf = (of: readonly Contribution[]): number => of.reduce((sum, { yen }) => sum + yen, 0);
  fill(
    '#contributions tbody',
    workers.map((workerId) => {
      const own = rows.filter((each) => each.workerId === workerId);
      const reasons = new Set(
        own.flatMap(({ notPayable }) =>
          notPayable === undefined ? [] : [NOT_PAYABLE_JA[notPayable]],
        ),
      );
      return row(
        cell(workerId),
        ...dates.map(({ date, className }) =>
          cell(mark(own.filter(({ workDate }) => workDate === date)), className),
        ),
        cell(String(own.reduce((sum, { days }) => sum + days, 0)), 'total'),
        cell(`${yenOf(own).toLocaleString('ja-JP')}円`, 'total'),
        cell([...reasons].join('、')),
      );
    }),
    heading.length,
  );
  element('#sum').textContent = `${yenOf(rows).toLocaleString('ja-JP')}円`;
};

const drawUnresolved = ({ unresolved }: ContributionsReport): void =>
  fill(
    '#unresolved tbody',
    unresolved.map(({ workDate, reason, workerId, cardId, mendedBy }) =>
      row(
        cell(workDate),
        cell(UNRESOLVED_JA[reason]),
        cell(workerId ?? cardId ?? ''),
        cell(MENDED_BY_JA[mendedBy]),
      ),
    ),
    4,
  );

const month = element<HTMLInputElement>('#month');
month.value = japanNow().slice(0, 7);

const refresh = async (): Promise<void> => {
  const state = element('#state');
  try {
    const [terminals, attendance, contributions] = await Promise.all([
      ask<{ terminals: readonly Terminal[] }>('/v1/terminals'),
      ask<{ rows: readonly AttendanceRow[] }>(`/v1/attendance?month=${japanNow().slice(0, 7)}`),
      ask<ContributionsReport>(`/v1/contributions?month=${month.value}`),
    ]);
    drawTerminals(terminals.terminals);
    drawToday(attendance.rows);
    drawContributions(month.value, contributions);
    drawUnresolved(contributions);
    state.textContent = `${japanNow().slice(11, 19)} 更新`;
    state.dataset.bad = 'false';
  } catch (cause) {
    state.textContent = cause instanceof Error ? cause.message : '読み込めません';
    state.dataset.bad = 'true';
  }
};

month.addEventListener('change', refresh);
await refresh();
setInterval(refresh, REFRESH_MS);
