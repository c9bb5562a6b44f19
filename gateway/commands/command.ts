/** What a command of genba-gateway is (保守コマンド): parameters in, exit code out; it never starts the service. */
import { configFaultsJa } from '../../shared/config-fault.ts';
import { fileFaultJa } from '../../shared/file-fault.ts';
import { readIfThere } from '../../shared/needed-file.ts';
import { faultLines } from '../../shared/result.ts';
import { type GatewayConfig, parseGatewayConfig } from '../config.ts';

export const EXIT_DONE = 0;
/** Done what was asked, and what it found is not good. */
export const EXIT_NOT_GOOD = 1;
export const EXIT_WRONG_INPUT = 2;

export type CommandEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'not-good'; readonly message: string }
  /** Nothing was changed. */
  | { readonly kind: 'refused'; readonly message: string };

export interface CommandDeps {
  readonly say: (line: string) => void;
  readonly version: string;
  /** The prompt is shown to who types. */
  readonly askSecret: (prompt: string) => Promise<string>;
}

export interface Command {
  /** As it stands in the help: parameters and a word in Japanese. */
  readonly usage: string;
  readonly run: (parameters: readonly string[], deps: CommandDeps) => Promise<CommandEnd>;
}

export const refused = (message: string): CommandEnd => ({ kind: 'refused', message });

export type ReadConfig =
  | { readonly kind: 'read'; readonly config: GatewayConfig; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'faulty'; readonly message: string };

/** Every fault of the file at once, with its place; also that it may not be read. */
export const readConfigFile = (file: string): ReadConfig => {
  let text: string | undefined;
  try {
    text = readIfThere(file);
  } catch (cause) {
    const message = fileFaultJa(cause, file);
    if (message === undefined) throw cause;
    return { kind: 'faulty', message };
  }
  if (text === undefined) return { kind: 'missing' };
  const parsed = parseGatewayConfig(text);
  return parsed.ok
    ? { kind: 'read', config: parsed.value, text }
    : {
        kind: 'faulty',
        message: `${file} に誤りがあります:\n${faultLines(configFaultsJa(parsed.faults))}`,
      };
};
