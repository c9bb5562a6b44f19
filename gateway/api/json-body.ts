/** A request's body, read once and parsed at the edge (要求の本文). */
import type { Context } from 'hono';
import type { z } from 'zod';
import { faultsOf, faulty, ok, type Result } from '../../shared/result.ts';

/** Every fault of the body at once, by JSON pointer. */
export const readJsonBody = async <Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<Result<z.infer<Schema>>> => {
  let body: unknown;
  try {
    body = JSON.parse(await context.req.text());
  } catch {
    return faulty({ place: '', message: 'is not JSON' });
  }
  const parsed = schema.safeParse(body);
  return parsed.success ? ok(parsed.data) : { ok: false, faults: faultsOf(parsed.error.issues) };
};
