/**
 * What the terminal tells a technician at its own machine (保守用の状態): on loopback, without a PIN, and so
 * without any person, card or touch in it.
 */
import { z } from 'zod';
import { SiteId, TerminalId } from '../shared/ids.ts';
import { TerminalState } from '../shared/terminal-state.ts';
import { type HealthFacts, healthLines } from './manager/health.ts';
import { type OwnFacts, ownState } from './own-state.ts';

export const StatusReport = z.object({
  terminalId: TerminalId,
  siteId: SiteId,
  isLinked: z.boolean(),
  state: TerminalState,
  /** One a part, in Japanese. */
  lines: z.array(z.object({ part: z.string(), text: z.string(), isGood: z.boolean() })),
});
export type StatusReport = z.infer<typeof StatusReport>;

/** Pure: facts in, report out. */
export const statusReport = (
  { terminalId, siteId }: Pick<StatusReport, 'terminalId' | 'siteId'>,
  facts: HealthFacts & Pick<OwnFacts, 'linkDrops'>,
): StatusReport => ({
  terminalId,
  siteId,
  isLinked: facts.status.isLinked,
  state: ownState(facts),
  lines: [...healthLines(facts)],
});
