/** `/v1/tokens` (アクセストークン): issued, listed and revoked by an administrator; shown once. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { DAY_MS, isoInJapan, utcMs } from '../../shared/time.ts';
import { problem, problems } from '../api/problem.ts';
import type { Access } from './access.ts';
import { digestOf } from './secrets.ts';
import { newToken, TokenName, type TokenRecord } from './tokens.ts';
import { ScopeTexts } from './viewer.ts';

const IssuedToken = z
  .object({
    name: z.string(),
    scopes: z.array(z.string()).readonly(),
    issuedBy: z.string(),
    issuedAt: z.string(),
    expiresAt: z.string().optional(),
    revokedAt: z.string().optional(),
  })
  .openapi('IssuedToken');

const issue = createRoute({
  method: 'post',
  path: '/v1/tokens',
  summary: 'Issues a token; the answer is the only time that it is shown',
  security: [{ bearer: [] }],
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({
            name: TokenName,
            scopes: ScopeTexts,
            /** Absent = until it is revoked. */
            days: z.int().min(1).max(3_660).optional(),
          }),
        },
      },
    },
  },
  responses: {
    201: {
      description: 'The token',
      content: { 'application/json': { schema: IssuedToken.extend({ token: z.string() }) } },
    },
    ...problems(400, 401, 403, 409),
  },
});

const list = createRoute({
  method: 'get',
  path: '/v1/tokens',
  summary: 'Tokens that were issued, without the tokens',
  security: [{ bearer: [] }],
  responses: {
    200: {
      description: 'Every token, revoked ones too',
      content: { 'application/json': { schema: z.object({ tokens: z.array(IssuedToken) }) } },
    },
    ...problems(401, 403),
  },
});

const revoke = createRoute({
  method: 'delete',
  path: '/v1/tokens/{name}',
  summary: 'Revokes a token at once',
  security: [{ bearer: [] }],
  request: { params: z.object({ name: TokenName }) },
  responses: { 204: { description: 'Revoked' }, ...problems(401, 403, 404) },
});

const shown = ({ issuedAt, expiresAt, revokedAt, ...token }: TokenRecord) => ({
  ...token,
  issuedAt: isoInJapan(issuedAt),
  ...(expiresAt === undefined ? {} : { expiresAt: isoInJapan(expiresAt) }),
  ...(revokedAt === undefined ? {} : { revokedAt: isoInJapan(revokedAt) }),
});

export const tokenRoutes = (app: OpenAPIHono, access: Access): void => {
  const { tokens, audit, clock, configuredTokens } = access;
  app.openapi(issue, (context) => {
    const { name, scopes, days } = context.req.valid('json');
    const { actor } = context.get('principal');
    const now = clock.read().wallMs;
    const token = newToken();
    const record: TokenRecord = {
      name,
      scopes,
      issuedBy: actor,
      issuedAt: now,
      expiresAt: days === undefined ? undefined : utcMs(now + days * DAY_MS),
      revokedAt: undefined,
    };
    const isTaken = configuredTokens.some((configured) => configured.name === name);
    if (isTaken || !tokens.add(record, digestOf(token)))
      throw new HTTPException(409, {
        res: problem(context, 409, [{ place: '/name', message: 'is taken' }]),
      });
    audit.append({ kind: 'token-issued', actor, scope: scopes.join(' '), detail: { name } });
    return context.json({ ...shown(record), token }, 201);
  });
  app.openapi(list, (context) => context.json({ tokens: tokens.list().map(shown) }, 200));
  app.openapi(revoke, (context) => {
    const { name } = context.req.valid('param');
    if (!tokens.revoke(name, clock.read().wallMs))
      throw new HTTPException(404, { res: problem(context, 404) });
    audit.append({
      kind: 'token-revoked',
      actor: context.get('principal').actor,
      detail: { name },
    });
    return context.body(null, 204);
  });
};
