/** What the Debian package holds: for each processor everything that runs there, and nothing that does not. */
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../provisioning/packaging/compile.ts';
import { type Arch, copyModules, runtimeModules } from '../../provisioning/packaging/modules.ts';
import { debianPackage, HOST_ARCH } from '../fixtures/debian-package.ts';

describe('compile', () => {
  test.each([
    ['an import', "import { a } from './a.ts';", "import { a } from './a.js';", ['device/a.ts']],
    ['a type', "import type { A } from './a.ts';", '', []],
    ['one from above', "import { b } from '../shared/b.ts';", "'../shared/b.js'", ['shared/b.ts']],
    [
      'a program that is forked',
      "new URL('./host.ts', import.meta.url)",
      "'./host.js'",
      ['device/host.ts'],
    ],
    ['a package', "import { z } from 'zod';", "import { z } from 'zod';", []],
    ['an annotation', 'const a: number = 1;', 'const a         = 1;', []],
  ])('%s', (_what, source, text, references) => {
    const compiled = compile('device/x.ts', source);
    expect(compiled.text).toContain(text);
    expect(compiled.references).toEqual(references);
    expect(compiled.path).toBe('device/x.js');
  });

  test('a line keeps its number', () => {
    const source = 'interface A {\n  b: string;\n}\nconst c: A = d;\n';
    expect(compile('x.ts', source).text.split('\n')[3]).toMatch(/^const c {4}= d;$/);
  });
});

describe('the modules that run', () => {
  const lock = JSON.stringify({
    packages: {
      '': {},
      'node_modules/zod': {},
      'node_modules/vitest': { dev: true },
      'node_modules/either': { devOptional: true },
      'node_modules/onoff': { optional: true },
      'node_modules/a/node_modules/b': {},
      'node_modules/nan': { optional: true },
      'node_modules/@types/node': {},
    },
  });
  test('are those of the lock file that neither build nor test', () => {
    expect(runtimeModules(lock)).toEqual([
      { path: 'node_modules/zod', isOptional: false },
      { path: 'node_modules/onoff', isOptional: true },
      { path: 'node_modules/a/node_modules/b', isOptional: false },
    ]);
  });

  test('are refused where one is missing that nothing starts without', () => {
    const folder = mkdtempSync(join(tmpdir(), 'genba-modules-'));
    writeFileSync(join(folder, 'package-lock.json'), lock);
    mkdirSync(join(folder, 'node_modules/zod'), { recursive: true });
    expect(() => copyModules(folder, 'amd64', join(folder, 'to'))).toThrow(
      'not installed: node_modules/a/node_modules/b;',
    );
    mkdirSync(join(folder, 'node_modules/a/node_modules/b'), { recursive: true });
    copyModules(folder, 'amd64', join(folder, 'to'));
    expect(readdirSync(join(folder, 'to/node_modules')).sort()).toEqual(['a', 'zod']);
    rmSync(folder, { recursive: true });
  });
});

/** ELF header: machine at byte 18. */
const ELF_MACHINE: Readonly<Record<Arch, number>> = { amd64: 62, arm64: 183 };
const machineOf = (file: string): number => readFileSync(file).readUInt16LE(18);

const field = (file: string, name: string): string =>
  execFileSync('dpkg-deb', ['--field', file, name], { encoding: 'utf8' }).trim();

describe.each<Arch>(['amd64', 'arm64'])('the package for %s', (arch) => {
  let file: string;
  let tree: string;
  const home = () => join(tree, 'usr/lib/genba-tap');
  const all = (): readonly string[] => readdirSync(tree, { recursive: true, encoding: 'utf8' });
  beforeAll(async () => {
    file = await debianPackage('0.1.0', arch);
    tree = mkdtempSync(join(tmpdir(), 'genba-tree-'));
    execFileSync('dpkg-deb', ['--extract', file, tree]);
  }, 300_000);
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  test('says what it is and needs', () => {
    expect(field(file, 'Architecture')).toBe(arch);
    expect(field(file, 'Depends')).toContain('pcscd');
    expect(Number(field(file, 'Installed-Size'))).toBeGreaterThan(100_000);
  });

  test('has Node and every addon for that processor, and for no other', () => {
    const addons = readdirSync(home(), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.node'),
    );
    expect(addons.map((path) => path.split('/').at(-1)).sort()).toEqual([
      expect.stringMatching(/^@serialport\+bindings-cpp\..*glibc\.node$/),
      'epoll.node',
      expect.stringMatching(/^linux-(x64|arm64)\.node$/),
      'pcsclite.node',
      'unix_dgram.node',
    ]);
    for (const path of ['node/bin/node', ...addons])
      expect([path, machineOf(join(home(), path))]).toEqual([path, ELF_MACHINE[arch]]);
  });

  test('has units, rules, users, commands and the words about it', () => {
    for (const path of [
      'usr/bin/genba',
      'usr/bin/genba-terminal',
      'usr/bin/genba-gateway',
      'usr/lib/systemd/system/genba-terminal.service',
      'usr/lib/systemd/system/genba-kiosk.service',
      'usr/lib/systemd/system/genba-names-key.service',
      'usr/lib/sysusers.d/genba-tap.conf',
      'usr/lib/tmpfiles.d/genba-tap.conf',
      'usr/lib/udev/rules.d/60-genba-tap.rules',
      'usr/share/polkit-1/rules.d/50-genba-pcsc.rules',
      'usr/share/doc/genba-tap/README.ja.md',
    ])
      expect([path, statSync(join(tree, path)).isFile()]).toEqual([path, true]);
    expect(statSync(join(tree, 'usr/bin/genba')).mode & 0o777).toBe(0o755);
  });

  test('has no source, no test and no tool', () => {
    const strangers = all().filter((path) => /\.ts$|tsconfig|vitest|biome|\/tests?\//.test(path));
    expect(strangers.filter((path) => path.startsWith('usr/lib/genba-tap/node_modules/'))).toEqual(
      strangers,
    );
    expect(strangers.filter((path) => /\.ts$|vitest|biome/.test(path))).toEqual([]);
  });

  // What is for another processor cannot run here.
  if (arch !== HOST_ARCH) return;
  test('its modules and programs load under its own Node', () => {
    const ours = all().filter((path) => path.endsWith('.js') && !path.includes('node_modules'));
    const names = new Set(
      ours
        .filter((path) => !path.includes('/page/'))
        .flatMap((path) => [
          ...readFileSync(join(tree, path), 'utf8').matchAll(/(?:from |import\()'(@?\w[\w./-]*)'/g),
        ])
        .map(([, name]) => name),
    );
    expect(names.size).toBeGreaterThan(15);
    // One of them wants it to be there before.
    const script = `await import('reflect-metadata'); for (const name of ${JSON.stringify([...names])}) await import(name);`;
    const node = join(home(), 'node/bin/node');
    const run = (...parameters: readonly string[]): string =>
      execFileSync(node, parameters, { cwd: home(), encoding: 'utf8' });
    expect(run('--input-type=module', '-e', script)).toBe('');
    expect(run('provisioning/genba.js', '--version')).toBe('0.1.0\n');
  });
});
