/** The outcome of reading something from outside: the value, or every fault with its place. */

export interface Fault {
  /** Where: a JSON pointer, a line, a field. */
  readonly place: string;
  readonly message: string;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly Fault[] };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const faulty = <T = never>(...faults: readonly Fault[]): Result<T> => ({
  ok: false,
  faults,
});

/** JSON from outside. The parser's own words are left out: they quote what it read, which may name people. */
export const parseJson = (text: string, place = ''): Result<unknown> => {
  try {
    return ok(JSON.parse(text));
  } catch {
    return faulty({ place, message: 'is not JSON' });
  }
};

/** JSON in a document that somebody wrote and mends: with the parser's words, which tell where. */
export const parseWrittenJson = (text: string): Result<unknown> => {
  try {
    return ok(JSON.parse(text));
  } catch (cause) {
    return faulty({
      place: '',
      message: `is not JSON: ${cause instanceof Error ? cause.message : ''}`,
    });
  }
};

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Every zod issue as a fault whose place is a JSON pointer (RFC 6901) below `root`. */
export const faultsOf = (issues: readonly Issue[], root = ''): readonly Fault[] =>
  issues.map(({ path, message }) => ({
    place: `${root}${path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`,
    message,
  }));

interface Schema<T> {
  readonly safeParse: (
    value: unknown,
  ) =>
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}

/** JSON from outside, and what it must be: every fault at once. */
export const parseJsonAs = <T>(schema: Schema<T>, text: string, place = ''): Result<T> => {
  const json = parseJson(text, place);
  if (!json.ok) return json;
  const parsed = schema.safeParse(json.value);
  return parsed.success
    ? ok(parsed.data)
    : { ok: false, faults: faultsOf(parsed.error.issues, place) };
};

/** The first fault in a few words, for a line of a log. */
export const firstFault = ([fault]: readonly Fault[]): string =>
  fault === undefined ? '' : `${fault.place} ${fault.message}`.trim();

/** One fault a line, for logs and command lines. */
export const faultLines = (faults: readonly Fault[]): string =>
  faults
    .map(({ place, message }) => `  ${place === '' ? '(whole document)' : place}: ${message}`)
    .join('\n');
