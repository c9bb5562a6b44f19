/**
 * How much one client may have open at once (同時接続・同時要求の制限): connections, and requests, each of which holds its
 * answer in memory until it was read, or waits for news. Without a clock: who is refused may come when one of the
 * others has ended.
 */

/** `client`: token, user or address. Gives the way to leave again, once; undefined where the client has no place left. */
export type TakePlace = (client: string) => (() => void) | undefined;

export const createPlaces = (perClient: number): TakePlace => {
  const takenBy = new Map<string, number>();
  return (client) => {
    const taken = takenBy.get(client) ?? 0;
    if (taken >= perClient) return undefined;
    takenBy.set(client, taken + 1);
    let isThere = true;
    return () => {
      if (!isThere) return;
      isThere = false;
      const left = (takenBy.get(client) ?? 1) - 1;
      if (left > 0) takenBy.set(client, left);
      else takenBy.delete(client);
    };
  };
};
