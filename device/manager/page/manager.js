/** The manager's page: asks for lists and draws them, and sends what the manager writes down. */

/**
 * @typedef {Record<string, string | number | boolean | readonly string[]>} Row
 * @typedef {{ company: string, name: string, workerId: string }} Worker
 * @typedef {{ part: string, text: string, isGood: boolean, toDo?: string }} HealthRow
 */

/** The session ends by itself; the page leaves before it does. */
const IDLE_MS = 170_000;

/** @param {string} id */
const element = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
};

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [text]
 * @param {string} [className]
 */
const make = (tag, text = '', className = '') => {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
};

/** @param {string} text @param {() => void} pressed @param {string} [className] */
const button = (text, pressed, className = '') => {
  const made = make('button', text, className);
  made.type = 'button';
  made.addEventListener('click', pressed);
  return made;
};

/** @type {Record<string, string>} */
const FIELD_NAMES = {
  '/workerId': '技能者',
  '/at': '時刻',
  '/reason': '理由',
  '/seq': 'タッチ',
  '/cardId': 'カード',
  '/pin': '暗証番号',
  '/by': '担当者',
};

/**
 * What the terminal answers; shows what it refuses.
 *
 * @param {string} path
 * @param {RequestInit} [init]
 */
const ask = async (path, init) => {
  element('fault').textContent = '';
  element('done').textContent = '';
  const answer = await fetch(`/manager${path}`, init).catch(() => undefined);
  if (answer === undefined) {
    element(element('log-in').hidden ? 'fault' : 'log-in-fault').textContent =
      '端末が応答しません。少し待って、もう一度押してください';
    return undefined;
  }
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  if (answer.status === 401 && path !== '/session') showLogIn();
  const faults = body.faults ?? [{ place: '', message: body.message ?? '' }];
  const text = faults
    .map(
      (/** @type {{ place: string, message: string }} */ { place, message }) =>
        `${FIELD_NAMES[place] ?? ''}${message}`,
    )
    .join('／');
  element(element('log-in').hidden ? 'fault' : 'log-in-fault').textContent = text;
  return undefined;
};

/** @param {string} path @param {object} body */
const send = (path, body) =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/**
 * @param {readonly string[]} header
 * @param {readonly { cells: readonly (string | Node)[], className?: string }[]} rows
 */
const table = (header, rows) => {
  const made = make('table');
  const head = make('tr');
  head.append(...header.map((text) => make('th', text)));
  const top = make('thead');
  top.append(head);
  const body = make('tbody');
  for (const { cells, className = '' } of rows) {
    const line = make('tr', '', className);
    for (const cell of cells) {
      // Times, numbers and ids stay in one piece.
      const isWhole = typeof cell === 'string' && /^[\d\-:/A-F]{1,16}$/.test(cell);
      const box = make('td', '', isWhole ? 'whole' : '');
      box.append(cell);
      line.append(box);
    }
    if (cells.length === 1 && line.firstElementChild instanceof HTMLTableCellElement)
      line.firstElementChild.colSpan = header.length;
    body.append(line);
  }
  made.append(top, body);
  return made;
};

/**
 * A heading row before each company.
 *
 * @template {{ company: string }} Item
 * @param {readonly Item[]} rows
 * @param {(row: Item) => readonly (string | Node)[]} cells
 */
const byCompany = (rows, cells) => {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { company } of rows) counts.set(company, (counts.get(company) ?? 0) + 1);
  return rows.flatMap((row, index) => {
    const isNew = rows[index - 1]?.company !== row.company;
    const heading = `${row.company}　${counts.get(row.company)}名`;
    return [...(isNew ? [{ cells: [heading], className: 'group' }] : []), { cells: cells(row) }];
  });
};

/** @param {...(Node)} nodes */
const show = (...nodes) => element('list').replaceChildren(...nodes);

/** To be pressed, where there is no keyboard; the last stands for whatever else it is. */
const REASONS = {
  void: ['誤ったタッチ', '二重のタッチ', '別の人のカード', '試しのタッチ', 'その他'],
  passage: ['打刻忘れ', 'カード忘れ', 'カード不良', 'リーダー故障', 'その他'],
  binding: ['新しいカード', '再発行', '登録もれ', 'その他'],
};
/** @type {Record<string, string>} */
const DIRECTIONS = { in: '入場', out: '退場', auto: '入退場' };
/** @type {Record<string, string>} */
const PRESENTED = { card: 'カード', typed: 'ID入力', face: '顔認証' };
/** @type {Record<string, string>} */
const VERDICTS = { recorded: '○ 記録', repeat: '記録済み', warned: '△ 要確認', held: '■ 保留' };

/** The terminal takes nothing older. */
const DAYS_BACK = 62;
const DAY_MS = 86_400_000;

/** `YYYY-MM-DDTHH:MM` in Japan. @param {number} [daysBack] */
const timeInJapan = (daysBack = 0) =>
  new Date(Date.now() - daysBack * DAY_MS + 9 * 3_600_000).toISOString().slice(0, 16);

/** @param {number} count */
const twoDigits = (count) =>
  Array.from({ length: count }, (_, value) => {
    const text = String(value).padStart(2, '0');
    return new Option(text, text);
  });

