/** 訂正依頼, and touches that wait for one, made into the rows that programs and pages read. */
import {
  addMonths,
  dateInJapan,
  firstDateOf,
  isoInJapan,
  monthOf,
  type WorkDate,
} from '../../shared/time.ts';
import { subjectOf } from '../attendance/derive.ts';
import type { WaitingTouch } from '../attendance/waiting-touches.ts';
import type { CorrectionRequest } from '../correction-requests/correction-store.ts';
import { correctionDue, correctionStage } from '../policies/correction-deadline.ts';
import { companyOn, type RegistryIndex } from '../registry/registry.ts';
import type { RequestRow, WaitingRow } from './correction-schemas.ts';

/** Months whose days CCUS still takes, and until when. */
export const openMonths = (today: WorkDate) =>
  [addMonths(monthOf(today), -1), monthOf(today)].map((month) => ({
    month,
    due: correctionDue(firstDateOf(month)),
  }));

export const requestRow = (
  index: RegistryIndex,
  request: CorrectionRequest,
  {
    mayDecide,
    today,
    extractDay,
  }: {
    readonly mayDecide: boolean;
    readonly today: WorkDate;
    readonly extractDay: number | undefined;
  },
): RequestRow => {
  const { siteId, workerId, workDate, at, corrects, decision } = request;
  const companyId = companyOn(index, siteId, workerId, workDate);
  return {
    id: request.requestId,
    siteId,
    workerId,
    ...(companyId === undefined ? {} : { companyId }),
    workDate,
    kind: request.kind,
    ...(at === undefined ? {} : { at: isoInJapan(at) }),
    reason: request.reason,
    ...(corrects === undefined ? {} : { corrects }),
    isLate: request.isLate,
    mendDue: correctionDue(workDate),
    stage: correctionStage(workDate, today, extractDay),
    askedBy: request.askedBy,
    askedFor: request.askedFor,
    askedAt: isoInJapan(request.askedAt),
    state: decision?.verdict ?? 'pending',
    ...(decision === undefined
      ? {}
      : {
          decidedBy: decision.by,
          decidedAt: isoInJapan(decision.at),
          decisionReason: decision.reason,
        }),
    mayDecide: decision === undefined && mayDecide,
  };
};

export const waitingRow = (index: RegistryIndex, touch: WaitingTouch): WaitingRow => {
  const { id, reason, siteId, terminalId, bearer, claimedAt, receivedAt } = touch;
  const subject = subjectOf(index, bearer, receivedAt);
  return {
    id,
    reason,
    siteId,
    terminalId,
    ...(subject.kind === 'worker' ? { workerId: subject.workerId } : { cardId: subject.cardId }),
    claimedAt: isoInJapan(claimedAt),
    receivedAt: isoInJapan(receivedAt),
    workDate: dateInJapan(receivedAt),
  };
};
