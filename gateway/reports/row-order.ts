/** Rows of reports stand in the order of their keys; an absent key comes first. */

export const byKeys =
  <Row>(keys: readonly (keyof Row)[]) =>
  (a: Row, b: Row): number => {
    for (const key of keys) {
      const left = String(a[key] ?? '');
      const right = String(b[key] ?? '');
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
