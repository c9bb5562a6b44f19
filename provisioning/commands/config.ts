/** `genba config` (設定の確認): whether the terminal's configuration is well, and what it comes to. */
import { parseArgs } from 'node:util';
import { terminalConfigSchema } from '../../device/config.ts';
import { faultLines } from '../../shared/result.ts';
import { type Command, DONE, refused } from './command.ts';
import { DEFAULT_CONFIG, readTerminalConfig } from './terminal-config.ts';

const OPTIONS = {
  config: { type: 'string', default: DEFAULT_CONFIG },
  schema: { type: 'boolean', default: false },
} as const;

/** Shown in place of what is no secret to the service, and nobody's business on a screen. */
const HIDDEN = '（非表示）';

export const config: Command = {
  usage: `genba config [--config ファイル]
      設定ファイルを調べ、省略された項目の既定値も含めて表示します
  genba config --schema
      設定ファイルのJSON Schema（型・既定値・範囲・単位・説明）を表示します`,
  run: async (parameters, { say }) => {
    const { values } = parseArgs({ args: [...parameters], options: OPTIONS });
    if (values.schema) {
      say(JSON.stringify(terminalConfigSchema(), undefined, 2));
      return DONE;
    }
    const read = readTerminalConfig(values.config);
    if (!read.ok) return refused(`${values.config}:\n${faultLines(read.faults)}`);
    const { kiosk, ...rest } = read.value;
    const managers = kiosk.managers.map(({ name }) => ({ name, pin: HIDDEN }));
    say(JSON.stringify({ ...rest, kiosk: { ...kiosk, managers } }, undefined, 2));
    return DONE;
  },
};
