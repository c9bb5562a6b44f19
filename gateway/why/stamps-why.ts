/** Why a row of `stamp-ledger` or `stamp-book` (受払簿) adds up so: every movement of the month, and the month before. */
import {
  type Counterpart,
  type ReasonedStampMonth,
  reasonedStampMonths,
} from '../policies/stamp-book.ts';
import type { StampMovement } from '../policies/stamp-movements.ts';
import { contractFacts } from '../reports/contract-facts.ts';
import type { Explain } from './explain.ts';
import { contributionLink } from './record-links.ts';
import { registryRow } from './registry-leaf.ts';
import { houseRule, kentaikyoRule } from './rule-leaf.ts';
import { decided, type Figure, link, type RowKey, sum, type WhyNode } from './why.ts';

const DAYS = { unit: 'days' } as const;

const sourceNode = ({ source }: StampMovement): WhyNode => {
  switch (source.of) {
    case 'purchase':
      return registryRow('purchases', source.row, 'days', 'yen', 'companyId');
    case 'issue':
      return registryRow('stampIssues', source.row, 'days');
    case 'exchange':
      return registryRow('stampExchanges', source.row, 'days', 'companyId');
    case 'contribution':
      return contributionLink(
        source.row,
        source.row.lapsedDays === undefined ? 'days' : 'lapsedDays',
      );
  }
};

export const movementFigure = (movement: StampMovement): Figure =>
  decided(
    movement.kind,
    movement.date,
    movement.days,
    [
      sourceNode(movement),
      ...(movement.kind === 'exempt' || movement.kind === 'pasted'
        ? [houseRule('first-booklet')]
        : []),
      ...(movement.kind === 'exchanged' ? [houseRule('stamp-exchange')] : []),
      ...(movement.kind === 'lapsed'
        ? [kentaikyoRule('too-late'), houseRule('lapsed-stamps')]
        : []),
    ],
    DAYS,
  );

/** The figures of one month of one book; `keyOf`: the key of the same book in another month. */
const stampFigures = (
  report: string,
  { stamps, movements, before }: ReasonedStampMonth,
  carriedBefore: number | undefined,
  keyOf: (month: string) => RowKey,
  reportSite?: string,
): readonly Figure[] => {
  const rule = houseRule('stamp-books');
  const of = (code: string, textJa: string, value: number, kind: StampMovement['kind']): Figure =>
    sum(code, textJa, value, movements.filter((each) => each.kind === kind).map(movementFigure), {
      ...DAYS,
      grounds: [rule],
    });
  const among = (
    code: string,
    textJa: string,
    value: readonly Counterpart[],
    kind: StampMovement['kind'],
  ): Figure =>
    decided(code, textJa, value, [rule], {
      parts: value.map(({ companyId, days }) =>
        sum(
          'counterpart',
          companyId,
          days,
          movements
            .filter((each) => each.kind === kind && each.counterpartId === companyId)
            .map(movementFigure),
          DAYS,
        ),
      ),
    });
  const carriedIn = sum(
    'carriedInDays',
    '前月から繰り越した日数',
    stamps.carriedInDays,
    before === undefined || carriedBefore === undefined
      ? []
      : [link(report, keyOf(before), 'carriedOverDays', carriedBefore, { ...DAYS, reportSite })],
    { ...DAYS, grounds: [rule] },
  );
  const purchased = of('purchasedDays', '購入した日数', stamps.purchasedDays, 'purchased');
  const received = of('receivedDays', '元請から受け取った日数', stamps.receivedDays, 'received');
  const issued = of('issuedDays', '下請へ渡した日数', stamps.issuedDays, 'issued');
  const exchanged = of(
    'exchangedDays',
    '交換で出た（−）、入った日数',
    stamps.exchangedDays,
    'exchanged',
  );
  const pasted = of('pastedDays', '手帳に貼った日数', stamps.pastedDays, 'pasted');
  const lapsed = of(
    'lapsedDays',
    '充当されないまま730日を過ぎ、手元に戻った日数',
    stamps.lapsedDays,
    'lapsed',
  );
  return [
    carriedIn,
    purchased,
    received,
    among('receivedFrom', '受取先ごとの日数', stamps.receivedFrom, 'received'),
    issued,
    among('issuedTo', '交付先ごとの日数', stamps.issuedTo, 'issued'),
    exchanged,
    pasted,
    of('exemptDays', '国が負担する日数（貼らない）', stamps.exemptDays, 'exempt'),
    lapsed,
    sum(
      'carriedOverDays',
      '繰越 + 購入 + 受取 − 交付 + 交換 − 貼付 + 期限切れ',
      stamps.carriedOverDays,
      [
        carriedIn,
        purchased,
        received,
        { ...issued, role: 'minus' },
        exchanged,
        { ...pasted, role: 'minus' },
        lapsed,
      ],
      DAYS,
    ),
  ];
};

const monthOfBook = (movements: readonly StampMovement[], key: RowKey) => {
  const months = reasonedStampMonths(movements).filter(
    ({ stamps: { valueYen, colour } }) =>
      String(valueYen) === key.valueYen && colour === key.colour,
  );
  const found = months.find(({ stamps: { month } }) => month === key.month);
  const before = months.find(({ stamps: { month } }) => month === found?.before);
  return found && { found, carriedBefore: before?.stamps.carriedOverDays };
};

export const explainStampLedger: Explain = (input, key) => {
  const { contracts, movementsOf } = contractFacts(input);
  const contract = contracts.find(({ contractId }) => contractId === key.contractId);
  const site = contract && input.index.siteById.get(contract.siteId);
  if (contract === undefined || site === undefined) return undefined;
  const book = monthOfBook(
    movementsOf(contract.contractId).filter(({ companyId }) => companyId === site.primeId),
    key,
  );
  return (
    book && [
      decided(
        'companyId',
        '帳簿を持つ元請',
        site.primeId,
        [registryRow('sites', site, 'primeId'), registryRow('contracts', contract, 'siteId')],
        { unit: 'company' },
      ),
      ...stampFigures('stamp-ledger', book.found, book.carriedBefore, (month) => ({
        ...key,
        month,
      })),
    ]
  );
};

export const explainStampBook: Explain = (input, key) => {
  const { contracts, movementsOf } = contractFacts(input);
  const movements = contracts
    .flatMap(({ contractId }) => movementsOf(contractId))
    .filter(({ companyId }) => companyId === key.companyId)
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  const book = monthOfBook(movements, key);
  return (
    book &&
    stampFigures(
      'stamp-book',
      book.found,
      book.carriedBefore,
      (month) => ({ ...key, month }),
      // A book of one site's contracts alone goes on as such.
      input.filter.siteId,
    )
  );
};
