/** Asks for what nobody may read over a shoulder (秘密の入力): typed without echo, or the first line of a pipe. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

export const askSecret = async (prompt: string): Promise<string> => {
  const { stdin, stderr } = process;
  const isTyped = stdin.isTTY;
  if (isTyped) stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: isTyped });
  lines.once('SIGINT', () => lines.close());
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isTyped) stderr.write('\n');
  }
};
