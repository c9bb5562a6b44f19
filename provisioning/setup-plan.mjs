/**
 * What a command needs that this machine lacks (pure): facts in, steps out.
 *
 * Plain JavaScript, because it runs before anything is installed, on whatever Node is there.
 *
 * @typedef {object} Facts
 * @property {string} nodeVersion    of the running program, e.g. `20.20.2`
 * @property {string} pinnedNode     version that this project runs under
 * @property {boolean} hasPinnedNode whether it has been fetched already
 * @property {string | undefined} pinnedNodePackage npm package of it for this machine; undefined = there is none
 * @property {boolean} areModulesCurrent node_modules is of this lock file, this Node and these headers
 * @property {boolean} isDebian
 * @property {readonly string[]} missingPackages Debian packages of the command that are not installed
 * @property {boolean} isRoot
 * @property {boolean} isInteractive somebody can be asked
 * @property {boolean} hasSudo
 *
 * @typedef {{ kind: 'fetch-node' }
 *   | { kind: 'install-packages', packages: readonly string[], through: 'root' | 'sudo' | 'ask-then-sudo' }
 *   | { kind: 'install-modules' }
 *   | { kind: 'say', line: string }} Step
 */

/** Debian packages by what needs them; each with the reason that is told. */
export const PACKAGES = {
  reader: {
    why: 'card readers over PC/SC, and the virtual one',
    names: ['pcscd', 'libpcsclite-dev', 'vsmartcard-vpcd', 'gcc', 'g++', 'make', 'python3'],
  },
  tests: {
    why: 'tests on real parts: a broker, a browser, what reads its prints and metrics, serial lines, fonts of the eight languages',
    names: [
      'mosquitto',
      'chromium',
      'poppler-utils',
      'python3-prometheus-client',
      'fonts-vlgothic',
      'fonts-wqy-microhei',
      'fonts-sil-padauk',
      'fonts-lohit-deva',
      'socat',
    ],
  },
  machine: {
    why: 'tests under a real systemd: a Debian machine in a container',
    names: ['debootstrap', 'systemd-container', 'procps'],
  },
  gpio: {
    why: 'tests on a GPIO chip: an emulated arm64 machine, and what is compiled for it',
    names: ['qemu-system-arm', 'g++-aarch64-linux-gnu', 'cpio'],
  },
  package: {
    why: 'the package for a Raspberry Pi: what is compiled for it',
    names: ['g++-aarch64-linux-gnu'],
  },
};

/** Which groups a command needs. */
export const NEEDS = {
  start: ['reader'],
  setup: ['reader', 'tests', 'machine', 'gpio'],
  test: ['reader', 'tests', 'machine', 'gpio'],
  check: [],
  tap: [],
  replay: [],
  simulate: [],
  fuzz: [],
  bench: ['reader', 'tests'],
  package: ['reader', 'package'],
};

const isAtLeast = (version, wanted) => {
  const [a, b] = [version, wanted].map((text) => text.split('.').map(Number));
  const index = a.findIndex((part, at) => part !== b[at]);
  return index < 0 || a[index] > b[index];
};

/** Node 24 is what everything is tried on; another major may differ in small ways. */
export const isNodeGood = (version, pinned) =>
  version.split('.')[0] === pinned.split('.')[0] && isAtLeast(version, pinned);

/** @param {Facts} facts @returns {Step[]} */
export const planSetup = (facts) => {
  const steps = [];
  if (!isNodeGood(facts.nodeVersion, facts.pinnedNode) && !facts.hasPinnedNode) {
    if (facts.pinnedNodePackage === undefined) {
      steps.push({
        kind: 'say',
        line: `Node ${facts.pinnedNode} is needed and there is no package of it for this machine; going on with ${facts.nodeVersion}`,
      });
    } else steps.push({ kind: 'fetch-node' });
  }
  if (facts.missingPackages.length > 0) {
    const list = facts.missingPackages.join(' ');
    if (!facts.isDebian) {
      steps.push({ kind: 'say', line: `not a Debian machine: without ${list} some parts are off` });
    } else if (facts.isRoot) {
      steps.push({ kind: 'install-packages', packages: facts.missingPackages, through: 'root' });
    } else if (facts.hasSudo && facts.isInteractive) {
      steps.push({
        kind: 'install-packages',
        packages: facts.missingPackages,
        through: 'ask-then-sudo',
      });
    } else if (facts.hasSudo) {
      steps.push({ kind: 'install-packages', packages: facts.missingPackages, through: 'sudo' });
    } else {
      steps.push({ kind: 'say', line: `no right to install ${list}: some parts are off` });
    }
  }
  if (!facts.areModulesCurrent) steps.push({ kind: 'install-modules' });
  return steps;
};
