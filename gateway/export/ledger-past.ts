/**
 * What the ledger was at an earlier position (過去の時点の台帳), from the lines of an export: the entries up to it, the
 * registry that counted, the corrections that had been decided.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { UtcMs } from '../../shared/time.ts';
import { createJournalReader } from '../attendance/touches-of-journals.ts';
import { parseRegistryDocument } from '../registry/parse-registry.ts';
import { EMPTY_REGISTRY, type Registry, type RegistryRow } from '../registry/registry-document.ts';
import { basisOfJournals, type ReportBasis } from '../report-basis.ts';
import type { StatementPosition } from '../statements/statement-store.ts';
import type { SoundLine } from './verify-export.ts';

export type LostPast =
  /** The registry that counted was removed on purpose. */
  | 'registry-purged'
  /** Today's rules for registries refuse the one that counted. */
  | 'registry-refused';

export type PastBasis =
  | { readonly kind: 'known'; readonly basis: ReportBasis }
  | { readonly kind: 'lost'; readonly because: LostPast };

export interface LedgerPast {
  /** Every line of the export that stands before the first statement, in order. */
  readonly take: (line: SoundLine) => void;
  /** The last position is kept: what was issued in one go rests on one. */
  readonly at: (position: StatementPosition) => PastBasis;
  /** When the last of the entries up to a position came in whose texts were removed on purpose. */
  readonly purgedUntil: (position: StatementPosition) => UtcMs | undefined;
}

export const createLedgerPast = (): LedgerPast => {
  const journals = createJournalReader();
  /** Deflated, as a registry is large and comes often; null where it was removed. */
  const registries = new Map<number, Buffer | null>();
  const approved: { decisionNo: number; row: RegistryRow<'corrections'> }[] = [];
  const purged: { ledgerNo: number; receivedAt: UtcMs }[] = [];
  let last: { readonly key: string; readonly past: PastBasis } | undefined;

  const registryAt = (importNo: number): Registry | LostPast => {
    const text = registries.get(importNo);
    if (text === null) return 'registry-purged';
    if (text === undefined) return EMPTY_REGISTRY;
    const parsed = parseRegistryDocument(JSON.parse(inflateRawSync(text).toString('utf8')));
    return parsed.ok ? parsed.value : 'registry-refused';
  };

  const basisAt = ({ ledgerNo, importNo, decisionNo }: StatementPosition): PastBasis => {
    const registry = registryAt(importNo);
    if (typeof registry === 'string') return { kind: 'lost', because: registry };
    const decided = approved.filter((each) => each.decisionNo <= decisionNo);
    return {
      kind: 'known',
      basis: basisOfJournals(
        registry,
        journals.meanings(ledgerNo),
        decided.map(({ row }) => row),
      ),
    };
  };

  return {
    take: (line) => {
      if (line.kind === 'registry')
        registries.set(line.importNo, line.text === undefined ? null : deflateRawSync(line.text));
      else if (line.kind === 'correction')
        approved.push({ decisionNo: line.decisionNo ?? 0, row: line.row });
      else if (line.kind === 'entry' && line.entry !== undefined)
        journals.take(line.journal, { ...line, entry: line.entry });
      else if (line.kind === 'entry' && line.isPurged) purged.push(line);
    },
    at: (position) => {
      const key = `${position.ledgerNo} ${position.importNo} ${position.decisionNo}`;
      if (last?.key !== key) last = { key, past: basisAt(position) };
      return last.past;
    },
    purgedUntil: ({ ledgerNo }) =>
      purged.reduce<UtcMs | undefined>(
        (until, each) =>
          each.ledgerNo > ledgerNo || (until !== undefined && until >= each.receivedAt)
            ? until
            : each.receivedAt,
        undefined,
      ),
  };
};
