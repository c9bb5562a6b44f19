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

/** Address of the other end; `local` where there is no socket, as in a request made in the same process. */
export const addressOf = (context: Context): string => {
  const incoming: unknown = Reflect.get(Object(context.env), 'incoming');
  const socket: unknown = Reflect.get(Object(incoming), 'socket');
  const address: unknown = Reflect.get(Object(socket), 'remoteAddress');
  return typeof address === 'string' ? address : 'local';
};

/** Whether the request comes from a page of this very server, as far as the browser says. */
export const isSameOrigin = (context: Context): boolean => {
  const site = context.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = context.req.header('origin');
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === context.req.header('host');
};
