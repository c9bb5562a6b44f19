/** What a technician is told, in Japanese, of a file that cannot be read or written (ファイルの誤り). */

const FAULTS: Readonly<Record<string, string>> = {
  EACCES: '権限がありません。sudo を付けて実行してください',
  EPERM: '権限がありません。sudo を付けて実行してください',
  ENOENT: 'ファイルかフォルダがありません',
  ENOTDIR: '途中の名前がフォルダではありません',
  EISDIR: 'フォルダです。ファイルを指定してください',
  EEXIST: 'すでにあります',
  ENOSPC: '空きがありません',
  EFBIG: 'この媒体には大きすぎます。FAT32でないものにしてください',
  EROFS: '書き込めない媒体です',
  EIO: '読み書きできません。媒体が壊れているかもしれません',
};

/**
 * Of an error of the file system, with its path; undefined = another error, which may be a bug of ours.
 *
 * @param file for errors that tell no path, as that of reading a folder
 */
export const fileFaultJa = (cause: unknown, file?: string): string | undefined => {
  if (!(cause instanceof Error) || !('code' in cause)) return undefined;
  const words = FAULTS[String(cause.code)];
  if (words === undefined) return undefined;
  const path = 'path' in cause && typeof cause.path === 'string' ? cause.path : file;
  return path === undefined ? undefined : `${path}: ${words}`;
};
