/** The sheet of a self-test (設置試験表): what was tried, what it came to, and what to do. Pure. */
import { isoInJapan, type UtcMs } from '../../shared/time.ts';

export type CheckResult =
  | { readonly kind: 'pass'; readonly text: string }
  /** `advice`: what the technician does next. */
  | { readonly kind: 'fail'; readonly text: string; readonly advice: string }
  /** Not there on this terminal, or left out on request. */
  | { readonly kind: 'left-out'; readonly text: string };

export interface Check {
  /** `リーダー 入口` */
  readonly part: string;
  readonly result: CheckResult;
}

export interface Sheet {
  readonly terminalId: string;
  readonly siteId: string;
  readonly at: UtcMs;
  readonly version: string;
  /** The terminal's service ran meanwhile, and kept its lines and wires. */
  readonly wasRunning: boolean;
  readonly checks: readonly Check[];
}

export const pass = (part: string, text: string): Check => ({
  part,
  result: { kind: 'pass', text },
});
export const fail = (part: string, text: string, advice: string): Check => ({
  part,
  result: { kind: 'fail', text, advice },
});
export const leftOut = (part: string, text: string): Check => ({
  part,
  result: { kind: 'left-out', text },
});

export const WORDS: Readonly<Record<CheckResult['kind'], string>> = {
  pass: '合格',
  fail: '不合格',
  'left-out': '対象外',
};

export const isPassed = ({ checks }: Pick<Sheet, 'checks'>): boolean =>
  checks.every(({ result }) => result.kind !== 'fail');

export const verdictOf = (sheet: Pick<Sheet, 'checks'>): string =>
  isPassed(sheet) ? WORDS.pass : WORDS.fail;

export const checkLines = ({ part, result }: Check): readonly string[] => [
  `${WORDS[result.kind]}  ${part}: ${result.text}`,
  ...(result.kind === 'fail' ? [`        → ${result.advice}`] : []),
];

/** `2026-11-25 14:03` */
export const minuteInJapan = (at: UtcMs): string => isoInJapan(at).slice(0, 16).replace('T', ' ');

export const sheetJson = (sheet: Sheet): string =>
  JSON.stringify({
    terminalId: sheet.terminalId,
    siteId: sheet.siteId,
    at: isoInJapan(sheet.at),
    version: sheet.version,
    wasRunning: sheet.wasRunning,
    passed: isPassed(sheet),
    checks: sheet.checks.map(({ part, result: { kind, ...rest } }) => ({
      part,
      result: kind,
      ...rest,
    })),
  });
