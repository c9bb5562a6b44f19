/** The commands of genba-gateway beside the service itself, by name. */
import { z } from 'zod';
import { fileFaultJa } from '../../shared/file-fault.ts';
import { isHelpAsked, parameterFaultJa } from '../../shared/parameter-fault.ts';
import { account } from './account.ts';
import { backup } from './backup.ts';
import {
  type Command,
  type CommandDeps,
  EXIT_DONE,
  EXIT_NOT_GOOD,
  EXIT_WRONG_INPUT,
} from './command.ts';
import { enrolmentCode } from './enrolment-code.ts';
import { exportCommand } from './export.ts';
import { importRescue } from './import-rescue.ts';
import { init } from './init.ts';
import { mosquitto } from './mosquitto.ts';
import { purge } from './purge.ts';
import { restore } from './restore.ts';
import { verify } from './verify.ts';

const COMMANDS: Readonly<Record<string, Command>> = {
  account,
  init,
  'enrolment-code': enrolmentCode,
  mosquitto,
  backup,
  restore,
  'import-rescue': importRescue,
  purge,
  export: exportCommand,
  verify,
};

export const commandsUsage = (): string =>
  Object.values(COMMANDS)
    .map(({ usage }) => `       genba-gateway ${usage}`)
    .join('\n');

/** Runs the command that the first parameter names, and gives its exit code; undefined where it names none. */
export const runCommand = async (
  [name = '', ...parameters]: readonly string[],
  deps: CommandDeps & { readonly complain: (line: string) => void },
): Promise<number | undefined> => {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) return undefined;
  // What is wrong with a file is told to a person here; the service itself speaks English.
  z.config(z.locales.ja());
  if (isHelpAsked(parameters)) {
    deps.say(`使い方: genba-gateway ${command.usage}`);
    return EXIT_DONE;
  }
  try {
    const end = await command.run(parameters, deps);
    if (end.kind === 'done') return EXIT_DONE;
    deps.complain(end.message);
    return end.kind === 'not-good' ? EXIT_NOT_GOOD : EXIT_WRONG_INPUT;
  } catch (cause) {
    const fault = parameterFaultJa(cause);
    const message =
      fault === undefined ? fileFaultJa(cause) : `${fault}\n使い方: genba-gateway ${command.usage}`;
    if (message === undefined) throw cause;
    deps.complain(message);
    // A file may fail after others were written.
    return fault === undefined ? EXIT_NOT_GOOD : EXIT_WRONG_INPUT;
  }
};
