/** Draws the sign's view that the terminal streams. Knows nothing of its own but when the stream is lost. */
import { followViews } from '../../kiosk/follow.js';

/** @import { CompanyCount, SignTouch, SignView } from '../view.ts' */

/** Of a name, before it is cut off. */
const LINES_MAX = 3;

/** @param {string} id */
const element = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element ${id}`);
  return found;
};

/**
 * A copy of a line's template, and what is in it by selector.
 *
 * @param {string} template
 */
const newLine = (template) => {
  const copy = element(template);
  if (!(copy instanceof HTMLTemplateElement)) throw new Error(`no template ${template}`);
  const line = /** @type {HTMLElement} */ (copy.content.firstElementChild?.cloneNode(true));
  /** @param {string} selector */
  const part = (selector) => /** @type {HTMLElement} */ (line.querySelector(selector));
  return { line, part };
};

/** @param {CompanyCount} count */
const companyLine = ({ company, people }) => {
  const { line, part } = newLine('company-line');
  part('.company').textContent = company;
  part('b').textContent = String(people);
  return line;
};

/** @param {SignTouch} touch */
const touchLine = ({ time, passage, way, company, name = '', isToCheck }) => {
  const { line, part } = newLine('touch-line');
  part('time').textContent = time;
  part('.way').dataset.passage = passage;
  part('.way b').textContent = way;
  part('.name').textContent = name;
  part('.company').textContent = company;
  part('.verdict').dataset.verdict = isToCheck ? 'check' : 'recorded';
  part('.verdict span').textContent = isToCheck ? '要確認' : '記録済';
  return line;
};

/** Signs of a font may reach over their lines by less than half of one. @param {HTMLElement} box */
const isWhole = (box) =>
  box.scrollHeight < box.clientHeight + Number.parseFloat(getComputedStyle(box).fontSize) / 2 &&
  box.scrollWidth <= box.clientWidth;

/** Sets each name as large as it can stand there whole. */
const setAsLarge = () => {
  for (const name of document.querySelectorAll('.fits')) {
    if (!(name instanceof HTMLElement)) continue;
    for (let lines = 1; lines <= LINES_MAX; lines += 1) {
      name.dataset.lines = String(lines);
      if (isWhole(name)) break;
    }
  }
};

/**
 * Takes the figures away and says why.
 *
 * @param {'closed' | 'lost'} state
 * @param {readonly string[]} words
 */
const blank = (state, words) => {
  document.body.dataset.state = state;
  element('on-site').textContent = '';
  for (const list of ['companies', 'touches']) element(list).replaceChildren();
  element('words').replaceChildren(
    ...words.map((text) => {
      const line = document.createElement('p');
      line.textContent = text;
      return line;
    }),
  );
};

/** @param {SignView} view */
const draw = (view) => {
  element('site').textContent = view.siteName;
  element('date').textContent = view.date;
  element('time').textContent = view.time;
  document.body.dataset.clock = view.isClockTrusted ? 'trusted' : 'untrusted';
  if (view.kind === 'closed') blank('closed', view.words);
  else {
    document.body.dataset.state = 'open';
    document.body.dataset.touches = String(view.touches.length);
    element('on-site').textContent = String(view.onSite);
    element('scope').textContent = view.scope;
    element('latest-scope').textContent = view.latestScope;
    element('age').textContent = view.age ?? '';
    const others = view.others === undefined ? [] : [{ company: 'ほか', people: view.others }];
    element('companies').replaceChildren(...[...view.companies, ...others].map(companyLine));
    element('touches').replaceChildren(...view.touches.map(touchLine));
  }
  setAsLarge();
};

const lost = () => {
  for (const id of ['date', 'time']) element(id).textContent = '';
  document.body.dataset.clock = '';
  blank('lost', ['端末が応答しません', '職員に知らせてください']);
};

followViews('/sign/events', draw, lost);
