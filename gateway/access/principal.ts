/** Who stands behind a request (本人確認): a program with a token, or a person with a session. */
import type { Context } from 'hono';
import type { Viewer } from './viewer.ts';

export type Principal = {
  /** `token:NAME` or `user:NAME`, as the audit log names it. */
  readonly actor: string;
  readonly viewers: readonly Viewer[];
} & (
  | { readonly by: 'token' }
  | {
      readonly by: 'session';
      /** What a page must send with every change. */
      readonly csrf: string;
    }
);

/**
 * Whether the request was sent by a page of this very server: the browser must say so, and what it says of
 * its origin must be the one under which it sees us.
 */
export const isSameOrigin = (context: Context, ours: string | undefined): boolean => {
  const site = context.req.header('sec-fetch-site');
  const origin = context.req.header('origin');
  if (site !== undefined && site !== 'same-origin') return false;
  if (origin !== undefined) return ours !== undefined && origin === ours;
  return site === 'same-origin';
};
