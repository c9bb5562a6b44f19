/** Saves a file on the USB stick that is mounted at a folder (USBメモリーへの保存). */

import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface UsbOutcome {
  /** What the manager reads where it did not work. */
  readonly fault?: string;
}

/** A folder on the same device as its parent has nothing mounted on it. */
const isMounted = async (folder: string): Promise<boolean> => {
  try {
    const [here, above] = await Promise.all([stat(folder), stat(dirname(folder))]);
    return here.dev !== above.dev;
  } catch {
    return false;
  }
};

/** Whole or not at all, and on the stick when this resolves: somebody will pull it out at once. */
export const saveToUsbStick = async (
  folder: string,
  name: string,
  text: string,
): Promise<UsbOutcome> => {
  if (!(await isMounted(folder))) return { fault: 'USBメモリーを差し込み、もう一度押してください' };
  const path = join(folder, name);
  const unfinished = `${path}.new`;
  try {
    const file = await open(unfinished, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
    const directory = await open(folder, 'r');
    await directory.sync().finally(() => directory.close());
    return {};
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    return {
      fault: `USBメモリーに保存できません。別のUSBメモリーでお試しください（${cause instanceof Error ? cause.message : cause}）`,
    };
  }
};
