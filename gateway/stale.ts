/**
 * What a registry change makes stale (再計算の範囲): exactly the people, sites and dates that it can reach.
 *
 * Attendance rests on who held which card, on how a site reckons its days, and on corrections; everything
 * else of the registry is read when a report is made.
 */
import type { CardId, WorkerId } from '../shared/ids.ts';
import { DAY_MS, type Dated, startOfDate, utcMs, type WorkDate } from '../shared/time.ts';
import { spanOf } from './attendance/moment-spans.ts';
import type { RegistryChange } from './registry/registry-diff.ts';
import type { Registry, RegistryRow } from './registry/registry-document.ts';
import { ALWAYS, type Bearer, type Ledger, type MomentSpan } from './store/ledger.ts';

/** A work date may begin later than its calendar day, by up to a day. */
const spanOfWorkDate = (date: WorkDate): MomentSpan => ({
  from: startOfDate(date),
  to: utcMs(startOfDate(date) + 2 * DAY_MS),
});

type Correction = RegistryRow<'corrections'>;
type Marks = Pick<Ledger, 'markDirty' | 'sitesOfBearer' | 'bearers'>;

/** Whoever held the card, on whichever side of the change, wherever it was touched in that time. */
const markCard = (
  ledger: Marks,
  { cardId, workerId, ...dates }: { readonly cardId: CardId; readonly workerId: WorkerId } & Dated,
): void => {
  const span = spanOf(dates);
  const card: Bearer = { kind: 'card', cardId };
  for (const siteId of ledger.sitesOfBearer(card, span)) {
    ledger.markDirty({ siteId, bearer: card, ...span });
    ledger.markDirty({ siteId, bearer: { kind: 'worker', workerId }, ...span });
  }
};

const markCorrected = (
  ledger: Marks,
  { siteId, workerId, workDate }: Pick<Correction, 'siteId' | 'workerId' | 'workDate'>,
): void => {
  const bearer: Bearer = { kind: 'worker', workerId };
  ledger.markDirty({ siteId, bearer, ...spanOfWorkDate(workDate) });
};

/** Marks dirty what the changes can reach; `next`: the registry after them. */
export const markStale = (
  ledger: Marks,
  changes: readonly RegistryChange[],
  next: Pick<Registry, 'corrections'>,
): void => {
  for (const change of changes) {
    switch (change.table) {
      case 'cards':
        if (change.kind !== 'added') markCard(ledger, change.before);
        if (change.kind !== 'removed') markCard(ledger, change.after);
        break;
      case 'sites': {
        const before = change.kind === 'added' ? undefined : change.before;
        const after = change.kind === 'removed' ? undefined : change.after;
        const siteId = (after ?? before)?.siteId;
        const isSame =
          before?.dayStart === after?.dayStart && before?.maxShiftHours === after?.maxShiftHours;
        if (siteId === undefined || isSame) break;
        for (const { bearer } of ledger.bearers(siteId))
          ledger.markDirty({ siteId, bearer, ...ALWAYS });
        // Somebody may be vouched for who never touched there.
        for (const row of next.corrections) if (row.siteId === siteId) markCorrected(ledger, row);
        break;
      }
      case 'corrections':
        for (const row of [
          ...(change.kind === 'added' ? [] : [change.before]),
          ...(change.kind === 'removed' ? [] : [change.after]),
        ])
          markCorrected(ledger, row);
        break;
      default:
        break;
    }
  }
};
