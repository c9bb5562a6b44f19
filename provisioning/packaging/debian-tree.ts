/** What the package puts where on a Debian machine (パッケージの中身), beside programs and modules. */
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Arch } from './modules.ts';

/** Where the programs live; the units name it. */
export const HOME = 'usr/lib/genba-tap';

/** From → to; data files, mode 644. */
const FILES = [
  ['systemd/genba-terminal.service', 'usr/lib/systemd/system/genba-terminal.service'],
  ['systemd/genba-names-key.service', 'usr/lib/systemd/system/genba-names-key.service'],
  ['systemd/genba-gateway.service', 'usr/lib/systemd/system/genba-gateway.service'],
  ['systemd/genba-mosquitto.service', 'usr/lib/systemd/system/genba-mosquitto.service'],
  ['systemd/genba-mosquitto-reload.path', 'usr/lib/systemd/system/genba-mosquitto-reload.path'],
  [
    'systemd/genba-mosquitto-reload.service',
    'usr/lib/systemd/system/genba-mosquitto-reload.service',
  ],
  ['systemd/genba-kiosk.service', 'usr/lib/systemd/system/genba-kiosk.service'],
  ['systemd/genba-usb@.service', 'usr/lib/systemd/system/genba-usb@.service'],
  ['systemd/genba-tap.sysusers', 'usr/lib/sysusers.d/genba-tap.conf'],
  ['systemd/genba-tap.tmpfiles', 'usr/lib/tmpfiles.d/genba-tap.conf'],
  ['systemd/50-genba-pcsc.rules', 'usr/share/polkit-1/rules.d/50-genba-pcsc.rules'],
  ['udev/60-genba-tap.rules', 'usr/lib/udev/rules.d/60-genba-tap.rules'],
  ['udev/modprobe-genba-tap.conf', 'usr/lib/modprobe.d/genba-tap.conf'],
  ['README.md', 'usr/share/doc/genba-tap/README.md'],
  ['README.ja.md', 'usr/share/doc/genba-tap/README.ja.md'],
  ['LICENSE', 'usr/share/doc/genba-tap/copyright'],
] as const;

const SCRIPTS = ['postinst', 'prerm', 'postrm'] as const;

/** Command on the path → program. */
const COMMANDS = {
  genba: 'provisioning/genba.js',
  'genba-terminal': 'device/main.js',
  'genba-gateway': 'gateway/main.js',
} as const;

/**
 * Libraries that Node and the addons load, and the daemons that the terminal speaks to. The screen is
 * recommended, because a gateway has none.
 */
export const DEPENDS = [
  'libc6 (>= 2.36)',
  'libstdc++6 (>= 12)',
  'libpcsclite1',
  'pcscd',
  'polkitd',
  'systemd (>= 252)',
  'udev',
  'init-system-helpers',
];
const RECOMMENDS = [
  'gpiod',
  'cage',
  'chromium',
  'fonts-noto-cjk',
  'fonts-sil-padauk',
  'fonts-lohit-deva',
  'systemd-timesyncd | time-daemon',
];

const putFile = (from: string, to: string, mode: number): void => {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, mode);
};

const putText = (to: string, text: string, mode: number): void => {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text, { mode });
};

const kibibytesOf = (folder: string): number => {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    bytes += lstatSync(join(folder, name)).size;
  return Math.ceil(bytes / 1_024);
};

const controlText = (version: string, arch: Arch, installedKiB: number): string =>
  `Package: genba-tap
Version: ${version}
Architecture: ${arch}
Maintainer: genba-tap <genba-tap@localhost>
Installed-Size: ${installedKiB}
Depends: ${DEPENDS.join(', ')}
Recommends: ${RECOMMENDS.join(', ')}
Section: misc
Priority: optional
Description: card terminal at the construction-site gate, and the gateway behind it
 A worker touches the card; the touch becomes attendance, work history and a
 contribution to the mutual-aid scheme. The terminal works for weeks without
 a network and beeps only for what is safe on its disk.
`;

/** Writes all but programs and modules below `tree`; sizes are counted last, so call it when those are there. */
export const putDebianFiles = (
  root: string,
  tree: string,
  { version, arch }: { readonly version: string; readonly arch: Arch },
): void => {
  for (const [from, to] of FILES) putFile(join(root, from), join(tree, to), 0o644);
  for (const [command, program] of Object.entries(COMMANDS))
    putText(
      join(tree, 'usr/bin', command),
      `#!/bin/sh\nexec /${HOME}/node/bin/node /${HOME}/${program} "$@"\n`,
      0o755,
    );
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  putText(
    join(tree, HOME, 'package.json'),
    `${JSON.stringify({ name: manifest.name, version, type: 'module', license: manifest.license, private: true })}\n`,
    0o644,
  );
  const installedKiB = kibibytesOf(tree);
  for (const name of SCRIPTS)
    putFile(join(root, 'provisioning/debian', name), join(tree, 'DEBIAN', name), 0o755);
  putText(join(tree, 'DEBIAN/control'), controlText(version, arch, installedKiB), 0o644);
};
