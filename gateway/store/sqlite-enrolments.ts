/** Enrolments and certificates (端末の登録) in the ledger's SQLite file. */
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { SiteId, TerminalId } from '../../shared/ids.ts';
import { PublicKeyText } from '../../shared/signature.ts';
import { utcMs } from '../../shared/time.ts';
import {
  type CertificateRow,
  EndReason,
  type EnrolmentRow,
  type EnrolmentStore,
  type NewCertificate,
} from '../enrolment/enrolment-store.ts';

interface Row {
  readonly enrolment_no: number;
  readonly site_id: string;
  readonly terminal_id: string;
  readonly created_by: string;
  readonly created_at_ms: number;
  readonly expires_at_ms: number;
  readonly claimed_at_ms: number | null;
  readonly public_key: string | null;
  readonly ended_at_ms: number | null;
  readonly ended_because: string | null;
  readonly ended_by: string | null;
}

interface StoredCertificate {
  readonly serial: string;
  readonly enrolment_no: number;
  readonly terminal_id: string;
  readonly issued_at_ms: number;
  readonly valid_to_ms: number;
  readonly revoked_at_ms: number | null;
}

const enrolmentOf = (row: Row): EnrolmentRow => ({
  enrolmentNo: row.enrolment_no,
  siteId: SiteId.parse(row.site_id),
  terminalId: TerminalId.parse(row.terminal_id),
  createdBy: row.created_by,
  createdAt: utcMs(row.created_at_ms),
  expiresAt: utcMs(row.expires_at_ms),
  claimed:
    row.claimed_at_ms === null
      ? undefined
      : { at: utcMs(row.claimed_at_ms), publicKey: PublicKeyText.parse(row.public_key) },
  ended:
    row.ended_at_ms === null
      ? undefined
      : {
          at: utcMs(row.ended_at_ms),
          because: EndReason.parse(row.ended_because),
          by: row.ended_by ?? '',
        },
});

const certificateOf = (row: StoredCertificate): CertificateRow => ({
  serial: row.serial,
  enrolmentNo: row.enrolment_no,
  terminalId: TerminalId.parse(row.terminal_id),
  issuedAt: utcMs(row.issued_at_ms),
  validTo: utcMs(row.valid_to_ms),
  revokedAt: row.revoked_at_ms === null ? undefined : utcMs(row.revoked_at_ms),
});

const CERTIFICATE_SELECT = `
  select certificate.*, enrolment.terminal_id from certificate join enrolment using (enrolment_no)`;

/** `db` must be migrated: the ledger does that when it opens. */
export const openSqliteEnrolments = (db: Sqlite): EnrolmentStore => {
  const insert = db.prepare(
    `insert into enrolment (secret_hash, site_id, terminal_id, created_by, created_at_ms, expires_at_ms)
     values (?, ?, ?, ?, ?, ?)`,
  );
  const selectAll = db.prepare<[], Row>('select * from enrolment order by enrolment_no');
  const selectByNo = db.prepare<[number | bigint], Row>(
    'select * from enrolment where enrolment_no = ?',
  );
  const selectBySecret = db.prepare<[string], Row>('select * from enrolment where secret_hash = ?');
  const selectCurrent = db.prepare<[string], Row>(
    'select * from enrolment where terminal_id = ? and claimed_at_ms is not null and ended_at_ms is null',
  );
  const selectSites = db
    .prepare<[{ terminal: string }], string>(
      `select site_id from enrolment where terminal_id = :terminal and claimed_at_ms is not null
       union
       select site_id from terminal_site where terminal_id = :terminal`,
    )
    .pluck();
  const setClaimed = db.prepare(
    'update enrolment set claimed_at_ms = ?, public_key = ? where enrolment_no = ?',
  );
  const setEnded = db.prepare(
    'update enrolment set ended_at_ms = ?, ended_because = ?, ended_by = ? where enrolment_no = ?',
  );
  const insertCertificate = db.prepare(
    `insert into certificate (serial, enrolment_no, issued_at_ms, valid_to_ms) values (?, ?, ?, ?)`,
  );
  const selectCertificate = db.prepare<[string], StoredCertificate>(
    `${CERTIFICATE_SELECT} where serial = ?`,
  );
  const selectCertificates = db.prepare<[], StoredCertificate>(
    `${CERTIFICATE_SELECT} order by certificate_no`,
  );
  const revokeAll = db.prepare(
    'update certificate set revoked_at_ms = ? where enrolment_no = ? and revoked_at_ms is null',
  );
  const revokeBefore = db.prepare(
    `update certificate set revoked_at_ms = :at
     where revoked_at_ms is null
       and enrolment_no = (select enrolment_no from certificate where serial = :serial)
       and certificate_no < (select certificate_no from certificate where serial = :serial)`,
  );

  const row = (found: Row | undefined): EnrolmentRow | undefined => found && enrolmentOf(found);
  const addCertificate = ({ serial, enrolmentNo, issuedAt, validTo }: NewCertificate): void => {
    insertCertificate.run(serial, enrolmentNo, issuedAt, validTo);
  };
  const end: EnrolmentStore['end'] = (enrolmentNo, { at, because, by }) => {
    setEnded.run(at, because, by, enrolmentNo);
    revokeAll.run(at, enrolmentNo);
  };

  return {
    create: ({ secretHash, siteId, terminalId, createdBy, createdAt, expiresAt }) => {
      const { lastInsertRowid } = insert.run(
        secretHash,
        siteId,
        terminalId,
        createdBy,
        createdAt,
        expiresAt,
      );
      const created = row(selectByNo.get(lastInsertRowid));
      if (created === undefined) throw new Error('the enrolment is not there');
      return created;
    },
    all: () => selectAll.all().map(enrolmentOf),
    byNo: (enrolmentNo) => row(selectByNo.get(enrolmentNo)),
    bySecretHash: (secretHash) => row(selectBySecret.get(secretHash)),
    current: (terminalId) => row(selectCurrent.get(terminalId)),
    sitesOf: (terminalId) =>
      selectSites.all({ terminal: terminalId }).map((id) => SiteId.parse(id)),
    claim: (enrolmentNo, { at, publicKey }, certificate) =>
      db
        .transaction(() => {
          const { terminal_id: terminalId } = selectByNo.get(enrolmentNo) ?? {};
          const before = terminalId === undefined ? undefined : selectCurrent.get(terminalId);
          if (before !== undefined && before.enrolment_no !== enrolmentNo)
            end(before.enrolment_no, { at, because: 'replaced', by: `enrolment ${enrolmentNo}` });
          // Claimed again after an answer that got lost: what was issued for it is void.
          revokeAll.run(at, enrolmentNo);
          setClaimed.run(at, publicKey, enrolmentNo);
          addCertificate(certificate);
        })
        .immediate(),
    end: (enrolmentNo, ended) => db.transaction(() => end(enrolmentNo, ended)).immediate(),
    addCertificate,
    certificate: (serial) => {
      const found = selectCertificate.get(serial);
      return found && certificateOf(found);
    },
    certificates: () => selectCertificates.all().map(certificateOf),
    revokeOlder: (serial, at) => revokeBefore.run({ serial, at }).changes,
  };
};
