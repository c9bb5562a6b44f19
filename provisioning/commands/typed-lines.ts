/** Lines that somebody types at a command, or that a script pipes into it; secrets are not shown. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export interface TypedLines {
  /** Undefined when there is nothing more to read. */
  readonly ask: (question: string) => Promise<string | undefined>;
  readonly askSecret: (question: string) => Promise<string | undefined>;
  readonly close: () => void;
}

export const openTypedLines = (
  input: NodeJS.ReadableStream & { readonly isTTY?: boolean },
  output: NodeJS.WritableStream,
): TypedLines => {
  let isMuted = false;
  const shown = new Writable({
    write: (chunk, _encoding, done) => {
      if (!isMuted) output.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input, output: shown, terminal: input.isTTY === true });
  /** From a pipe they come faster than they are asked for. */
  const typed: string[] = [];
  const waiting: ((line: string | undefined) => void)[] = [];
  let isOver = false;
  lines.on('line', (line) => {
    const next = waiting.shift();
    if (next === undefined) typed.push(line);
    else next(line);
  });
  lines.on('close', () => {
    isOver = true;
    for (const next of waiting.splice(0)) next(undefined);
  });
  // Ctrl-C at a question ends the program as it does elsewhere.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));

  const ask = (question: string): Promise<string | undefined> => {
    output.write(question);
    const line = typed.shift();
    if (line !== undefined || isOver) return Promise.resolve(line?.trim());
    return new Promise((done) => waiting.push((next) => done(next?.trim())));
  };
  return {
    ask,
    askSecret: async (question) => {
      const answer = ask(question);
      isMuted = input.isTTY === true;
      const line = await answer;
      isMuted = false;
      if (input.isTTY === true) output.write('\n');
      return line;
    },
    close: () => lines.close(),
  };
};
