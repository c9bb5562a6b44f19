/**
 * The simulated world: real terminals and a real gateway, a network, disks and clocks that fail by
 * chance, and an observer who checks after every step that what was promised holds.
 */
import { hash } from 'node:crypto';
import { StatementNumber } from '../../shared/statement-number.ts';
import { topicOf } from '../../shared/topics.ts';
import { CARDS, FIRST_HOLDERS, type Holders, registryOf, TERMINALS, WORKERS } from './cast.ts';
import {
  checkJournal,
  checkSettled,
  createDerivedCheck,
  createLedgerChecker,
} from './invariants.ts';
import { createNetwork, type Message } from './network.ts';
import { createObservations, type Violation, violate, violationOf } from './observations.ts';
import { type Parts, REAL_PARTS } from './parts.ts';
import { checkPresence } from './presence-check.ts';
import { createRandom } from './random.ts';
import { createSimGateway } from './sim-gateway.ts';
import { createSimTerminal, type SimTerminal, type TerminalWorld } from './sim-terminal.ts';

const STEPS = 160;
const START_MS = Date.parse('2026-11-24T07:00:00+09:00');
const CRASH_CHANCE = 0.004;
/** Enough for the longest back-off of every terminal to run out several times. */
const QUIET_ROUNDS_MAX = 200;
/** Enough for whoever missed something to ask for it and to get it. */
const PRESENCE_ROUNDS = 5;

export interface SeedResult {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly trace: readonly string[];
  /** The same seed gives the same trace, or the world is no use. */
  readonly traceHash: string;
  readonly touches: number;
  readonly crashes: number;
}

