/**
 * Terminals that were taken back and whose place is empty (失効した端末): they stay on the fleet's list until a machine
 * enrols in their place, because touches may still lie on them. Pure.
 */
import type { RevokedTerminal } from '../fleet/contacts.ts';
import type { EnrolmentRow } from './enrolment-store.ts';

/** `enrolments` oldest first, as the store has them; a code that was never claimed was no terminal. */
export const revokedTerminals = (
  enrolments: readonly EnrolmentRow[],
): readonly RevokedTerminal[] => {
  const claimed = enrolments.filter((each) => each.claimed !== undefined);
  const standing = new Set(
    claimed.flatMap(({ ended, terminalId }) => (ended === undefined ? [terminalId] : [])),
  );
  const lastById = new Map(claimed.map((each) => [each.terminalId, each]));
  return [...lastById.values()].flatMap(({ terminalId, siteId, ended }) => {
    if (ended?.because !== 'revoked' || standing.has(terminalId)) return [];
    const { at, by } = ended;
    return [{ terminalId, siteId, at, why: by === 'gateway' ? 'cloned' : 'revoked', by }];
  });
};
