/** How long what is kept is kept at least (保存期間の設定). The settings only lengthen. */
import { z } from 'zod';

export const RetentionConfig = z.strictObject({
  /**
   * 出勤の記録, years after the work date: 労働基準法第109条 says five (three for the time being, 附則第143条);
   * the longer one is the least here.
   */
  attendanceYears: z.int().min(5).max(100).default(5),
  /** 掛金の実績, years after the completion of the contract: policy package of 2020-03, 「電子的な保存」. */
  contributionYears: z.int().min(1).max(100).default(1),
});
export type RetentionConfig = z.infer<typeof RetentionConfig>;
