/** What a manager fills in, with a finger: a time, a reason, a worker. */
import { button, choice, make } from './elements.js';

/** @typedef {{ company: string, name: string, workerId: string }} Worker */

/** To be pressed, where there is no keyboard; the last stands for whatever else it is. */
const REASONS = {
  void: ['誤ったタッチ', '二重のタッチ', '別の人のカード', '試しのタッチ', 'その他'],
  passage: ['打刻忘れ', 'カード忘れ', 'カード不良', 'リーダー故障', 'その他'],
  binding: ['新しいカード', '再発行', '登録もれ', 'その他'],
};
/** The terminal takes nothing older. */
const DAYS_BACK = 62;
const DAY_MS = 86_400_000;

/** `YYYY-MM-DDTHH:MM` in Japan. @param {number} [daysBack] */
export const timeInJapan = (daysBack = 0) =>
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
export const timeField = () => {
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
export const reasonField = (of) => {
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

/**
 * Company first, then the worker: short lists for a finger.
 *
 * @param {readonly Worker[]} workers
 */
export const workerField = (workers) => {
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
