/**
 * From our sources to the JavaScript that the package ships (コンパイル): types taken away, lines kept.
 *
 * What Node does at each start anyway is done once; a line number in a log is still that of the source.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, posix } from 'node:path';

/** Every relative path to one of our sources is written in single quotes: imports, forks and URLs alike. */
const REFERENCE = /'(\.{1,2}\/[^'\n]+)\.ts'/g;

export interface CompiledFile {
  /** Relative to the project, with the ending `.js`. */
  readonly path: string;
  readonly text: string;
  /** Sources that it loads, relative to the project. */
  readonly references: readonly string[];
}

/** `path` is a `.ts` source relative to the project. */
export const compile = (path: string, source: string): CompiledFile => {
  const stripped = stripTypeScriptTypes(source, { mode: 'strip' });
  return {
    path: path.replace(/\.ts$/, '.js'),
    text: stripped.replace(REFERENCE, "'$1.js'"),
    references: [...stripped.matchAll(REFERENCE)].map(([, name]) =>
      posix.join(posix.dirname(path), `${name}.ts`),
    ),
  };
};

/**
 * Compiles the given programs and all that they load from `root` into `to`; returns what was written.
 * Throws where a source that is loaded does not exist.
 */
export const compileInto = (
  root: string,
  programs: readonly string[],
  to: string,
): readonly string[] => {
  const waiting = [...programs];
  const seen = new Set<string>(waiting);
  const written: string[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const compiled = compile(next, readFileSync(join(root, next), 'utf8'));
    const target = join(to, compiled.path);
    mkdirSync(dirname(target), { recursive: true });
    // Programs begin with a line for the shell, and are run by their name.
    writeFileSync(target, compiled.text, { mode: compiled.text.startsWith('#!') ? 0o755 : 0o644 });
    written.push(compiled.path);
    for (const reference of compiled.references) {
      if (seen.has(reference)) continue;
      seen.add(reference);
      waiting.push(reference);
    }
  }
  return written.sort();
};
