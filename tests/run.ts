/**
 * `npm test`: checks, then every test; the last line says how it went: `N passed, N failed, N skipped`.
 * `--check-only`: types, format and lint alone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tellUsageIfAsked } from '../shared/tell-usage.ts';
import { lookForAdvisories } from './advisories.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);

const run = (program: string, ...parameters: readonly string[]): boolean =>
  spawnSync(bin(program), parameters, { cwd: ROOT, stdio: 'inherit' }).status === 0;

/** Folders of web pages, each with types of its own: none is forgotten. */
const CONSOLE = 'gateway/console';
const PAGES = [
  'device/kiosk/page',
  'device/manager/page',
  'device/sign/page',
  ...readdirSync(join(ROOT, CONSOLE), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${CONSOLE}/${name}`),
];

/** Each counts as one test, so that a failed one is in the last line. */
const CHECKS: readonly (readonly [string, ...string[]])[] = [
  ['tsc', '-p', '.'],
  ...PAGES.map((page) => ['tsc', '-p', page] as const),
  ['biome', 'check', '--error-on-warnings', '.'],
];

const words = process.argv.slice(2);
const [first, ...filters] = words;
const isCheckOnly = first === '--check-only';
tellUsageIfAsked(
  words,
  isCheckOnly ? 'usage: npm run check   types, format, lint' : 'usage: npm test [-- FILE…]',
);
const failedChecks = CHECKS.filter(([program, ...parameters]) => !run(program, ...parameters));
for (const [program, ...parameters] of failedChecks) {
  process.stdout.write(`check failed: ${program} ${parameters.join(' ')}\n`);
}
if (isCheckOnly) process.exit(failedChecks.length === 0 ? 0 : 1);

/** Of the whole run only: it asks somebody else. */
const advisories = first === undefined ? await lookForAdvisories(ROOT) : undefined;
if (advisories?.kind === 'found') {
  failedChecks.push(['npm', 'audit', ...advisories.packages]);
  process.stdout.write(`check failed: npm audit: ${advisories.packages.join(', ')}\n`);
}
if (advisories?.kind === 'not-looked')
  process.stdout.write(
    `npm audit: nobody has looked for known vulnerabilities: ${advisories.reason}\n`,
  );
const checks =
  CHECKS.length + (advisories === undefined || advisories.kind === 'not-looked' ? 0 : 1);

const folder = mkdtempSync(join(tmpdir(), 'genba-test-'));
const report = join(folder, 'report.json');
const names = first === undefined ? [] : [first, ...filters];
const isGreen = run(
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...names,
);
/** The runner falls over before it reports when its configuration or a worker is broken. */
const nothing = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
};
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = existsSync(
  report,
)
  ? JSON.parse(readFileSync(report, 'utf8'))
  : nothing;
rmSync(folder, { recursive: true });

/** A file that fell over before its tests ran has no failed test of its own. */
const brokenFiles = testResults.filter(
  (file: { status: string; assertionResults: { status: string }[] }) =>
    file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
).length;
const passed = numPassedTests + checks - failedChecks.length;
const counted = numFailedTests + brokenFiles + failedChecks.length;
// An error outside any test makes the run red without a failed test: it must not look green.
const failed = counted === 0 && !isGreen ? 1 : counted;
process.stdout.write(
  `${passed} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped\n`,
);
process.exitCode = failed === 0 ? 0 : 1;
