/**
 * Keeps what a mosquitto reads current (外部ブローカーのファイルの維持), and says what of it could not be written.
 *
 * Until it is written, who was revoked still comes in, or the certificate runs towards its end: so each failure stands
 * until a later try went well, and there is one at every turn.
 */
import { existsSync } from 'node:fs';
import type { Log } from '../../shared/log.ts';
import type { UtcMs } from '../../shared/time.ts';
import type { AuditEvent } from '../access/audit-log.ts';
import type { Authority } from '../enrolment/authority.ts';
import type { EnrolmentStore } from '../enrolment/enrolment-store.ts';
import { type MosquittoFolder, writeMosquittoLists } from './mosquitto-folder.ts';
import { renewMosquittoServer } from './mosquitto-server.ts';

const PARTS_JA = { lists: '失効リスト', certificate: 'サーバ証明書' } as const;
type Part = keyof typeof PARTS_JA;

export interface MosquittoUpkeepDeps {
  /** Undefined: there is no mosquitto to keep current. */
  readonly folder: MosquittoFolder | undefined;
  readonly authority: Authority;
  readonly store: EnrolmentStore;
  readonly now: () => UtcMs;
  readonly audit: (event: AuditEvent) => void;
  readonly log: Log;
}

export interface MosquittoUpkeep {
  /** Who may come is another from now on. */
  readonly writeLists: () => void;
  /** Renews the certificate where that is due, and tries again what failed. */
  readonly turn: () => void;
  /** In the words of an alert; empty: all is written. */
  readonly faults: () => readonly string[];
  /** Resolves when nothing is being written. */
  readonly settled: () => Promise<void>;
}

export const createMosquittoUpkeep = ({
  folder,
  authority,
  store,
  now,
  audit,
  log,
}: MosquittoUpkeepDeps): MosquittoUpkeep => {
  const reasons = new Map<Part, string>();
  /** One after the other: a list that was begun before must not take the place of a newer one. */
  let writing = Promise.resolve();
  const write = (part: Part, put: (folder: MosquittoFolder) => Promise<void>): void => {
    if (folder === undefined) return;
    writing = writing
      .then(async () => {
        // Before the first `genba-gateway mosquitto` there is no mosquitto with our files.
        if (existsSync(folder.dir)) await put(folder);
        reasons.delete(part);
      })
      .catch((cause) => {
        const reason = cause instanceof Error ? cause.message : String(cause);
        if (reasons.get(part) !== reason) log(`mosquitto’s ${part} cannot be written`, { reason });
        reasons.set(part, reason);
      });
  };
  const writeLists = (): void =>
    write('lists', (into) => writeMosquittoLists(into, { authority, store, now: now() }));
  const renew = (): void =>
    write('certificate', async ({ dir }) => {
      if (!(await renewMosquittoServer(dir, { authority, now: now() }))) return;
      audit({
        kind: 'certificate-issued',
        actor: 'gateway',
        detail: { why: 'renewal', for: 'mosquitto' },
      });
    });
  return {
    writeLists,
    turn: () => {
      renew();
      if (reasons.has('lists')) writeLists();
    },
    faults: () => [...reasons].map(([part, reason]) => `${PARTS_JA[part]}: ${reason}`),
    settled: () => writing,
  };
};
