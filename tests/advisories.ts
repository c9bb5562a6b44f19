/**
 * Known vulnerabilities of what the product installs (既知の脆弱性), asked of the registry by `npm audit`. Not every registry
 * offers that: where it does not, nobody has looked, and that is what is said.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

export type AuditOutcome =
  | { readonly kind: 'clean' }
  /** Packages with a high or critical one. */
  | { readonly kind: 'found'; readonly packages: readonly string[] }
  | { readonly kind: 'not-looked'; readonly reason: string };

const BAD = new Set(['high', 'critical']);
const Report = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
  metadata: z.object({ dependencies: z.object({ prod: z.int().min(1) }) }),
});
const Refusal = z.object({ message: z.string().optional(), error: z.looseObject({}).optional() });

/** What `npm audit --json` printed. */
export const readAudit = (printed: string): AuditOutcome => {
  let json: unknown;
  try {
    json = JSON.parse(printed);
  } catch {
    return { kind: 'not-looked', reason: 'npm audit gave no answer' };
  }
  const report = Report.safeParse(json);
  if (!report.success) {
    const { message, error } = Refusal.safeParse(json).data ?? {};
    return {
      kind: 'not-looked',
      reason: message ?? String(error?.summary ?? error?.code ?? 'an answer of another kind'),
    };
  }
  const packages = Object.entries(report.data.vulnerabilities)
    .filter(([, { severity }]) => BAD.has(severity))
    .map(([name]) => name);
  return packages.length === 0 ? { kind: 'clean' } : { kind: 'found', packages };
};

/** Asks about the locked production packages of a folder; `more`: options of npm. */
export const lookForAdvisories = async (
  folder: string,
  ...more: readonly string[]
): Promise<AuditOutcome> => {
  const child = spawn(
    'npm',
    [
      ...['audit', '--omit=dev', '--audit-level=high', '--json', '--package-lock-only'],
      ...['--fetch-retries=0', '--fetch-timeout=30000', ...more],
    ],
    { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const failure = new Promise<AuditOutcome>((done) =>
    child.once('error', ({ message }) => done({ kind: 'not-looked', reason: message })),
  );
  return Promise.race([text(child.stdout).then(readAudit), failure]);
};
