/**
 * Tables of a 証紙受払簿: one book for each value and colour, and each counterpart by itself.
 *
 * Known content: 前期繰越, 購入, 元請から受給 (企業名・枚数), 下請へ交付 (企業名・枚数, each 下請 by itself), 貼付枚数,
 * 次期繰越; 310円 and 320円 apart; an own layout is allowed where these are shown
 * (http://kumaken.or.jp/publics/index/142/, http://nakenkyo.or.jp/kentaikyo/stamp.html).
 */
import { monthOf } from '../../shared/time.ts';
import type { Counterpart, StampMonth } from '../policies/stamp-book.ts';
import type { StampMovement } from '../policies/stamp-movements.ts';
import type { RegistryIndex } from '../registry/registry.ts';
import { LAPSED_NOTE } from './contribution-figures.ts';
import type { Row, Table } from './document.ts';
import { companyName } from './names.ts';
import { COLOUR_JA, monthJa } from './words-ja.ts';

const bookTitle = ({ valueYen, colour }: Pick<StampMonth, 'valueYen' | 'colour'>): string =>
  `${valueYen}円証紙　${COLOUR_JA[colour]}`;

const monthRow = (month: StampMonth): Row => ({
  ...month,
  month: monthJa(month.month),
  receivedFrom: undefined,
  issuedTo: undefined,
});

const sums = (months: readonly StampMonth[]): Row => {
  const total = (
    field:
      | 'purchasedDays'
      | 'receivedDays'
      | 'issuedDays'
      | 'exchangedDays'
      | 'pastedDays'
      | 'exemptDays'
      | 'lapsedDays',
  ) => months.reduce((sum, month) => sum + month[field], 0);
  return {
    carriedInDays: months[0]?.carriedInDays,
    purchasedDays: total('purchasedDays'),
    receivedDays: total('receivedDays'),
    issuedDays: total('issuedDays'),
    exchangedDays: total('exchangedDays'),
    pastedDays: total('pastedDays'),
    exemptDays: total('exemptDays'),
    lapsedDays: total('lapsedDays'),
    carriedOverDays: months.at(-1)?.carriedOverDays,
  };
};

const noBook: Table = {
  kind: 'table',
  title: '証紙の受払',
  columns: [{ key: 'month', title: '月', kind: 'text' }],
  rows: [],
  empty: '証紙の受払はありません',
};

/** One table a book, months below each other. */
export const stampBookTables = (months: readonly StampMonth[]): readonly Table[] => {
  const books = [...Map.groupBy(months, bookTitle)].map(
    ([title, of]): Table => ({
      kind: 'table',
      title,
      columns: [
        { key: 'month', title: '月', kind: 'text' },
        { key: 'carriedInDays', title: '前月繰越', kind: 'count' },
        { key: 'purchasedDays', title: '購入', kind: 'count' },
        { key: 'receivedDays', title: '元請から受給', kind: 'count' },
        { key: 'issuedDays', title: '下請へ交付', kind: 'count' },
        ...(months.some(({ exchangedDays }) => exchangedDays !== 0)
          ? [{ key: 'exchangedDays', title: '交換', kind: 'count' } as const]
          : []),
        { key: 'pastedDays', title: '貼付', kind: 'count' },
        { key: 'exemptDays', title: '免除（貼付なし）', kind: 'count' },
        ...(months.some(({ lapsedDays }) => lapsedDays !== 0)
          ? [{ key: 'lapsedDays', title: '期限切れ（戻り）', kind: 'count' } as const]
          : []),
        { key: 'carriedOverDays', title: '次月繰越', kind: 'count' },
      ],
      rows: of.map(monthRow),
      totals: sums(of),
      empty: '',
    }),
  );
  return books.length === 0 ? [noBook] : books;
};

/** Received from whom, or handed to whom, how many. */
export const counterpartTable = (
  index: RegistryIndex,
  months: readonly StampMonth[],
  which: 'receivedFrom' | 'issuedTo',
): Table => {
  const rows = months.flatMap((month) =>
    month[which].map(({ companyId, days }: Counterpart) => ({
      month: monthJa(month.month),
      book: bookTitle(month),
      company: companyName(index, companyId),
      days,
    })),
  );
  return {
    kind: 'table',
    title: which === 'issuedTo' ? '下請への交付の内訳' : '元請からの受給の内訳',
    columns: [
      { key: 'month', title: '月', kind: 'text' },
      { key: 'book', title: '証紙', kind: 'text' },
      { key: 'company', title: '企業名', kind: 'text' },
      { key: 'days', title: '枚数', kind: 'count' },
    ],
    rows,
    totals: { days: rows.reduce((sum, { days }) => sum + days, 0) },
    empty: which === 'issuedTo' ? '下請への交付はありません' : '元請からの受給はありません',
  };
};

/** Whose days lapsed, when they were worked and came back, and who has to see to them; nothing where none did. */
export const lapsedStamps = (
  index: RegistryIndex,
  movements: readonly StampMovement[],
): readonly Table[] => {
  const lapsed = movements.flatMap(({ kind, source, companyId, valueYen, colour, date, days }) =>
    kind === 'lapsed' && source.of === 'contribution'
      ? [
          {
            companyId,
            book: bookTitle({ valueYen, colour }),
            date,
            days,
            worked: source.row.workDate,
          },
        ]
      : [],
  );
  if (lapsed.length === 0) return [];
  const groups = Map.groupBy(
    lapsed,
    ({ worked, companyId, book }) => `${monthOf(worked)} ${companyId} ${book}`,
  );
  return [
    {
      kind: 'table',
      title: '期限切れになった就労日（手当てが必要）',
      columns: [
        { key: 'month', title: '就労した月', kind: 'text' },
        { key: 'company', title: '企業名', kind: 'text' },
        { key: 'book', title: '証紙', kind: 'text' },
        { key: 'days', title: '枚数', kind: 'count' },
        { key: 'from', title: '最初に切れた日', kind: 'date' },
        { key: 'mend', title: '手当てをする人', kind: 'text' },
      ],
      rows: [...groups.values()].flatMap((of) =>
        of[0] === undefined
          ? []
          : [
              {
                month: monthJa(monthOf(of[0].worked)),
                company: companyName(index, of[0].companyId),
                book: of[0].book,
                days: of.reduce((sum, { days }) => sum + days, 0),
                from: of[0].date,
                mend: '元請',
              },
            ],
      ),
      totals: { days: lapsed.reduce((sum, { days }) => sum + days, 0) },
      empty: '',
    },
  ];
};

/** What is to be known of stamps that came back; nothing where none did. */
export const lapsedStampNotes = (lapsed: readonly Table[]): readonly string[] =>
  lapsed.length === 0
    ? []
    : [
        LAPSED_NOTE,
        'この証紙は、貼られずにそれぞれの企業の手元にあるものとして、期限切れになった月に、その企業の受払簿の残高へ戻しています。',
      ];

export const STAMP_NOTES: readonly string[] = [
  '枚数は、1日券に換算した枚数です。1枚が1日分です。',
  '交付した証紙は、交付日の額と、受け取る事業者の色で数えています。貼付は就労日に数えています。',
  '免除は、掛金助成手帳（1冊目）で5日ごとに証紙を貼らない日です。',
];

export const STAMP_SOURCES: readonly string[] = [
  '記載事項: http://kumaken.or.jp/publics/index/142/、http://nakenkyo.or.jp/kentaikyo/stamp.html',
  '掛金助成手帳: http://kentaikyo.taisyokukin.go.jp/m/menu6.html',
];
