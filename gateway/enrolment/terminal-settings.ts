/** What a newly enrolled terminal is told about its site and its broker (端末への初期設定). */
import type { SiteSettings } from '../../shared/enrolment.ts';
import type { GatewayConfig } from '../config.ts';
import type { Registry } from '../registry/registry-document.ts';

/** An IPv6 address stands in brackets. */
export const urlHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** `port`: of the broker inside, once it listens. */
export const brokerUrlForTerminals = (
  { trust, broker }: Pick<GatewayConfig, 'trust' | 'broker'>,
  port: number | undefined,
): string => {
  if (trust?.brokerUrl !== undefined) return trust.brokerUrl;
  return broker.kind === 'external'
    ? broker.url
    : `mqtts://${urlHost(trust?.host ?? broker.host)}:${port ?? broker.port}`;
};

export const siteSettingsOf = (site: Registry['sites'][number] | undefined): SiteSettings => ({
  ...(site === undefined ? {} : { siteName: site.name.slice(0, 200) }),
  ...(site?.maxShiftHours === undefined
    ? {}
    : { maxShiftHours: Math.min(48, Math.max(1, Math.floor(site.maxShiftHours))) }),
});
