/**
 * A bare Debian, our package and the commands of the README, as a technician types them: the first touch is in
 * the ledger. Then what comes later on such a machine: a key that does not open, a replacement, an upgrade and
 * the way back, a removal – and the journal goes through all of it.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MachineRun, runOnDebian } from '../fixtures/debian-machine.ts';
import { debianPackage } from '../fixtures/debian-package.ts';
import { SITE, WORKER } from '../fixtures/identities.ts';
import { registryDocument } from '../fixtures/registry.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');

const SERIAL = '01140A261A2B0000';
const PIN = '2468';

/** The lines that somebody types. */
const commandsOf = (script: string): readonly string[] =>
  script.split('\n').filter((line) => line !== '' && !/^(#|set )/.test(line));

/**
 * The script itself is run, with a person's part around it: who is root needs no sudo, what is read off the
 * screen is put where the script names it, what is asked for is typed, and a card lies on the reader meanwhile.
 */
const SCRIPT = `
mkdir -p /srv/site && cd /srv/site
# Without a network there is no screen to install.
echo 'APT::Install-Recommends "false";' >/etc/apt/apt.conf.d/99no-screen
ln -s /packages/first.deb genba-tap.deb && cp /job/registry.json .
apt-get -qq install -y --no-install-recommends curl vsmartcard-vpcd
mkdir -p /run/systemd/timesync && touch /run/systemd/timesync/synchronized
NODE=/usr/lib/genba-tap/node/bin/node
until_true() { for _ in $(seq 600); do "$@" && return 0; sleep 0.1; done; return 1; }
property() { systemctl show -p "$2" --value genba-terminal; }
# The program itself, not a function around it: what is killed is the shell of a function, and the hand would stay.
hold() { $NODE --disable-warning=ExperimentalWarning /job/hold-card.ts ${SERIAL} & CARD=$!; }
take_away() { kill $CARD; wait $CARD 2>/dev/null || true; }
typed() { curl -fsS -d '{"workerId":"${WORKER}"}' http://127.0.0.1:8321/typed; echo; }
taps() { curl -fsS -H "authorization: Bearer $TOKEN" "http://127.0.0.1:8320/v1/taps?after=0&limit=1000"; }
ledger_taps() { taps | grep -o '"verdict"' | wc -l; }
sent() { curl -fsS http://127.0.0.1:8321/view | grep -q '"unsent":0'; }
drained() { sent && [ "$(ledger_taps)" = "$(journal | sed 's/.*"taps":\\([0-9]*\\).*/\\1/')" ]; }
line_of() { genba status | grep "$1"; }

sudo() { "$@"; }
genba-gateway() {
  command genba-gateway "$@" | tee $OUT/gateway-$1
  TOKEN=$(sed -n 's/^管理者のトークン.*: //p' $OUT/gateway-init)
  [ "$1" = enrolment-code ] && TEXT=$(sed -n "s/.*genba enrol '\\(.*\\)'$/\\1/p" $OUT/gateway-$1)
  return 0
}
genba() {
  case "$1" in
    pin) echo ${PIN} | command genba "$@" ;;
    self-test) hold; command genba "$@" </dev/null | tee $OUT/self-test; take_away ;;
    card) hold; printf '%s\\n' ${WORKER} ${PIN} | command genba "$@" | tee $OUT/card-bind; take_away ;;
    enrol) command genba "$@" </dev/null 2>&1 | tee $OUT/enrol ;;
    status) command genba "$@" </dev/null ;;
  esac
}
echo '127.0.0.1 localhost gateway.example' >>/etc/hosts
HOST=gateway.example SITE=${SITE}
( set -o pipefail; . /job/first-touch.sh ) >$OUT/script 2>&1
echo "exit $?" >>$OUT/script
TOKEN=$(sed -n 's/^管理者のトークン.*: //p' $OUT/gateway-init)
hold
# Touches of before the binding count for its worker too, but were warned of.
bound() { taps | tr '}' '\\n' | grep '"cardId":"${SERIAL}"' | grep '"workerId":"${WORKER}"' | grep -q '"verdict":"recorded"'; }
until_true bound; echo "exit $?" >$OUT/first-touch
journalctl -u 'genba-*' --no-pager -o cat | grep -v '"api"' | tail -40 >$OUT/services
take_away
taps >$OUT/taps

# Names on the disk
stat -c '%U %a' /run/genba-names/key /var/lib/genba-terminal/roster >$OUT/names
grep -c 山田 /var/lib/genba-terminal/roster >>$OUT/names
# The card in another machine, or the TPM replaced: what sealed the key is gone.
rm /var/lib/systemd/credential.secret
systemctl stop genba-names-key
systemctl restart genba-terminal; property x ActiveState >$OUT/no-key
line_of 名簿の暗号化 >>$OUT/no-key
typed >>$OUT/no-key
command genba-gateway enrolment-code --site ${SITE} --terminal gate-1 --json >code.json
TEXT=$(sed 's/.*"text":"\\([^"]*\\)".*/\\1/' code.json)
command genba enrol "$TEXT" >$OUT/again 2>&1; echo "exit $?" >>$OUT/again
command genba enrol "$TEXT" --replace >>$OUT/again 2>&1; echo "exit $?" >>$OUT/again
line_of 名簿の暗号化 >>$OUT/again

# Up and down again
journal() { $NODE --disable-warning=ExperimentalWarning /job/journal.mjs; }
journal >$OUT/journal-first
before=$(property x MainPID)
apt-get -qq install -y /packages/second.deb >/dev/null 2>&1; echo "exit $?" >$OUT/upgrade
dpkg-query -W -f '\${Version}\\n' genba-tap >>$OUT/upgrade
[ "$(property x MainPID)" != "$before" ] && property x ActiveState >>$OUT/upgrade
until_true typed >>$OUT/upgrade
journal >$OUT/journal-upgraded
apt-get -qq install -y --allow-downgrades /packages/first.deb >/dev/null 2>&1; echo "exit $?" >$OUT/rollback
dpkg-query -W -f '\${Version}\\n' genba-tap >>$OUT/rollback
until_true typed >>$OUT/rollback
until_true drained; echo "drained $?" >>$OUT/rollback
ledger_taps >$OUT/ledger-taps
systemctl stop genba-terminal
journal >$OUT/journal-back
cp -r /usr/lib/genba-tap /srv/programs
apt-get -qq purge -y genba-tap >$OUT/purge 2>&1; echo "exit $?" >>$OUT/purge
ls /etc/genba-tap /etc/credstore.encrypted/genba-names-key >>$OUT/purge 2>&1
HOME_OF_PROGRAMS=/srv/programs /srv/programs/node/bin/node /job/journal.mjs >$OUT/journal-purged
`;

/** A hand that holds the card to one reader and the other, a second each, until it is told to go. */
const HOLD_CARD = `
import { presentCard } from './virtual-card.ts';
for (let turn = 0; ; turn += 1) {
  const card = await presentCard(turn % 2 === 0 ? 35_963 : 35_964, { serial: process.argv[2] });
  await new Promise((done) => setTimeout(done, 1_000));
  await card.remove();
}
`;
/** What is in the journal's file. */
const JOURNAL = `
const home = process.env.HOME_OF_PROGRAMS ?? '/usr/lib/genba-tap';
const { openRescue } = await import(home + '/provisioning/rescue.js');
const { surveyOf } = await import(home + '/shared/rescue-file.js');
const rescue = openRescue('/var/lib/genba-terminal');
const { journalId } = rescue;
const entries = [...rescue.entries()];
const { missing, broken } = surveyOf(entries, 0).named;
const all = entries.map(({ text }) => JSON.parse(text));
const boots = all.filter(({ kind }) => kind === 'boot');
console.log(JSON.stringify({
  journalId, entries: entries.length, missing, broken, first: entries[0].hash,
  taps: all.filter(({ kind }) => kind === 'tap').length,
  versions: boots.map(({ version }) => version),
}));
`;

const script = read('provisioning/first-touch.sh');

describe('the commands', () => {
  test('are ten at most', () => {
    expect(commandsOf(script).length).toBeGreaterThan(5);
    expect(commandsOf(script).length).toBeLessThanOrEqual(10);
  });

  test.each(['README.md', 'README.ja.md'])('are those of %s', (file) => {
    const blocks = [...read(file).matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map(
      ([, text = '']) => text,
    );
    expect(blocks.map(commandsOf)).toContainEqual(commandsOf(script));
  });
});

/** A container wants root; who is not gets to read that these were left out. */
const isRoot = process.getuid?.() === 0;
let machine: MachineRun;
beforeAll(async () => {
  if (!isRoot) return;
  machine = await runOnDebian({
    script: SCRIPT,
    packages: {
      'first.deb': await debianPackage('0.1.0'),
      'second.deb': await debianPackage('0.2.0'),
    },
    files: {
      'first-touch.sh': script,
      'registry.json': JSON.stringify({ ...registryDocument, cards: [] }),
      'hold-card.ts': HOLD_CARD,
      'virtual-card.ts': read('provisioning/virtual-reader/virtual-card.ts'),
      'package.json': '{"type":"module"}',
      'journal.mjs': JOURNAL,
    },
  });
}, 600_000);
afterAll(() => machine?.remove());

const result = (name: string): string => machine.result(name);
const journal = (name: string) => JSON.parse(result(name));

describe.skipIf(!isRoot)('a bare machine (in a container, which needs root)', () => {
  test('comes by these commands to a terminal that works', () => {
    expect(result('script'), machine.console).toMatch(/\nexit 0$/);
    expect(result('enrol')).toContain('端末が動き、中継サーバとつながりました');
    expect(result('self-test')).toContain('総合判定 合格');
    expect(result('card-bind')).toMatch(/末尾 0000 のカードを 山田さん/);
  });

  test('whose first touch of the bound card is in the gateway’s ledger', () => {
    expect(result('first-touch')).toBe('exit 0');
    const { taps } = JSON.parse(result('taps'));
    expect(taps).toContainEqual(
      expect.objectContaining({
        siteId: SITE,
        terminalId: 'gate-1',
        workerId: WORKER,
        cardId: SERIAL,
        verdict: 'recorded',
      }),
    );
  });

  test('keeps names sealed, with a key that only the service reads', () => {
    expect(result('names').split('\n')).toEqual(['genba-terminal 400', 'genba-terminal 600', '0']);
  });

  test('goes on when the key does not open any more, and says so', () => {
    const [state, line, touch] = result('no-key').split('\n');
    expect([state, touch]).toEqual(['active', '{"kind":"recorded"}']);
    expect(line).toMatch(/^✕ 名簿の暗号化/);
  });

  test('is enrolled anew only with --replace, and then has a key again', () => {
    const said = result('again');
    expect(said).toMatch(
      /--replace[\s\S]*exit 2[\s\S]*登録しました[\s\S]*exit 0[\s\S]*○ 名簿の暗号化/,
    );
  });

  test('goes up and down again with one journal, and the ledger has every touch', () => {
    expect(result('upgrade').split('\n')).toEqual([
      'exit 0',
      '0.2.0',
      'active',
      '{"kind":"recorded"}',
    ]);
    expect(result('rollback').split('\n')).toEqual([
      'exit 0',
      '0.1.0',
      '{"kind":"recorded"}',
      'drained 0',
    ]);
    const [first, upgraded, back] = ['first', 'upgraded', 'back'].map((name) =>
      journal(`journal-${name}`),
    );
    for (const each of [upgraded, back])
      expect(each).toMatchObject({
        journalId: first.journalId,
        first: first.first,
        missing: [],
        broken: [],
      });
    expect(upgraded.versions.at(-1)).toBe('0.2.0');
    expect(back.versions.at(-1)).toBe('0.1.0');
    expect(back.entries).toBeGreaterThan(upgraded.entries);
    expect(Number(result('ledger-taps'))).toBe(back.taps);
  });

  test('keeps the journal when everything else is purged', () => {
    expect(result('purge')).toMatch(/残してあります[\s\S]*exit 0/);
    expect(result('purge')).not.toMatch(/^(terminal|gateway)\.json$/m);
    expect(journal('journal-purged')).toEqual(journal('journal-back'));
  });
});
