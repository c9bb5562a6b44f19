/** 書類: choose a document, say what it is of, and open, print or save it. The API makes it and decides who may see it. */
/** @import { DocumentListed } from '../../api/document-listing.ts' */
import { button, element, input } from '../elements.js';
import { thisMonth } from '../japan-date.js';
import { askContractNames, askNames } from '../names.js';
import { ask, askFile, Refusal, wordsFor } from '../who.js';

/** @type {Readonly<Record<string, string>>} */
const LABELS = {
  siteId: '現場',
  companyId: '事業者',
  contractId: '工事',
  workerId: '技能者',
  month: '月',
  from: 'はじめ',
  to: 'おわり',
  since: 'この日からの変更',
  yearEnd: '決算日',
  copy: '誰の控えか',
  language: '言語',
  mapping: '項目の対応付け',
  submittedOn: '提出日',
  lateReason: '期限より遅れた理由',
  shortReason: '貼付がないか、購入額が不足した理由',
};
/** @type {Readonly<Record<string, string>>} */
const CHOICES = {
  prime: '元請用',
  orderer: '発注者用',
  ja: '日本語',
  en: 'English',
  vi: 'Tiếng Việt',
  zh: '中文',
  id: 'Bahasa Indonesia',
  tl: 'Filipino',
  fil: 'Filipino',
  my: 'မြန်မာ',
  ne: 'नेपाली',
};
/** @type {Readonly<Record<number, string>>} */
const STATUS_JA = {
  403: 'この操作は許可されていません',
  404: 'この内容の書類はありません',
  429: 'しばらく待ってから、もう一度開いてください',
};
const form = /** @type {HTMLFormElement} */ (element('#order'));

/** Ids that may be chosen, with their names. @type {Record<string, ReadonlyMap<string, string>>} */
let named = {};
/** What was chosen before stays chosen from document to document. @type {Record<string, string>} */
const chosen = { month: thisMonth() };

