/** What a gate's list must say once everything has arrived: what the ledger says of the whole site. */
import { openPresence } from '../../gateway/presence/open-presence.ts';
import { type LastPassage, parsePresence, presentedBy } from '../../shared/presence-statement.ts';
import { NO_STATEMENT } from '../../shared/statement-number.ts';
import { utcMs } from '../../shared/time.ts';
import { gatewaySigner, SITE_BY_TERMINAL, verifyGateway } from './cast.ts';
import { violate } from './observations.ts';
import type { SimGateway } from './sim-gateway.ts';
import { identityOf, type SimTerminal } from './sim-terminal.ts';

const HOUR_MS = 3_600_000;
const MAX_SHIFT_MS = 18 * HOUR_MS;
/** Clocks of terminals go wrong by an hour: who is about to have been there too long may be on a list or not. */
const ABOUT_MS = 3 * HOUR_MS;

/** By one look at the whole ledger, which nobody told anything before. */
const passagesOf = (
  { gateway, ledger }: NonNullable<SimGateway['running']>,
  { terminalId }: SimTerminal,
  now: number,
): readonly LastPassage[] => {
  let passages: readonly LastPassage[] | undefined;
  openPresence({
    ...gateway,
    ledger,
    siteByTerminal: SITE_BY_TERMINAL,
    signer: gatewaySigner,
    now: () => utcMs(now),
    send: (_to, bytes) => {
      const parsed = parsePresence(bytes, verifyGateway);
      if (parsed.ok && parsed.value.kind === 'whole')
        passages = [...parsed.value.statement.passageByWho.values()];
    },
  }).onHeld(terminalId, NO_STATEMENT);
  if (passages === undefined) throw new Error('the gateway says nothing');
  return passages;
};

/** Of a terminal whose touches the gateway can date, all of them. */
export const checkPresence = (
  terminal: SimTerminal,
  { running }: SimGateway,
  now: number,
): void => {
  if (running === undefined || terminal.running === undefined) return;
  const waiting = running.gateway.waitingTouches();
  if (waiting.some(({ terminalId }) => terminalId === terminal.terminalId)) return;
  const told = new Map<string, LastPassage>();
  for (const passage of passagesOf(running, terminal, now).toSorted((a, b) => a.at - b.at))
    told.set(identityOf(presentedBy(passage.who)), passage);
  const isAbout = (at: number): boolean => Math.abs(now - at - MAX_SHIFT_MS) < ABOUT_MS;
  const expected = [...told]
    .filter(([, { passage, at }]) => passage === 'in' && !isAbout(at) && now - at < MAX_SHIFT_MS)
    .map(([identity]) => identity);
  const listed = terminal.running.terminal
    .peopleOnSite()
    .filter(({ since }) => !isAbout(since))
    .map(({ identity }) => identity);
  if (expected.sort().join() !== listed.sort().join())
    violate(
      'every gate lists who is on site by the ledger',
      `${terminal.terminalId} has ${listed}, the ledger ${expected}`,
    );
};
