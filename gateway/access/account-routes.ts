/** `/v1/accounts` (アカウント管理): made, changed and closed by an administrator. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { isoInJapan } from '../../shared/time.ts';
import { problem, problems } from '../api/problem.ts';
import type { Access } from './access.ts';
import { type Account, AccountName } from './accounts.ts';
import { hashPassword, PASSWORD_CHARS_MAX, passwordFault } from './passwords.ts';
import { sessionName } from './sessions.ts';
import { ScopeTexts } from './viewer.ts';

const Password = z
  .string()
  .min(1)
  .max(4 * PASSWORD_CHARS_MAX);
const byName = z.object({ name: AccountName });

const AccountRow = z
  .object({
    name: z.string(),
    scopes: z.array(z.string()).readonly(),
    hasPassword: z.boolean(),
    passkeys: z.int(),
    isFromProvider: z.boolean(),
    createdAt: z.string(),
    disabledAt: z.string().optional(),
    sessions: z.array(
      z.object({
        name: z.string(),
        how: z.string(),
        address: z.string(),
        beganAt: z.string(),
        seenAt: z.string(),
      }),
    ),
  })
  .openapi('Account');

const json = <Schema extends z.ZodType>(schema: Schema) => ({
  content: { 'application/json': { schema } },
});
const body = <Schema extends z.ZodType>(schema: Schema) => ({
  body: { required: true, ...json(schema) },
});
const secured = { security: [{ bearer: [] }] };

const add = createRoute({
  ...secured,
  method: 'post',
  path: '/v1/accounts',
  summary: 'Makes an account; without a password it needs a log-in link',
  request: body(
    z.strictObject({ name: AccountName, scopes: ScopeTexts, password: Password.optional() }),
  ),
  responses: { 201: { description: 'Made', ...json(AccountRow) }, ...problems(400, 401, 403, 409) },
});
const list = createRoute({
  ...secured,
  method: 'get',
  path: '/v1/accounts',
  summary: 'Accounts, with where they are logged in',
  responses: {
    200: { description: 'All of them', ...json(z.object({ accounts: z.array(AccountRow) })) },
    ...problems(401, 403),
  },
});
const change = createRoute({
  ...secured,
  method: 'patch',
  path: '/v1/accounts/{name}',
  summary: 'Changes scopes or password, closes an account or opens it again; effective at once',
  request: {
    params: byName,
    ...body(
      z.strictObject({
        scopes: ScopeTexts.optional(),
        password: Password.optional(),
        isDisabled: z.boolean().optional(),
      }),
    ),
  },
  responses: {
    200: { description: 'Changed', ...json(AccountRow) },
    ...problems(400, 401, 403, 404),
  },
});
const endSessions = createRoute({
  ...secured,
  method: 'delete',
  path: '/v1/accounts/{name}/sessions',
  summary: 'Logs an account out everywhere',
  request: { params: byName },
  responses: { 204: { description: 'Logged out' }, ...problems(401, 403, 404) },
});
const link = createRoute({
  ...secured,
  method: 'post',
  path: '/v1/accounts/{name}/links',
  summary: 'A link that logs in without a password; shown once, kept in memory only',
  request: {
    params: byName,
    ...body(
      z.strictObject({
        minutes: z.int().min(1).max(1_440).default(10),
        /** As often as wanted until it ends; else once. */
        isReusable: z.boolean().default(false),
      }),
    ),
  },
  responses: {
    201: {
      description: 'Path of the link below the console’s address',
      ...json(z.object({ path: z.string() })),
    },
    ...problems(400, 401, 403, 404),
  },
});

const fail = (context: Context, status: 400 | 404 | 409, place: string, message: string): never => {
  throw new HTTPException(status, { res: problem(context, status, [{ place, message }]) });
};

/** Where the console is opened by a link; the secret stands where no server sees it. */
export const linkPath = (code: string, to?: string): string =>
  `/console/log-in${to === undefined ? '' : `?to=${to}`}#code=${code}`;

export const accountRoutes = (app: OpenAPIHono, access: Access): void => {
  const { accounts, sessions, links, audit, clock } = access;
  const shown = (account: Account) => ({
    name: account.name,
    scopes: account.scopes,
    hasPassword: account.hasPassword,
    passkeys: accounts.passkeys(account.userNo).length,
    isFromProvider: account.externalId !== undefined,
    createdAt: isoInJapan(account.createdAt),
    ...(account.disabledAt === undefined ? {} : { disabledAt: isoInJapan(account.disabledAt) }),
    sessions: sessions.list(account.userNo).map((record) => ({
      name: sessionName(record),
      how: record.how,
      address: record.address,
      beganAt: isoInJapan(record.beganAt),
      seenAt: isoInJapan(record.seenAt),
    })),
  });
  const note = (context: Context, account: string, what: string, scope?: string): void =>
    audit.append({
      kind: 'user-changed',
      actor: context.get('principal').actor,
      ...(scope === undefined ? {} : { scope }),
      detail: { account, what },
    });
  const found = (context: Context, name: string): Account =>
    accounts.byName(name) ?? fail(context, 404, '/name', 'is no account');
  const hashed = async (context: Context, password: string, name: string): Promise<string> => {
    const fault = passwordFault(password, name);
    return fault === undefined
      ? await hashPassword(password)
      : fail(context, 400, '/password', fault);
  };

  app.openapi(add, async (context) => {
    const { name, scopes, password } = context.req.valid('json');
    const passwordHash = password && (await hashed(context, password, name));
    const made =
      accounts.add({ name, scopes, passwordHash, createdAt: clock.read().wallMs }) ??
      fail(context, 409, '/name', 'is taken');
    note(context, name, 'added', scopes.join(' '));
    return context.json(shown(made), 201);
  });
  app.openapi(list, (context) => context.json({ accounts: accounts.list().map(shown) }, 200));
  app.openapi(change, async (context) => {
    const account = found(context, context.req.valid('param').name);
    const { name, userNo } = account;
    const { scopes, password, isDisabled } = context.req.valid('json');
    const hash = password && (await hashed(context, password, name));
    if (scopes !== undefined) {
      accounts.setScopes(userNo, scopes);
      note(context, name, 'scopes', scopes.join(' '));
    }
    if (hash !== undefined) {
      accounts.setPassword(userNo, hash);
      note(context, name, 'password');
      // Set by somebody else because the old one was lost or stolen: a key that a thief added is no way in any more.
      if (accounts.removePasskeys(userNo) > 0) note(context, name, 'passkeys-removed');
    }
    if (isDisabled !== undefined) {
      accounts.setDisabled(userNo, isDisabled ? clock.read().wallMs : undefined);
      note(context, name, isDisabled ? 'disabled' : 'enabled');
    }
    if (hash !== undefined || isDisabled === true) {
      sessions.endAll(userNo);
      links.dropAll(userNo);
    }
    return context.json(shown(found(context, name)), 200);
  });
  app.openapi(endSessions, (context) => {
    const { name, userNo } = found(context, context.req.valid('param').name);
    sessions.endAll(userNo);
    links.dropAll(userNo);
    audit.append({
      kind: 'log-out',
      actor: context.get('principal').actor,
      detail: { account: name, why: 'ended by an administrator' },
    });
    return context.body(null, 204);
  });
  app.openapi(link, (context) => {
    const { name, userNo } = found(context, context.req.valid('param').name);
    const path = linkPath(links.make(userNo, context.req.valid('json')));
    note(context, name, 'link-made');
    return context.json({ path }, 201);
  });
};
