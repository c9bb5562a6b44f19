/** Self-test of what is inside the machine: disk, journal, key, certificate, clock. */
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import {
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { TerminalConfig } from '../../device/config.ts';
import { diskOf } from '../../device/facts.ts';
import { conditionOf, hasTables, JOURNAL_FILE } from '../../device/journal-file.ts';
import { CERTIFICATE_DAYS_MIN } from '../../device/manager/health.ts';
import { isClockTrusted } from '../../shared/clock-trust.ts';
import { openSqliteToRead } from '../../shared/durable-sqlite.ts';
import { isThereFor } from '../../shared/needed-file.ts';
import { signerFromPem } from '../../shared/signature.ts';
import { isSystemError } from '../../shared/system-error.ts';
import { DAY_MS, utcMs } from '../../shared/time.ts';
import { type Check, fail, leftOut, minuteInJapan, pass } from './sheet.ts';

/** As the manager's view: below it a site of 5,000 workers fills the card within days. */
const DISK_FREE_BYTES_MIN = 200_000_000;
const PROBE_BYTES = 65_536;

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

/** Somebody without the right to it has not found out anything about the part. */
const adviceOn = (cause: unknown, otherwise: string): string =>
  isSystemError(cause) && ['EACCES', 'EPERM'].includes(cause.code ?? '')
    ? 'sudo を付けて、もう一度実行してください'
    : otherwise;

/** Writes, syncs and reads back, beside the journal. */
const writeProbe = (folder: string): void => {
  const path = join(folder, '.self-test');
  const bytes = randomBytes(PROBE_BYTES);
  try {
    const file = openSync(path, 'w', 0o600);
    try {
      writeSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (!readFileSync(path).equals(bytes)) throw new Error('書いた内容と違う内容が読めました');
  } finally {
    rmSync(path, { force: true });
  }
};

export const checkDisk = ({ dataDir }: TerminalConfig): Check => {
  const part = 'ディスク';
  try {
    if (!isThereFor(dataDir, constants.F_OK))
      return fail(
        part,
        `${dataDir} がありません`,
        'sudo systemctl start genba-terminal を一度実行してください',
      );
    writeProbe(dataDir);
  } catch (cause) {
    return fail(
      part,
      `書き込めません（${messageOf(cause)}）`,
      adviceOn(cause, 'SDカード・SSDを交換してください'),
    );
  }
  const disk = diskOf(dataDir);
  if (disk === undefined)
    return fail(part, '空き容量が読めません', 'SDカード・SSDを交換してください');
  const free = `空き ${(disk.freeBytes / 1e9).toFixed(1)} GB / ${(disk.totalBytes / 1e9).toFixed(1)} GB`;
  return disk.freeBytes < DISK_FREE_BYTES_MIN
    ? fail(part, free, '0.2 GB以上空けるか、大きいものに交換してください')
    : pass(part, `書き込み・同期・読み直し ○、${free}`);
};

export const checkJournal = ({ dataDir }: TerminalConfig): Check => {
  const part = '記録';
  const path = join(dataDir, JOURNAL_FILE);
  const rescueAdvice = 'genba rescue で読み出してから、SDカードを交換してください';
  try {
    if (!isThereFor(path, constants.R_OK))
      return pass(part, 'まだありません（最初の起動で作られます）');
    switch (conditionOf(path)) {
      case 'sound':
        return pass(part, `${entriesIn(path)}件、壊れた所なし`);
      case 'cut':
        return pass(part, `${entriesIn(path)}件、最後の書き込みは途中まで（電源断の跡）`);
      case 'hidden':
        return fail(
          part,
          `${path}-wal に壊れた所があり、その後の記録が次の起動で読まれません`,
          rescueAdvice,
        );
      case 'broken':
        return fail(part, `${path} が壊れています`, rescueAdvice);
    }
  } catch (cause) {
    return fail(part, `読めません（${messageOf(cause)}）`, adviceOn(cause, rescueAdvice));
  }
};

const entriesIn = (path: string): number => {
  const db = openSqliteToRead(path);
  try {
    const count = hasTables(db) ? 'select count(*) from entry' : 'select 0';
    return db.prepare<[], number>(count).pluck().get() ?? 0;
  } finally {
    db.close();
  }
};

export const checkSigningKey = ({ signingKeyFile }: TerminalConfig): Check => {
  const part = '署名の鍵';
  try {
    if (!isThereFor(signingKeyFile, constants.R_OK))
      return pass(part, 'まだありません（最初の起動で作られます）');
    signerFromPem(readFileSync(signingKeyFile, 'utf8'));
  } catch (cause) {
    return fail(
      part,
      `使えません（${messageOf(cause)}）`,
      adviceOn(cause, '登録し直してください（genba enrol）'),
    );
  }
  return (statSync(signingKeyFile).mode & 0o077) === 0
    ? pass(part, '読めます')
    : fail(part, '他の利用者にも読めます', `sudo chmod 600 ${signingKeyFile}`);
};

/** The certificate is by the CA, for the key beside it, and valid for a while. */
export const checkCertificate = ({ gateway }: TerminalConfig, now: Date): Check => {
  const part = '証明書';
  const { tls, url } = gateway;
  if (tls === undefined)
    return url.startsWith('mqtt:')
      ? leftOut(part, 'この機械の中だけの接続です')
      : fail(part, 'ありません', '登録（genba enrol）をしてください');
  const advice = '登録し直してください（genba enrol）';
  try {
    const certificate = new X509Certificate(readFileSync(tls.certificateFile));
    const authority = new X509Certificate(readFileSync(tls.caFile));
    const ends = minuteInJapan(utcMs(Number(certificate.validToDate))).slice(0, 10);
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(tls.keyFile))))
      return fail(part, '鍵と証明書が合いません', advice);
    if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey))
      return fail(part, '中継サーバの認証局のものではありません', advice);
    if (now < certificate.validFromDate)
      return fail(part, '有効になる前の日付です', '端末の時計を合わせてください');
    const days = Math.floor((Number(certificate.validToDate) - Number(now)) / DAY_MS);
    if (days < CERTIFICATE_DAYS_MIN)
      return fail(
        part,
        `${ends} まで（あと${days}日）`,
        gateway.enrolmentUrl === undefined
          ? advice
          : `自動更新が働いていません（genba status）。${new URL(gateway.enrolmentUrl).host} に届くようにするか、${advice}`,
      );
    return pass(part, `${ends} まで（あと${days}日）`);
  } catch (cause) {
    return fail(part, `読めません（${messageOf(cause)}）`, adviceOn(cause, advice));
  }
};

export const checkClock = async ({ clockTrust }: TerminalConfig, now: Date): Promise<Check> => {
  const part = '時計';
  const time = minuteInJapan(utcMs(Number(now)));
  return (await isClockTrusted(clockTrust))
    ? pass(part, `${time}（日本時間）・${clockTrust === 'always' ? '電池付きの時計' : '同期済み'}`)
    : fail(
        part,
        `${time}（日本時間）・未同期`,
        'ネットワークにつなぎ、sudo timedatectl set-ntp true、数分後にもう一度。タッチは記録され、時刻は後で確定します',
      );
};
