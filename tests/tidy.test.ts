/**
 * The rules of the house as a test, so that nobody has to remember them. Each rule is a function over
 * one file's text, and each is shown to bite.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface SourceFile {
  readonly path: string;
  readonly text: string;
}
type Rule = (file: SourceFile) => readonly string[];

const committedFiles = (): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '');

const CODE = /\.(ts|mjs)$/;
const LINES_MAX = 400;

const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) => name);

/** Top folder that a relative import of a file leads to. */
const roomOf = (path: string, imported: string): string | undefined =>
  imported.startsWith('.')
    ? new URL(imported, `file:///${path}`).pathname.split('/')[1]
    : undefined;

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  shared: ['shared'],
  device: ['device', 'shared'],
  gateway: ['gateway', 'shared'],
  provisioning: ['provisioning', 'device', 'shared'],
};

const roomsKeepApart: Rule = ({ path, text }) => {
  const allowed = MAY_IMPORT[path.split('/')[0] ?? ''];
  if (allowed === undefined) return [];
  return importsOf(text)
    .map((imported) => roomOf(path, imported))
    .filter((room) => room !== undefined && !allowed.includes(room))
    .map((room) => `imports ${room}`);
};

/** Where a package, whose place is one file, may be imported. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['shared/durable-sqlite.ts'],
  '@peculiar/x509': ['gateway/enrolment/authority.ts', 'shared/certificate-request.ts'],
  '@simplewebauthn/server': ['gateway/access/passkeys.ts'],
  'openid-client': ['gateway/access/oidc.ts', 'gateway/access/provider-fetch.ts'],
  'nfc-pcsc': ['device/readers/pcsc-host.ts'],
  aedes: ['gateway/broker/embedded.ts'],
  serialport: ['device/serial-line.ts'],
  'unix-dgram': ['shared/notify.ts'],
  onoff: ['device/signals/gpio-onoff.ts', 'device/signals/sysfs-gpio.ts'],
  'node-cron': ['gateway/nightly/schedule.ts'],
  mqtt: ['gateway/broker/external.ts', 'device/link-mqtt.ts'],
};
const packagesStayHome: Rule = ({ path, text }) =>
  path.startsWith('tests/')
    ? []
    : importsOf(text).flatMap((name) =>
        HOMES[name] !== undefined && !HOMES[name].includes(path) ? [`imports ${name}`] : [],
      );

/** Decided in pure functions: no input, no output, no clock, no chance. */
const PURE = [
  /^device\/(gate|sync|renewal|presence|feedback|rate-limit|serial-frame)\.ts$/,
  /^device\/kiosk\/(view|phrases)\.ts$/,
  /^device\/sign\/view\.ts$/,
  /^device\/camera\/face-evidence\.ts$/,
  /^device\/manager\/(lists|health|muster-csv)\.ts$/,
  /^device\/signals\/(patterns|player)\.ts$/,
  /^gateway\/(ingest|corrections|fault-list|plain-taps|report-basis)\.ts$/,
  /^gateway\/attendance\/(attendance|attendance-of-touches|shifts|subject-key)\.ts$/,
  /^gateway\/attendance\/(site-rules|moment-spans|touches-of-journals)\.ts$/,
  /^gateway\/registry\/(registry|registry-diff|registry-document|registry-keys|parse-registry)\.ts$/,
  /^gateway\/export\/(export-lines|export-faults|journal-check|verify-export)\.ts$/,
  /^gateway\/enrolment\/judge-enrolment\.ts$/,
  /^gateway\/nightly\/(due-periods|nights)\.ts$/,
  /^gateway\/retention\//,
  /^gateway\/statements\/(amendment|amendment-reasons|figures|period|statement-rows)\.ts$/,
  /^gateway\/why\//,
  /^gateway\/(policies|reports|documents|csv-exports|registry\/checks)\//,
  /^gateway\/reconciliation\/(export-file|reconcile|cause-words)\.ts$/,
];
const IMPURE = [
  /\bDate\.now\(/,
  /new Date\(\)/,
  /Math\.random\(/,
  /setTimeout\(/,
  /performance\.now/,
  /'node:(fs|net|http|child_process)'/,
];
const pureStaysPure: Rule = ({ path, text }) =>
  PURE.some((pattern) => pattern.test(path))
    ? IMPURE.filter((pattern) => pattern.test(text)).map((pattern) => `has ${pattern.source}`)
    : [];

const MAY_READ_ENVIRONMENT =
  /(^|\/)(main|replay|demo|tap|genba|run|bootstrap|package)\.(ts|mjs)$|pcsc-host|readers\/pcsc\.ts|service-process|virtual-pcscd|^tests\//;
const environmentIsForMains: Rule = ({ path, text }) =>
  /process\.(env|argv)\b/.test(text) && !MAY_READ_ENVIRONMENT.test(path)
    ? ['reads process.env or argv']
    : [];

const moneyIsWhole: Rule = ({ path, text }) =>
  path.startsWith('gateway/policies/') &&
  /parseFloat|toFixed|Math\.round|\d\.\d/.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''))
    ? ['computes with fractions']
    : [];

const filesAreSmall: Rule = ({ text }) =>
  text.split('\n').length > LINES_MAX ? [`has more than ${LINES_MAX} lines`] : [];

const namesAreKebab: Rule = ({ path }) =>
  /^[a-z0-9-]+(\.(test|d|config))?\.(ts|mjs)$/.test(path.split('/').at(-1) ?? '')
    ? []
    : ['is not named in kebab-case'];

const BANNED = [
  [/\.(skip|only|todo)\(/, 'skips or singles out a test'],
  [/\bvi\.mock\(/, 'mocks a module'],
  [/(^|\W)as any\b|: any\b/, 'says any'],
  [/^export \*/m, 'is a barrel'],
  [/\benum \w+ \{/, 'has an enum'],
] as const;
const nothingBanned: Rule = ({ path, text }) =>
  path === 'tests/tidy.test.ts'
    ? []
    : BANNED.filter(([pattern]) => pattern.test(text)).map(([, what]) => what);

/** Statements, registries and imported files that we packed ourselves, in our own ledger or memory. */
const PACKED_BY_US = /^gateway\/(store|export)\//;
const nothingFromOutsideIsUnpacked: Rule = ({ path, text }) =>
  !path.startsWith('tests/') &&
  !PACKED_BY_US.test(path) &&
  /\b(create)?(inflate|gunzip|unzip|brotliDecompress|zstdDecompress)\w*\(|DecompressionStream|'(fflate|jszip|yauzl|read-excel-file)/i.test(
    text,
  )
    ? ['unpacks what may come from outside']
    : [];

const browsersAreWatched: Rule = ({ path, text }) =>
  path !== 'tests/fixtures/browser.ts' && /^import .*\bchromium\b.*'playwright-core'/m.test(text)
    ? ['opens a browser that nobody watches for complaints']
    : [];

/** Files that import one another in a circle, types too: such files are one file in several pieces. */
const circles = (files: readonly SourceFile[]): readonly string[] => {
  const imports = new Map(
    files.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter((name) => name.startsWith('.'))
        .map((name) => new URL(name, `file:///${path}`).pathname.slice(1)),
    ]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) found.push([...way.slice(way.indexOf(path)), path].join(' → '));
    else if (!done.has(path)) {
      for (const next of imports.get(path) ?? []) walk(next, [...way, path]);
      done.add(path);
    }
  };
  for (const path of imports.keys()) walk(path, []);
  return found;
};

/** What a program loads when it starts: packages, by the imports that are left when types are stripped. */
const packagesOf = (program: string, files: readonly SourceFile[]): readonly string[] => {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const seen = new Set<string>();
  const packages = new Set<string>();
  const load = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    for (const name of importsOf((texts.get(path) ?? '').replace(/^import type [^;]*;/gm, ''))) {
      if (name.startsWith('.')) load(new URL(name, `file:///${path}`).pathname.slice(1));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  };
  load(program);
  return [...packages];
};

const RULES = {
  browsersAreWatched,
  roomsKeepApart,
  packagesStayHome,
  pureStaysPure,
  environmentIsForMains,
  moneyIsWhole,
  filesAreSmall,
  namesAreKebab,
  nothingBanned,
  nothingFromOutsideIsUnpacked,
};

describe('the house', () => {
  const files = committedFiles()
    .filter((path) => CODE.test(path))
    .map((path) => ({ path, text: readFileSync(`${ROOT}/${path}`, 'utf8') }));

  test('has files to look at', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  test.each(Object.entries(RULES))('keeps: %s', (_name, rule) => {
    expect(files.flatMap((file) => rule(file).map((fault) => `${file.path} ${fault}`))).toEqual([]);
  });

  test.each(PURE.map((pattern) => [pattern.source, pattern] as const))(
    'has a file that %s names',
    (_source, pattern) => {
      expect(files.some(({ path }) => pattern.test(path))).toBe(true);
    },
  );

  test('has no files that import one another in a circle', () => {
    expect(circles(files)).toEqual([]);
  });

  test('has a reader host that loads what talks to readers, and nothing else: it is small', () => {
    expect(packagesOf('device/readers/pcsc-host.ts', files)).toEqual(['nfc-pcsc']);
  });

  test('says in the README which rooms it has', () => {
    const named = /^## Folders\n([\s\S]*?)^## /m.exec(
      readFileSync(`${ROOT}/README.md`, 'utf8'),
    )?.[1];
    const rooms = files.flatMap(
      ({ path }) => /^(shared|device|gateway|provisioning|tests)\/([^/]+)\//.exec(path)?.[2] ?? [],
    );
    const mirrored = ['shared', 'device', 'gateway', 'provisioning'];
    expect(
      [...new Set(rooms)].filter(
        (room) => !mirrored.includes(room) && !named?.includes(`${room}/`),
      ),
    ).toEqual([]);
  });

  test('commits nothing of a machine: no home folders, no databases, no keys', () => {
    const texts = committedFiles().filter(
      (path) =>
        /\.(ts|mjs|md|json|css|html|c|yml)$|run$/.test(path) && path !== 'tests/tidy.test.ts',
    );
    const places = texts.filter((path) =>
      /(^|[\s'"`(])\/(home|root|Users|work)\/[a-z]/.test(readFileSync(`${ROOT}/${path}`, 'utf8')),
    );
    expect(places).toEqual([]);
    expect(committedFiles().filter((path) => /\.(db|pem|key)$/.test(path))).toEqual([]);
  });
});

describe('each rule bites', () => {
  test('a circle is found, whatever is imported and however far around', () => {
    const files = [
      { path: 'shared/a.ts', text: "import type { B } from './deep/b.ts';" },
      { path: 'shared/deep/b.ts', text: "import { c } from '../c.ts';" },
      { path: 'shared/c.ts', text: "const a = await import('./a.ts');" },
      { path: 'shared/d.ts', text: "import { a } from './a.ts';" },
    ];
    expect(circles(files)).toEqual(['shared/a.ts → shared/deep/b.ts → shared/c.ts → shared/a.ts']);
  });

  test('what a program loads is found behind other files, and types load nothing', () => {
    const files = [
      { path: 'a.ts', text: "import { b } from './b.ts';\nimport type { Z } from './c.ts';" },
      { path: 'b.ts', text: "import { readFileSync } from 'node:fs';\nimport { z } from 'zod';" },
      { path: 'c.ts', text: "import mqtt from 'mqtt';" },
    ];
    expect(packagesOf('a.ts', files)).toEqual(['zod']);
  });

  test.each<[keyof typeof RULES, string, string]>([
    ['roomsKeepApart', 'device/x.ts', "import { a } from '../gateway/a.ts';"],
    ['roomsKeepApart', 'shared/x.ts', "import { a } from '../device/a.ts';"],
    ['roomsKeepApart', 'provisioning/x.ts', "import { a } from '../gateway/a.ts';"],
    ['roomsKeepApart', 'gateway/api/x.ts', "const a = await import('../../device/a.ts');"],
    ['packagesStayHome', 'device/x.ts', "import Database from 'better-sqlite3';"],
    ['pureStaysPure', 'gateway/policies/x.ts', 'const now = Date.now();'],
    ['pureStaysPure', 'device/gate.ts', "import { readFileSync } from 'node:fs';"],
    ['environmentIsForMains', 'gateway/x.ts', 'const home = process.env.HOME;'],
    ['moneyIsWhole', 'gateway/policies/x.ts', 'const yen = cost * 1.05;'],
    ['filesAreSmall', 'shared/x.ts', '\n'.repeat(LINES_MAX + 1)],
    ['namesAreKebab', 'shared/CardId.ts', ''],
    ['browsersAreWatched', 'tests/site/x.test.ts', "import { chromium } from 'playwright-core';"],
    ['nothingFromOutsideIsUnpacked', 'gateway/api/x.ts', 'const text = gunzipSync(body);'],
    ['nothingFromOutsideIsUnpacked', 'device/x.ts', "import { unzip } from 'fflate';"],
    ['nothingBanned', 'tests/x.test.ts', "test.skip('later', () => {});"],
    ['nothingBanned', 'shared/x.ts', 'const a = b as any;'],
  ])('%s in %s', (name, path, text) => {
    expect(RULES[name]({ path, text })).not.toEqual([]);
  });
});
