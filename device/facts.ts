/** Facts about the machine that the manager's view shows (端末の状態の元データ). */
import { statfsSync } from 'node:fs';

/** Bytes of the file system that the journal lies on. */
export const diskOf = (
  folder: string,
): { readonly freeBytes: number; readonly totalBytes: number } | undefined => {
  try {
    const { bavail, blocks, bsize } = statfsSync(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return undefined;
  }
};
