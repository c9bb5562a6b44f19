/** 期限の暦: what is due in a month, day by day and as a list, and above all what is overdue. */
import { choice, element, input, make, say } from '../elements.js';
import { thisMonth, today } from '../japan-date.js';
import { askContractNames, askNames } from '../names.js';
import { ask, wordsFor } from '../who.js';

const LIST_SHOWN_MAX = 200;
const DAY_MS = 86_400_000;

/** @typedef {{ due: string, kind: string, state: 'due' | 'overdue' | 'done', who: string, whyJa: string, siteId?: string, contractId?: string, companyId?: string, workerId?: string, month?: string }} Deadline */
/** @typedef {{ rows: readonly Deadline[], rules: readonly { kind: string, ruleJa: string, source: string }[] }} Report_ */

const siteChoice = choice('#site');
const monthInput = input('#month');
const withDone = input('#with-done');

const fragment = new URLSearchParams(location.hash.slice(1));

/** @type {Readonly<Record<string, string>>} */
let words = {};
/** Names of sites, contracts, companies and workers, as far as the roster may be seen. @type {ReadonlyMap<string, string>} */
let nameById = new Map();
/** @type {Report_} */
let report = { rows: [], rules: [] };

/** @param {string} code */
const word = (code) => words[code] ?? code;
/** @param {string | undefined} id */
const nameOf = (id) => (id === undefined ? '' : (nameById.get(id) ?? id));
/** @param {string} date */
const dateText = (date) => {
  const [, month, day] = date.split('-').map(Number);
  const weekday = '日月火水木金土'[new Date(`${date}T00:00:00Z`).getUTCDay()];
  return `${month}月${day}日（${weekday}）`;
};

/** Whose it is: the narrowest that is named. @param {Deadline} deadline */
const subjectText = ({ workerId, companyId, contractId, siteId }) => {
  const isOfSomebody = workerId !== undefined || companyId !== undefined;
  const place = contractId ?? (isOfSomebody ? undefined : siteId);
  return [workerId, companyId, place]
    .map(nameOf)
    .filter((text) => text !== '')
    .join('・');
};

/** @param {Deadline} deadline @param {boolean} isWithYear */
const item = (deadline, isWithYear) =>
  make(
    'li',
    deadline.state,
    make(
      'span',
      'date',
      isWithYear
        ? `${deadline.due.slice(0, 4)}年${dateText(deadline.due)}`
        : dateText(deadline.due),
    ),
    make('span', 'what', word(deadline.kind)),
    make('span', 'who', word(deadline.who)),
    make('span', 'why', deadline.whyJa, make('small', '', subjectText(deadline))),
    make('span', 'state', word(deadline.state)),
  );

/** @param {readonly Deadline[]} deadlines */
const chips = (deadlines) =>
  [...Map.groupBy(deadlines, ({ kind, state }) => `${kind} ${state}`).values()].flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    const text = `${word(first.kind)}${of.length > 1 ? ` ${of.length}件` : ''}`;
    const made = make('span', `chip ${first.state}`, text);
    made.title = `${text}（${word(first.state)}）`;
    return [made];
  });

/** Weeks from Sunday on; days of the months beside it stand empty. @param {string} month @param {readonly Deadline[]} deadlines */
const drawCalendar = (month, deadlines) => {
  const byDate = Map.groupBy(deadlines, ({ due }) => due);
  const first = new Date(`${month}-01T00:00:00Z`);
  const begin = first.getTime() - first.getUTCDay() * DAY_MS;
  /** @type {Node[]} */
  const weeks = [];
  for (let week = begin; ; week += 7 * DAY_MS) {
    const dates = [0, 1, 2, 3, 4, 5, 6].map((day) =>
      new Date(week + day * DAY_MS).toISOString().slice(0, 10),
    );
    if (week !== begin && dates[0]?.startsWith(month) !== true) break;
    weeks.push(
      make(
        'tr',
        '',
        ...dates.map((date) =>
          date.startsWith(month)
            ? make(
                'td',
                date === today() ? 'today' : '',
                String(Number(date.slice(8))),
                ...chips(byDate.get(date) ?? []),
              )
            : make('td', 'beside'),
        ),
      ),
    );
  }
  element('#calendar tbody').replaceChildren(...weeks);
};

/** @param {string} list @param {string} rest @param {readonly Deadline[]} deadlines @param {boolean} isWithYear */
const drawList = (list, rest, deadlines, isWithYear) => {
  element(list).replaceChildren(
    ...deadlines.slice(0, LIST_SHOWN_MAX).map((deadline) => item(deadline, isWithYear)),
  );
  const more = deadlines.length - LIST_SHOWN_MAX;
  element(rest).textContent =
    more > 0 ? `ほかに${more}件。帳票「期限の暦」ですべて見られます。` : '';
};

const draw = () => {
  const month = monthInput.value;
  const late = report.rows.filter(({ state }) => state === 'overdue');
  element('#late').hidden = late.length === 0;
  element('#late-count').textContent = `${late.length}件`;
  drawList('#late-list', '#late-rest', late, true);
  const shown = report.rows.filter(
    ({ due, state }) => due.startsWith(month) && (withDone.checked || state !== 'done'),
  );
  element('#title').textContent =
    `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月 ${shown.length}件`;
  drawCalendar(month, shown);
  drawList('#list', '#rest', shown, false);
  element('#none').hidden = shown.length > 0;
  element('#rules').replaceChildren(
    ...report.rules.flatMap(({ kind, ruleJa, source }) => [
      make('dt', '', word(kind)),
      make('dd', '', ruleJa, make('small', '', source)),
    ]),
  );
};

const load = async () => {
  say('#state', '読み込み中…');
  const siteId = siteChoice.value;
  try {
    const query = siteId === '' ? '' : `?siteId=${siteId}`;
    const came = /** @type {Report_} */ (await ask(`/v1/reports/deadlines${query}`));
    if (siteId !== siteChoice.value) return;
    report = came;
    draw();
    element('main').hidden = false;
    say('#state', '');
  } catch (cause) {
    if (siteId !== siteChoice.value) return;
    // Deadlines of another site must not stand under the chosen one.
    element('main').hidden = true;
    say('#state', wordsFor(cause), true);
  }
};

/** @param {number} months */
const turn = (months) => {
  const [year = 0, month = 1] = monthInput.value.split('-').map(Number);
  monthInput.value = new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 7);
  draw();
};

const begin = async () => {
  monthInput.value = fragment.get('month') ?? thisMonth();
  try {
    const [{ workers, companies, sites }, contracts, catalogue] =
      /** @type {[import('../names.js').Names, ReadonlyMap<string, string>, { words: Record<string, string> }]} */ (
        await Promise.all([askNames(), askContractNames(), ask('/v1/reports')])
      );
    words = catalogue.words;
    nameById = new Map([...workers, ...companies, ...sites, ...contracts]);
    siteChoice.append(...[...sites].map(([siteId, siteName]) => new Option(siteName, siteId)));
  } catch {
    // Without names the deadlines can still be read by their ids.
  }
  siteChoice.addEventListener('change', load);
  monthInput.addEventListener('change', draw);
  withDone.addEventListener('change', draw);
  element('#before').addEventListener('click', () => turn(-1));
  element('#after').addEventListener('click', () => turn(1));
  await load();
};

await begin();
