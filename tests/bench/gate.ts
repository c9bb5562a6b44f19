/** `gate`: the decision about one touch with a roster of 5,000 workers, against looking up its card. */
import { decide, indexRoster } from '../../device/gate.ts';
import type { Presented } from '../../shared/entry.ts';
import { DAY_MS } from '../../shared/time.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { largeRoster } from '../fixtures/roster.ts';
import { type Figure, figure, milliseconds, percentile } from './figures.ts';

const WORKERS = 5_000;
const DECISIONS = 100_000;

export const gate = async (): Promise<readonly Figure[]> => {
  const roster = largeRoster(WORKERS);
  const rosterIndex = indexRoster(roster);
  const reading = createFakeClock('2026-11-24T07:00:00+09:00').read();
  const cards = roster.workers.map(({ cards: [card] }) => card?.cardId ?? '');
  const plain = new Map(cards.map((cardId, index) => [cardId, index]));
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let count = 0; count < DECISIONS; count += 1) {
    const cardId = cards[(count * 7_919) % cards.length];
    const presented = { by: 'card', cardId } as Presented;
    ours.push(
      milliseconds(() => {
        decide({
          presented,
          rosterIndex,
          lastTouch: undefined,
          reading,
          repeatWindowMs: 60_000,
          rosterMaxAgeMs: 7 * DAY_MS,
        });
      }),
    );
    theirs.push(milliseconds(() => void plain.get(cardId ?? '')));
  }
  return [
    figure(
      `gate p99, ${WORKERS} workers`,
      percentile(ours, 0.99),
      'ms',
      'one lookup in a Map, timed alike',
      percentile(theirs, 0.99),
    ),
  ];
};
