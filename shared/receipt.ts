/**
 * The receipt (受領証): the gateway says how far a journal is committed on its disk.
 *
 * It is the only thing that settles an entry; a broker's acknowledgement proves nothing. It is
 * cumulative, signed, and names the chain hash it stands for, so that a receipt for another history
 * cannot settle this one.
 */
import { z } from 'zod';
import { CHAIN_HASH_PATTERN } from './chain.ts';
import { JournalId, TerminalId } from './ids.ts';
import { RefusalReason } from './refusal.ts';
import { faulty, ok, parseJsonAs, type Result } from './result.ts';
import type { Signer, Verifier } from './signature.ts';

const RECEIPT_BYTES_MAX = 2_048;

const ReceiptFields = z.object({
  terminalId: TerminalId,
  journalId: JournalId,
  /** Every entry up to here is on the gateway's disk; 0 = none yet. */
  committedSeq: z.int().min(0),
  /** Chain hash at `committedSeq`. */
  headHash: z.string().regex(CHAIN_HASH_PATTERN),
  /** Why the batch that led to this receipt was not taken; absent when it was. */
  refused: RefusalReason.optional(),
});
export type Receipt = z.infer<typeof ReceiptFields>;

const SignedReceipt = z.object({
  v: z.literal(1),
  ...ReceiptFields.shape,
  signature: z.base64().max(100),
});

const signedText = ({ terminalId, journalId, committedSeq, headHash, refused }: Receipt): string =>
  ['genba-tap receipt v1', terminalId, journalId, committedSeq, headHash, refused ?? ''].join('\n');

export const encodeReceipt = (receipt: Receipt, signer: Signer): Buffer =>
  Buffer.from(JSON.stringify({ v: 1, ...receipt, signature: signer.sign(signedText(receipt)) }));

/** Reads a receipt and believes it only when the gateway's key signed it. */
export const parseReceipt = (bytes: Uint8Array, verify: Verifier): Result<Receipt> => {
  if (bytes.length > RECEIPT_BYTES_MAX) {
    return faulty({
      place: '',
      message: `is ${bytes.length} bytes; the limit is ${RECEIPT_BYTES_MAX}`,
    });
  }
  const parsed = parseJsonAs(SignedReceipt, Buffer.from(bytes).toString('utf8'));
  if (!parsed.ok) return parsed;
  const { v: _, signature, ...receipt } = parsed.value;
  return verify(signedText(receipt), signature)
    ? ok(receipt)
    : faulty({
        place: '/signature',
        message: 'is not by the gateway this terminal is enrolled at',
      });
};
