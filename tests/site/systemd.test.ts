/**
 * The units, rules and users under a real systemd, in a container of Debian 13: what a Raspberry Pi does
 * with them, but for the hardware.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TERMINAL_ENVIRONMENT, TERMINAL_NODE_FLAGS } from '../../device/node-flags.ts';
import { openSigningKey } from '../../shared/signing-key.ts';
import { type MachineRun, runOnDebian } from '../fixtures/debian-machine.ts';
import { debianPackage } from '../fixtures/debian-package.ts';
import { SITE, TERMINAL } from '../fixtures/identities.ts';

const UNITS = fileURLToPath(new URL('../../systemd/', import.meta.url));

/** Its number as a system call. */
const ADJTIMEX = process.arch === 'arm64' ? 171 : 159;

const SCRIPT = `
apt-get -qq install -y --no-install-recommends /packages/genba-tap.deb vsmartcard-vpcd
systemctl stop pcscd.service
node=/usr/lib/genba-tap/node/bin/node
until_true() { for _ in $(seq 900); do "$@" && return 0; sleep 0.1; done; return 1; }
property() { systemctl show -p "$2" --value "$1"; }
view() { $node -e 'fetch("http://127.0.0.1:8321/view").then((r) => r.text()).then(console.log, () => console.log("{}"))'; }
# adjtimex(2): modes ADJ_MAXERROR and ADJ_STATUS, maximal error in microseconds, status STA_UNSYNC.
KERNEL_CLOCK='$t = pack("L x20 q x8 l x164", 0x14, $ARGV[0], 0x40); syscall(${ADJTIMEX}, $t) >= 0 or die $!'
has_reader() { view | grep -q '"faults":\\[[^]]*\\]' && ! view | grep -q リーダー; }
restarted() { [ "$(property genba-terminal NRestarts)" -gt "$1" ] && [ "$(property genba-terminal ActiveState)" = active ]; }


for unit in genba-terminal genba-names-key genba-gateway genba-kiosk genba-usb@sda1; do
  systemd-analyze verify $unit.service >>$OUT/verify 2>&1
done
touch $OUT/verify
udevadm verify /usr/lib/udev/rules.d/60-genba-tap.rules >$OUT/udev 2>&1; echo "exit $?" >>$OUT/udev
id -nG genba-terminal >$OUT/groups
stat -c '%U %a' /run/media/genba-tap >$OUT/usb-folder

cp /job/*.json /etc/genba-tap/
for who in terminal gateway; do
  install -d -o genba-$who -g genba-$who -m 700 /var/lib/genba-$who
  install -o genba-$who -g genba-$who -m 600 /job/$who.pem /var/lib/genba-$who/signing-key.pem
done
mkdir -p /run/systemd/system/genba-terminal.service.d
printf '[Service]\\nWatchdogSec=3\\n' >/run/systemd/system/genba-terminal.service.d/quick.conf
systemctl daemon-reload

systemctl is-active pcscd.service >$OUT/pcscd-before
systemctl start genba-gateway genba-terminal; echo "exit $?" >$OUT/start
[ "$(cat $OUT/start)" = "exit 0" ] || { journalctl -u 'genba-*' -o cat --no-pager; exit 1; }
for who in terminal gateway; do property genba-$who ActiveState; done >$OUT/active
until_true has_reader; echo "exit $?" >$OUT/reader
view >$OUT/view
systemctl is-active pcscd.service >$OUT/pcscd-after
said() { property genba-terminal StatusText | grep -q 'linked, 0 unsent'; }
until_true said; property genba-terminal StatusText >$OUT/status
property genba-terminal MemoryCurrent >$OUT/memory

# The polkit rule is for the terminal alone.
setpriv --reuid genba-gateway --regid genba-gateway --clear-groups $node /job/ask-pcscd.mjs >$OUT/stranger 2>&1
refused() { journalctl -u pcscd --no-pager | grep -q 'NOT authorized'; }
until_true refused; echo "exit $?" >$OUT/stranger-refused
# Nothing of the machine can be written but its own folders.
pid=$(property genba-terminal MainPID)
grep -c ' ro,' /proc/$pid/mountinfo >$OUT/read-only
grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/$pid/status >$OUT/rights
stat -c '%U %a' /var/lib/genba-terminal/journal.db >$OUT/journal-file

kill -STOP "$(property genba-terminal MainPID)"
until_true restarted 0; echo "exit $?" >$OUT/watchdog
journalctl -u genba-terminal --no-pager | grep -o 'Watchdog timeout' | head -1 >>$OUT/watchdog

kill -KILL "$(property genba-terminal MainPID)"
until_true restarted 1; echo "exit $?" >$OUT/killed
until_true has_reader; echo "exit $?" >$OUT/reader-again

systemctl restart pcscd.service
until_true has_reader; echo "exit $?" >$OUT/reader-after-pcscd

# Any keeper of the kernel's clock is believed: its word stands in adjtimex(2), here the maximal error alone.
believes() { view | grep -q '"faults"' && ! view | grep -q 時計が未同期です; }
believes; echo "exit $?" >$OUT/clock
perl -e "$KERNEL_CLOCK" 0
systemctl restart genba-terminal; until_true believes; echo "exit $?" >>$OUT/clock
perl -e "$KERNEL_CLOCK" 16000000

systemctl stop genba-terminal; property genba-terminal Result >$OUT/stopped
property genba-terminal ExecMainStatus >>$OUT/stopped
systemctl stop genba-gateway; property genba-gateway Result >>$OUT/stopped
$node /job/journal.mjs >$OUT/journal

# Started with a full disk; its status comes every ten seconds, three times the watchdog's patience here.
data=/var/lib/genba-terminal
cp -a $data /run/seed
mount -t tmpfs -o size=4m,mode=700 tmpfs $data
chown genba-terminal:genba-terminal $data
cp -a /run/seed/. $data
head -c 8M /dev/zero >$data/filler 2>/dev/null || true
status() { property genba-terminal StatusText | grep -Eq "$1"; }
systemctl start genba-terminal; echo "exit $?" >$OUT/full
starts=$(property genba-terminal NRestarts)
until_true status '^(disk-full|io-error)'; echo "exit $?" >>$OUT/full
: >$data/filler
until_true status '^recording'; echo "exit $?" >>$OUT/full
[ "$(property genba-terminal NRestarts)" = "$starts" ]; echo "exit $?" >>$OUT/full
systemctl stop genba-terminal; property genba-terminal Result >>$OUT/full
`;

