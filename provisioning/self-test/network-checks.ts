/** Self-test of the way to the gateway: name, port, broker, and that it is the gateway it should be. */

import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { TerminalConfig } from '../../device/config.ts';
import { credentialsIn, openMqttLink } from '../../device/link-mqtt.ts';
import type { StatusReport } from '../../device/status-report.ts';
import { parseRoster } from '../../shared/roster.ts';
import { verifierOf } from '../../shared/signature.ts';
import { type Check, fail, pass } from './sheet.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const LINK_TIMEOUT_MS = 10_000;
/** The roster is retained, so it follows the link at once. */
const ROSTER_TIMEOUT_MS = 5_000;

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

export const checkNetwork = async ({ gateway }: TerminalConfig): Promise<Check> => {
  const part = 'ネットワーク';
  const { hostname, port, protocol } = new URL(gateway.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const portNumber = Number(port) || (protocol === 'mqtts:' ? 8_883 : 1_883);
  let address: string;
  try {
    ({ address } = await lookup(host));
  } catch (cause) {
    return fail(
      part,
      `${host} の名前が引けません（${messageOf(cause)}）`,
      'LANケーブル・Wi-Fi・DNSの設定を確かめてください',
    );
  }
  const socket = connect({ host: address, port: portNumber, timeout: CONNECT_TIMEOUT_MS });
  socket.on('timeout', () => socket.destroy(new Error('応答がありません')));
  try {
    await once(socket, 'connect');
    return pass(part, `${host} の ${portNumber} 番につながります`);
  } catch (cause) {
    return fail(
      part,
      `${host} の ${portNumber} 番につながりません（${messageOf(cause)}）`,
      '中継サーバが動いているか、途中のファイアウォールが通すかを確かめてください',
    );
  } finally {
    socket.destroy();
  }
};

/**
 * While the terminal runs, it is asked: a second connection under its name would end its own. Otherwise
 * connects as the terminal would, and waits for the roster that the gateway signed.
 */
export const checkBroker = async (
  { gateway, terminalId }: TerminalConfig,
  running: StatusReport | undefined,
): Promise<Check> => {
  const part = '中継サーバ';
  const notLinked = '登録が済んでいるか、証明書と中継サーバの監査記録を確かめてください';
  if (running !== undefined)
    return running.isLinked
      ? pass(part, '動作中の端末が接続しています')
      : fail(part, '動作中の端末が接続できていません', notLinked);

  const { tls } = gateway;
  const verify = verifierOf(gateway.publicKey);
  const linked = Promise.withResolvers<void>();
  const roster = Promise.withResolvers<Check>();
  let reason = '応答がありません';
  const link = openMqttLink(
    {
      url: gateway.url,
      terminalId,
      tls: tls && credentialsIn(tls),
      start: randomUUID(),
    },
    {
      onLink: (isUp) => {
        if (isUp) linked.resolve();
      },
      onMessage: (channel, bytes) => {
        if (channel !== 'roster') return;
        const parsed = parseRoster(bytes, verify);
        roster.resolve(
          parsed.ok
            ? pass(part, `接続し、名簿（${parsed.value.workers.length}名）を受け取りました`)
            : fail(
                part,
                '別の中継サーバの名簿が届きました',
                '設定の publicKey を確かめ、登録し直してください',
              ),
        );
      },
      log: (_message, fields) => {
        reason = String(fields?.reason ?? reason);
      },
    },
  );
  const late = setTimeout(() => linked.reject(new Error(reason)), LINK_TIMEOUT_MS);
  let noRoster: NodeJS.Timeout | undefined;
  try {
    await linked.promise;
    noRoster = setTimeout(
      () =>
        roster.resolve(
          fail(
            part,
            '接続しましたが、名簿が届きません',
            '中継サーバにこの端末が登録されているかを確かめてください',
          ),
        ),
      ROSTER_TIMEOUT_MS,
    );
    return await roster.promise;
  } catch (cause) {
    return fail(part, `接続できません（${messageOf(cause)}）`, notLinked);
  } finally {
    clearTimeout(late);
    clearTimeout(noRoster);
    await link.close();
  }
};
