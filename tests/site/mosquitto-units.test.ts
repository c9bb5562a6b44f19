/**
 * mosquitto beside the gateway on a bare Debian 13, by our units: a terminal is enrolled and speaks through it,
 * its certificate is revoked in the gateway, and mosquitto shuts it out without anybody's hand.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MachineRun, runOnDebian } from '../fixtures/debian-machine.ts';
import { debianPackage } from '../fixtures/debian-package.ts';
import { SITE } from '../fixtures/identities.ts';
import { registryDocument } from '../fixtures/registry.ts';

const SCRIPT = `
echo 'APT::Install-Recommends "false";' >/etc/apt/apt.conf.d/99no-screen
echo '127.0.0.1 localhost gateway.example' >>/etc/hosts
until_true() { for _ in $(seq 600); do "$@" && return 0; sleep 0.1; done; return 1; }
api() { curl -fsS -H "authorization: Bearer $TOKEN" "$@"; }
apt-get -qq install -y curl openssl mosquitto /packages/genba-tap.deb
for unit in genba-mosquitto.service genba-mosquitto-reload.service genba-mosquitto-reload.path; do
  systemd-analyze verify $unit >>$OUT/verify 2>&1
done
touch $OUT/verify
genba-gateway init --host gateway.example >init
TOKEN=$(sed -n 's/^管理者のトークン.*: //p' init)
# What the README says for mosquitto.
/usr/lib/genba-tap/node/bin/node -e '
  const fs = require("node:fs");
  const file = "/etc/genba-tap/gateway.json";
  const config = JSON.parse(fs.readFileSync(file, "utf8"));
  config.broker = { kind: "external", url: "mqtts://gateway.example:8883", mosquittoDir: "/var/lib/genba-mosquitto" };
  fs.writeFileSync(file, JSON.stringify(config));
'
genba-gateway mosquitto >$OUT/command; echo "exit $?" >>$OUT/command
systemctl restart genba-gateway
systemctl enable --now genba-mosquitto; echo "exit $?" >$OUT/start
ps -o user= -p "$(systemctl show -p MainPID --value genba-mosquitto)" >$OUT/user
api -T /job/registry.json http://127.0.0.1:8320/v1/registry >/dev/null
genba-gateway enrolment-code --site ${SITE} --json >code
genba enrol "$(sed 's/.*"text":"\\([^"]*\\)".*/\\1/' code)" >$OUT/enrol 2>&1; echo "exit $?" >>$OUT/enrol

# A certificate of nobody's authority, after a terminal that hung up
systemctl restart genba-terminal
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -out c.pem -subj /CN=gate-1 -days 1 2>/dev/null
foreign() { openssl s_client -connect 127.0.0.1:8883 -cert c.pem -key k.pem </dev/null >/dev/null 2>&1; api 'http://127.0.0.1:8320/v1/audit?kind=certificate-refused' | grep -q certificate-not-accepted; }
until_true foreign; echo "exit $?" >$OUT/foreign
api 'http://127.0.0.1:8320/v1/audit?kind=certificate-refused' >$OUT/refusals

# Stolen, and revoked by somebody at a desk: nobody touches mosquitto.
systemctl stop genba-terminal
api -X DELETE http://127.0.0.1:8320/v1/enrolments/1 -o /dev/null -w '%{http_code}\\n' >$OUT/revoked
shut_out() {
  identity=$(echo /var/lib/genba-terminal/enrolment-*/identity.pem)
  openssl s_client -connect 127.0.0.1:8883 -cert $identity -key $identity </dev/null >$OUT/tls 2>&1
  grep -q 'certificate revoked' $OUT/tls
}
until_true shut_out; echo "exit $?" >$OUT/shut-out
systemctl show -p NRestarts --value genba-mosquitto >$OUT/restarts
apt-get -qq purge -y genba-tap >/dev/null 2>&1; echo "exit $?" >$OUT/purge
ls /var/lib/genba-mosquitto >>$OUT/purge 2>&1
`;

const isRoot = process.getuid?.() === 0;
let machine: MachineRun;
beforeAll(async () => {
  if (!isRoot) return;
  machine = await runOnDebian({
    script: SCRIPT,
    packages: { 'genba-tap.deb': await debianPackage('0.1.0') },
    files: { 'registry.json': JSON.stringify(registryDocument) },
  });
}, 600_000);
afterAll(() => machine?.remove());
const result = (name: string): string => machine.result(name);

describe.skipIf(!isRoot)('mosquitto by our units (in a container, which needs root)', () => {
  test('is set up by one command and one unit, and runs as nobody special', () => {
    expect(result('verify')).toBe('');
    expect(result('command')).toMatch(/enable --now genba-mosquitto[\s\S]*exit 0$/);
    expect([result('start'), result('user')]).toEqual(['exit 0', 'mosquitto']);
  });

  test('takes an enrolled terminal', () => {
    expect(result('enrol'), machine.console).toMatch(/中継サーバとつながりました[\s\S]*exit 0$/);
  });

  test('tells the audit log of a certificate that it refused', () => {
    expect(result('foreign')).toBe('exit 0');
    const { records } = JSON.parse(result('refusals'));
    // Nobody else was refused: a terminal that hangs up is no stranger.
    expect(
      new Set(records.map(({ detail }: { detail: { reason: string } }) => detail.reason)),
    ).toEqual(new Set(['certificate-not-accepted']));
  });

  test('shuts out who is revoked, by itself and without a new start', () => {
    expect([result('revoked'), result('shut-out'), result('restarts')], result('tls')).toEqual([
      '204',
      'exit 0',
      '0',
    ]);
  });

  test('leaves no keys behind when everything is purged', () => {
    expect(result('purge')).toMatch(/^exit 0\n.*No such file/);
  });
});
