/**
 * Every route that there is: who may use it, whom it narrows, and that no change comes from a foreign page. A new route
 * fails here until it says what it is.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApiBench, openVisitor, type Visitor } from '../../fixtures/api-bench.ts';
import { STRANGERS, VICTIM_WORDS } from '../../fixtures/hostile-site.ts';
import { LOG_INS, OUTSIDE, ROUTES, type RouteAccess } from '../../fixtures/route-access.ts';
import type { RunningService } from '../../fixtures/service.ts';
import { createSite, type Site } from '../../fixtures/site.ts';
import { CONTRACT, castDocument, SECOND, SITE, WORKER } from '../../fixtures/viewing-cast.ts';

const MONTH = '2026-10';
const set = (kind: 'set-in' | 'set-out', time: string) => ({
  siteId: SITE,
  workerId: WORKER,
  workDate: `${MONTH}-20`,
  kind,
  at: `${MONTH}-20T${time}:00+09:00`,
  by: '所長',
  reason: '確認済み',
  recordedAt: `${MONTH}-20T18:00:00+09:00`,
});
const REGISTRY = {
  ...castDocument,
  corrections: [set('set-in', '08:00'), set('set-out', '17:00')],
};

interface Operation {
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
  }[];
}
type Described = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

describe('of the running gateway', () => {
  let site: Site;
  let gateway: RunningService;
  let origin: string;
  let paths: Described;
  const tokens = new Map<string, string>();
  const values = new Map<string, string>([
    ['siteId', SITE],
    ['workerId', WORKER],
    ['companyId', SECOND],
    ['contractId', CONTRACT],
    ['month', MONTH],
    ['from', MONTH],
    ['to', MONTH],
    ['yearEnd', '2026-03-31'],
    ['sha256', '0'.repeat(64)],
    ['name', 'nobody'],
  ]);

  const changed = async (path: string, method: string, body: unknown): Promise<Response> => {
    const answer = await site.api(path, {
      method,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer;
  };
  const ask = async (
    route: string,
    headers: Readonly<Record<string, string>>,
    query = '',
  ): Promise<{ status: number; text: string; viewing: string | null }> => {
    const [method = '', path = ''] = route.split(' ');
    const answer = await fetch(`${origin}${path}${query}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(method === 'GET' ? {} : { body: '{}' }),
    });
    const text = await answer.text();
    return { status: answer.status, text, viewing: answer.headers.get('x-genba-viewing') };
  };
  const bearer = (scope: string) => ({ authorization: `Bearer ${tokens.get(scope)}` });
  /** With its places filled: what a path names, and what it must be told. */
  const filled = (route: string): string => {
    const id = route.includes('/amendments/') ? 'amendmentId' : 'statementId';
    return route
      .replace('{id}', values.get(id) ?? '1')
      .replace(/\{(\w+)\}/g, (_all, name: string) => values.get(name) ?? '1');
  };
  const queryOf = ({ parameters = [] }: Operation): string => {
    const told = parameters.filter((each) => each.in === 'query' && each.required);
    const names = told.map(({ name }) => name);
    return names.length === 0
      ? ''
      : `?${new URLSearchParams(names.map((name) => [name, values.get(name) ?? '']))}`;
  };
  /** The key of the first row of the report that tells of the victim, as the question why takes it. */
  const whyQuery = async (name: string, { parameters = [] }: Operation): Promise<string> => {
    const { rows } = await (await site.api(`/v1/${name}?month=${MONTH}`)).json();
    const row = rows.find((each: object) => JSON.stringify(each).includes(WORKER)) ?? rows[0] ?? {};
    const key = parameters.flatMap((each): [string, string][] =>
      row[each.name] === undefined || ['list', 'depth'].includes(each.name)
        ? []
        : [[each.name, String(row[each.name])]],
    );
    return `?${new URLSearchParams(key)}`;
  };
  const operations = (): readonly (readonly [string, Operation])[] =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
      ),
    );
  const accessOf = (route: string): RouteAccess | undefined => ROUTES.get(route);

  beforeAll(async () => {
    site = await createSite({
      gatewaySettings: {
        mail: { host: '127.0.0.1', port: 9, security: 'none', from: 'gate@example.jp' },
        trust: { host: 'localhost', enrolment: { listen: '127.0.0.1', port: 0 } },
      },
    });
    gateway = await site.startGateway();
    origin = String(gateway.ready.apiUrl);
    await changed('/v1/registry', 'PUT', REGISTRY);
    for (const scope of ['central', 'metrics', ...STRANGERS]) {
      const issued = await changed('/v1/tokens', 'POST', {
        name: `t-${tokens.size}`,
        scopes: [scope],
      });
      tokens.set(scope, (await issued.json()).token);
    }
    const closed = await changed('/v1/statements', 'POST', { siteId: SITE, month: MONTH });
    values.set('statementId', String((await closed.json()).statement.statementId));
    await changed('/v1/registry', 'PUT', {
      ...REGISTRY,
      corrections: [set('set-in', '07:00'), set('set-out', '18:00')],
    });
    const amended = await changed('/v1/amendments', 'POST', { siteId: SITE, month: MONTH });
    values.set('amendmentId', String((await amended.json()).amendment?.amendmentId));
    paths = (await (await site.api('/openapi.json')).json()).paths;
  }, 60_000);
  afterAll(async () => {
    await gateway.kill('SIGKILL');
    site.remove();
  });

  test('each says what it is, and none is told of that is not there', () => {
    const there = operations()
      .map(([route]) => route)
      .filter((route) => !OUTSIDE.includes(route));
    expect(there.toSorted()).toEqual([...ROUTES.keys()].toSorted());
  });

  test('nobody gets anything from any of them without a token, or with one for metrics', async () => {
    for (const [route, operation] of operations()) {
      if (accessOf(route) === undefined) continue;
      const at = filled(route);
      const query = queryOf(operation);
      expect([route, (await ask(at, {}, query)).status]).toEqual([route, 401]);
      expect([route, (await ask(at, bearer('metrics'), query)).status]).toEqual([route, 403]);
    }
  }, 60_000);

  test('what they read: an administrator sees it, and a stranger of every kind sees nothing of the victim', async () => {
    let [told, victims] = [0, 0];
    for (const [route, operation] of operations()) {
      const access = accessOf(route);
      if (access === undefined || !route.startsWith('GET ')) continue;
      const name = /^GET \/v1\/why\/(.*)$/.exec(route)?.[1];
      const query = name === undefined ? queryOf(operation) : await whyQuery(name, operation);
      const [at, by] = [filled(route), { authorization: 'Bearer a-token-for-tests' }];
      const control = await ask(at, by, query);
      expect([route, control.text.slice(0, 200), control.status < 500]).toEqual([
        route,
        expect.anything(),
        true,
      ]);
      expect([route, [401, 403].includes(control.status)]).toEqual([route, false]);
      if (control.status === 200) told += 1;
      if (VICTIM_WORDS.some((word) => control.text.includes(word))) victims += 1;
      const central = await ask(at, bearer('central'), query);
      expect([route, central.status]).toEqual([route, access === 'admin' ? 403 : control.status]);

      for (const scope of STRANGERS) {
        const answer = await ask(at, bearer(scope), query);
        const seen = [route, scope, answer.status, answer.text.slice(0, 300)];
        for (const word of VICTIM_WORDS)
          expect([...seen, answer.text.includes(word)]).toEqual([...seen, false]);
        if (access === 'words') expect(seen[2]).toBe(200);
        else if (access === 'admin') expect([route, answer.status]).toEqual([route, 403]);
        else if (control.status !== 200) expect([route, answer.status]).not.toEqual([route, 200]);
        else if (access === 'closed') expect([route, answer.status]).toEqual([route, 403]);
        else if (access === 'whole')
          expect([route, [403, 404].includes(answer.status)]).toEqual([route, true]);
        else {
          // Says of itself that it was narrowed, so that nobody takes it for all.
          expect([route, answer.status]).toEqual([route, 200]);
          const viewing = answer.viewing ?? JSON.stringify(JSON.parse(answer.text).viewing ?? null);
          expect([route, JSON.parse(viewing)]).toEqual([
            route,
            expect.objectContaining({ scope, narrowed: true }),
          ]);
        }
      }
    }
    // Else nothing of all this would mean anything.
    expect(told).toBeGreaterThan(110);
    expect(victims).toBeGreaterThan(35);
  }, 240_000);

  describe('what they change', () => {
    const state = async (): Promise<string> => {
      const answers = [
        '/v1/registry',
        '/v1/tokens',
        '/v1/accounts',
        '/v1/enrolments',
        '/v1/statements',
        '/v1/correction-requests',
      ].map(async (path) => (await site.api(path)).text());
      // When a browser was last seen is noted once a minute, whatever it asks for.
      return (await Promise.all(answers)).join('\n').replaceAll(/"seenAt":"[^"]*"/g, '');
    };
    const changes = () => operations().filter(([route]) => !route.startsWith('GET '));

    test('is for administrators, or judged by the route; who may only read changes nothing', async () => {
      const before = await state();
      for (const [route] of changes())
        for (const scope of ['central', ...STRANGERS]) {
          const { status } = await ask(filled(route), bearer(scope));
          const allowed = accessOf(route) === 'by-scope' ? [400, 403, 404, 422] : [403];
          expect([route, scope, status, allowed.includes(status)]).toEqual([
            route,
            scope,
            status,
            true,
          ]);
        }
      expect(await state()).toBe(before);
    }, 60_000);

    test('comes from no foreign page in an administrator’s browser', async () => {
      await changed('/v1/accounts', 'POST', { name: 'kanri', scopes: ['admin'] });
      const { path } = await (await changed('/v1/accounts/kanri/links', 'POST', {})).json();
      const visitor = openVisitor(origin);
      const code = path.split('#code=')[1];
      await visitor.send('/console/session/link', {
        method: 'POST',
        body: JSON.stringify({ code }),
      });
      const { csrf, isAdmin } = await (await visitor.send('/console/session')).json();
      expect(isAdmin).toBe(true);
      const before = await state();
      for (const [route] of changes()) {
        const [method = '', path = ''] = filled(route).split(' ');
        const send = async (headers: Readonly<Record<string, string>>) =>
          (await visitor.send(path, { method, body: 'no JSON', headers })).status;
        expect([route, await send({})]).toEqual([route, 403]);
        expect([route, await send({ 'x-genba-csrf': 'guessed' })]).toEqual([route, 403]);
        const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
        expect([route, await send({ ...foreign, 'x-genba-csrf': csrf })]).toEqual([route, 403]);
        // The control: the same from our page gets as far as the route, which cannot read it.
        const own = await send({ 'x-genba-csrf': csrf });
        if (accessOf(route) === 'admin') expect([route, own]).not.toEqual([route, 403]);
      }
      expect(await state()).toBe(before);
    }, 60_000);
  });
});

