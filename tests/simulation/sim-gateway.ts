/** A simulated gateway: the real gateway on a disk that can fail at any call. */
import type { Gateway } from '../../gateway/gateway.ts';
import { type OpenPresence, openPresence } from '../../gateway/presence/open-presence.ts';
import { storedRegistry } from '../../gateway/registry/stored-registry.ts';
import type { Ledger } from '../../gateway/store/ledger.ts';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { parseReceipt } from '../../shared/receipt.ts';
import { uptimeMs, utcMs } from '../../shared/time.ts';
import {
  gatewaySigner,
  SITE_BY_TERMINAL,
  TERMINALS,
  verifyGateway,
  verifyTerminal,
} from './cast.ts';
import { createDisk, type Disk } from './disk.ts';
import { violate } from './observations.ts';
import type { TerminalWorld } from './sim-terminal.ts';

interface Running {
  readonly gateway: Gateway;
  readonly ledger: Ledger;
  readonly presence: OpenPresence;
  readonly db: Sqlite;
}

export interface SimGateway {
  readonly disk: Disk;
  running: Running | undefined;
  readonly start: () => void;
}

export const createSimGateway = ({
  parts,
  observations,
  network,
  presenceNetwork,
  now,
  mayCrash,
}: TerminalWorld): SimGateway => {
  const crashing = (ledger: Ledger): Ledger => ({
    ...ledger,
    commit: (batch) => {
      mayCrash();
      const outcome = ledger.commit(batch);
      mayCrash();
      return outcome;
    },
    replaceAttendance: (...row) => {
      mayCrash();
      ledger.replaceAttendance(...row);
    },
    dropDirtyMarks: (marks) => {
      mayCrash();
      ledger.dropDirtyMarks(marks);
      mayCrash();
    },
  });

  const start = (): void => {
    const db = parts.openGatewayDb(self.disk.image() ?? ':memory:', { checkpointPages: 1_000 });
    self.disk.attach(db);
    const ledger = crashing(parts.openLedger(db));
    const committedOnDisk = db
      .prepare<[string], number>(
        'select count(*) from entry join journal using (journal_no) where journal_id = ?',
      )
      .pluck();
    const gateway = parts.createGateway({
      ledger,
      clock: {
        read: () => ({
          wallMs: utcMs(now()),
          uptimeMs: uptimeMs(now()),
          bootId: 'gateway',
          trust: 'trusted',
        }),
      },
      signer: gatewaySigner,
      terminals: new Map(
        TERMINALS.map(({ terminalId, siteId }) => [
          terminalId,
          { siteId, verify: verifyTerminal(terminalId) },
        ]),
      ),
      registry: storedRegistry(ledger),
      send: (terminalId, channel, bytes) => {
        mayCrash();
        const receipt = parseReceipt(bytes, verifyGateway);
        if (!receipt.ok) throw new Error('the gateway sent no receipt');
        const { journalId, committedSeq } = receipt.value;
        const onDisk = db.inTransaction ? 0 : (committedOnDisk.get(journalId) ?? 0);
        if (committedSeq > onDisk) {
          violate('receipts never exceed commits', `receipt ${committedSeq}, committed ${onDisk}`);
        }
        const { receiptedSeq, committedSeq: knownSeq } = observations;
        receiptedSeq.set(journalId, Math.max(receiptedSeq.get(journalId) ?? 0, committedSeq));
        // Noted here and not at the end of the step: the gateway may be dead by then.
        knownSeq.set(journalId, Math.max(knownSeq.get(journalId) ?? 0, onDisk));
        network.send({ to: terminalId, terminalId, channel, bytes }, now());
        mayCrash();
      },
      stale: () => undefined,
      log: () => undefined,
    });
    const presence = openPresence({
      ...gateway,
      ledger,
      siteByTerminal: SITE_BY_TERMINAL,
      signer: gatewaySigner,
      now: () => utcMs(now()),
      send: (to, bytes) =>
        presenceNetwork.send({ to, terminalId: to, channel: 'presence', bytes }, now()),
    });
    self.running = { gateway, ledger, presence, db };
    gateway.announce();
  };

  const self: SimGateway = { disk: createDisk(), running: undefined, start };
  return self;
};
