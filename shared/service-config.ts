/** How a service is started (起動): `--config FILE`, and every fault of that file at once with its place. */
import { parseArgs } from 'node:util';
import { readIfThere } from './needed-file.ts';
import { isHelpAsked } from './parameter-fault.ts';
import { faultLines, type Result } from './result.ts';

export type ServiceStart<Config> =
  | { readonly kind: 'read'; readonly config: Config }
  /** Somebody asks how it is used. */
  | { readonly kind: 'help' }
  /** English, as a service's log is. */
  | { readonly kind: 'refused'; readonly message: string };

/** @param parameters of the command line, without the program's name */
export const readServiceConfig = <Config>(
  parameters: readonly string[],
  usage: string,
  parse: (text: string) => Result<Config>,
): ServiceStart<Config> => {
  const refused = (message: string) => ({ kind: 'refused', message }) as const;
  const wordsOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
  if (isHelpAsked(parameters)) return { kind: 'help' };
  let file: string | undefined;
  try {
    const options = { config: { type: 'string' } } as const;
    file = parseArgs({ args: [...parameters], options }).values.config;
  } catch (cause) {
    return refused(`${wordsOf(cause)}\n${usage}`);
  }
  if (file === undefined) return refused(usage);
  let text: string | undefined;
  try {
    text = readIfThere(file);
  } catch (cause) {
    return refused(`${file} cannot be read: ${wordsOf(cause)}`);
  }
  if (text === undefined) return refused(`${file}: no such file`);
  const parsed = parse(text);
  return parsed.ok
    ? { kind: 'read', config: parsed.value }
    : refused(`${file} is refused:\n${faultLines(parsed.faults)}`);
};