/** With every fault that the API names. @param {unknown} cause */
const faultsFor = (cause) => {
  const faults = cause instanceof Refusal ? cause.faults : [];
  return [
    wordsFor(cause, STATUS_JA),
    ...faults.map(({ place, message }) => {
      const name = place.replace(/^\//, '');
      return `「${LABELS[name] ?? name}」を確かめてください（${message}）`;
    }),
  ].join('\n');
};

/** @param {DocumentListed['parameters'][number]} parameter */
const field = ({ name, required, takes, choices }) => {
  const label = document.createElement('label');
  label.textContent = `${LABELS[name] ?? name}${required ? '' : '（指定しなくてもよい）'}`;
  const ids = named[name];
  /** @type {HTMLInputElement | HTMLSelectElement} */
  let input;
  if (ids !== undefined || choices !== undefined) {
    input = document.createElement('select');
    if (!required) input.append(new Option('指定しない', ''));
    for (const choice of choices ?? []) input.append(new Option(CHOICES[choice] ?? choice, choice));
    for (const [id, text] of ids ?? []) input.append(new Option(text, id));
  } else {
    input = document.createElement('input');
    input.type = takes;
  }
  input.name = name;
  input.required = required;
  const before = chosen[name];
  if (before !== undefined && (required || !(input instanceof HTMLInputElement)))
    input.value = before;
  if (input.value === '' && input instanceof HTMLSelectElement && required) input.selectedIndex = 0;
  input.addEventListener('change', () => {
    chosen[name] = input.value;
  });
  label.append(input);
  return label;
};

/** A file that another program reads: CSV as its mapping has it, and nothing else. */
const EXPORTS = '/v1/exports';
const DOCUMENTS = '/v1/documents';

/**
 * The page opens in a tab of its own, to be read and printed; a file is fetched, so that a refusal is told here.
 *
 * @param {string} path
 * @param {Record<string, string>} rendering
 */
const open = async (path, rendering) => {
  element('#fault').textContent = '';
  if (!form.reportValidity()) return;
  const query = new URLSearchParams(rendering);
  for (const [key, value] of new FormData(form))
    if (typeof value === 'string' && value !== '') query.set(key, value);
  const address = `${path}?${query}`;
  if (rendering.format === 'html') {
    window.open(address, '_blank', 'noopener');
    return;
  }
  try {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await askFile(address));
    link.download = `${element('#title').textContent}.${rendering.format ?? 'csv'}`;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (cause) {
    element('#fault').textContent = faultsFor(cause);
  }
};

const receipt = /** @type {HTMLFormElement} */ (element('#receipt'));
/** Of the API's note → where it is written here. */
const NOTE = {
  submittedOn: '#submitted-on',
  lateReason: '#late-reason',
  shortReason: '#short-reason',
};

/** What is left empty is not said, and stays as it was. */
const noteReceipt = async () => {
  element('#noted').textContent = '';
  element('#fault').textContent = '';
  const contractId = new FormData(form).get('contractId');
  const body = Object.fromEntries(
    Object.entries(NOTE).flatMap(([name, selector]) => {
      const { value } = input(selector);
      return value.trim() === '' ? [] : [[name, value]];
    }),
  );
  try {
    await ask(`/v1/contracts/${encodeURIComponent(String(contractId))}/receipt`, {
      method: 'PUT',
      body,
    });
    receipt.reset();
    element('#noted').textContent = '登録しました。';
  } catch (cause) {
    element('#fault').textContent = faultsFor(cause);
  }
};

/** @type {readonly (readonly [string, Record<string, string>])[]} */
const RENDERINGS = [
  ['開く・印刷', { format: 'html' }],
  ['Excel', { format: 'xlsx' }],
  ['CSV（UTF-8）', { format: 'csv' }],
  ['CSV（Shift_JIS）', { format: 'csv', encoding: 'cp932' }],
];

/** @param {DocumentListed} listed @param {string} from */
const choose = ({ name, titleJa, parameters }, from) => {
  element('#title').textContent = titleJa;
  element('#fault').textContent = '';
  for (const each of element('#documents').children)
    each.setAttribute('aria-pressed', String(each.getAttribute('data-name') === name));
  const choices = document.createElement('div');
  choices.className = 'choices';
  /** @type {typeof RENDERINGS} */
  const renderings = from === EXPORTS ? [['CSVを保存', {}]] : RENDERINGS;
  for (const [text, rendering] of renderings) {
    const className = choices.childElementCount === 0 ? 'go' : '';
    choices.append(button(text, () => open(`${from}/${name}`, rendering), className));
  }
  form.replaceChildren(...parameters.map(field), choices);
  receipt.hidden = name !== 'purchase-receipt';
  element('#noted').textContent = '';
};

const begin = async () => {
  receipt.addEventListener('submit', (event) => {
    event.preventDefault();
    void noteReceipt();
  });
  try {
    const [list, files, names, contracts] =
      /** @type {[{ documents: readonly DocumentListed[] }, { exports: readonly DocumentListed[] }, import('../names.js').Names, ReadonlyMap<string, string>]} */ (
        await Promise.all([ask(DOCUMENTS), ask(EXPORTS), askNames(), askContractNames()])
      );
    named = {
      siteId: names.sites,
      companyId: names.companies,
      contractId: contracts,
      workerId: names.workers,
    };
    /** @param {DocumentListed} listed @param {string} from */
    const offer = (listed, from) => {
      const made = button(listed.titleJa, () => choose(listed, from));
      made.dataset.name = listed.name;
      element('#documents').append(made);
    };
    for (const listed of list.documents) offer(listed, DOCUMENTS);
    for (const listed of files.exports) offer(listed, EXPORTS);
    const [first] = list.documents;
    if (first !== undefined) choose(first, DOCUMENTS);
    element('#state').textContent = '';
  } catch (cause) {
    element('#state').textContent = faultsFor(cause);
  }
};
void begin();
