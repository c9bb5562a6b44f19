/**
 * The cookies of the console (クッキー): the session's secret, and one by which a browser is known again. With TLS
 * their names begin with `__Host-`, so that no neighbour under the same domain can plant one (RFC 6265bis §4.1.3).
 */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CookieOptions } from 'hono/utils/cookie';
import type { Client } from './client.ts';

const NAMES = { session: 'genba', browser: 'genba-browser', oidc: 'genba-oidc' } as const;
type CookieName = keyof typeof NAMES;

const BROWSER_SECONDS = 365 * 24 * 3_600;
const OIDC_SECONDS = 600;

const prefix = ({ isSecure }: Client) => (isSecure ? ('host' as const) : undefined);

export const readCookie = (
  context: Context,
  name: CookieName,
  client: Client,
): string | undefined => {
  const value = getCookie(context, NAMES[name], prefix(client));
  return value === undefined || value.length > 512 ? undefined : value;
};

const OPTIONS: Readonly<Record<CookieName, CookieOptions>> = {
  // Until the browser is closed, or the session ends here.
  session: { sameSite: 'Strict' },
  browser: { sameSite: 'Strict', maxAge: BROWSER_SECONDS },
  // Comes back with a redirect from the provider, which Strict would keep away.
  oidc: { sameSite: 'Lax', maxAge: OIDC_SECONDS },
};

const optionsOf = (name: CookieName, client: Client): CookieOptions => {
  const of = prefix(client);
  return {
    ...OPTIONS[name],
    path: '/',
    httpOnly: true,
    secure: client.isSecure,
    ...(of === undefined ? {} : { prefix: of }),
  };
};

export const writeCookie = (
  context: Context,
  name: CookieName,
  value: string,
  client: Client,
): void => setCookie(context, NAMES[name], value, optionsOf(name, client));

export const dropCookie = (context: Context, name: CookieName, client: Client): void => {
  deleteCookie(context, NAMES[name], optionsOf(name, client));
};
