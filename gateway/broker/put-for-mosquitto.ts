/** A file that mosquitto reads, put whole into the place of the one before. */
import { chmodSync, chownSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../shared/replace-file.ts';

/** For the group of the folder, whatever the umask: mosquitto runs as another user than the gateway. */
export const putForMosquitto = (dir: string, name: string, text: string): void => {
  const { uid, gid } = statSync(dir);
  replaceFile(join(dir, name), text, (path) => {
    chmodSync(path, 0o640);
    if (process.getuid?.() === 0) chownSync(path, uid, gid);
  });
};
