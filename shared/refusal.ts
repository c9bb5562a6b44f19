/** Why the gateway does not take a batch (受け付けない理由), and the words for it. */
import { z } from 'zod';

/** First that applies: see `judgeBatch` in the gateway. */
export const RefusalReason = z.enum([
  'gap',
  'conflict',
  'broken-chain',
  'bad-signature',
  'unreadable',
  /** An entry is of a site that is none of its terminal's. */
  'wrong-site',
]);
export type RefusalReason = z.infer<typeof RefusalReason>;

/** For the screens of terminal and gateway. */
export const REFUSALS_JA: Readonly<Record<RefusalReason, string>> = {
  gap: '前の記録が届いていません',
  conflict: '台帳と食い違います（複製か差し替えの疑い）',
  'broken-chain': '記録の連鎖が合いません',
  'bad-signature': '署名の鍵が登録と違います',
  unreadable: '読めない形です',
  'wrong-site': '登録のない現場の記録があります',
};
