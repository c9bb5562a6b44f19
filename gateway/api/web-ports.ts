/** The ports of API and console (窓口), put together from their settings: plain on loopback, HTTPS for the others. */
import type { Log } from '../../shared/log.ts';
import type { UtcMs } from '../../shared/time.ts';
import type { GatewayConfig } from '../config.ts';
import { urlHost } from '../enrolment/terminal-settings.ts';
import { openHttpsIdentity } from './https-identity.ts';
import { type Listener, openListener } from './listener.ts';

export interface WebPorts {
  /** Of the authority that issued our HTTPS certificate; undefined where it comes from elsewhere, or there is none. */
  readonly authorityPem: string | undefined;
  /** Listens from now on. */
  readonly open: (fetch: Parameters<typeof openListener>[1]['fetch']) => Promise<{
    readonly urls: { readonly apiUrl: string; readonly httpsUrl?: string };
    readonly close: () => Promise<void>;
  }>;
}

export const prepareWebPorts = async ({
  config: { http, https, dataDir },
  now,
  log,
}: {
  readonly config: Pick<GatewayConfig, 'http' | 'https' | 'dataDir'>;
  readonly now: () => UtcMs;
  readonly log: Log;
}): Promise<WebPorts> => {
  let secure: Listener | undefined;
  const shown =
    https &&
    (await openHttpsIdentity({
      config: https,
      dataDir,
      now,
      onChange: (identity) => secure?.setIdentity(identity),
      log,
    }));
  const limits = http.connections;
  return {
    authorityPem: shown?.authorityPem,
    open: async (fetch) => {
      const plain = await openListener({ ...http, limits }, { fetch, log });
      const apiUrl = `http://${urlHost(http.host)}:${plain.port}`;
      if (https === undefined || shown === undefined)
        return { urls: { apiUrl }, close: plain.close };
      const { listen: host, port, names } = https;
      const opened = await openListener(
        { host, port, limits, identity: shown.identity },
        { fetch, log },
      );
      secure = opened;
      return {
        urls: { apiUrl, httpsUrl: `https://${urlHost(names[0] ?? '')}:${opened.port}` },
        close: async () => {
          shown.close();
          await Promise.all([plain.close(), opened.close()]);
        },
      };
    },
  };
};
