/**
 * `npm run package`: the Debian package of terminal, gateway and technician's commands, for each processor.
 *
 * Everything that runs is inside: the pinned Node, our compiled programs, the modules with their addons.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tellUsageIfAsked } from '../shared/tell-usage.ts';
import { putAddons } from './packaging/addons.ts';
import { compileInto } from './packaging/compile.ts';
import { HOME, putDebianFiles } from './packaging/debian-tree.ts';
import { type Arch, copyModules, NODE_ARCH } from './packaging/modules.ts';

const USAGE = 'usage: npm run package [-- --arch amd64|arm64|all] [--version V] [--out FOLDER]';
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NODE_PIN = join(ROOT, 'provisioning/node');
const PROGRAMS = [
  'device/main.ts',
  'gateway/main.ts',
  'gateway/replay.ts',
  'provisioning/genba.ts',
];
/** Rooms whose files that are no sources, such as pages and style sheets, are read beside the code. */
const ROOMS = ['device', 'gateway', 'shared'];
const isReadBeside = (file: string): boolean =>
  statSync(file).isDirectory() || !(file.endsWith('.ts') || basename(file) === 'tsconfig.json');
/** Quick to build and to unpack on a Pi; Debian's dpkg reads it since 12. */
const COMPRESSION = ['-Zzstd', '-z9'];
const DEBIAN_VERSION = /^[0-9][A-Za-z0-9.+~-]*$/;

const refuse = (message: string): never => {
  process.stderr.write(`${message}\n${USAGE}\n`);
  process.exit(2);
};

const readArguments = () => {
  try {
    return parseArgs({
      options: {
        arch: { type: 'string', default: 'all' },
        version: { type: 'string' },
        out: { type: 'string' },
      },
    }).values;
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause));
  }
};

/** The pinned Node for a processor, from the npm registry where it is not this machine's. */
const nodeFor = (arch: Arch, work: string): string => {
  const name = `node-linux-${NODE_ARCH[arch]}`;
  const own = join(NODE_PIN, 'node_modules', name);
  if (existsSync(join(own, 'bin/node'))) return own;
  const folder = join(work, 'node');
  mkdirSync(folder);
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(join(NODE_PIN, file), join(folder, file));
  const forArch = [
    '--os=linux',
    `--cpu=${NODE_ARCH[arch]}`,
    '--ignore-scripts',
    '--loglevel=error',
  ];
  execFileSync('npm', ['ci', ...forArch], { cwd: folder, stdio: ['ignore', 2, 2] });
  return join(folder, 'node_modules', name);
};

const build = (arch: Arch, version: string, out: string): string => {
  const work = mkdtempSync(join(tmpdir(), 'genba-package-'));
  try {
    const tree = join(work, 'tree');
    const home = join(tree, HOME);
    mkdirSync(join(home, 'node/bin'), { recursive: true });
    chmodSync(tree, 0o755);
    const node = nodeFor(arch, work);
    for (const name of ['bin/node', 'LICENSE'])
      copyFileSync(join(node, name), join(home, 'node', name));
    compileInto(ROOT, PROGRAMS, home);
    for (const room of ROOMS)
      cpSync(join(ROOT, room), join(home, room), { recursive: true, filter: isReadBeside });
    copyModules(ROOT, arch, home);
    putAddons(ROOT, { arch, node, work }, home);
    putDebianFiles(ROOT, tree, { version, arch });
    mkdirSync(out, { recursive: true });
    const file = join(out, `genba-tap_${version}_${arch}.deb`);
    execFileSync('dpkg-deb', ['--root-owner-group', ...COMPRESSION, '--build', tree, file], {
      stdio: ['ignore', 2, 2],
    });
    return file;
  } finally {
    rmSync(work, { recursive: true });
  }
};

tellUsageIfAsked(process.argv.slice(2), USAGE);
const { arch, version: wanted, out = join(ROOT, '.state/package') } = readArguments();
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const version = wanted ?? String(manifest.version);
if (!DEBIAN_VERSION.test(version)) refuse(`--version ${version} is no version of a Debian package`);
const arches = Object.keys(NODE_ARCH).filter(
  (each): each is Arch => arch === 'all' || arch === each,
);
if (arches.length === 0) refuse(`--arch ${arch}: there are amd64 and arm64, or all`);
for (const each of arches) process.stdout.write(`${build(each, version, out)}\n`);
