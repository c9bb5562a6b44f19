/** 工事別共済証紙受払簿 of a contract, and 共済証紙受払簿 of a company over all its contracts. */
import { z } from 'zod';
import { CompanyId } from '../../shared/ids.ts';
import { ok } from '../../shared/result.ts';
import { Month, monthOf } from '../../shared/time.ts';
import { stampDeliveries, stampMonths } from '../policies/stamp-book.ts';
import { stampMovementsOf } from '../reports/contract-facts.ts';
import {
  ContractQuery,
  contractDocument,
  contractFactsJa,
  settledByStamps,
  wholeLife,
} from './contract-document.ts';
import type { Table } from './document.ts';
import { documentKind, notInOrder, notThere, refused } from './document-kind.ts';
import { companyName, issuerLines } from './names.ts';
import {
  counterpartTable,
  lapsedStampNotes,
  lapsedStamps,
  STAMP_NOTES,
  STAMP_SOURCES,
  stampBookTables,
} from './stamp-tables.ts';
import { monthJa } from './words-ja.ts';

export const stampLedgerDocument = contractDocument({
  name: 'stamp-ledger',
  titleJa: '工事別共済証紙受払簿',
  query: ContractQuery,
  content: ({ index, contract, primeId, movements }) => {
    const months = stampMonths(movements.filter(({ companyId }) => companyId === primeId));
    const lapsed = lapsedStamps(index, movements);
    const deliveries: Table = {
      kind: 'table',
      title: '下請ごとの交付の状況',
      columns: [
        { key: 'company', title: '企業名', kind: 'text' },
        { key: 'earnedDays', title: '必要な枚数', kind: 'count' },
        { key: 'receivedDays', title: '渡した枚数', kind: 'count' },
        { key: 'outstandingDays', title: 'まだ渡していない枚数（－は渡しすぎ）', kind: 'count' },
      ],
      rows: stampDeliveries(movements, primeId).map(({ companyId, ...row }) => ({
        company: companyName(index, companyId),
        ...row,
      })),
      empty: '下請の就労はありません',
    };
    return ok({
      sections: [
        { kind: 'facts', facts: contractFactsJa(index, { contract, primeId }) },
        ...stampBookTables(months),
        counterpartTable(index, months, 'issuedTo'),
        deliveries,
        ...lapsed,
      ],
      notes: [
        ...STAMP_NOTES,
        ...lapsedStampNotes(lapsed),
        '工事の完成後1年間、事業所に保管します。',
      ],
      sources: [...STAMP_SOURCES, '保管: http://miyagi-kentai.jp/k_rikou/index_.html'],
    });
  },
});

const bookQuery = z.object({
  companyId: CompanyId,
  from: Month.optional(),
  to: Month.optional(),
});

export const stampBookDocument = documentKind({
  name: 'stamp-book',
  titleJa: '共済証紙受払簿',
  query: bookQuery,
  needs: wholeLife,
  make: (input, { companyId, from, to }) => {
    const { index, asOf } = input;
    const faults = [
      index.companyById.has(companyId) ? undefined : notThere('companyId', companyId, 'companies'),
      notInOrder(from, to),
    ];
    if (faults.some((fault) => fault !== undefined)) return refused(...faults);
    const isAsked = (month: Month): boolean =>
      (from === undefined || month >= from) && (to === undefined || month <= to);
    const movements = stampMovementsOf({
      ...input,
      isSettled: settledByStamps(input),
    }).filter((movement) => movement.companyId === companyId);
    const lapsed = lapsedStamps(
      index,
      movements.filter(({ date }) => isAsked(monthOf(date))),
    );
    const months = stampMonths(movements).filter(({ month }) => isAsked(month));
    const span = [from, to].flatMap((month) => (month === undefined ? '' : monthJa(month)));
    return ok({
      name: 'stamp-book',
      language: 'ja',
      orientation: 'portrait',
      title: '共済証紙受払簿',
      ...(from === undefined && to === undefined ? {} : { subtitle: span.join(' ～ ') }),
      madeOn: asOf,
      issuer: issuerLines(index, companyId),
      sections: [
        ...stampBookTables(months),
        counterpartTable(index, months, 'receivedFrom'),
        counterpartTable(index, months, 'issuedTo'),
        ...lapsed,
      ],
      notes: [
        ...STAMP_NOTES,
        ...lapsedStampNotes(lapsed),
        'この台帳にある工事の受払だけを集計しています。',
      ],
      sources: STAMP_SOURCES,
    });
  },
});
