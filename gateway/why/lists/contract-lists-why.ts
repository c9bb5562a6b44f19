/** Why the totals beside contracts and workers say so: what they are the sum of (交付の内訳・総括表の合計・技能者の合計). */
import { BOOKLET_DAYS } from '../../policies/booklet.ts';
import { purchasesBy } from '../../policies/contract-use.ts';
import { contributionsOf } from '../../policies/contributions.ts';
import type { StampDelivery } from '../../policies/stamp-book.ts';
import type { PresentBooklet } from '../../policies/worker-totals.ts';
import { completionSummary } from '../../reports/completion-summary-report.ts';
import { contractFacts } from '../../reports/contract-facts.ts';
import { stampLedger } from '../../reports/stamp-ledger-report.ts';
import { workerStatement } from '../../reports/worker-statement-report.ts';
import { DAYS, purchasedFigure, summaryLinks, YEN } from '../contract-figures.ts';
import { contributionLink } from '../record-links.ts';
import { noRow, registryRow, rowOrNone } from '../registry-leaf.ts';
import { houseRule } from '../rule-leaf.ts';
import { movementFigure } from '../stamps-why.ts';
import { count, decided, type Figure, sum } from '../why.ts';
import { explainListed } from './list-row.ts';

type DeliveryRow = StampDelivery & { readonly contractId: string };

export const explainDelivery = explainListed<DeliveryRow>(
  stampLedger,
  'deliveries',
  (input, { contractId, companyId, earnedDays, receivedDays, outstandingDays }) => {
    const own = contractFacts(input)
      .movementsOf(contractId)
      .filter((movement) => movement.companyId === companyId);
    const of = (code: string, textJa: string, value: number, kinds: readonly string[]): Figure =>
      sum(code, textJa, value, own.filter(({ kind }) => kinds.includes(kind)).map(movementFigure), {
        ...DAYS,
        grounds: [houseRule('stamp-delivery')],
      });
    const pasted = own.filter(({ kind }) => kind === 'pasted');
    const lapsed = own.filter(({ kind }) => kind === 'lapsed');
    const earned = sum(
      'earnedDays',
      '就労による日数（証紙を貼る日）− 期限切れの日数',
      earnedDays,
      [
        ...pasted.map(movementFigure),
        ...lapsed.map((movement) => ({ ...movementFigure(movement), role: 'minus' as const })),
      ],
      { ...DAYS, grounds: [houseRule('stamp-delivery')] },
    );
    const received = of('receivedDays', '元請から受け取り、または自ら購入した日数', receivedDays, [
      'received',
      'purchased',
    ]);
    return [
      earned,
      received,
      sum(
        'outstandingDays',
        '就労による日数 − 受け取った日数',
        outstandingDays,
        [earned, { ...received, role: 'minus' }],
        DAYS,
      ),
    ];
  },
);

interface ContractTotal {
  readonly contractId: string;
  readonly workers: number;
  readonly workerDays: number;
  readonly allocatedDays: number;
  readonly allocatedYen: number;
  readonly difference: number;
  readonly purchasedYen: number;
  readonly balanceYen: number;
  readonly reportedWorkerDays: number;
  readonly evidence: unknown;
}

