/** `genba status` (端末の状態): what the running terminal says of itself. */
import { parseArgs } from 'node:util';
import { faultLines } from '../../shared/result.ts';
import { type Command, DONE, refused } from './command.ts';
import { askTerminal, DEFAULT_CONFIG, readTerminalConfig } from './terminal-config.ts';

export const status: Command = {
  usage: `genba status [--json] [--config ファイル]
      動作中の端末の状態（未送信・リーダー・通信・時計・ディスク・名簿・証明書）`,
  run: async (parameters, { say }) => {
    const { values } = parseArgs({
      args: [...parameters],
      options: {
        config: { type: 'string', default: DEFAULT_CONFIG },
        json: { type: 'boolean', default: false },
      },
    });
    const config = readTerminalConfig(values.config);
    if (!config.ok) return refused(`${values.config}:\n${faultLines(config.faults)}`);
    const report = await askTerminal(config.value);
    if (report === undefined)
      return {
        kind: 'unreachable',
        message: '端末が動いていません（systemctl status genba-terminal）',
      };
    if (values.json) say(JSON.stringify(report));
    else {
      say(`端末 ${report.terminalId}・現場 ${report.siteId}`);
      for (const { part, text, isGood } of report.lines)
        say(`${isGood ? '○' : '✕'} ${part}: ${text}`);
    }
    return report.lines.every(({ isGood }) => isGood) ? DONE : { kind: 'not-good' };
  },
};
