/** For every page of the console: finding what its HTML holds, and making what it does not. */

/**
 * What must be there: a page that lacks it is broken. Throws where it is not.
 *
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {HTMLElement}
 */
export const element = (selector, within = document) => {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`no element ${selector}`);
  return found;
};

/**
 * Texts go in as texts: nothing that a person typed becomes markup.
 *
 * @param {string} tag
 * @param {string} className
 * @param {readonly (Node | string)[]} children
 */
export const make = (tag, className, ...children) => {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
};

/** @param {string} selector */
export const input = (selector) => /** @type {HTMLInputElement} */ (element(selector));

/** @param {string} selector */
export const choice = (selector) => /** @type {HTMLSelectElement} */ (element(selector));

/** @param {string} text @param {() => unknown} onClick @param {string} [className] */
export const button = (text, onClick, className = '') => {
  const made = /** @type {HTMLButtonElement} */ (make('button', className, text));
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
};

/** How it went, where the page tells it. @param {string} selector @param {string} text @param {boolean} [isBad] */
export const say = (selector, text, isBad = false) => {
  const said = element(selector);
  said.textContent = text;
  said.dataset.bad = String(isBad);
};
