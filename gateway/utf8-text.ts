/** Text of a JSON document from outside (文字コード): UTF-8, as RFC 8259 has it; nothing else is guessed or mended. */
import { constants, isUtf8 } from 'node:buffer';
import { faulty, ok, type Result } from '../shared/result.ts';
import { decodedCsv } from './csv/decode-csv.ts';
import { createFaultList } from './fault-list.ts';

/** Without its byte order mark. A fault names line and character of each byte that is none. */
export const utf8Text = (bytes: Uint8Array): Result<string> => {
  if (bytes.length > constants.MAX_STRING_LENGTH)
    return faulty({ place: '', message: `is longer than ${constants.MAX_STRING_LENGTH} bytes` });
  if (isUtf8(bytes)) return ok(new TextDecoder().decode(bytes));
  const faults = createFaultList();
  for (const _piece of decodedCsv(bytes, 'utf-8', faults));
  return { ok: false, faults: faults.faults() };
};
