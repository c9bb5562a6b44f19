/** A document that the gateway signs for terminals (署名つき文書): the signature on the first line, its JSON after it. */
import { faulty, ok, type Result } from './result.ts';
import type { Signer, Verifier } from './signature.ts';

/** What the signature is for, so that no document passes for one of another kind, such as `genba-tap roster v1`. */
const signed = (purpose: string, text: string): string => `${purpose}\n${text}`;

export const encodeSigned = (purpose: string, text: string, signer: Signer): Buffer =>
  Buffer.from(`${signer.sign(signed(purpose, text))}\n${text}`);

/** The text, believed only when the gateway's key signed it. Faults: too large, not signed. */
export const openSigned = (
  bytes: Uint8Array,
  {
    purpose,
    bytesMax,
    verify,
  }: { readonly purpose: string; readonly bytesMax: number; readonly verify: Verifier },
): Result<string> => {
  if (bytes.length > bytesMax)
    return faulty({ place: '', message: `is ${bytes.length} bytes; the limit is ${bytesMax}` });
  const all = Buffer.from(bytes).toString('utf8');
  const lineEnd = all.indexOf('\n');
  const text = all.slice(lineEnd + 1);
  return lineEnd >= 0 && verify(signed(purpose, text), all.slice(0, lineEnd))
    ? ok(text)
    : faulty({ place: '', message: 'is not signed by the gateway this terminal is enrolled at' });
};
