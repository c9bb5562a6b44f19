/** The modules that the services need at run time, for one machine, without what only builds or tests them. */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';

/** Processors that there is a package for, by Debian's name; the value is Node's. */
export const NODE_ARCH = { amd64: 'x64', arm64: 'arm64' } as const;
export type Arch = keyof typeof NODE_ARCH;

interface LockedModule {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
}

/** Needed to compile, never to run. */
const BUILD_ONLY = /^node_modules\/(.*\/)?(nan|node-addon-api|@types\/[^/]+)$/;
const LICENCE = /^(licen[cs]e|copying|notice)/i;
const DROPPED_FILES =
  /(\.(ts|mts|cts|map|md|markdown|c|cc|cpp|h|hpp|gyp|gypi|o|obj)|\.tsbuildinfo)$/;
/** At the top of a module. */
const DROPPED_FOLDERS =
  /^(node_modules|deps|docs?|examples?|benchmarks?|tests?|__tests__|\.github)$/;
/** What node-gyp made on the machine that builds the package. */
const isBuiltHere = (module: string, path: string): boolean =>
  path === 'build' && existsSync(join(module, 'binding.gyp'));

export interface RuntimeModule {
  /** Its folder, relative to the project, as the lock file names it. */
  readonly path: string;
  /** May be missing: it is for another platform, or could not be built here. */
  readonly isOptional: boolean;
}

/** What the lock file says that the services need at run time. */
export const runtimeModules = (lockText: string): readonly RuntimeModule[] => {
  const { packages } = JSON.parse(lockText) as { packages: Record<string, LockedModule> };
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
    .filter(([path]) => !BUILD_ONLY.test(path))
    .map(([path, { optional }]) => ({ path, isOptional: optional === true }));
};

/** Prebuilt addons lie as `prebuilds/linux-arm64.node` or as `prebuilds/linux-arm64/….glibc.node`. */
const isOtherPrebuild = (path: string, arch: Arch): boolean => {
  const [, platform] = /(?:^|\/)prebuilds\/([^/]+)/.exec(path) ?? [];
  if (platform === undefined) return false;
  const wanted = `linux-${NODE_ARCH[arch]}`;
  return ![wanted, `${wanted}.node`].includes(platform) || path.includes('.musl.');
};

const isKept = (path: string, arch: Arch): boolean => {
  const name = basename(path);
  if (isOtherPrebuild(path, arch)) return false;
  return LICENCE.test(name) || !DROPPED_FILES.test(name);
};

/**
 * Copies each module from the project's own folder, which `npm ci` filled by the lock file. Throws where one is
 * missing that the services cannot start without.
 */
export const copyModules = (root: string, arch: Arch, to: string): void => {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const modules = runtimeModules(lock);
  const isThere = ({ path }: RuntimeModule): boolean => existsSync(join(root, path));
  const missing = modules.filter((module) => !module.isOptional && !isThere(module));
  if (missing.length > 0)
    throw new Error(`not installed: ${missing.map(({ path }) => path).join(', ')}; npm ci does it`);
  for (const module of modules.filter(isThere)) {
    const from = join(root, module.path);
    cpSync(from, join(to, module.path), {
      recursive: true,
      filter: (source) => {
        const path = relative(from, source).split(sep).join('/');
        return !DROPPED_FOLDERS.test(path) && !isBuiltHere(from, path) && isKept(path, arch);
      },
    });
  }
};
