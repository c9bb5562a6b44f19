/** What a running demo tells the other commands, in a file beside its data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export const DEMO_DIR = fileURLToPath(new URL('../.state/demo', import.meta.url));

const DemoState = z.object({
  pid: z.int(),
  kioskUrl: z.string(),
  /** Virtual reader slots by direction; undefined with a real reader, or with none. */
  ports: z.object({ in: z.int(), out: z.int() }).optional(),
  readerWords: z.string(),
});
export type DemoState = z.infer<typeof DemoState>;

export const demoStateFile = (dir: string): string => join(dir, 'running.json');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Undefined when no demo runs. */
export const readDemoState = (dir: string): DemoState | undefined => {
  let text: string;
  try {
    text = readFileSync(demoStateFile(dir), 'utf8');
  } catch {
    return undefined;
  }
  const parsed = DemoState.safeParse(JSON.parse(text));
  return parsed.success && isAlive(parsed.data.pid) ? parsed.data : undefined;
};
