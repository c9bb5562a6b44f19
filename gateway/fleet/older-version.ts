/** Whether a program's version is before another's (版の前後): pure. */

const PARTS = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})$/;

/** By major, minor and patch; whatever is written otherwise, such as a trial build, is before nothing. */
export const isOlderVersion = (version: string, than: string): boolean => {
  const [own, other] = [PARTS.exec(version), PARTS.exec(than)];
  if (own === null || other === null) return false;
  for (const part of [1, 2, 3]) {
    const difference = Number(own[part]) - Number(other[part]);
    if (difference !== 0) return difference < 0;
  }
  return false;
};
