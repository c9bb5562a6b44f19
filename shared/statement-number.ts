/** Which statement of who is on site it is (在場の版). Apart from the statement: pages that know no Node read it too. */
import { z } from 'zod';

/** They count up within a run, and runs count up with the starts of a gateway. */
export const StatementNumber = z.object({ run: z.int().min(0), no: z.int().min(0) });
export type StatementNumber = z.infer<typeof StatementNumber>;

/** Of who holds none. */
export const NO_STATEMENT: StatementNumber = { run: 0, no: 0 };
