/** What a receipt (受領証) settles of this terminal's journal. */
import type { Log } from '../shared/log.ts';
import { parseReceipt } from '../shared/receipt.ts';
import type { Verifier } from '../shared/signature.ts';
import type { Journal } from './journal.ts';
import type { SyncEvent } from './sync.ts';

/** Undefined where it is not the gateway's, which is logged, or is for another journal. */
export const settledBy = (
  bytes: Uint8Array,
  {
    journal,
    verifyGateway,
    log,
  }: { readonly journal: Journal; readonly verifyGateway: Verifier; readonly log: Log },
): Pick<Extract<SyncEvent, { kind: 'receipt' }>, 'committedSeq' | 'refused'> | undefined => {
  const parsed = parseReceipt(bytes, verifyGateway);
  if (!parsed.ok) {
    log('a receipt was refused', { reason: parsed.faults[0]?.message ?? '' });
    return undefined;
  }
  const { terminalId, journalId, committedSeq, headHash, refused } = parsed.value;
  // A receipt for the journal that this machine had before its card was re-imaged settles nothing.
  if (terminalId !== journal.terminalId || journalId !== journal.journalId) return undefined;
  return journal.hashAt(committedSeq) === headHash
    ? { committedSeq, refused }
    : { committedSeq: journal.settledSeq(), refused: 'conflict' };
};
