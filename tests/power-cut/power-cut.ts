/** Runs a program whose disk can lose its power, and gives back what such a disk would hold. */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preloadable } from '../fixtures/preload.ts';

const SOURCE = fileURLToPath(new URL('./power-cut.c', import.meta.url));

export interface PowerCutDisk {
  /** Folder that the program works in. */
  readonly root: string;
  /** For the program's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** After the program was killed: the folder now holds what was synced, and nothing else. */
  readonly cut: () => void;
  /** What is in the folder now counts as synced: somebody looked at it, or wrote to it, without the cut. */
  readonly settle: () => void;
}

const copyAll = (from: string, to: string): void => {
  for (const name of readdirSync(from)) {
    if (!name.startsWith('.') && !name.endsWith('.fresh'))
      copyFileSync(join(from, name), join(to, name));
  }
};

/** `folder` is made; it holds the working folder and what survives. */
export const createPowerCutDisk = (folder: string): PowerCutDisk => {
  const root = join(folder, 'disk');
  const survives = join(folder, 'survives');
  for (const each of [root, survives]) mkdirSync(each, { recursive: true });
  return {
    root,
    env: { LD_PRELOAD: preloadable(SOURCE), POWER_CUT_ROOT: root, POWER_CUT_SURVIVES: survives },
    cut: () => {
      rmSync(root, { recursive: true });
      mkdirSync(root);
      copyAll(survives, root);
    },
    settle: () => {
      rmSync(survives, { recursive: true });
      mkdirSync(survives);
      copyAll(root, survives);
    },
  };
};
