/** What a command of genba is (保守コマンド): parameters in, exit code out. People read Japanese. */

export type CommandEnd =
  | { readonly kind: 'done' }
  /** Done what was asked, and what it found is not good. */
  | { readonly kind: 'not-good'; readonly message?: string }
  /** Wrong parameters or files; nothing was changed. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The terminal or the part that is needed does not answer. */
  | { readonly kind: 'unreachable'; readonly message: string };

/** As the help and the README list them. */
export const EXIT_CODES: Readonly<Record<CommandEnd['kind'], number>> = {
  done: 0,
  'not-good': 1,
  refused: 2,
  unreachable: 3,
};

export interface CommandDeps {
  readonly say: (line: string) => void;
  /** A line that somebody types, or that a pipe gives; undefined at the end of it. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** The same, not shown while it is typed. */
  readonly askSecret: (question: string) => Promise<string | undefined>;
  /** Somebody sits there and can look and answer. */
  readonly isInteractive: boolean;
  readonly version: string;
}

export interface Command {
  /** Lines for the help: the command with its parameters, and what it is for. */
  readonly usage: string;
  readonly run: (parameters: readonly string[], deps: CommandDeps) => Promise<CommandEnd>;
}

export const DONE: CommandEnd = { kind: 'done' };
export const refused = (message: string): CommandEnd => ({ kind: 'refused', message });
