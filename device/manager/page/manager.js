/** The manager's page: asks for lists and draws them, and sends what the manager writes down. */
import { ask, send } from './ask.js';
import { button, byCompany, element, make, table } from './elements.js';
import { reasonField, timeField, timeInJapan, workerField } from './fields.js';
import { startLogIn } from './log-in.js';

/** @typedef {{ part: string, text: string, isGood: boolean, toDo?: string }} HealthRow */

/** The session ends by itself; the page leaves before it does. */
const IDLE_MS = 170_000;

/** @param {...(Node)} nodes */
const show = (...nodes) => element('list').replaceChildren(...nodes);

/** @type {Record<string, string>} */
const DIRECTIONS = { in: '入場', out: '退場', auto: '入退場' };
/** @type {Record<string, string>} */
const PRESENTED = { card: 'カード', typed: 'ID入力', face: '顔認証' };
/** @type {Record<string, string>} */
const VERDICTS = { recorded: '○ 記録', repeat: '記録済み', warned: '△ 要確認', held: '■ 保留' };

/** @param {() => Promise<void>} submit @param {string} text @param {...Node} fields */
const showForm = (submit, text, ...fields) => {
  const form = /** @type {HTMLFormElement} */ (element('form'));
  const go = button(
    text,
    () => {
      go.disabled = true;
      // Pressed twice it would be written down twice; what was refused may be mended and sent again.
      void submit().finally(() => {
        go.disabled = false;
      });
    },
    'go',
  );
  const choices = make('div', '', 'row choices');
  choices.append(
    go,
    button('やめる', () => void openTab(current)),
  );
  form.replaceChildren(...fields, choices);
  form.onsubmit = (event) => event.preventDefault();
  form.hidden = false;
  element('count').textContent = '';
  element('actions').replaceChildren();
  show();
};

/** @param {string} text */
const done = (text) => {
  element('done').textContent = text;
};

/** @param {number} seq @param {string} what */
const askVoid = (seq, what) => {
  const reason = reasonField('void');
  showForm(
    async () => {
      if ((await send('/voids', { seq, reason: reason.value() })) === undefined) return;
      await openTab('touches');
      done('取り消しました（記録は残ります）');
    },
    '取り消す',
    make('p', `${what} を取り消します`),
    reason.field,
  );
};

/** @param {string} cardId */
const askBinding = async (cardId) => {
  const list = await ask('/workers');
  if (list === undefined) return;
  const worker = workerField(list.rows);
  const reason = reasonField('binding');
  showForm(
    async () => {
      const body = { cardId, workerId: worker.value(), reason: reason.value() };
      if ((await send('/bindings', body)) === undefined) return;
      await openTab('unknown-cards');
      done('紐付けました');
    },
    '紐付ける',
    make(
      'p',
      `カード ${cardId} の持ち主を選んでください。このカードのタッチは、これからこの方の記録になります`,
    ),
    worker.field,
    reason.field,
  );
};

const showPassageForm = async () => {
  const list = await ask('/workers');
  if (list === undefined) return;
  const worker = workerField(list.rows);
  const at = timeField();
  let direction = 'in';
  const ways = make('div', '', 'row');
  for (const way of ['in', 'out']) {
    const choice = button(DIRECTIONS[way] ?? way, () => {
      direction = way;
      for (const each of ways.children) each.setAttribute('aria-pressed', String(each === choice));
    });
    choice.setAttribute('aria-pressed', String(way === direction));
    ways.append(choice);
  }
  const when = make('div', '', 'row');
  when.append(ways, ...at.labels);
  const reason = reasonField('passage');
  showForm(
    async () => {
      const body = {
        workerId: worker.value(),
        direction,
        at: at.value(),
        reason: reason.value(),
      };
      if ((await send('/passages', body)) === undefined) return;
      await showPassageForm();
      done('記録しました');
    },
    '記録する',
    worker.field,
    when,
    reason.field,
  );
};

/** @param {any} row */
const touchLine = (row) => {
  const who = make('span', row.name);
  who.append(make('br'), make('small', row.company));
  const verdict = make('span', VERDICTS[row.verdict], 'whole');
  const judged = make('span');
  judged.append(
    verdict,
    ...row.reasons.flatMap((/** @type {string} */ reason) => [make('br'), make('small', reason)]),
  );
  return {
    cells: [
      row.time,
      who,
      `${row.readerId}（${DIRECTIONS[row.direction]}） ${PRESENTED[row.by] ?? row.by}`,
      judged,
      row.isVoid ? '取消済み' : button('取消', () => askVoid(row.seq, `${row.time} ${row.name}`)),
    ],
    className: row.isVoid ? 'void' : '',
  };
};

/**
 * A large site has thousands a day: some at once, and of one company where that is wanted.
 *
 * @param {string} company empty = all
 * @param {readonly object[]} before lines that are there already
 */
