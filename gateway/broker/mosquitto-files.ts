/**
 * Configuration for mosquitto 2 (外部ブローカーの設定): mutual TLS, and a terminal can touch its own topics and
 * nothing else. Texts only.
 *
 * The certificate's name becomes user name and client id, so nobody can take another's place. Terminals that
 * were revoked are shut out by the revocation list; a line each in the access list stops one that is
 * still connected, because a reload reads that list again and cuts nobody.
 */

import type { TerminalId } from '../../shared/ids.ts';
import { topicOf, topicOfAll } from '../../shared/topics.ts';
import { SERVER_FILE } from './mosquitto-server.ts';

/** Where mosquitto says who comes and who is refused; read by the gateway alone. */
export const MOSQUITTO_LOG_TOPICS = '$SYS/broker/log/#';

/** Greater than the largest batch, so that what a terminal may send passes. */
const PACKET_BYTES_MAX = 16 * 1_024 * 1_024;

export interface MosquittoSettings {
  /** Folder of the files as the broker sees it. */
  readonly dir: string;
  readonly port: number;
  /** Client id of the gateway. */
  readonly gatewayClientId: string;
}

export const mosquittoConfig = ({
  dir,
  port,
}: Omit<MosquittoSettings, 'gatewayClientId'>): string =>
  `# Made by genba-gateway; changes here are lost.
per_listener_settings true
# The gateway's receipts are what counts: nothing needs to outlive the broker.
persistence false
listener ${port}
cafile ${dir}/authority.pem
certfile ${dir}/${SERVER_FILE}
keyfile ${dir}/${SERVER_FILE}
crlfile ${dir}/revoked.pem
tls_version tlsv1.2
require_certificate true
# Client id and user are what the certificate says: a stolen id kicks nobody off.
use_identity_as_username true
use_username_as_clientid true
allow_anonymous false
acl_file ${dir}/acl
max_packet_size ${PACKET_BYTES_MAX}
max_inflight_messages 100
max_queued_messages 1000
log_dest stderr
# The gateway reads who was refused, for its audit log.
log_dest topic
log_type error
log_type warning
log_type notice
`;

export const mosquittoAccess = (
  gatewayClientId: string,
  revoked: readonly TerminalId[],
): string => {
  const pattern = (access: string, channel: Parameters<typeof topicOfAll>[0]): string =>
    `pattern ${access} ${topicOfAll(channel).replace('+', '%u')}`;
  return [
    '# Made by genba-gateway; changes here are lost.',
    `user ${gatewayClientId}`,
    `topic read ${topicOfAll('journal')}`,
    `topic read ${topicOfAll('status')}`,
    `topic read ${MOSQUITTO_LOG_TOPICS}`,
    `topic write ${topicOfAll('receipt')}`,
    `topic write ${topicOfAll('roster')}`,
    `topic write ${topicOfAll('presence')}`,
    ...revoked.flatMap((terminalId) => [
      `user ${terminalId}`,
      `topic deny ${topicOf(terminalId, 'journal').replace(/journal$/, '#')}`,
    ]),
    pattern('write', 'journal'),
    pattern('write', 'status'),
    pattern('read', 'receipt'),
    pattern('read', 'roster'),
    pattern('read', 'presence'),
    '',
  ].join('\n');
};
