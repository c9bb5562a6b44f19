/** What is asked about known vulnerabilities, with a real npm and a registry on loopback that offers it, or does not. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { type AuditOutcome, lookForAdvisories, readAudit } from './advisories.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const { packages: LOCKED } = JSON.parse(readFileSync(`${ROOT}/package-lock.json`, 'utf8')) as {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version: string; readonly deprecated?: string; readonly integrity?: string }
    >
  >;
};

let registry: Server | undefined;
let asked: Record<string, readonly string[]>;
afterEach(() => registry?.close());

/** `answer` undefined: as a registry without advisories. */
const registryThat = async (answer: object | undefined): Promise<string> => {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (answer === undefined) {
      response.writeHead(405).end();
      return;
    }
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET') {
      // Npm looks which versions there are, and of what needs it, before it believes that one is affected.
      const name = decodeURIComponent((request.url ?? '').slice(1));
      const own = LOCKED[`node_modules/${name}`];
      response.end(JSON.stringify({ name, versions: { [own?.version ?? '']: { ...own, name } } }));
      return;
    }
    const body = Buffer.concat(chunks);
    asked = JSON.parse(
      String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body),
    );
    response.end(JSON.stringify(answer));
  });
  registry = server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `--registry=http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
};
/** With a cache of its own: npm remembers what it worked out of an advisory. */
const look = async (answer: object | undefined): Promise<AuditOutcome> => {
  const cache = mkdtempSync(join(tmpdir(), 'genba-npm-'));
  const outcome = await lookForAdvisories(ROOT, await registryThat(answer), `--cache=${cache}`);
  rmSync(cache, { recursive: true });
  return outcome;
};
const advisory = (severity: string) => ({
  hono: [
    { id: 1, url: 'https://example.com/1', title: 'x', severity, vulnerable_versions: '<99.0.0' },
  ],
});

describe('the locked packages', () => {
  test.each([
    ['nothing is known of them', {}, { kind: 'clean' }],
    ['something moderate is', advisory('moderate'), { kind: 'clean' }],
    [
      'something high is',
      advisory('high'),
      { kind: 'found', packages: expect.arrayContaining(['hono']) },
    ],
    [
      'something critical is',
      advisory('critical'),
      { kind: 'found', packages: expect.arrayContaining(['hono']) },
    ],
  ])('when %s', async (_what, answer, outcome) => {
    expect(await look(answer)).toEqual(outcome);
    expect(asked.hono).toHaveLength(1);
    // Those of the tests are nobody's who installs the product.
    expect(asked.vitest).toBeUndefined();
  });

  test('when the registry offers no advisories, nobody has looked', async () => {
    const outcome = await look(undefined);
    expect(outcome).toMatchObject({ kind: 'not-looked', reason: expect.stringContaining('405') });
  });
});

test.each([
  ['', 'npm audit gave no answer'],
  ['{"error":{"code":"ENOLOCK","summary":"no lock"}}', 'no lock'],
  ['{"vulnerabilities":{}}', 'an answer of another kind'],
  ['{"vulnerabilities":{},"metadata":{"dependencies":{"prod":0}}}', 'an answer of another kind'],
])('%s is no clean bill', (printed, reason) => {
  expect(readAudit(printed)).toEqual({ kind: 'not-looked', reason });
});

test('no locked package was given up by its makers, and each is told by its digest', () => {
  const locked = Object.entries(LOCKED).filter(([path]) => path !== '');
  expect(locked.length).toBeGreaterThan(100);
  expect(
    locked.flatMap(([path, { deprecated }]) => (deprecated ? [path, deprecated] : [])),
  ).toEqual([]);
  expect(locked.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});
