/** `/console/session/passkey…` (パスキー): logging in with one, adding and removing one's own. */
import type { Hono } from 'hono';
import { z } from 'zod';
import { isoInJapan } from '../../shared/time.ts';
import { readJsonBody } from '../api/json-body.ts';
import { problem } from '../api/problem.ts';
import type { Access } from './access.ts';
import { passkeyName } from './passkeys.ts';
import { answerLogIn, logInFrom, withSession } from './session-requests.ts';
import { isFresh } from './sessions.ts';

const Base64 = z
  .string()
  .max(20_000)
  .regex(/^[A-Za-z0-9_-]*$/);
const common = {
  id: Base64.min(1),
  rawId: Base64.min(1),
  type: z.literal('public-key'),
  authenticatorAttachment: z.enum(['platform', 'cross-platform']).exactOptional(),
  clientExtensionResults: z.object({}).default({}),
};
const LogInResponse = z.object({
  ...common,
  response: z.object({
    clientDataJSON: Base64,
    authenticatorData: Base64,
    signature: Base64,
    userHandle: Base64.exactOptional(),
  }),
});
const AddResponse = z.object({
  ...common,
  response: z.object({
    clientDataJSON: Base64,
    attestationObject: Base64,
    transports: z
      .array(z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']))
      .max(10)
      .exactOptional(),
  }),
});

const NO_NAME = [{ place: '', message: 'passkeys need a host name, not an address' }];

export const passkeyRoutes = (app: Hono, access: Access): void => {
  const { accounts, passkeys, logIn, audit, clock } = access;

  app.post('/passkey/challenge', async (context) => {
    const { origin } = access.clientOf(context);
    if (origin === undefined || passkeyName(origin) === undefined)
      return problem(context, 409, NO_NAME);
    return context.json(await passkeys.logInOptions(origin));
  });
  app.post('/passkey', async (context) => {
    const { origin } = access.clientOf(context);
    if (origin === undefined || passkeyName(origin) === undefined)
      return problem(context, 409, NO_NAME);
    const read = await readJsonBody(context, LogInResponse);
    if (!read.ok) return problem(context, 400, read.faults);
    const proof = await passkeys.judgeLogIn(read.value, origin);
    return answerLogIn(
      context,
      access,
      logIn.byProof('passkey', proof, logInFrom(context, access)),
    );
  });

  app.get(
    '/passkeys',
    withSession(access, (context, { account }) =>
      context.json({
        passkeys: accounts
          .passkeys(account.userNo)
          .map(({ credentialId, createdAt, lastUsedAt }) => ({
            id: credentialId,
            createdAt: isoInJapan(createdAt),
            ...(lastUsedAt === undefined ? {} : { lastUsedAt: isoInJapan(lastUsedAt) }),
          })),
      }),
    ),
  );
  app.post(
    '/passkeys/challenge',
    withSession(access, async (context, { account, record }) => {
      const { origin } = access.clientOf(context);
      if (origin === undefined || passkeyName(origin) === undefined)
        return problem(context, 409, NO_NAME);
      // A key outlives the session: a browser that was left open must not make one.
      if (account.externalId !== undefined || !isFresh(record, clock.read().wallMs))
        return problem(context, 403, [{ place: '', message: 'log in again for this' }]);
      return context.json(await passkeys.addOptions(account, origin));
    }),
  );
  app.post(
    '/passkeys',
    withSession(access, async (context, { account }) => {
      const { origin = '' } = access.clientOf(context);
      const read = await readJsonBody(context, AddResponse);
      if (!read.ok) return problem(context, 400, read.faults);
      const { transports, ...response } = read.value.response;
      const outcome = await passkeys.add(
        account,
        {
          ...read.value,
          response: { ...response, ...(transports === undefined ? {} : { transports }) },
        },
        origin,
      );
      if (outcome !== 'added')
        return problem(context, 409, [{ place: '', message: 'this passkey is not taken' }]);
      note(account.name, 'passkey-added');
      return context.body(null, 204);
    }),
  );
  app.delete(
    '/passkeys/:id',
    withSession(access, (context, { account }) => {
      if (!accounts.removePasskey(context.req.param('id') ?? '', account.userNo))
        return problem(context, 404);
      note(account.name, 'passkey-removed');
      return context.body(null, 204);
    }),
  );

  const note = (account: string, what: string): void =>
    audit.append({ kind: 'user-changed', actor: `user:${account}`, detail: { account, what } });
};
