/**
 * A PC/SC daemon with a virtual reader of two slots, apart from the machine's own.
 *
 * Debian's pcscd and vpcd, unchanged, in a mount namespace of their own: their socket hides nothing and
 * meets nothing. Clients reach it through /proc. It dies with the process that started it.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readersOfDaemon } from '../../device/readers/pcscd-socket.ts';

const READER_NAME = 'Genba Virtual Reader';
const START_TIMEOUT_MS = 10_000;
const POLL_MS = 10;
const ANSWER_TIMEOUT_MS = 10_000;
const VPCD_LIBRARY = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';

const source = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));

export interface VirtualSlot {
  /** PC/SC name of the reader, as the terminal sees it. */
  readonly reader: string;
  /** Local port to which a virtual card connects. */
  readonly port: number;
}

export interface VirtualPcscd {
  readonly kind: 'running';
  /** For PCSCLITE_CSOCK_NAME; changes when the daemon is restarted. */
  readonly daemonSocket: () => string;
  /** A link that always leads to the daemon's socket, also across restarts. */
  readonly stableSocket: string;
  readonly slots: readonly [VirtualSlot, VirtualSlot];
  /** As soon as the daemon has let go of what was pulled; the kernel itself waits 100 ms (debounce). */
  readonly plug: () => Promise<void>;
  readonly unplug: () => void;
  /** Two cards answer in the field of a slot at once: none can be activated until it is over. */
  readonly setCollision: (slot: 0 | 1, isThere: boolean) => void;
  /** The card that waits behind the one of a slot takes its place without the field having been empty. */
  readonly setGapless: (slot: 0 | 1, isOn: boolean) => void;
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  readonly start: () => Promise<void>;
  readonly pid: () => number | undefined;
  readonly close: () => Promise<void>;
}

export type VirtualPcscdOutcome =
  | VirtualPcscd
  | { readonly kind: 'unavailable'; readonly reason: string };

const INFO_PLIST = `<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict>
  <key>CFBundleExecutable</key><string>libvirtual.so</string>
  <key>ifdVendorID</key><array><string>0x1209</string></array>
  <key>ifdProductID</key><array><string>0x0001</string></array>
  <key>ifdFriendlyName</key><array><string>${READER_NAME}</string></array>
</dict></plist>
`;

/** Compiled once per source text and kept; gcc takes about a second. */
const compiled = (cacheDir: string, name: string): string => {
  const text = readFileSync(source(name));
  const library = join(cacheDir, `${name}-${hash('sha256', text).slice(0, 16)}.so`);
  if (existsSync(library)) return library;
  mkdirSync(cacheDir, { recursive: true });
  const fresh = `${library}.${process.pid}`;
  const include = ['-I/usr/include/PCSC', '-I/usr/include'];
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', ...include, '-o', fresh, source(name), '-ldl'], {
    stdio: 'pipe',
  });
  renameSync(fresh, library);
  return library;
};

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  const bound = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen(port, '127.0.0.1');
  const free = await bound;
  if (free) {
    server.close();
    await once(server, 'close');
  }
  return free;
};

/**
 * vpcd gives its two slots two ports in a row. Below those that the kernel deals out to connections (32,768 on):
 * a reader that is plugged in again would find its own taken.
 */
const freePortPair = async (): Promise<number> => {
  for (let tries = 0; tries < 200; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 6_000) * 2;
    if ((await isFree(port)) && (await isFree(port + 1))) return port;
  }
  throw new Error('no two free ports in a row');
};

const has = (command: string): boolean =>
  (process.env.PATH ?? '')
    .split(':')
    .concat('/usr/sbin', '/sbin')
    .some((dir) => existsSync(join(dir, command)));

/** What is missing for a virtual reader on this machine; undefined = nothing. */
const virtualReaderObstacle = (): string | undefined => {
  for (const command of ['pcscd', 'gcc', 'unshare', 'setpriv']) {
    if (!has(command)) return `${command} is not installed`;
  }
  if (!existsSync(VPCD_LIBRARY)) return 'vsmartcard-vpcd is not installed';
  if (!existsSync('/usr/include/PCSC/ifdhandler.h')) return 'libpcsclite-dev is not installed';
  return undefined;
};

const unshareArguments = (): readonly string[] =>
  process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--user', '--map-root-user'];

