/** Small JSON bodies from outside (要求の本文): limited in size, read once and parsed at the edge. */
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import { parseJson, parseJsonAs, type Result } from '../../shared/result.ts';
import { problem } from './problem.ts';

/** Answers 413 to a longer body. */
export const limitedBody = (maxSize: number): MiddlewareHandler =>
  bodyLimit({
    maxSize,
    onError: (context) =>
      problem(context, 413, [{ place: '', message: `the limit is ${maxSize} bytes` }]),
  });

export const readJson = async (context: Context): Promise<Result<unknown>> =>
  parseJson(await context.req.text());

/** Every fault of the body at once, by JSON pointer. */
export const readJsonBody = async <Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<Result<z.infer<Schema>>> => parseJsonAs(schema, await context.req.text());
