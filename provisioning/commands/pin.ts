/** `genba pin` (暗証番号): a manager's PIN, as the configuration takes it, or put into the configuration. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseTerminalConfig, type TerminalConfig } from '../../device/config.ts';
import { hashPin, Pin, type PinHash } from '../../device/manager/pin.ts';
import { configFaultsJa } from '../../shared/config-fault.ts';
import { faultLines } from '../../shared/result.ts';
import { restartUnit } from '../../shared/systemd-unit.ts';
import { writeConfig } from '../enrol/enrolment-files.ts';
import { type Command, type CommandEnd, DONE, refused } from './command.ts';
import { DEFAULT_CONFIG, readTerminalConfig } from './terminal-config.ts';

const OPTIONS = {
  manager: { type: 'string' },
  config: { type: 'string', default: DEFAULT_CONFIG },
  json: { type: 'boolean', default: false },
} as const;

/** In place of who had that name, or behind the others; every other setting stays as it was written. */
const withManager = (text: string, name: string, pin: PinHash): object => {
  const document = JSON.parse(text);
  const managers: TerminalConfig['kiosk']['managers'] = document.kiosk?.managers ?? [];
  const others = managers.filter((each) => each.name !== name);
  return {
    ...document,
    kiosk: { ...document.kiosk, managers: [...others, { name, pin }] },
  };
};

const putManager = async (
  file: string,
  { dataDir }: TerminalConfig,
  name: string,
  pin: PinHash,
): Promise<CommandEnd> => {
  const after = withManager(readFileSync(file, 'utf8'), name, pin);
  const parsed = parseTerminalConfig(JSON.stringify(after));
  if (!parsed.ok) return refused(faultLines(configFaultsJa(parsed.faults)));
  try {
    writeConfig(file, dataDir, after);
  } catch (cause) {
    return refused(
      `${file} に書けません（sudo を付けて実行してください: ${cause instanceof Error ? cause.message : cause}）`,
    );
  }
  const restart =
    file === DEFAULT_CONFIG
      ? await restartUnit('genba-terminal.service')
      : ({ kind: 'not-by-systemd' } as const);
  return restart.kind === 'failed'
    ? { kind: 'not-good', message: `設定は書きました。端末が起動しません（${restart.message}）` }
    : DONE;
};

export const pin: Command = {
  usage: `genba pin [--manager 名前や役職] [--json] [--config ファイル]
      管理者の暗証番号を入力し、設定ファイル用の値を表示します。
      --manager は設定に書き込み、端末を起動し直します`,
  run: async (parameters, { say, askSecret }) => {
    const { values } = parseArgs({ args: [...parameters], options: OPTIONS });
    // Nobody types a PIN twice for a configuration that it cannot be put into.
    const before = values.manager === undefined ? undefined : readTerminalConfig(values.config);
    if (before?.ok === false) return refused(`${values.config}:\n${faultLines(before.faults)}`);
    // From a pipe too, so that a provisioning script need not type it.
    const typed = await askSecret('暗証番号（4〜12桁）: ');
    if (!Pin.safeParse(typed).success) return refused('暗証番号は4〜12桁の数字です');
    const hashed = await hashPin(typed ?? '');
    if (values.manager === undefined || before === undefined) {
      say(values.json ? JSON.stringify({ pin: hashed }) : hashed);
      return DONE;
    }
    const end = await putManager(values.config, before.value, values.manager, hashed);
    if (end.kind === 'done')
      say(
        values.json
          ? JSON.stringify({ manager: values.manager })
          : `${values.manager} の暗証番号を設定しました`,
      );
    return end;
  },
};