/**
 * Day, hour and minute, each to be picked with a finger; now, to begin with.
 *
 * @returns {{ labels: readonly HTMLElement[], value: () => string }}
 */
const timeField = () => {
  const [, hourNow, minuteNow] = timeInJapan().split(/[T:]/);
  const days = Array.from({ length: DAYS_BACK }, (_, daysBack) => {
    const date = timeInJapan(daysBack).slice(0, 10);
    const [, month, day] = date.split('-').map(Number);
    const weekday = '日月火水木金土'[new Date(`${date}T00:00Z`).getUTCDay()];
    const name = ['今日 ', '昨日 '][daysBack] ?? '';
    return new Option(`${name}${month}月${day}日（${weekday}）`, date);
  });
  const day = choice('日', days);
  const hour = choice('時', twoDigits(24), hourNow);
  const minute = choice('分', twoDigits(60), minuteNow);
  return {
    labels: [day.label, hour.label, minute.label],
    value: () => `${day.select.value}T${hour.select.value}:${minute.select.value}:00+09:00`,
  };
};

/**
 * A field for a reason: usual ones to press, or any other typed.
 *
 * @param {keyof typeof REASONS} of
 * @returns {{ field: HTMLElement, value: () => string }}
 */
const reasonField = (of) => {
  const label = make('label', 'またはキーボードで');
  const input = make('input');
  input.maxLength = 200;
  const row = make('div', '', 'row');
  const mark = () => {
    for (const each of row.children)
      each.setAttribute('aria-pressed', String(each.textContent === input.value));
  };
  row.append(
    ...REASONS[of].map((reason) =>
      button(reason, () => {
        input.value = reason;
        mark();
      }),
    ),
  );
  input.addEventListener('input', mark);
  label.append(input);
  const field = make('fieldset');
  field.append(make('legend', '理由を選んでください'), row, label);
  return { field, value: () => input.value };
};

/** @param {string} title @param {readonly HTMLOptionElement[]} options @param {string} [value] */
const choice = (title, options, value) => {
  const select = make('select');
  select.append(...options);
  if (value !== undefined) select.value = value;
  const label = make('label', title);
  label.append(select);
  return { label, select };
};

/**
 * Company first, then the worker: short lists for a finger.
 *
 * @param {readonly Worker[]} workers
 */
const workerField = (workers) => {
  const companies = [...new Set(workers.map((each) => each.company))];
  const { label: companyLabel, select: company } = choice(
    '所属',
    companies.map((name) => new Option(name, name)),
  );
  const { label: workerLabel, select: worker } = choice('技能者', []);
  const fill = () =>
    worker.replaceChildren(
      ...workers
        .filter((each) => each.company === company.value)
        .map(({ name, workerId }) => new Option(`${name}（${workerId}）`, workerId)),
    );
  company.addEventListener('change', fill);
  fill();
  const field = make('div', '', 'row');
  field.append(companyLabel, workerLabel);
  return { field, value: () => worker.value };
};

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

/** @type {string | undefined} */
let manager;
let pin = '';

const drawPin = () => {
  element('pin').textContent = '●'.repeat(pin.length);
};

const showLogIn = () => {
  pin = '';
  drawPin();
  element('log-in').hidden = false;
  element('tabs').hidden = true;
  element('content').hidden = true;
  element('by').textContent = '';
};

const logIn = async () => {
  // Pressed twice, the second has nothing to send: a slip must not count as two wrong ones.
  if (pin === '') return;
  if (manager === undefined) {
    element('log-in-fault').textContent = '担当者を選んでください';
    return;
  }
  const typed = pin;
  pin = '';
  drawPin();
  element('log-in-fault').textContent = '';
  const answer = await send('/session', { pin: typed, by: manager });
  if (answer === undefined) return;
  element('log-in').hidden = true;
  element('tabs').hidden = false;
  element('content').hidden = false;
  await openTab('health');
};

for (const key of ['1', '2', '3', '4', '5', '6', '7', '8', '9', '消す', '0', '決定']) {
  element('keys').append(
    button(
      key,
      () => {
        if (key === '決定') void logIn();
        else if (key === '消す') pin = pin.slice(0, -1);
        else if (pin.length < 12) pin += key;
        drawPin();
      },
      key === '決定' ? 'go' : '',
    ),
  );
}
document.addEventListener('keydown', (event) => {
  if (element('log-in').hidden) return;
  if (/^\d$/.test(event.key) && pin.length < 12) pin += event.key;
  if (event.key === 'Backspace') pin = pin.slice(0, -1);
  if (event.key === 'Enter') void logIn();
  drawPin();
});

const drawManagers = async () => {
  const body = await ask('/names');
  for (const name of body?.names ?? []) {
    const made = button(name, () => {
      manager = name;
      element('log-in-fault').textContent = '';
      for (const each of element('managers').children)
        each.setAttribute('aria-pressed', String(each === made));
    });
    element('managers').append(made);
  }
  const only = element('managers').children;
  if (only.length === 1 && only[0] instanceof HTMLButtonElement) only[0].click();
};

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
void drawManagers();