const namespaceObstacle = (): string | undefined => {
  try {
    execFileSync('unshare', [...unshareArguments(), 'true'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'this machine does not permit mount namespaces';
  }
};

/** Own socket folder, and own drivers in the one place where pcscd looks for them. */
const IN_NAMESPACE =
  'mount -t tmpfs tmpfs /run && mkdir /run/pcscd && mount --bind "$1" /usr/lib/pcsc/drivers && shift && exec "$@"';

export const startVirtualPcscd = async (cacheDir: string): Promise<VirtualPcscdOutcome> => {
  const obstacle = virtualReaderObstacle() ?? namespaceObstacle();
  if (obstacle !== undefined) return { kind: 'unavailable', reason: obstacle };

  const dir = mkdtempSync(join(tmpdir(), 'genba-pcscd-'));
  const library = join(dir, 'drivers', 'virtual.bundle', 'Contents', 'Linux');
  mkdirSync(library, { recursive: true });
  mkdirSync(join(dir, 'drivers', 'serial'));
  mkdirSync(join(dir, 'reader.conf.d'));
  copyFileSync(VPCD_LIBRARY, join(dir, 'drivers', 'serial', 'libifdvpcd.so'));
  writeFileSync(join(library, '..', 'Info.plist'), INFO_PLIST);
  copyFileSync(compiled(cacheDir, 'ifd-handler.c'), join(library, 'libvirtual.so'));
  const preload = compiled(cacheDir, 'pcscd-preload.c');
  execFileSync('mkfifo', [join(dir, 'hotplug')]);
  const port = await freePortPair();
  const options = execFileSync('sh', ['-c', 'PATH=$PATH:/usr/sbin pcscd --help 2>&1 || true'], {
    encoding: 'utf8',
  });
  const polkit = options.includes('--disable-polkit') ? ['--disable-polkit'] : [];
  const stableSocket = join(dir, 's');

  let daemon: ChildProcess | undefined;
  const daemonSocket = (): string => `/proc/${daemon?.pid}/root/run/pcscd/pcscd.comm`;

  const start = async (): Promise<void> => {
    const child = spawn(
      'unshare',
      [
        ...unshareArguments(),
        // The kernel kills it when we die, however we die.
        ...['setpriv', '--pdeathsig', 'KILL'],
        ...['sh', '-c', IN_NAMESPACE, 'sh', join(dir, 'drivers')],
        ...['pcscd', '--foreground', '--config', join(dir, 'reader.conf.d')],
        ...polkit,
      ],
      {
        stdio: 'ignore',
        env: {
          PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
          LD_PRELOAD: preload,
          VIRTUAL_READER_DIR: dir,
          VIRTUAL_READER_PORT: `0x${port.toString(16)}`,
        },
      },
    );
    daemon = child;
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (!existsSync(daemonSocket())) {
      if (child.exitCode !== null || performance.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`pcscd did not come up (exit ${child.exitCode})`);
      }
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
    rmSync(stableSocket, { force: true });
    execFileSync('ln', ['-s', daemonSocket(), stableSocket]);
  };

  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    const child = daemon;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };

  const setFile = (name: string, isThere: boolean): void => {
    if (isThere) writeFileSync(join(dir, name), '');
    else rmSync(join(dir, name), { force: true });
  };

  await start();
  return {
    kind: 'running',
    daemonSocket,
    stableSocket,
    slots: [
      { reader: `${READER_NAME} 00 00`, port },
      { reader: `${READER_NAME} 00 01`, port: port + 1 },
    ],
    plug: async () => {
      // The daemon takes an addition that overtakes a removal for a duplicate, and drops it for good. Asked
      // too often, it is busy.
      const hasLetGo = () =>
        readersOfDaemon(stableSocket, ANSWER_TIMEOUT_MS).then(
          (readers) => readers.length === 0,
          () => false,
        );
      while (!(await hasLetGo())) await new Promise((done) => setTimeout(done, POLL_MS));
      setFile('unplugged', false);
      writeFileSync(join(dir, 'hotplug'), '+');
    },
    unplug: () => {
      setFile('unplugged', true);
      writeFileSync(join(dir, 'hotplug'), '-');
    },
    setCollision: (slot, isThere) => setFile(`collision-${slot}`, isThere),
    setGapless: (slot, isOn) => setFile(`gapless-${slot}`, isOn),
    kill,
    start,
    pid: () => daemon?.pid,
    close: async () => {
      await kill('SIGTERM');
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