/** Boots of the terminal, in one journal: read from its file as nobody else writes it any more. */
const JOURNAL_SCRIPT = `
import { openRescue } from '/usr/lib/genba-tap/provisioning/rescue.js';
import { surveyOf } from '/usr/lib/genba-tap/shared/rescue-file.js';
const entries = [...openRescue('/var/lib/genba-terminal').entries()];
const { missing, broken } = surveyOf(entries, 0).named;
const kinds = entries.map(({ text }) => JSON.parse(text)).map(({ kind, what }) => what ?? kind);
console.log(JSON.stringify({ kinds, missing, broken }));
`;
/** The reader host as somebody else's child: the first thing that it says but for its heart. */
const ASK_PCSCD = `
import { fork } from 'node:child_process';
const host = fork('/usr/lib/genba-tap/device/readers/pcsc-host.js');
host.on('message', (message) => {
  if (message.kind === 'heartbeat') return;
  console.log(JSON.stringify(message));
  process.exit(0);
});
host.on('exit', (code) => process.exit(code));
`;

/** A container wants root; who is not gets to read that these were left out. */
const isRoot = process.getuid?.() === 0;

let machine: MachineRun;
let keys: string | undefined;
beforeAll(async () => {
  if (!isRoot) return;
  keys = mkdtempSync(join(tmpdir(), 'genba-keys-'));
  const folder = keys;
  const key = (who: string) => openSigningKey(join(folder, `${who}.pem`)).publicKey;
  const [terminalKey, gatewayKey] = [key('terminal'), key('gateway')];
  const pem = (who: string) => readFileSync(join(folder, `${who}.pem`), 'utf8');
  machine = await runOnDebian({
    script: SCRIPT,
    packages: { 'genba-tap.deb': await debianPackage('0.1.0') },
    files: {
      'journal.mjs': JOURNAL_SCRIPT,
      'ask-pcscd.mjs': ASK_PCSCD,
      'terminal.pem': pem('terminal'),
      'gateway.pem': pem('gateway'),
      'terminal.json': JSON.stringify({
        terminalId: TERMINAL,
        siteId: SITE,
        dataDir: '/var/lib/genba-terminal',
        signingKeyFile: '/var/lib/genba-terminal/signing-key.pem',
        gateway: { url: 'mqtt://127.0.0.1:18831', publicKey: gatewayKey },
      }),
      'gateway.json': JSON.stringify({
        dataDir: '/var/lib/genba-gateway',
        signingKeyFile: '/var/lib/genba-gateway/signing-key.pem',
        http: { port: 18_080 },
        broker: { kind: 'embedded', port: 18_831 },
        terminals: [{ terminalId: TERMINAL, siteId: SITE, publicKey: terminalKey }],
        tokens: [],
      }),
    },
  });
}, 300_000);
afterAll(() => {
  machine?.remove();
  if (keys !== undefined) rmSync(keys, { recursive: true, force: true });
});

