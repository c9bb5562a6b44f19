/** How a program of `npm run` is used (使い方), where somebody asks. */
import { isHelpAsked } from './parameter-fault.ts';

/** Prints it and ends the program well, where the parameters ask; called before anything else is done. */
export const tellUsageIfAsked = (parameters: readonly string[], usage: string): void => {
  if (!isHelpAsked(parameters)) return;
  process.stdout.write(`${usage}\n`);
  process.exit(0);
};
