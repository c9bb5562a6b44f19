/** Logging in to the console on a real port: who gets in, what they are told, and what stays in the books. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../shared/time.ts';
import {
  type ApiBench,
  openApiBench,
  openVisitor,
  type Visitor,
} from '../../fixtures/api-bench.ts';

const PASSWORD = 'umibe no machi no kaze';
const OTHER_PASSWORD = 'yama no ue no shiroi ie';

let bench: ApiBench;
let visitor: Visitor;
beforeEach(async () => {
  bench = await openApiBench();
  visitor = openVisitor(bench.origin);
  const made = await bench.admin('/v1/accounts', 'POST', {
    name: 'kanri',
    scopes: ['admin'],
    password: PASSWORD,
  });
  expect(made.status).toBe(201);
});
afterEach(() => bench.close());

const audited = (...kinds: readonly string[]) =>
  bench.access.audit
    .page({ limit: 1_000 })
    .filter(({ kind }) => kinds.length === 0 || kinds.includes(kind))
    .map(({ kind, actor, detail }) => ({ kind, actor, ...detail }));
const own = async (by: Visitor = visitor) => (await by.send('/console/session')).json();
const taps = async (by: Visitor = visitor) => (await by.send('/v1/taps')).status;

describe('who logs in', () => {
  test('with name and password sees what the account may, until logging out', async () => {
    expect(await taps()).toBe(401);
    expect((await visitor.logIn('kanri', PASSWORD)).status).toBe(204);
    expect(await own()).toMatchObject({
      isLoggedIn: true,
      name: 'kanri',
      isAdmin: true,
      hasPassword: true,
    });
    expect(await taps()).toBe(200);
    expect((await visitor.change('/console/session', 'DELETE')).status).toBe(204);
    expect(await taps()).toBe(401);
    expect(audited('log-in', 'log-out')).toMatchObject([
      { kind: 'log-out', actor: 'user:kanri' },
      { kind: 'log-in', actor: 'user:kanri', how: 'password', address: '127.0.0.1' },
    ]);
    // Neither name nor password stands in what the journal of the machine keeps.
    expect(bench.logged.join('\n')).not.toMatch(/kanri|umibe/);
  });

  test.each([
    ['a wrong password', 'kanri', OTHER_PASSWORD, 'wrong-password'],
    ['a name that nobody has', 'nobody', PASSWORD, 'no-such-account'],
    ['the name in capitals', 'KANRI', PASSWORD, 'no-such-account'],
    ['a name that says SQL', "kanri' or '1'='1", PASSWORD, 'no-such-account'],
    ['a blank after the password', 'kanri', `${PASSWORD} `, 'wrong-password'],
    ['the password cut', 'kanri', PASSWORD.slice(0, -1), 'wrong-password'],
  ])('with %s learns nothing', async (_what, name, password, reason) => {
    const answer = await visitor.logIn(name, password);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({
      title: 'A valid bearer token is needed',
      status: 401,
      faults: [{ place: '', message: 'these do not open an account' }],
    });
    expect(visitor.cookies.size).toBe(0);
    expect(audited('log-in-failed')).toMatchObject([{ actor: 'address:127.0.0.1', reason }]);
  });

  test('with a closed account learns nothing either, and is out where they were in', async () => {
    await visitor.logIn('kanri', PASSWORD);
    await bench.admin('/v1/accounts/kanri', 'PATCH', { isDisabled: true });
    expect(await taps()).toBe(401);
    expect((await visitor.logIn('kanri', PASSWORD)).status).toBe(401);
    await bench.admin('/v1/accounts/kanri', 'PATCH', { isDisabled: false });
    expect((await visitor.logIn('kanri', PASSWORD)).status).toBe(204);
  });

  test('may try a few times, then must wait; a known browser is not kept out by strangers', async () => {
    await visitor.logIn('kanri', PASSWORD);
    await visitor.change('/console/session', 'DELETE');
    const stranger = openVisitor(bench.origin);
    for (let each = 0; each < 5; each += 1)
      expect((await stranger.logIn('kanri', OTHER_PASSWORD)).status).toBe(401);
    const waiting = await stranger.logIn('kanri', PASSWORD);
    expect([waiting.status, waiting.headers.get('retry-after')]).toEqual([429, '1']);
    expect(audited('log-in-failed')[0]).toMatchObject({ reason: 'must-wait', account: 'kanri' });
    expect((await visitor.logIn('kanri', PASSWORD)).status).toBe(204);
    bench.clock.advance(1_000);
    expect((await stranger.logIn('kanri', PASSWORD)).status).toBe(204);
  });

  test('that a name is not there is not told by the waiting either', async () => {
    const statuses = [];
    for (let each = 0; each < 6; each += 1)
      statuses.push((await visitor.logIn('nobody', PASSWORD)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  test('ever so many at once are turned away and not queued without end', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, each) =>
        openVisitor(bench.origin).logIn(`user-${each}`, PASSWORD),
      ),
    );
    // Twenty tries of one address are heard.
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40);
  });
});

describe('while a password is being checked', () => {
  const from = { address: '192.0.2.1', former: undefined, browser: undefined };
  test.each<[string, (userNo: number) => void]>([
    [
      'the account gets another password',
      (userNo) => bench.access.accounts.setPassword(userNo, 'another hash'),
    ],
    [
      'the account is closed',
      (userNo) => bench.access.accounts.setDisabled(userNo, bench.clock.read().wallMs),
    ],
  ])('%s: nobody comes in by what was true before', async (_what, change) => {
    const { accounts, logIn, sessions } = bench.access;
    const userNo = accounts.byName('kanri')?.userNo ?? 0;
    const trying = logIn.byPassword('kanri', PASSWORD, from);
    change(userNo);
    expect(await trying).toEqual({ kind: 'refused' });
    expect(sessions.list(userNo)).toEqual([]);
  });

  test('a link that ten use at once opens one session', async () => {
    const made = await bench.admin('/v1/accounts/kanri/links', 'POST', {});
    const [, code] = /#code=(.*)$/.exec((await made.json()).path) ?? [];
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const answer = await openVisitor(bench.origin).send('/console/session/link', {
          method: 'POST',
          body: JSON.stringify({ code }),
        });
        return answer.status;
      }),
    );
    expect(statuses.toSorted()).toEqual([204, ...Array(9).fill(401)]);
  });
});

describe('who knocks without end', () => {
  test('fills the audit log no faster than a line a minute, and none of the knocks goes uncounted', async () => {
    const before = audited().length;
    const knock = () =>
      fetch(`${bench.origin}/v1/taps`, { headers: { authorization: 'Bearer guessed' } });
    for (let each = 0; each < 50; each += 1) expect((await knock()).status).toBe(401);
    for (let each = 0; each < 40; each += 1) await visitor.logIn('kanri', OTHER_PASSWORD);
    // Twenty tries at most are heard; what must wait is told once.
    expect(audited().length - before).toBeLessThan(25);
    bench.clock.advance(MINUTE_MS);
    await knock();
    expect(audited('refused')[0]).toMatchObject({ reason: 'no such token', heldBack: 49 });
  });
});

describe('a session', () => {
  beforeEach(async () => {
    await visitor.logIn('kanri', PASSWORD);
  });

  test('ends after an hour of silence', async () => {
    bench.clock.advance(59 * MINUTE_MS);
    expect(await taps()).toBe(200);
    bench.clock.advance(59 * MINUTE_MS);
    expect(await taps()).toBe(200);
    bench.clock.advance(60 * MINUTE_MS);
    expect(await taps()).toBe(401);
  });

  test('ends after twelve hours, however busy', async () => {
    for (let each = 0; each < 12 * 2 - 1; each += 1) {
      bench.clock.advance(HOUR_MS / 2);
      expect(await taps()).toBe(200);
    }
    bench.clock.advance(HOUR_MS / 2);
    expect(await taps()).toBe(401);
  });

  test('is another one after each log-in, and the former is over', async () => {
    const before = visitor.cookies.get('genba') ?? '';
    await visitor.logIn('kanri', PASSWORD);
    expect(visitor.cookies.get('genba')).not.toBe(before);
    const thief = openVisitor(bench.origin);
    thief.cookies.set('genba', before);
    expect(await taps(thief)).toBe(401);
  });

  test('is listed and ended from another browser', async () => {
    const other = openVisitor(bench.origin);
    await other.logIn('kanri', PASSWORD);
    const { sessions } = await (await visitor.send('/console/session/all')).json();
    expect(sessions).toHaveLength(2);
    const [{ name }] = sessions.filter(({ isThis }: { isThis: boolean }) => !isThis);
    expect((await visitor.change(`/console/session/all/${name}`, 'DELETE')).status).toBe(204);
    expect([await taps(other), await taps()]).toEqual([401, 200]);
    expect((await visitor.change(`/console/session/all/${name}`, 'DELETE')).status).toBe(404);
  });

  test('is ended by an administrator, everywhere', async () => {
    const ended = await bench.admin('/v1/accounts/kanri/sessions', 'DELETE');
    expect([ended.status, await taps()]).toEqual([204, 401]);
  });

  test('has a cookie that scripts, other sites and plain HTTP from elsewhere never see', async () => {
    const answer = await visitor.logIn('kanri', PASSWORD);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^genba=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
      expect.stringMatching(
        /^genba-browser=[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; SameSite=Strict$/,
      ),
    ]);
  });

  test('changes only what a page of ours asks for', async () => {
    const body = JSON.stringify({ name: 'new', scopes: ['central'] });
    const { csrf } = await own();
    const post = async (headers: Record<string, string>) =>
      (await visitor.send('/v1/accounts', { method: 'POST', body, headers })).status;
    expect(await post({})).toBe(403);
    expect(await post({ 'x-genba-csrf': 'guessed' })).toBe(403);
    expect(await post({ 'x-genba-csrf': csrf, origin: 'https://evil.example' })).toBe(403);
    expect(await post({ 'x-genba-csrf': csrf, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await post({ 'x-genba-csrf': csrf })).toBe(201);
    expect(audited('refused')).toHaveLength(4);
  });

  test('sees no more than its scopes, from the moment they are changed', async () => {
    expect((await visitor.send('/v1/accounts')).status).toBe(200);
    await bench.admin('/v1/accounts/kanri', 'PATCH', { scopes: ['central'] });
    expect((await visitor.send('/v1/accounts')).status).toBe(403);
    expect(await taps()).toBe(200);
  });

  test('is not what a wrong token falls back to', async () => {
    const answer = await visitor.send('/v1/taps', { headers: { authorization: 'Bearer wrong' } });
    expect(answer.status).toBe(401);
  });
});

describe('one’s own password', () => {
  beforeEach(async () => {
    await visitor.logIn('kanri', PASSWORD);
  });
  const change = (old: string | undefined, password: string, by: Visitor = visitor) =>
    by.change('/console/session/password', 'PUT', { old, password });

  test('is changed by who knows the old one; everybody else is out', async () => {
    const other = openVisitor(bench.origin);
    await other.logIn('kanri', PASSWORD);
    expect((await change(OTHER_PASSWORD, OTHER_PASSWORD)).status).toBe(403);
    expect((await change(undefined, OTHER_PASSWORD)).status).toBe(403);
    expect((await change(PASSWORD, 'short')).status).toBe(400);
    expect((await change(PASSWORD, OTHER_PASSWORD)).status).toBe(204);
    expect([await taps(), await taps(other)]).toEqual([200, 401]);
    expect((await other.logIn('kanri', PASSWORD)).status).toBe(401);
    expect((await other.logIn('kanri', OTHER_PASSWORD)).status).toBe(204);
  });

  test('is not to be guessed by who found the browser open', async () => {
    for (let each = 0; each < 5; each += 1)
      expect((await change(`guess number ${each}`, OTHER_PASSWORD)).status).toBe(403);
    expect((await change(PASSWORD, OTHER_PASSWORD)).status).toBe(429);
  });
});

describe('a log-in link', () => {
  const codeOf = async (body: object): Promise<string> => {
    const made = await bench.admin('/v1/accounts/kanri/links', 'POST', body);
    return new URL((await made.json()).path, bench.origin).hash.replace('#code=', '');
  };
  const use = (code: string, by: Visitor = openVisitor(bench.origin)) =>
    by.send('/console/session/link', { method: 'POST', body: JSON.stringify({ code }) });

  test('opens once, within its minutes', async () => {
    const code = await codeOf({});
    expect((await use(`${code}x`)).status).toBe(401);
    expect((await use(code, visitor)).status).toBe(204);
    expect(await own()).toMatchObject({ name: 'kanri' });
    expect((await use(code)).status).toBe(401);
    const late = await codeOf({ minutes: 5 });
    bench.clock.advance(5 * MINUTE_MS);
    expect((await use(late)).status).toBe(401);
  });

  test('made for more than once opens until it ends', async () => {
    const code = await codeOf({ minutes: 5, isReusable: true });
    expect([(await use(code)).status, (await use(code)).status]).toEqual([204, 204]);
    bench.clock.advance(5 * MINUTE_MS);
    expect((await use(code)).status).toBe(401);
  });

  test('dies with the account’s password, and with the account', async () => {
    const first = await codeOf({ isReusable: true });
    await bench.admin('/v1/accounts/kanri', 'PATCH', { password: OTHER_PASSWORD });
    expect((await use(first)).status).toBe(401);
    // By `genba-gateway account passwd`, a program beside this one.
    const { accounts } = bench.access;
    const beside = await codeOf({ isReusable: true });
    accounts.setPassword(accounts.byName('kanri')?.userNo ?? 0, 'another hash');
    expect((await use(beside)).status).toBe(401);
    const second = await codeOf({ isReusable: true });
    await bench.admin('/v1/accounts/kanri', 'PATCH', { isDisabled: true });
    expect((await use(second)).status).toBe(401);
  });

  test('lets somebody without a password set a first one while the log-in is fresh', async () => {
    await bench.admin('/v1/accounts', 'POST', { name: 'new', scopes: ['central'] });
    const { path } = await (await bench.admin('/v1/accounts/new/links', 'POST', {})).json();
    await use(path.split('code=')[1], visitor);
    bench.clock.advance(15 * MINUTE_MS);
    const late = await visitor.change('/console/session/password', 'PUT', { password: PASSWORD });
    expect(late.status).toBe(403);
    const again = await (await bench.admin('/v1/accounts/new/links', 'POST', {})).json();
    await use(again.path.split('code=')[1], visitor);
    const set = await visitor.change('/console/session/password', 'PUT', { password: PASSWORD });
    expect(set.status).toBe(204);
    expect((await openVisitor(bench.origin).logIn('new', PASSWORD)).status).toBe(204);
  });
});

test('a password that an administrator sets leaves no key behind by which somebody else came in', async () => {
  const { accounts, clock } = bench.access;
  const { userNo = 0 } = accounts.byName('kanri') ?? {};
  accounts.addPasskey({
    credentialId: 'planted',
    userNo,
    publicKey: new Uint8Array([1]),
    counter: 0,
    transports: [],
    createdAt: clock.read().wallMs,
    lastUsedAt: undefined,
  });
  const changed = await bench.admin('/v1/accounts/kanri', 'PATCH', { password: OTHER_PASSWORD });
  expect(await changed.json()).toMatchObject({ passkeys: 0, sessions: [] });
  expect(audited('user-changed')).toContainEqual(
    expect.objectContaining({ what: 'passkeys-removed' }),
  );
});

test('accounts are the administrator’s affair, with every fault named', async () => {
  const read = await fetch(`${bench.origin}/v1/accounts`, {
    headers: { authorization: 'Bearer read-me' },
  });
  expect(read.status).toBe(403);
  const wrong = await bench.admin('/v1/accounts', 'POST', {
    name: 'Kanri!',
    scopes: ['boss'],
    password: 5,
  });
  expect(wrong.status).toBe(400);
  expect((await wrong.json()).faults.map(({ place }: { place: string }) => place)).toEqual([
    '/name',
    '/scopes/0',
    '/password',
  ]);
  const taken = await bench.admin('/v1/accounts', 'POST', { name: 'kanri', scopes: ['central'] });
  expect(taken.status).toBe(409);
  const { accounts } = await (await bench.admin('/v1/accounts')).json();
  expect(accounts).toMatchObject([{ name: 'kanri', scopes: ['admin'], hasPassword: true }]);
  expect(JSON.stringify(accounts)).not.toContain('argon2');
});
