/** Every report there is (帳票一覧), by the name that people outside know it by. */
import { attendance } from './attendance-report.ts';
import { contributions } from './contributions-report.ts';
import type { Report } from './report.ts';

export const REPORTS: readonly Report[] = [attendance, contributions];

export const reportNamed = (name: string): Report | undefined =>
  REPORTS.find((report) => report.name === name);