/** Runs one seed to its end. Anything that is no violation and no crash is a bug and is thrown on. */
export const runSeed = (seed: number, parts: Parts = REAL_PARTS): SeedResult => {
  const random = createRandom(seed);
  const observations = createObservations();
  const network = createNetwork(random);
  const presenceNetwork = createNetwork(createRandom(seed + 1_000_000));
  const crash = new Error('crash');
  let now = START_MS;
  let isFaulty = true;
  let crashes = 0;
  let holders: Holders = FIRST_HOLDERS;

  const world: TerminalWorld = {
    parts,
    observations,
    network,
    presenceNetwork,
    now: () => now,
    mayCrash: () => {
      if (isFaulty && random.chance(CRASH_CHANCE)) throw crash;
    },
  };
  const terminals = TERMINALS.map((each) => createSimTerminal(each, world));
  const gateway = createSimGateway(world);
  const ledgerChecker = createLedgerChecker(gateway, observations);
  const checkDerived = createDerivedCheck(gateway);
  const note = (line: string): void => {
    observations.trace.push(`${now - START_MS} ${line}`);
  };

  const killTerminal = (terminal: SimTerminal): void => {
    const power = random.chance(0.5) ? 'cut' : 'kept';
    note(`${terminal.terminalId} dies, power ${power}`);
    crashes += 1;
    terminal.running = undefined;
    terminal.isLinked = false;
    terminal.disk.lose(power);
  };
  const killGateway = (): void => {
    const power = random.chance(0.5) ? 'cut' : 'kept';
    note(`gateway dies, power ${power}`);
    crashes += 1;
    gateway.running = undefined;
    gateway.disk.lose(power);
  };
  const orCrash = (work: () => void, kill: () => void): void => {
    try {
      work();
    } catch (cause) {
      if (cause !== crash) throw cause;
      kill();
    }
  };
  const atTerminal = (
    terminal: SimTerminal,
    work: (of: NonNullable<SimTerminal['running']>) => void,
  ): void => {
    const { running } = terminal;
    if (running !== undefined)
      orCrash(
        () => work(running),
        () => killTerminal(terminal),
      );
  };
  const atGateway = (work: (of: NonNullable<typeof gateway.running>) => void): void => {
    const { running } = gateway;
    if (running !== undefined) orCrash(() => work(running), killGateway);
  };

  const startTerminal = (terminal: SimTerminal): void => {
    note(`${terminal.terminalId} starts`);
    orCrash(terminal.start, () => killTerminal(terminal));
    checkJournal(terminal, observations);
  };
  const startGateway = (): void => {
    note('gateway starts');
    orCrash(gateway.start, killGateway);
    if (gateway.running !== undefined) ledgerChecker.checkAll();
  };
  const setLink = (terminal: SimTerminal, isUp: boolean): void =>
    atTerminal(terminal, ({ terminal: of }) => {
      note(`${terminal.terminalId} link ${isUp ? 'up' : 'down'}`);
      terminal.isLinked = isUp;
      of.onLink(isUp);
    });

  /** What each terminal says that it holds, and what the gateway has to tell; what the one hears of the other. */
  const tellPresence = (): void => {
    for (const { terminalId, running, isLinked } of terminals) {
      const held = isLinked ? running?.terminal.status().presenceHeld : undefined;
      const bytes = Buffer.from(JSON.stringify(held ?? ''));
      presenceNetwork.send({ to: 'gateway', terminalId, channel: 'status', bytes }, now);
    }
    atGateway(({ presence }) => presence.refresh());
    for (const { to, terminalId, channel, bytes } of presenceNetwork.due(now)) {
      if (to === 'gateway') {
        const held = StatementNumber.safeParse(JSON.parse(String(bytes))).data;
        atGateway(({ presence }) => presence.onHeld(terminalId, held));
        continue;
      }
      const terminal = terminals.find((each) => each.terminalId === to);
      if (terminal?.isLinked)
        atTerminal(terminal, ({ terminal: of }) => of.onMessage(channel, bytes));
    }
  };

  const deliver = ({ to, terminalId, channel, bytes }: Message): void => {
    note(`${channel} of ${terminalId} arrives`);
    if (to === 'gateway') {
      atGateway(({ gateway: of }) => of.onMessage(topicOf(terminalId, channel), bytes));
      return;
    }
    const terminal = terminals.find((each) => each.terminalId === to);
    if (terminal?.isLinked)
      atTerminal(terminal, ({ terminal: of }) => of.onMessage(channel, bytes));
  };
  const pass = (ms: number): void => {
    now += ms;
    for (const message of network.due(now)) deliver(message);
    tellPresence();
  };
  const derive = (): void => atGateway(({ gateway: of }) => void of.derive());
  const changeRegistry = (): void =>
    atGateway(({ gateway: of }) => {
      holders = holders.map((holder, card) =>
        random.chance(0.3)
          ? card === 3 && random.chance(0.3)
            ? undefined
            : random.below(WORKERS.length)
          : holder,
      );
      note(`cards are held by ${holders.join()}`);
      of.importRegistry(registryOf(holders));
    });

  const touch = (terminal: SimTerminal): void =>
    atTerminal(terminal, () => {
      const cardId = random.pick(CARDS);
      const reader = random.pick(['in', 'out', 'auto'] as const);
      const presented = random.chance(0.1)
        ? ({ by: 'typed', workerId: random.pick(WORKERS) } as const)
        : ({ by: 'card', cardId } as const);
      note(
        `${terminal.terminalId} ${reader} touched by ${presented.by === 'card' ? cardId : presented.workerId}`,
      );
      terminal.touch(presented, reader);
    });

  const reboot = (terminal: SimTerminal): void => {
    if (terminal.running !== undefined) killTerminal(terminal);
    // Without a battery the clock wakes somewhere in the past, and nobody trusts it.
    const isTrusted = random.chance(0.4);
    Object.assign(terminal.clock, {
      bootedAtMs: now,
      bootId: `${terminal.terminalId}-boot-${now}`,
      isTrusted,
      wallOffsetMs: isTrusted ? 0 : -random.below(30 * 86_400_000),
    });
    note(`${terminal.terminalId} boots, clock ${isTrusted ? 'trusted' : 'untrusted'}`);
  };
  const setClock = (terminal: SimTerminal): void => {
    const isSynchronised = !terminal.clock.isTrusted || random.chance(0.5);
    terminal.clock.wallOffsetMs = isSynchronised ? 0 : random.below(7_200_000) - 3_600_000;
    terminal.clock.isTrusted = true;
    note(`${terminal.terminalId} clock at ${terminal.clock.wallOffsetMs}`);
    atTerminal(terminal, ({ terminal: of }) => of.tick());
  };
  /** A new card in a dead terminal: what only the old one knew is gone, and nobody may miss it here. */
  const reimage = (terminal: SimTerminal): void => {
    if (terminal.running !== undefined) killTerminal(terminal);
    note(`${terminal.terminalId} gets a new card`);
    terminal.disk.wipe();
    for (let index = observations.beeps.length - 1; index >= 0; index -= 1) {
      if (observations.beeps[index]?.terminalId === terminal.terminalId)
        observations.beeps.splice(index, 1);
    }
  };
  const fillDisk = (terminal: SimTerminal): void =>
    atTerminal(terminal, ({ db }) => {
      const isFull = random.chance(0.6);
      note(`${terminal.terminalId} disk ${isFull ? 'full' : 'free'}`);
      const pages = Number(db.pragma('page_count', { simple: true }));
      db.pragma(`max_page_count = ${isFull ? pages : 1_000_000}`);
    });

  const act = (): void => {
    const terminal = random.pick(terminals);
    const dice = random.below(100);
    if (dice < 42) touch(terminal);
    else if (dice < 62) pass(random.below(30_000));
    else if (dice < 66) pass(random.below(6 * 3_600_000));
    else if (dice < 74) setLink(terminal, random.chance(0.75));
    else if (dice < 80) derive();
    else if (dice < 84) atTerminal(terminal, ({ terminal: of }) => of.tick());
    else if (dice < 87) gateway.running === undefined ? startGateway() : killGateway();
    else if (dice < 90)
      terminal.running === undefined ? startTerminal(terminal) : killTerminal(terminal);
    else if (dice < 92) reboot(terminal);
    else if (dice < 94) setClock(terminal);
    else if (dice < 96) changeRegistry();
    else if (dice < 97) reimage(terminal);
    else if (dice < 98) fillDisk(terminal);
    else atTerminal(terminal, ({ journal }) => journal.flush());
    // Somebody notices, sooner or later: systemd starts again what died.
    if (terminal.running === undefined && random.chance(0.6)) startTerminal(terminal);
    if (gateway.running === undefined && random.chance(0.4)) startGateway();
  };
  const check = (): void => {
    ledgerChecker.checkNewRows();
    for (const terminal of terminals) checkSettled(terminal, observations);
    checkDerived();
  };

  const recover = (): void => {
    note('everything heals');
    isFaulty = false;
    network.heal();
    presenceNetwork.heal();
    if (gateway.running === undefined) startGateway();
    for (const terminal of terminals) {
      if (terminal.running === undefined) startTerminal(terminal);
      atTerminal(terminal, ({ db }) => void db.pragma('max_page_count = 1000000'));
      setClock(terminal);
      setLink(terminal, false);
      setLink(terminal, true);
    }
  };
  const isSettled = (): boolean =>
    terminals.every(({ running }) => running?.journal.settledSeq() === running?.journal.lastSeq());
  /** With every fault healed, everything arrives. */
  const comeToRest = (): void => {
    for (
      let round = 0;
      round < QUIET_ROUNDS_MAX && !(isSettled() && network.isEmpty());
      round += 1
    ) {
      pass(2_000);
      for (const terminal of terminals) atTerminal(terminal, ({ terminal: of }) => of.tick());
      check();
    }
    while ((gateway.running?.gateway.derive() ?? 0) > 0);
    check();
    for (let round = 0; round < PRESENCE_ROUNDS; round += 1) pass(31_000);
    for (const terminal of terminals) checkPresence(terminal, gateway, now);
    if (!isSettled())
      violate('everything arrives in the end', 'a terminal still has entries to send');
    for (const { journalId, seq, terminalId } of observations.beeps) {
      if ((observations.committedSeq.get(journalId) ?? 0) < seq) {
        violate(
          'everything arrives in the end',
          `${terminalId} beeped for ${seq}, which is not in the ledger`,
        );
      }
    }
  };

  let violation: Violation | undefined;
  try {
    startGateway();
    atGateway(({ gateway: of }) => of.importRegistry(registryOf(holders)));
    for (const terminal of terminals) {
      startTerminal(terminal);
      setLink(terminal, true);
    }
    for (let step = 0; step < STEPS; step += 1) {
      act();
      check();
    }
    recover();
    comeToRest();
  } catch (cause) {
    violation = violationOf(cause);
    if (violation === undefined) throw cause;
  } finally {
    for (const terminal of terminals) terminal.disk.lose('kept');
    gateway.disk.lose('kept');
  }
  const { trace, beeps } = observations;
  return {
    seed,
    violation,
    trace,
    traceHash: hash('sha256', trace.join('\n')),
    touches: beeps.length,
    crashes,
  };
};