export const explainContractTotal = explainListed<ContractTotal>(
  completionSummary,
  'totals',
  (input, total) => {
    const { index, registry, asOf } = input;
    const { contractId } = total;
    const contract = index.contractById.get(contractId);
    if (contract === undefined) return [];
    const contributions = contractFacts(input).ofContract(contractId);
    const written = (
      code: 'name' | 'ordererName' | 'contractDate' | 'completionDate' | 'method',
      textJa: string,
      unit: Figure['unit'] = 'text',
    ): Figure =>
      decided(code, textJa, contract[code], [registryRow('contracts', contract, code)], { unit });
    const used = (code: 'workerDays' | 'allocatedDays' | 'allocatedYen', textJa: string): Figure =>
      sum(code, textJa, total[code], summaryLinks(contract, contributions, code), {
        ...(code === 'allocatedYen' ? YEN : DAYS),
        grounds: [registryRow('contracts', contract, 'siteId')],
      });
    const workerDays = used('workerDays', '会社ごとの延べ就業日数の合計');
    const allocatedDays = used('allocatedDays', '会社ごとの充当日数の合計');
    const allocatedYen = used('allocatedYen', '会社ごとの充当額の合計');
    const purchases = purchasesBy(index.purchasesByContract.get(contractId), asOf);
    const purchased = purchasedFigure({ purchases }, contract, 'purchasedYen', total.purchasedYen);
    const reported = registry.headcounts.filter(({ siteId }) => siteId === contract.siteId);
    return [
      written('name', '工事の名称'),
      written('ordererName', '発注者'),
      written('contractDate', '契約日', 'date'),
      written('completionDate', '完成日', 'date'),
      written('method', '納付方法', 'codes'),
      count(
        'workers',
        '就業した人数',
        total.workers,
        [...Map.groupBy(contributions, ({ workerId }) => workerId).values()].map((of) =>
          count(
            'worker',
            '一人の就業日数',
            of.length,
            of.map((row) => contributionLink(row, 'basis')),
            DAYS,
          ),
        ),
        { unit: 'people', grounds: [registryRow('contracts', contract, 'siteId')] },
      ),
      workerDays,
      allocatedDays,
      allocatedYen,
      sum(
        'difference',
        '延べ就業日数 − 充当する日数',
        total.difference,
        [workerDays, { ...allocatedDays, role: 'minus' }],
        DAYS,
      ),
      purchased,
      sum(
        'balanceYen',
        '購入額 − 充当額',
        total.balanceYen,
        [purchased, { ...allocatedYen, role: 'minus' }],
        YEN,
      ),
      sum(
        'reportedWorkerDays',
        '事業者が報告した出面の合計',
        total.reportedWorkerDays,
        reported.map((row) =>
          decided('headcount', row.date, row.workers, [registryRow('headcounts', row, 'workers')], {
            unit: 'people',
          }),
        ),
        {
          unit: 'people',
          grounds: reported.length === 0 ? [noRow('headcounts', { siteId: contract.siteId })] : [],
        },
      ),
      decided('evidence', '納付方法ごとに求められる資料', total.evidence, [
        houseRule('completion-evidence'),
        registryRow('contracts', contract, 'method'),
      ]),
    ];
  },
);

interface WorkerTotal {
  readonly workerId: string;
  readonly memberNo?: string;
  readonly days: number;
  readonly yen: number;
  readonly booklet?: PresentBooklet;
}

export const explainWorkerTotal = explainListed<WorkerTotal>(
  workerStatement,
  'totals',
  ({ index, days, asOf, settled }, { workerId, memberNo, days: total, yen, booklet }) => {
    const isSettled = settled?.isAllocated;
    const own = contributionsOf(days, index, { asOf, isSettled }).contributions.filter(
      (row) => row.workerId === workerId,
    );
    const worker = [...index.workerById.values()].find((row) => row.workerId === workerId);
    const books = own[0] === undefined ? [] : (index.bookletsByWorker.get(own[0].workerId) ?? []);
    const inBook = own.filter(({ workDate }) => workDate >= (booklet?.issuedOn ?? ''));
    return [
      decided('memberNo', '被共済者番号', memberNo, [
        rowOrNone('workers', worker, { workerId }, 'memberNo'),
      ]),
      sum(
        'days',
        '納付する日数の合計（すべての現場）',
        total,
        own.map((row) => contributionLink(row, 'days')),
        DAYS,
      ),
      sum(
        'yen',
        '掛金の合計（すべての現場）',
        yen,
        own.map((row) => contributionLink(row, 'yen')),
        YEN,
      ),
      decided(
        'booklet',
        `いまの手帳に入った日数（${BOOKLET_DAYS}日で満ちる）`,
        booklet,
        [
          houseRule('booklet-250-days'),
          ...(books.length === 0
            ? [noRow('booklets', { workerId })]
            : books.map((row) =>
                registryRow('booklets', row, 'issuedOn', 'daysBefore', 'closedOn'),
              )),
        ],
        { parts: booklet === undefined ? [] : inBook.map((row) => contributionLink(row, 'days')) },
      ),
    ];
  },
);
