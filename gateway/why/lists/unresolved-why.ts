/** Why a day stands in `unresolved` (確認が必要な日): what is missing or too much, and the touches that it is about. */
import { isoInJapan } from '../../../shared/time.ts';
import { type Unresolved, waitingOfDay } from '../../policies/contribution-doubts.ts';
import { contributions } from '../../reports/contributions-report.ts';
import type { WhyInput } from '../explain.ts';
import { attendanceLink } from '../record-links.ts';
import { noRow, registryRow } from '../registry-leaf.ts';
import { houseRule, kentaikyoRule } from '../rule-leaf.ts';
import { decided, link, type WhyNode } from '../why.ts';
import { explainListed } from './list-row.ts';

const WAITING = new Set<Unresolved['reason']>(['future-dated', 'undated']);

/** The days that its touches stand in. */
const daysOf = ({ days }: WhyInput, { evidence }: Unresolved): readonly WhyNode[] => {
  const asked = new Set(evidence);
  return days
    .filter((day) => day.evidence.some((id) => asked.has(id)))
    .map((day) => attendanceLink(day, 'evidence'));
};

const waitingLeaves = (input: WhyInput, row: Unresolved): readonly WhyNode[] =>
  waitingOfDay(input.index, input.waitingTouches ?? [], row).map((touch) => {
    const tap = input.told(touch.id)?.entry;
    return {
      kind: 'touch',
      entryId: touch.id,
      at: isoInJapan(touch.claimedAt),
      trust: touch.reason === 'undated' ? ('unknown' as const) : ('trusted' as const),
      readerId: tap?.kind === 'tap' ? `${touch.terminalId}/${tap.readerId}` : touch.terminalId,
      direction: tap?.kind === 'tap' ? tap.direction : 'auto',
      by: tap?.kind === 'tap' ? tap.presented.by : 'manager',
      ...(tap?.kind === 'tap' ? { verdict: tap.verdict } : {}),
      meaning: touch.reason,
      meaningJa:
        touch.reason === 'undated'
          ? '時計が一度も合わなかった起動のタッチ。日時を決めるまで数えない'
          : `受信（${isoInJapan(touch.receivedAt).slice(0, 16).replace('T', ' ')}）より未来の日時。日時を決めるまで数えない`,
    };
  });

const approvalRows = ({ index }: WhyInput, { workerId, workDate }: Unresolved) =>
  workerId === undefined
    ? []
    : (index.approvalsByWorker.get(workerId) ?? [])
        .filter((row) => row.workDate === workDate)
        .map((row) => registryRow('approvals', row, 'days', 'by'));

const sameMemberNo = ({ index }: WhyInput, { workerId }: Unresolved) => {
  const memberNo = workerId && index.workerById.get(workerId)?.memberNo;
  return [...index.workerById.values()]
    .filter((worker) => worker.memberNo === memberNo)
    .map((worker) => registryRow('workers', worker, 'memberNo'));
};

const candidateLink = ({ workerId, workDate, companyId, candidateDays }: Unresolved) =>
  candidateDays === undefined
    ? []
    : [
        link('contributions', { workerId, workDate, companyId }, 'candidateDays', candidateDays, {
          unit: 'days',
        }),
      ];

const groundsOf = (input: WhyInput, row: Unresolved): readonly WhyNode[] => {
  const { reason, siteId, workDate, workerId, cardId } = row;
  const rule = houseRule('unresolved-days');
  switch (reason) {
    case 'unknown-card':
      return [rule, noRow('cards', { cardId, from: workDate })];
    case 'unknown-worker':
      return [rule, noRow('workers', { workerId })];
    case 'no-employer':
      return [
        rule,
        noRow('assignments', { siteId, workerId, from: workDate }),
        noRow('employments', { workerId, from: workDate }),
      ];
    case 'no-contract':
      return [rule, houseRule('contract-of-company'), noRow('contracts', { siteId })];
    case 'awaiting-approval':
      return [
        kentaikyoRule('approved-days'),
        noRow('approvals', { workerId, workDate }),
        ...candidateLink(row),
      ];
    case 'approval-without-work':
    case 'approval-beyond-shift':
      return [rule, ...approvalRows(input, row)];
    case 'member-no-shared':
      return [rule, ...sameMemberNo(input, row)];
    case 'too-late':
      return [
        kentaikyoRule('too-late'),
        link(
          'contributions',
          { workerId, workDate, companyId: row.companyId },
          'notPayable',
          'too-late',
          { unit: 'codes' },
        ),
      ];
    case 'future-dated':
    case 'undated':
      return [houseRule('waiting-touch')];
  }
};

export const explainUnresolved = explainListed<Unresolved>(
  contributions,
  'unresolved',
  (input, row) => {
    const grounds = groundsOf(input, row);
    const touches = WAITING.has(row.reason) ? waitingLeaves(input, row) : daysOf(input, row);
    return [
      decided('mendedBy', '直せる人', row.mendedBy, grounds, { unit: 'codes' }),
      decided(
        'candidateDays',
        '勤務から数えた日数',
        row.candidateDays,
        [...candidateLink(row), ...grounds],
        { unit: 'days' },
      ),
      decided('evidence', 'この日のもとになるタッチ', row.evidence, [...touches, ...grounds], {
        unit: 'evidence',
      }),
    ];
  },
);
