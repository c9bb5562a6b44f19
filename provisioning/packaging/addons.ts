/**
 * Addons that come as source (ネイティブ部品): taken as npm built them here, or compiled for the other machine.
 *
 * For another processor the library of pcscd is stood in for by an empty one of the same name: what an
 * addon keeps of it is the name, and the real one is there where the package is installed.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Arch, NODE_ARCH } from './modules.ts';

interface Addon {
  readonly module: string;
  readonly name: string;
  readonly sources: readonly string[];
  readonly libraries: readonly string[];
}

const ADDONS: readonly Addon[] = [
  {
    module: '@pokusew/pcsclite',
    name: 'pcsclite',
    sources: ['src/addon.cpp', 'src/pcsclite.cpp', 'src/cardreader.cpp'],
    libraries: ['pcsclite'],
  },
  { module: 'unix-dgram', name: 'unix_dgram', sources: ['src/unix_dgram.cc'], libraries: [] },
  { module: 'epoll', name: 'epoll', sources: ['src/epoll.cc'], libraries: [] },
];

const PCSC_HEADERS = '/usr/include/PCSC';
const COMPILER: Readonly<Record<Arch, string>> = {
  amd64: 'x86_64-linux-gnu-g++',
  arm64: 'aarch64-linux-gnu-g++',
};

const standIn = (compiler: string, library: string, folder: string): void => {
  const source = join(folder, `${library}.c`);
  writeFileSync(source, '');
  execFileSync(compiler, [
    ...['-x', 'c', '-shared', '-fPIC', `-Wl,-soname,lib${library}.so.1`],
    ...['-o', join(folder, `lib${library}.so`), source],
  ]);
};

const crossCompile = (
  root: string,
  { module, name, sources, libraries }: Addon,
  { arch, node, work }: { readonly arch: Arch; readonly node: string; readonly work: string },
  to: string,
): void => {
  const compiler = COMPILER[arch];
  for (const library of libraries) standIn(compiler, library, work);
  const includes = [join(node, 'include/node'), join(root, 'node_modules/nan'), PCSC_HEADERS];
  execFileSync(
    compiler,
    [
      ...['-shared', '-fPIC', '-O2', '-std=gnu++20', '-w', '-fno-strict-aliasing'],
      ...[`-DNODE_GYP_MODULE_NAME=${name}`, '-DBUILDING_NODE_EXTENSION'],
      ...includes.map((folder) => `-I${folder}`),
      ...sources.map((source) => join(root, 'node_modules', module, source)),
      ...[`-L${work}`, '-Wl,--no-as-needed', ...libraries.map((library) => `-l${library}`)],
      ...['-o', to],
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
};

/** An addon of another Node loads in none but that; better here than at the gate. */
const assertLoads = (addon: string, node: string): void => {
  execFileSync(join(node, 'bin/node'), [
    ...['-e', `process.dlopen({ exports: {} }, ${JSON.stringify(addon)})`],
  ]);
};

export interface AddonBuild {
  readonly arch: Arch;
  /** Folder of the Node of that processor, with its headers. */
  readonly node: string;
  /** Folder for what is needed on the way. */
  readonly work: string;
}

/** Puts every addon where its module looks for it, below `to`. Throws where one cannot be had. */
export const putAddons = (root: string, build: AddonBuild, to: string): void => {
  for (const addon of ADDONS) {
    const place = join('node_modules', addon.module, 'build/Release', `${addon.name}.node`);
    const target = join(to, place);
    mkdirSync(dirname(target), { recursive: true });
    if (NODE_ARCH[build.arch] !== process.arch) {
      crossCompile(root, addon, build, target);
      continue;
    }
    const built = join(root, place);
    if (!existsSync(built))
      throw new Error(`${place} is not built here: libpcsclite-dev and a compiler, then npm ci`);
    copyFileSync(built, target);
    assertLoads(target, build.node);
  }
};
