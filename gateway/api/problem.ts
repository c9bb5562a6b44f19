/** Errors over HTTP: RFC 9457 problem details, naming every fault with its place. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Fault } from '../../shared/result.ts';

export const PROBLEM_TYPE = 'application/problem+json';

export const Problem = z
  .object({
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    /** Every fault: JSON pointer, parameter or line, and what is wrong there. */
    faults: z.array(z.object({ place: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');

const TITLES: Partial<Record<ContentfulStatusCode, string>> = {
  400: 'The request is wrong',
  401: 'A valid bearer token is needed',
  403: 'This token may not do that',
  404: 'There is nothing here',
  405: 'There is no such method here',
  409: 'Something stands against it',
  413: 'The document is too large',
  415: 'This kind of content is not taken here',
  422: 'The document is refused; nothing of it was stored',
  429: 'Too much at once; ask again later',
  500: 'The gateway failed',
  503: 'There is no room for this now; ask again later',
};

export const problem = (
  context: Context,
  status: ContentfulStatusCode,
  faults?: readonly Fault[],
): Response =>
  context.body(
    JSON.stringify({
      title: TITLES[status] ?? 'Refused',
      status,
      ...(faults === undefined ? {} : { faults }),
    }),
    status,
    { 'content-type': PROBLEM_TYPE },
  );

/** For route definitions: these statuses answer with a problem document. */
export const problems = (...statuses: readonly number[]) =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: TITLES[status as ContentfulStatusCode] ?? 'Refused',
        content: { [PROBLEM_TYPE]: { schema: Problem } },
      },
    ]),
  );
