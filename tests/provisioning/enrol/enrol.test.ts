/** `genba enrol` as a process, against the gateway's real port: what succeeds, and what each failure says. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournalFile } from '../../../device/journal-file.ts';
import { drawSecret, readCode, writeCode } from '../../../shared/enrolment-code.ts';
import { TerminalId } from '../../../shared/ids.ts';
import { DAY_MS, HOUR_MS, utcMs } from '../../../shared/time.ts';
import { type DeskPort, type DeskPortOptions, openDeskPort } from '../../fixtures/desk-port.ts';
import { type EnrollingMachine, enrollingMachine } from '../../fixtures/enrolling-machine.ts';
import {
  claimOf,
  type EnrolmentDesk,
  makeDevice,
  openEnrolmentDesk,
} from '../../fixtures/enrolment-desk.ts';
import { SITE } from '../../fixtures/identities.ts';

let desk: EnrolmentDesk;
let port: DeskPort;
let machine: EnrollingMachine;
beforeEach(async () => {
  desk = await openEnrolmentDesk(Date.now());
  port = await openDeskPort(desk);
  machine = enrollingMachine(desk);
});
afterEach(async () => {
  await port.close();
  desk.close();
  machine.remove();
});
const read = (file: string): string => readFileSync(file, 'utf8');
const home = () => machine.home;
const configFile = () => machine.configFile;
const run = (words: readonly string[], options?: Parameters<EnrollingMachine['run']>[1]) =>
  machine.run(words, options);
const soundConfig = () => machine.soundConfig();
const reopenPort = async (options: DeskPortOptions): Promise<void> => {
  await port.close();
  port = await openDeskPort(desk, options);
};

describe('a code makes a terminal', () => {
  test('out of a bare machine: keys for the service alone, and a configuration that says where', async () => {
    const code = await desk.makeCode();
    const { code: exit, stdout, stderr } = await run([`${port.url}#${code}`]);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toContain('端末 gate-1（現場 現場）として登録しました');
    const config = soundConfig();
    expect(config).toMatchObject({
      terminalId: 'gate-1',
      siteId: SITE,
      dataDir: home(),
      maxShiftHours: 18,
      gateway: { url: 'mqtts://gateway.example:8883', enrolmentUrl: port.url },
    });
    const keys = readdirSync(dirname(config?.signingKeyFile ?? ''));
    expect(keys.sort()).toEqual(['authority.pem', 'identity.pem', 'signing-key.pem']);
    for (const name of keys)
      expect([
        name,
        statSync(join(home(), machine.enrolmentFolders()[0] ?? '', name)).mode & 0o777,
      ]).toEqual([name, 0o600]);
    expect(statSync(configFile()).mode & 0o777).toBe(0o640);
    expect(desk.store.current(TerminalId.parse('gate-1'))?.claimed).toBeDefined();
  });

  test('typed at the prompt, in small letters and with the address apart', async () => {
    const code = await desk.makeCode();
    const typed = `${code.toLowerCase()}\n${port.url.replace('https://', '')}\n`;
    expect((await run([], { input: typed })).code).toBe(0);
    expect(soundConfig()?.terminalId).toBe('gate-1');
  });

  test('and says so to programs', async () => {
    const { stdout } = await run([`${port.url}#${await desk.makeCode()}`, '--json']);
    expect(JSON.parse(stdout)).toEqual({
      outcome: 'enrolled',
      terminalId: 'gate-1',
      siteId: SITE,
      brokerUrl: 'mqtts://gateway.example:8883',
    });
  });

  test('what a technician set before stays', async () => {
    mkdirSync(dirname(configFile()));
    const settings = {
      maxShiftHours: 24,
      repeatWindowMs: 30_000,
      kiosk: { port: 9_000 },
      readers: { places: [{ match: 'ACR', readerId: '入口', direction: 'in' }] },
    };
    writeFileSync(configFile(), JSON.stringify(settings));
    expect((await run([`${port.url}#${await desk.makeCode()}`])).code).toBe(0);
    expect(soundConfig()).toMatchObject({ ...settings, terminalId: 'gate-1' });
  });
});

describe('what does not succeed changes nothing, says why and what to do', () => {
  const good = async () => `${port.url}#${await desk.makeCode()}`;
  const otherCode = async () => {
    const other = await openEnrolmentDesk(Date.now());
    const code = await other.makeCode();
    other.close();
    return code;
  };
  test.each<[string, number, string, RegExp, () => Promise<string>]>([
    [
      'a slip of the tongue',
      2,
      'bad-code',
      /打ち間違い/,
      async () => {
        const text = await good();
        return `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;
      },
    ],
    ['no code', 2, 'bad-code', /20文字/, async () => `${port.url}#ABC`],
    ['no address', 2, 'bad-code', /アドレス/, async () => `ftp://x#${await desk.makeCode()}`],
    [
      'a code that this gateway never made',
      2,
      'unknown-code',
      /中継サーバにありません/,
      async () => {
        const code = readCode(await desk.makeCode());
        return code.ok ? `${port.url}#${writeCode({ ...code.value, secret: drawSecret() })}` : '';
      },
    ],
    [
      'an hour too late',
      2,
      'expired-code',
      /期限が切れて/,
      async () => {
        const text = await good();
        desk.clock.advance(HOUR_MS);
        return text;
      },
    ],
    [
      'another device was quicker',
      2,
      'used-code',
      /別の端末がもう使いました/,
      async () => {
        const code = await desk.makeCode();
        await desk.enrolments.claim(claimOf(await makeDevice(), code), '::1');
        return `${port.url}#${code}`;
      },
    ],
    [
      'the admin took it back',
      2,
      'revoked-code',
      /取り消されて/,
      async () => {
        const text = await good();
        desk.enrolments.revoke(1, 'token:admin');
        return text;
      },
    ],
    [
      'somebody else answers than who made the code',
      2,
      'not-the-gateway-of-the-code',
      /横取り/,
      async () => `${port.url}#${await otherCode()}`,
    ],
    [
      'the gateway goes by another name',
      2,
      'other-name',
      /localhost という名前ではありません/,
      async () => {
        await reopenPort({ names: ['gateway.example'] });
        return good();
      },
    ],
    [
      'this clock is days behind',
      1,
      'clock',
      /時計が合っていません。この端末 .*中継サーバ .*timedatectl/,
      async () => {
        await reopenPort({ issuedAt: utcMs(Date.now() + 3 * DAY_MS) });
        return good();
      },
    ],
    [
      'this clock is a year ahead',
      1,
      'clock',
      /時計が合っていません/,
      async () => {
        await reopenPort({ issuedAt: utcMs(Date.now() - 365 * DAY_MS) });
        return good();
      },
    ],
    [
      'too many tries',
      3,
      'busy',
      /10分待って/,
      async () => {
        await reopenPort({ mayTry: () => false });
        return good();
      },
    ],
    [
      'no network',
      3,
      'unreachable',
      /つながりません.*同じコードで/,
      async () => `https://127.0.0.1:9#${await desk.makeCode()}`,
    ],
  ])('%s', async (_what, exit, outcome, words, prepare) => {
    const text = await prepare();
    const plain = await run([text]);
    expect([plain.code, plain.stderr]).toEqual([exit, expect.stringMatching(words)]);
    const json = await run([text, '--json']);
    expect([json.code, JSON.parse(json.stdout).outcome]).toEqual([exit, outcome]);
    expect(existsSync(configFile())).toBe(false);
  });

  test('settings that are wrong are named before a code is used up', async () => {
    mkdirSync(dirname(configFile()));
    writeFileSync(configFile(), '{"kiosk":{"port":-1},"colour":"red"}');
    const { code, stderr } = await run([await good()]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/\/kiosk\/port/);
    expect(stderr).toMatch(/colour/);
    expect(desk.store.all().map(({ claimed }) => claimed)).toEqual([undefined]);
  });

  test('a machine that is a terminal already is told which, and how to replace it', async () => {
    await run([await good()]);
    const before = read(configFile());
    const { code, stderr } = await run([await good()]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/端末 gate-1.*--replace/)]);
    expect(read(configFile())).toBe(before);
  });
});

describe('--replace', () => {
  const replace = async (terminalId?: TerminalId) => {
    const ended = await run([`${port.url}#${await desk.makeCode(terminalId)}`, '--replace']);
    expect([ended.code, ended.stderr]).toEqual([0, '']);
    return ended.stdout;
  };
  const journalIdAt = (dataDir: string, terminalId: TerminalId) => {
    const { journal } = openJournalFile(dataDir, terminalId);
    journal.close();
    return journal.journalId;
  };
  const GATE_1 = TerminalId.parse('gate-1');

  test('in the same place goes on with the journal; the certificate before is void', async () => {
    await replace();
    const first = machine.certificate();
    const journalId = journalIdAt(home(), GATE_1);
    await replace(GATE_1);
    expect(desk.enrolments.admit(first, 'gate-1', '::1')).toBe('revoked-certificate');
    expect(desk.enrolments.admit(machine.certificate(), 'gate-1', '::1')).toBe('good');
    expect(soundConfig()?.dataDir).toBe(home());
    expect(journalIdAt(home(), GATE_1)).toBe(journalId);
    expect(machine.enrolmentFolders()).toHaveLength(1);
  });

  test('a card that was written anew takes the place with a journal of its own', async () => {
    await replace();
    const journalId = journalIdAt(home(), GATE_1);
    const first = machine.certificate();
    rmSync(home(), { recursive: true });
    rmSync(configFile());
    await replace(GATE_1);
    expect(journalIdAt(home(), GATE_1)).not.toBe(journalId);
    expect(desk.enrolments.admit(first, 'gate-1', '::1')).toBe('revoked-certificate');
  });

  test('in another place leaves the journal of the first where it is', async () => {
    await replace();
    const journalId = journalIdAt(home(), GATE_1);
    const said = await replace();
    expect(said).toContain(`genba rescue --data ${home()}`);
    const config = soundConfig();
    expect(config?.terminalId).toBe('gate-3');
    expect(config?.dataDir).toBe(join(home(), 'gate-3'));
    expect(journalIdAt(home(), GATE_1)).toBe(journalId);
    // And back again.
    await replace(GATE_1);
    expect(soundConfig()?.dataDir).toBe(home());
  });
});
