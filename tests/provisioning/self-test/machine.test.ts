/** The self-test's word on what is inside the machine, each part made to fail once: 不合格, and what to do. */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseTerminalConfig, type TerminalConfig } from '../../../device/config.ts';
import { openJournal } from '../../../device/journal.ts';
import { JOURNAL_FILE } from '../../../device/journal-file.ts';
import {
  checkClock,
  checkDisk,
  checkJournal,
  checkSigningKey,
} from '../../../provisioning/self-test/machine-checks.ts';
import { checkNetwork } from '../../../provisioning/self-test/network-checks.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { openSigningKey } from '../../../shared/signing-key.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { gatewaySigner, SITE, TERMINAL } from '../../fixtures/identities.ts';
import { TAP_BODY } from '../../fixtures/tap-body.ts';

const NOW = new Date('2026-11-24T08:00:00+09:00');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-machine-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const config = (more: object = {}): TerminalConfig => {
  const parsed = parseTerminalConfig(
    JSON.stringify({
      terminalId: TERMINAL,
      siteId: SITE,
      dataDir: folder,
      signingKeyFile: path('key.pem'),
      gateway: { publicKey: gatewaySigner.publicKey, url: 'mqtt://127.0.0.1:1' },
      ...more,
    }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value;
};
const failure = (text: string | RegExp, advice: string | RegExp) => ({
  kind: 'fail',
  text: expect.stringMatching(text),
  advice: expect.stringMatching(advice),
});

describe('the disk', () => {
  test('passes where it takes what is written, and gives it back', () => {
    expect(checkDisk(config()).result).toMatchObject({ kind: 'pass' });
  });

  test('fails where the folder is not there, or is none', () => {
    expect(checkDisk(config({ dataDir: path('none') })).result).toEqual(
      failure(/ありません/, /genba-terminal/),
    );
    writeFileSync(path('file'), '');
    expect(checkDisk(config({ dataDir: path('file') })).result).toEqual(
      failure(/書き込めません/, /交換/),
    );
  });

  test('fails where little is free', () => {
    mkdirSync(path('small'));
    const machineChecks = fileURLToPath(
      new URL('../../../provisioning/self-test/machine-checks.ts', import.meta.url),
    );
    const script = `import { checkDisk } from '${machineChecks}';
      console.log(JSON.stringify(checkDisk({ dataDir: process.argv[1] }).result));`;
    const mount = 'mount -t tmpfs -o size=20m tmpfs "$0" && exec "$@" "$0"';
    const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
    const node = [process.execPath, '--input-type=module', '-e', script];
    const done = spawnSync(
      'unshare',
      ['--mount', ...user, 'sh', '-c', mount, path('small'), ...node],
      { encoding: 'utf8' },
    );
    expect(done.stderr).toBe('');
    expect(JSON.parse(done.stdout)).toEqual(failure(/空き 0.0 GB/, /0\.2 GB/));
  });
});

describe('the journal', () => {
  const fill = (): void => {
    const db = openDurableSqlite(path(JOURNAL_FILE), { checkpointPages: 1_000 });
    openJournal(db, TERMINAL);
    db.exec('create table filling (bytes blob)');
    db.exec('insert into filling values (zeroblob(400000))');
    db.close();
  };

  test('passes whole, and where there is none yet', () => {
    expect(checkJournal(config()).result).toMatchObject({ kind: 'pass' });
    fill();
    expect(checkJournal(config()).result).toMatchObject({
      kind: 'pass',
      text: expect.stringContaining('壊れた所なし'),
    });
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['cut', (bytes) => bytes.subarray(0, 8_192)],
    ['overwritten in its first page', (bytes) => bytes.fill(0xa5, 0, 4_096)],
    ['nonsense', () => Buffer.from('記録ではありません'.repeat(100))],
  ])('fails when it is %s', (_what, spoil) => {
    fill();
    writeFileSync(path(JOURNAL_FILE), spoil(readFileSync(path(JOURNAL_FILE))));
    expect(checkJournal(config()).result).toEqual(failure(/壊れています/, /genba rescue/));
  });
});

describe('the journal’s log', () => {
  const FRAME = 24 + 4_096;
  /** Of entries none of which is in the database yet, as it lies on the disk while nobody has it open. */
  const writeLog = (spoil: (log: Buffer) => Buffer): void => {
    mkdirSync(path('writing'));
    const file = join(path('writing'), JOURNAL_FILE);
    const journal = openJournal(openDurableSqlite(file, { checkpointPages: 1_000 }), TERMINAL);
    const clock = createFakeClock('2026-11-24T07:00:00+09:00');
    for (let count = 0; count < 40; count += 1) journal.append(TAP_BODY, clock.read());
    copyFileSync(file, path(JOURNAL_FILE));
    writeFileSync(path(`${JOURNAL_FILE}-wal`), spoil(readFileSync(`${file}-wal`)));
    journal.close();
  };

  test('passes whole, and torn at its end, as a power cut leaves it', () => {
    writeLog((log) => log);
    expect(checkJournal(config()).result).toMatchObject({
      kind: 'pass',
      text: '40件、壊れた所なし',
    });
    rmSync(path('writing'), { recursive: true });
    writeLog((log) => log.fill(0, log.length - 2_048, log.length - 1_536));
    expect(checkJournal(config()).result).toMatchObject({
      kind: 'pass',
      text: expect.stringMatching(/^39件、.*途中まで/),
    });
  });

  test('fails where a rotten page hides what stands behind it, and changes nothing', () => {
    writeLog((log) => log.fill(0xa5, 32 + 20 * FRAME + 100, 32 + 20 * FRAME + 200));
    const log = readFileSync(path(`${JOURNAL_FILE}-wal`));
    expect(checkJournal(config()).result).toEqual(failure(/-wal に壊れた所/, /genba rescue/));
    expect(readFileSync(path(`${JOURNAL_FILE}-wal`)).equals(log)).toBe(true);
  });

  test('passes beside a terminal that writes all the while', async () => {
    const writer = fork(fileURLToPath(new URL('./keep-writing.ts', import.meta.url)), [folder]);
    await once(writer, 'message');
    const texts = new Set<string>();
    // Until it was seen to write between the looks.
    for (let look = 0; look < 200 || texts.size < 10; look += 1) {
      const { result } = checkJournal(config());
      expect(result.kind, JSON.stringify(result)).toBe('pass');
      texts.add(JSON.stringify(result));
    }
    writer.disconnect();
    await once(writer, 'exit');
  }, 120_000);
});

describe('the key', () => {
  test('passes where its owner alone reads it', () => {
    openSigningKey(path('key.pem'));
    expect(checkSigningKey(config()).result).toMatchObject({ kind: 'pass' });
  });

  test('fails where others read it, or it is none', () => {
    openSigningKey(path('key.pem'));
    chmodSync(path('key.pem'), 0o644);
    expect(checkSigningKey(config()).result).toEqual(failure(/他の利用者/, /chmod 600/));
    writeFileSync(path('key.pem'), 'no key');
    expect(checkSigningKey(config()).result).toEqual(failure(/使えません/, /genba enrol/));
  });
});

describe('the clock', () => {
  const { PATH = '' } = process.env;
  afterEach(() => {
    process.env.PATH = PATH;
  });
  /** A machine on which nobody but this program knows whether the clock is right, as with chrony. */
  const kernelSays = (answer: string): void => {
    writeFileSync(path('timedatectl'), `#!/bin/sh\necho ${answer}\n`, { mode: 0o755 });
    process.env.PATH = `${folder}:${PATH}`;
  };

  test.skipIf(existsSync('/run/systemd/timesync/synchronized'))(
    'passes and fails as the system says, whoever keeps it right',
    async () => {
      kernelSays('yes');
      expect((await checkClock(config(), NOW)).result).toMatchObject({ kind: 'pass' });
      kernelSays('no');
      expect((await checkClock(config(), NOW)).result).toEqual(failure(/未同期/, /set-ntp/));
    },
  );

  test('passes with a battery clock, whom nobody asks', async () => {
    kernelSays('no');
    const always = config({ clockTrust: 'always' });
    expect((await checkClock(always, NOW)).result).toMatchObject({ kind: 'pass' });
  });
});

test.each([
  ['a name that nobody has', 'mqtts://gateway.invalid', /名前が引けません/],
  ['a port at which nobody is', 'mqtts://127.0.0.1:1', /つながりません/],
])('the network fails for %s', async (_what, url, text) => {
  const tls = { caFile: 'x', certificateFile: 'x', keyFile: 'x' };
  const gateway = { publicKey: gatewaySigner.publicKey, url, tls };
  expect((await checkNetwork(config({ gateway }))).result).toEqual(failure(text, /./));
});
