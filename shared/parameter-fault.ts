/** What was typed wrong at a command (コマンドの引数の誤り): the words of `parseArgs` in Japanese. */

/** Undefined where the cause is none of its faults: a bug, which is not to pass as somebody's mistake. */
export const parameterFaultJa = (cause: unknown): string | undefined => {
  if (!(cause instanceof TypeError) || !('code' in cause)) return undefined;
  const [, named = ''] = /'([^' ]*)/.exec(cause.message) ?? [];
  switch (cause.code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return `${named} というオプションはありません`;
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return `${named} は余分です`;
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      return cause.message.includes('does not take an argument')
        ? `${named} に値は要りません`
        : `${named} に値がありません`;
    default:
      return undefined;
  }
};

/** Whether somebody asks how a command is used, instead of using it. */
export const isHelpAsked = (parameters: readonly string[]): boolean =>
  parameters.some((word) => word === '--help' || word === '-h');
