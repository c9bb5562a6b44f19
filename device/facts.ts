/** Facts about the machine that the manager's view shows (端末の状態の元データ). */
import { X509Certificate } from 'node:crypto';
import { readFileSync, statfsSync } from 'node:fs';
import { type UtcMs, utcMs } from '../shared/time.ts';

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

/** Until when a PEM certificate is valid. */
export const certificateEnds = (file: string): UtcMs | undefined => {
  try {
    return utcMs(new X509Certificate(readFileSync(file)).validToDate.getTime());
  } catch {
    return undefined;
  }
};
