/** Collects what a part tells, and waits for what a check is after (待ち受け). */

export interface Watch<Event> {
  readonly events: readonly Event[];
  /** The first event from `from` on that fits; undefined when none comes in time. */
  readonly wait: <Wanted extends Event>(
    fits: (event: Event) => event is Wanted,
    timeoutMs: number,
    from?: number,
  ) => Promise<Wanted | undefined>;
  readonly close: () => Promise<void>;
}

export const watch = <Event>(
  open: (emit: (event: Event) => void) => { readonly close: () => Promise<void> },
): Watch<Event> => {
  const events: Event[] = [];
  const looking = new Set<() => void>();
  const part = open((event) => {
    events.push(event);
    for (const look of [...looking]) look();
  });
  return {
    events,
    wait: (fits, timeoutMs, from = 0) =>
      new Promise((done) => {
        const look = (): void => {
          const found = events.slice(from).find(fits);
          if (found !== undefined) finish(found);
        };
        const finish = (found: Parameters<typeof done>[0]): void => {
          clearTimeout(late);
          looking.delete(look);
          done(found);
        };
        const late = setTimeout(() => finish(undefined), timeoutMs);
        looking.add(look);
        look();
      }),
    close: part.close,
  };
};
