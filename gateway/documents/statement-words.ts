/** What a worker's own 掛金充当書 says (本人用の文言), whatever the language. */
import type { NotPayable } from '../policies/not-payable.ts';
import type { Method } from '../registry/registry-document.ts';

export interface StatementWords {
  readonly title: string;
  readonly about: string;
  readonly name: string;
  readonly workerId: string;
  readonly memberNo: string;
  readonly employer: string;
  readonly monthly: string;
  readonly month: string;
  readonly site: string;
  readonly method: string;
  readonly workedDays: string;
  readonly days: string;
  readonly yen: string;
  readonly remark: string;
  readonly empty: string;
  readonly soFar: string;
  readonly totalDays: string;
  readonly totalYen: string;
  readonly booklet: string;
  readonly bookletNumber: string;
  readonly bookletDays: string;
  readonly bookletDaysLeft: string;
  readonly noBooklet: string;
  readonly level: string;
  readonly trade: string;
  readonly presentLevel: string;
  readonly levelDays: string;
  readonly levelDaysLeft: string;
  readonly methods: Readonly<Record<Method, string>>;
  readonly why: Readonly<Record<NotPayable, string>>;
  readonly leave: string;
  /** Before a number of days. */
  readonly awaiting: string;
  readonly notes: readonly string[];
}
