/** What the manager's page is made of: found in its HTML, or made. Texts go in as texts. */

/** @param {string} id */
export const element = (id) => {
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
export const make = (tag, text = '', className = '') => {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
};

/** @param {string} text @param {() => void} pressed @param {string} [className] */
export const button = (text, pressed, className = '') => {
  const made = make('button', text, className);
  made.type = 'button';
  made.addEventListener('click', pressed);
  return made;
};

/**
 * @param {readonly string[]} header
 * @param {readonly { cells: readonly (string | Node)[], className?: string }[]} rows
 */
export const table = (header, rows) => {
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
export const byCompany = (rows, cells) => {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { company } of rows) counts.set(company, (counts.get(company) ?? 0) + 1);
  return rows.flatMap((row, index) => {
    const isNew = rows[index - 1]?.company !== row.company;
    const heading = `${row.company}　${counts.get(row.company)}名`;
    return [...(isNew ? [{ cells: [heading], className: 'group' }] : []), { cells: cells(row) }];
  });
};

/** @param {string} title @param {readonly HTMLOptionElement[]} options @param {string} [value] */
export const choice = (title, options, value) => {
  const select = make('select');
  select.append(...options);
  if (value !== undefined) select.value = value;
  const label = make('label', title);
  label.append(select);
  return { label, select };
};