const showTouches = async (company = '', before = []) => {
  const query = new URLSearchParams({ company, after: String(before.length) });
  const body = await ask(`/touches?${query}`);
  if (body === undefined || current !== 'touches') return;
  element('count').textContent = `${body.count}件`;
  const rows = [...before, ...body.rows];
  const filter = make('select');
  filter.append(
    new Option('すべての所属', ''),
    ...body.companies.map((/** @type {string} */ name) => new Option(name, name)),
  );
  filter.value = company;
  filter.setAttribute('aria-label', '所属');
  filter.addEventListener('change', () => void showTouches(filter.value));
  element('actions').replaceChildren(filter);
  show(
    table(['時刻', '氏名・所属', 'リーダー・方法', '判定', ''], rows.map(touchLine)),
    ...(rows.length < body.count
      ? [
          button(
            `さらに表示（残り${body.count - rows.length}件）`,
            () => void showTouches(company, rows),
          ),
        ]
      : []),
  );
};

/** What is wrong, and below it what to do. @param {HealthRow} line */
const healthText = ({ text, toDo }) => {
  const cell = make('span', text);
  if (toDo !== undefined) cell.append(make('br'), make('b', `→ ${toDo}`));
  return cell;
};

/** On paper a list must say of when it is. */
window.addEventListener('beforeprint', () => {
  element('printed-at').textContent = `${timeInJapan().replace('T', ' ')} 現在`;
});

/** @type {Record<string, { title: string, open: () => Promise<void> }>} */
const TABS = {
  health: {
    title: '端末の状態',
    open: async () => {
      const body = await ask('/health');
      if (body === undefined) return;
      element('site').textContent = body.siteName || '現場管理';
      element('by').textContent = body.by;
      show(
        table(
          ['', '項目', '状態'],
          body.lines.map((/** @type {HealthRow} */ line) => ({
            cells: [make('span', line.isGood ? '○' : '×', 'mark'), line.part, healthText(line)],
            className: line.isGood ? '' : 'bad',
          })),
        ),
      );
    },
  },
  people: {
    title: '在場者',
    open: async () => {
      const body = await ask('/people');
      if (body === undefined) return;
      element('count').textContent = `${body.rows.length}名`;
      element('actions').append(
        button('印刷', () => window.print()),
        button('USBに保存', async () => {
          const saved = await send('/muster/usb', {});
          if (saved !== undefined) done(`${saved.name} を保存しました。抜いてかまいません`);
        }),
      );
      show(
        // Whoever reads a list of people must know what it cannot know.
        make('p', body.note, body.isOld ? 'note old' : 'note'),
        table(
          ['氏名', '技能者ID・カード', '入場', ...(body.hasGates ? ['ゲート'] : []), '確認'],
          byCompany(body.rows, (/** @type {any} */ row) => [
            row.name,
            row.id,
            row.since,
            ...(body.hasGates ? [row.gate] : []),
            '□',
          ]),
        ),
      );
    },
  },
  absent: {
    title: '未タッチ',
    open: async () => {
      const body = await ask('/absent');
      if (body === undefined) return;
      element('count').textContent = `${body.rows.length}名`;
      element('actions').append(button('印刷', () => window.print()));
      show(
        make('p', body.note, body.isOld ? 'note old' : 'note'),
        table(
          ['氏名', '技能者ID', 'わかっていること'],
          byCompany(body.rows, (/** @type {any} */ row) => [row.name, row.workerId, row.why]),
        ),
      );
    },
  },
  touches: {
    title: '本日のタッチ',
    open: () => showTouches(),
  },
  passage: { title: '手入力', open: showPassageForm },
  'unknown-cards': {
    title: '未登録カード',
    open: async () => {
      const body = await ask('/unknown-cards');
      if (body === undefined) return;
      element('count').textContent = `${body.rows.length}枚`;
      show(
        table(
          ['カード', '最後のタッチ', '回数', ''],
          body.rows.map((/** @type {any} */ row) => ({
            cells: [
              row.cardId,
              row.time,
              String(row.touches),
              button('紐付け', () => void askBinding(row.cardId)),
            ],
          })),
        ),
      );
    },
  },
};

let current = 'health';

/** @param {string} name */
const openTab = async (name) => {
  const tab = TABS[name];
  if (tab === undefined) return;
  current = name;
  element('heading').textContent = tab.title;
  element('count').textContent = '';
  element('actions').replaceChildren();
  element('form').hidden = true;
  show();
  for (const each of element('tabs').querySelectorAll('button'))
    each.setAttribute('aria-pressed', String(each.dataset.tab === name));
  await tab.open();
};

for (const [name, { title }] of Object.entries(TABS)) {
  const made = button(title, () => void openTab(name));
  made.dataset.tab = name;
  element('tabs').append(made);
}

/** @type {number | undefined} */
let idle;
const stayAwake = () => {
  clearTimeout(idle);
  idle = window.setTimeout(() => {
    window.location.href = '/';
  }, IDLE_MS);
};
for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, stayAwake);
stayAwake();
element('leave').addEventListener('click', () => {
  void fetch('/manager/session', { method: 'DELETE', keepalive: true });
});
startLogIn(() => openTab('health'));