describe('the units', () => {
  test.skipIf(!isRoot)('systemd has nothing to say against any of them', () => {
    expect(machine.result('verify')).toBe('');
  });

  test.each(['genba-terminal', 'genba-gateway'])('%s is exposed to 2.0 at most', (unit) => {
    const report = execFileSync(
      'systemd-analyze',
      ['security', '--offline=true', '--threshold=20', `${UNITS}${unit}.service`],
      { encoding: 'utf8' },
    );
    expect(report).toMatch(/exposure level for \S+: [01]\.\d/);
  });

  test('start the terminal as the terminal wants to be started', () => {
    const unit = readFileSync(`${UNITS}genba-terminal.service`, 'utf8');
    for (const flag of TERMINAL_NODE_FLAGS) expect(unit).toContain(flag);
    for (const [name, value] of Object.entries(TERMINAL_ENVIRONMENT))
      expect(unit).toContain(`Environment=${name}=${value}`);
  });

  test.skipIf(!isRoot)('the udev rules are sound', () => {
    expect(machine.result('udev')).toMatch(/\nexit 0$/);
  });

  test.skipIf(!isRoot)('make the users, their groups and the folder for a stick', () => {
    expect(machine.result('groups').split(' ')).toEqual(
      expect.arrayContaining(['genba-terminal', 'dialout', 'gpio']),
    );
    expect(machine.result('usb-folder')).toBe('genba-terminal 700');
  });
});

describe.skipIf(!isRoot)('the services (in a container, which needs root)', () => {
  test('are started when they say that they are ready, and find each other', () => {
    expect(machine.result('start'), machine.console).toBe('exit 0');
    expect(machine.result('active')).toBe('active\nactive');
    expect(machine.result('status')).toMatch(/^recording; linked, 0 unsent; \d of \d readers$/);
  });

  test('the terminal wakes pcscd by its socket and may use the readers', () => {
    expect(machine.result('pcscd-before')).toBe('inactive');
    expect(machine.result('reader')).toBe('exit 0');
    expect(machine.result('pcscd-after')).toBe('active');
  });

  test('which nobody else may', () => {
    // The daemon hangs up on whom it refuses; whether its word arrives before that is chance.
    expect(JSON.parse(machine.result('stranger'))).toMatchObject({ kind: 'readers-unavailable' });
    expect(machine.result('stranger-refused')).toBe('exit 0');
  });

  test('run with no rights but their own', () => {
    const rights = machine.result('rights');
    expect(rights).toMatch(/CapEff:\s+0000000000000000/);
    expect(rights).toMatch(/NoNewPrivs:\s+1/);
    expect(rights).toMatch(/Seccomp:\s+2/);
    expect(Number(machine.result('read-only'))).toBeGreaterThan(0);
    expect(machine.result('journal-file')).toBe('genba-terminal 600');
  });

  test('a terminal whose main loop stands still is killed by the watchdog, and comes back', () => {
    expect(machine.result('watchdog')).toBe('exit 0\nWatchdog timeout');
  });

  test('one that is killed comes back, with its readers', () => {
    expect(machine.result('killed')).toBe('exit 0');
    expect(machine.result('reader-again')).toBe('exit 0');
  });

  test('pcscd started anew is found again', () => {
    expect(machine.result('reader-after-pcscd')).toBe('exit 0');
  });

  test('believe the clock as soon as anybody keeps it', () => {
    expect(machine.result('clock')).toBe('exit 1\nexit 0');
  });

  test('a terminal that is started with a full disk stays up, and records when there is room', () => {
    expect(machine.result('full')).toBe('exit 0\nexit 0\nexit 0\nexit 0\nsuccess');
  });

  test('stop cleanly', () => {
    expect(machine.result('stopped')).toBe('success\n0\nsuccess');
  });

  test('all of it stands in one unbroken journal', () => {
    const { kinds, missing, broken } = JSON.parse(machine.result('journal'));
    expect(kinds.filter((kind: string) => kind === 'boot')).toHaveLength(4);
    expect(kinds.filter((kind: string) => kind === 'reader-detached').length).toBeGreaterThan(0);
    expect([missing, broken]).toEqual([[], []]);
  });
});
