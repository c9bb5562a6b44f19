/** `genba-gateway mosquitto` (mosquitto の設定): makes the folder of files by which a mosquitto serves this gateway. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeMosquittoFolder } from '../broker/mosquitto-folder.ts';
import { SERVER_DAYS } from '../broker/mosquitto-server.ts';
import { systemNow } from '../system-clock.ts';
import { type Command, refused } from './command.ts';
import { DEFAULT_CONFIG, withTrustBooks } from './trust-books.ts';

const MQTTS_PORT = 8_883;

/** Where `genba-mosquitto.service` looks, which reads changed lists again by itself. */
const PACKAGED_DIR = '/var/lib/genba-mosquitto';

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

export const mosquitto: Command = {
  usage:
    'mosquitto [--config FILE]         外部ブローカー mosquitto の設定・証明書・ACL・失効リストを broker.mosquittoDir に作ります',
  run: async (parameters, { say }) => {
    const { values } = parseArgs({
      args: [...parameters],
      options: { config: { type: 'string', default: DEFAULT_CONFIG } },
    });
    return withTrustBooks(values.config, async ({ config, trust, authority, store }) => {
      const { broker } = config;
      if (broker.kind !== 'external' || broker.mosquittoDir === undefined)
        return refused('設定の broker が external で、mosquittoDir があるときに使います');
      if (!broker.url.startsWith('mqtts:')) return refused('broker.url が mqtts ではありません');
      const dir = resolve(broker.mosquittoDir);
      const urls = [broker.url, ...(trust.brokerUrl === undefined ? [] : [trust.brokerUrl])];
      const names = [...new Set(urls.map(hostOf))];
      await writeMosquittoFolder(
        { dir, gatewayClientId: broker.clientId },
        { port: Number(new URL(broker.url).port) || MQTTS_PORT, names },
        { authority, store, now: systemNow() },
      );
      say(
        `${dir} に mosquitto.conf ほかを作りました（証明書の名前 ${names.join('・')}、${SERVER_DAYS}日。中継サーバが期限の前に更新します）`,
      );
      if (dir === PACKAGED_DIR) {
        say('動かすには: sudo systemctl enable --now genba-mosquitto（動いていれば restart）');
        say('証明書・失効リスト・ACL は中継サーバが書き直し、genba-mosquitto が自動で読み直します');
      } else {
        say(
          `mosquitto -c ${dir}/mosquitto.conf で動きます。利用者 mosquitto に読めるグループにしてください`,
        );
        say(
          '証明書・失効リスト・ACL は中継サーバが書き直します。変わったら mosquitto に SIGHUP を送ってください',
        );
      }
      return { kind: 'done' };
    });
  },
};
