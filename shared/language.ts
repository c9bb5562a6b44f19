/** The languages that the gate speaks, by their BCP 47 tags. */
import { z } from 'zod';

export const Language = z.enum(['ja', 'en', 'vi', 'zh', 'id', 'fil', 'my', 'ne']);
export type Language = z.infer<typeof Language>;

/** Each language in its own words, as its speakers look for it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  ja: '日本語',
  en: 'English',
  vi: 'Tiếng Việt',
  zh: '中文',
  id: 'Indonesia',
  fil: 'Filipino',
  my: 'မြန်မာ',
  ne: 'नेपाली',
};
