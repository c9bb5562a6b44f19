/** `genba-gateway init` (初期設定): a configuration by which a gateway on a bare machine serves terminals, and its first token. */
import { hash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { configFaultsJa } from '../../shared/config-fault.ts';
import { replaceFile } from '../../shared/replace-file.ts';
import { faultLines } from '../../shared/result.ts';
import { restartUnit } from '../../shared/systemd-unit.ts';
import { parseGatewayConfig } from '../config.ts';
import { type Command, refused } from './command.ts';
import { DEFAULT_CONFIG } from './trust-books.ts';

const DEFAULT_DATA = '/var/lib/genba-gateway';
const MQTTS_PORT = 8_883;

const OPTIONS = {
  host: { type: 'string' },
  config: { type: 'string', default: DEFAULT_CONFIG },
  data: { type: 'string', default: DEFAULT_DATA },
} as const;

/** The service reads it and may not change it. */
const giveToService = (file: string, dataDir: string): void => {
  chmodSync(file, 0o640);
  if (process.getuid?.() === 0 && existsSync(dataDir)) chownSync(file, 0, statSync(dataDir).gid);
};

export const init: Command = {
  usage:
    'init --host NAME [--config FILE]  設定ファイルを作り、管理者のトークンを一度だけ表示し、サービスを起動します',
  run: async (parameters, { say }) => {
    const { values } = parseArgs({ args: [...parameters], options: OPTIONS });
    if (values.host === undefined)
      return refused('--host に、端末から見える名前かアドレスが要ります');
    const file = resolve(values.config);
    if (existsSync(file))
      return refused(`${file}: すでにあります。変えるときは直接書き換えてください`);
    const token = randomBytes(24).toString('base64url');
    const text = `${JSON.stringify(
      {
        dataDir: values.data,
        signingKeyFile: join(values.data, 'signing-key.pem'),
        broker: { kind: 'embedded', host: '0.0.0.0', port: MQTTS_PORT, tls: true },
        trust: { host: values.host },
        tokens: [{ name: 'admin', sha256: hash('sha256', token), scope: 'admin' }],
      },
      null,
      2,
    )}\n`;
    const parsed = parseGatewayConfig(text);
    if (!parsed.ok) return refused(faultLines(configFaultsJa(parsed.faults)));
    mkdirSync(dirname(file), { recursive: true });
    replaceFile(file, text, (path) => giveToService(path, values.data));
    say(`${file} を作りました`);
    say(`管理者のトークン（今だけ表示します）: ${token}`);
    if (file !== DEFAULT_CONFIG) return { kind: 'done' };
    const restart = await restartUnit('genba-gateway.service');
    if (restart.kind === 'failed')
      return { kind: 'not-good', message: `サービスが起動しません（${restart.message}）` };
    if (restart.kind === 'restarted') say('サービスを起動しました');
    return { kind: 'done' };
  },
};
