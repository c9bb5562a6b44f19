/** Statements and amendments in the ledger's database (締めの保管). */
import { hash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { GENESIS_HASH, nextHash } from '../../shared/chain.ts';
import type { Sqlite } from '../../shared/durable-sqlite.ts';
import { IssuedHead, type StatementStore } from '../statements/statement-store.ts';
import { createPositions } from './sqlite-positions.ts';

interface IssuedRow {
  readonly issue_no: number;
  readonly text: string;
  readonly hash: Buffer;
  readonly content: Buffer;
  readonly purge_no: number | null;
}

/** Rows read between two chances for others. */
const PER_STEP = 50;

const headOf = ({ text }: Pick<IssuedRow, 'text'>): IssuedHead =>
  IssuedHead.parse(JSON.parse(text));

/** Of the text that was issued; undefined where the bytes are no such text. */
const sha256OfContent = (content: Buffer): string | undefined => {
  try {
    return hash('sha256', inflateRawSync(content));
  } catch {
    return undefined;
  }
};

/** `db`: with the ledger's schema already in place. */
export const openSqliteStatements = (db: Sqlite): StatementStore => {
  const selectLast = db.prepare<[], Pick<IssuedRow, 'issue_no' | 'hash'>>(
    'select issue_no, hash from issued order by issue_no desc limit 1',
  );
  const insert = db.prepare(
    `insert into issued (issue_no, site_id, period, amendment_no, text, hash, content)
     values (?, ?, ?, ?, ?, ?, ?)`,
  );
  const select = db.prepare<[number], Pick<IssuedRow, 'text'>>(
    'select text from issued where issue_no = ?',
  );
  const selectContent = db
    .prepare<[number], Buffer>('select content from issued where issue_no = ? and purge_no is null')
    .pluck();
  const selectOfPeriod = db.prepare<[string, string], Pick<IssuedRow, 'text'>>(
    'select text from issued where site_id = ? and period = ? order by amendment_no',
  );
  type Listed = {
    isAmendment: 0 | 1;
    length: number;
    site: string;
    month: string | null;
    statement: number | null;
    limit: number;
  };
  const listed = (where: string) =>
    db.prepare<[Listed], Pick<IssuedRow, 'text'>>(
      `select text from issued
       where (amendment_no > 0) = :isAmendment and length(period) = :length and ${where}
         and (:month is null or substr(period, 1, 7) = :month)
         and (:statement is null or json_extract(text, '$.statementNo') = :statement)
       order by issue_no desc limit :limit`,
    );
  const selectListed = listed(':site is not null');
  const selectListedOfSite = listed('site_id = :site');
  const selectAfter = db.prepare<[number, number], IssuedRow>(
    'select * from issued where issue_no > ? order by issue_no limit ?',
  );

  const selectFloor = db.prepare<[], string | null>('select max(before_date) from purge').pluck();

  const issue = db.transaction<StatementStore['issue']>((toIssue, content) => {
    const last = selectLast.get();
    const issueNo = (last?.issue_no ?? 0) + 1;
    const head = IssuedHead.parse({ ...toIssue, issueNo, sha256: hash('sha256', content) });
    const text = JSON.stringify(head);
    const chained = nextHash(last?.hash.toString('hex') ?? GENESIS_HASH, text);
    const amendmentNo = head.kind === 'amendment' ? head.amendmentNo : 0;
    insert.run(
      issueNo,
      head.siteId,
      head.period,
      amendmentNo,
      text,
      Buffer.from(chained, 'hex'),
      deflateRawSync(content),
    );
    return head;
  });

  return {
    ...createPositions(db),
    issue: (head, content) => issue.immediate(head, content),
    find: (issueNo) => {
      const row = select.get(issueNo);
      return row && headOf(row);
    },
    ofPeriod: (siteId, period) => selectOfPeriod.all(siteId, period).map(headOf),
    list: (kind, { per, siteId, month, statementNo }, limit) =>
      (siteId === undefined ? selectListed : selectListedOfSite)
        .all({
          isAmendment: kind === 'amendment' ? 1 : 0,
          length: per === 'month' ? 7 : 10,
          site: siteId ?? '',
          month: month ?? null,
          statement: statementNo ?? null,
          limit,
        })
        .map(headOf),
    contentOf: (issueNo) => {
      const content = selectContent.get(issueNo);
      return content && inflateRawSync(content).toString('utf8');
    },
    purgedBefore: () => selectFloor.get() ?? '',
    *verifying(noted) {
      let headHash = GENESIS_HASH;
      let issued = 0;
      for (;;) {
        const rows = selectAfter.all(issued, PER_STEP);
        if (rows.length === 0)
          return noted !== undefined && issued < noted.position
            ? { kind: 'broken', issueNo: issued + 1 }
            : { kind: 'intact', issued, headHash };
        for (const row of rows) {
          headHash = nextHash(headHash, row.text);
          const isNoted = noted?.position !== issued + 1 || noted.hash === headHash;
          const isNext =
            isNoted && row.issue_no === issued + 1 && headHash === row.hash.toString('hex');
          const isWhole =
            isNext &&
            (row.purge_no !== null || sha256OfContent(row.content) === headOf(row).sha256);
          if (!isWhole) return { kind: 'broken', issueNo: issued + 1 };
          issued += 1;
        }
        yield;
      }
    },
  };
};
