/**
 * The document seam (帳票の種類): what must be named to make a document, what attendance it needs, and
 * the pure function that makes it.
 */
import { z } from 'zod';
import { type Fault, faultsOf, faulty, ok, type Result } from '../../shared/result.ts';
import type { Month, WorkDate } from '../../shared/time.ts';
import type { AllocationStore } from '../allocation/allocation-store.ts';
import type { AttendanceDay } from '../attendance/attendance.ts';
import type { TerminalContact } from '../fleet/contacts.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import type { Registry } from '../registry/registry-document.ts';
import type { DateSpan } from '../reports/report.ts';
import type { DocumentModel } from './document.ts';

export interface DocumentInput {
  readonly registry: Registry;
  readonly index: RegistryIndex;
  /** Terminals that are enrolled, and what they last said of themselves. */
  readonly terminals: readonly Pick<TerminalContact, 'terminalId' | 'siteId' | 'state'>[];
  /** Days that stand allocated by confirmed runs of 充当: of the contract, and of the workers under any. */
  readonly allocated: AllocationStore['allocated'];
  /** Attendance of every site within the document's `needs`. */
  readonly days: readonly AttendanceDay[];
  /** Work date of the day on which the document is made. */
  readonly asOf: WorkDate;
}

/** A question that has been understood: which attendance it needs, and the document itself. */
export interface DocumentOrder {
  readonly needs: DateSpan;
  /** Refused when something is named that the registry does not have. */
  readonly make: (input: DocumentInput) => Result<DocumentModel>;
}

export interface DocumentKind {
  /** As the address names it. */
  readonly name: string;
  readonly titleJa: string;
  /** The parameters, for whoever asks. */
  readonly query: z.ZodObject;
  /** Reads the parameters; every fault at once, with the parameter's name as its place. */
  readonly order: (parameters: Readonly<Record<string, string>>) => Result<DocumentOrder>;
}

interface Definition<Query extends z.ZodObject> {
  readonly name: string;
  readonly titleJa: string;
  readonly query: Query;
  readonly needs: (query: z.infer<Query>) => DateSpan;
  readonly make: (input: DocumentInput, query: z.infer<Query>) => Result<DocumentModel>;
}

export const documentKind = <Query extends z.ZodObject>({
  name,
  titleJa,
  query,
  needs,
  make,
}: Definition<Query>): DocumentKind => ({
  name,
  titleJa,
  query,
  order: (parameters) => {
    const parsed = z.strictObject(query.shape).safeParse(parameters);
    if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error.issues) };
    // The strict twin of `query` has the same shape, which the compiler cannot see through a generic.
    const asked = parsed.data as z.infer<Query>;
    return ok({ needs: needs(asked), make: (input) => make(input, asked) });
  },
});

/** The fault of a parameter that names nothing that is there. */
export const notThere = (place: string, value: string, table: string): Fault => ({
  place: `/${place}`,
  message: `${value} is not in ${table}`,
});

/** The fault of a span that ends before it begins; an end that is missing is open. */
export const notInOrder = (
  from: Month | WorkDate | undefined,
  to: Month | WorkDate | undefined,
): Fault | undefined =>
  from !== undefined && to !== undefined && from > to
    ? { place: '/from', message: `${from} is after ${to}` }
    : undefined;

/** Refuses a document with everything that it names and that is not there. */
export const refused = (...faults: readonly (Fault | undefined)[]): Result<never> =>
  faulty(...faults.filter((fault) => fault !== undefined));