describe('in the program', () => {
  let bench: Awaited<ReturnType<typeof openApiBench>>;
  let visitor: Visitor;
  beforeAll(async () => {
    bench = await openApiBench();
    visitor = openVisitor(bench.origin);
  });
  afterAll(() => bench.close());
  const routes = () => [
    ...new Set(
      bench.api.routes.flatMap(({ method, path }) =>
        method === 'ALL' ? [] : [`${method} ${path}`],
      ),
    ),
  ];

  test('every one behind the guard is described, so that none escapes the table above', async () => {
    const described = Object.entries<object>(
      (await (await bench.api.request('/openapi.json')).json()).paths,
    ).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const hidden = routes()
      .filter((route) => route.includes(' /v1'))
      .filter((route) => {
        const pattern = new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`);
        return !described.some((each) => pattern.test(each));
      });
    expect(hidden).toEqual([]);
  });

  test('those before the guard are these, pages and the log-in', () => {
    const others = routes().filter((route) => !route.includes(' /v1'));
    const known = (route: string): boolean =>
      OUTSIDE.includes(route) ||
      route.includes(' /console/session') ||
      // A page, its style and its script, or what all pages share.
      /^GET \/console(\/[a-z-]+)?(\/|\/[a-z-]+\.(css|js))?$/.test(route);
    expect(others.filter((route) => !known(route))).toEqual([]);
  });

  test('what is added beside the API is what the running gateway describes', () => {
    const main = readFileSync(new URL('../../../gateway/main.ts', import.meta.url), 'utf8');
    const added = [...main.matchAll(/^(\w+)\(\s*api\b|^api\.(\w+)\(/gm)].map(
      ([, by, method]) => by ?? `api.${method}`,
    );
    expect(added.toSorted()).toEqual(['api.route', 'correctionRoutes', 'reconciliationRoutes']);
  });

  test('every change of a session comes from our page, and with its token once there is one', async () => {
    const changes = routes().filter((route) => /^(?!GET)\w+ \/console\/session/.test(route));
    expect(changes.length).toBeGreaterThan(7);
    const send = async (route: string, headers: Readonly<Record<string, string>>) => {
      const [method = '', path = ''] = route.replaceAll(/:\w+/g, 'x').split(' ');
      return (await visitor.send(path, { method, body: '{}', headers })).status;
    };
    for (const route of changes) {
      const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
      expect([route, await send(route, foreign)]).toEqual([route, 403]);
      if (LOG_INS.includes(route)) continue;
      expect([route, await send(route, {})]).toEqual([route, 401]);
    }
    await bench.admin('/v1/accounts', 'POST', { name: 'kanri', scopes: ['admin'] });
    const { path } = await (await bench.admin('/v1/accounts/kanri/links', 'POST', {})).json();
    const code = path.split('#code=')[1];
    await visitor.send('/console/session/link', { method: 'POST', body: JSON.stringify({ code }) });
    for (const route of changes.filter((each) => !LOG_INS.includes(each))) {
      expect([route, await send(route, {})]).toEqual([route, 403]);
      expect([route, await send(route, { 'x-genba-csrf': 'guessed' })]).toEqual([route, 403]);
    }
    expect((await (await visitor.send('/console/session')).json()).isLoggedIn).toBe(true);
  });
});
