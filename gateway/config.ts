/** The gateway's configuration: one JSON file; its type, defaults, units and ranges in one schema. */
import { z } from 'zod';
import { ClockTrust } from '../shared/clock-trust.ts';
import { SiteId, TerminalId } from '../shared/ids.ts';
import { isLoopbackHost, isLoopbackUrl } from '../shared/loopback.ts';
import { type Fault, faultsOf, ok, parseWrittenJson, type Result } from '../shared/result.ts';
import { PublicKeyText } from '../shared/signature.ts';
import { OidcConfig } from './access/oidc-config.ts';
import { ExportMappings } from './csv-exports/export-mapping.ts';
import { TrustConfig } from './enrolment/trust-config.ts';
import { AlertSettings } from './fleet/alert-settings.ts';
import { MailConfig } from './mail/mail-config.ts';
import { RetentionConfig } from './retention/retention-config.ts';
import { ClosingConfig } from './statements/closing-config.ts';
import { ConnectionLimits, ConsoleConfig, HttpsConfig, ProxyConfig } from './web-config.ts';

const Port = z.int().min(0).max(65_535);
const Loopback = z.enum(['127.0.0.1', '::1']);

export const GatewayConfig = z.strictObject({
  /** Folder for the ledger; made when missing. */
  dataDir: z.string().min(1),
  /** PEM file of the Ed25519 key that signs receipts and rosters; made when missing. */
  signingKeyFile: z.string().min(1),
  http: z
    .strictObject({
      /** Plain HTTP is for loopback only. */
      host: Loopback.default('127.0.0.1'),
      /** 0 = any free port. */
      port: Port.default(8320),
      /** Per token, user or, for strangers, address. */
      requestLimit: z
        .strictObject({
          /** So many at once. */
          burst: z.int().min(10).max(1_000_000).default(600),
          perSecond: z.int().min(1).max(100_000).default(50),
        })
        .prefault({}),
      /** Of plain HTTP and HTTPS each. */
      connections: ConnectionLimits.prefault({}),
      /** Absent = nothing stands in front. */
      proxy: ProxyConfig.optional(),
    })
    .prefault({}),
  /** API and console for other machines; absent = only for this one. */
  https: HttpsConfig.optional(),
  broker: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('embedded'),
        /** Mutual TLS; plain MQTT is for loopback only. */
        tls: z.boolean().default(false),
        /** Address to listen on. */
        host: z.string().min(1).default('127.0.0.1'),
        /** MQTT over TLS is 8883 by custom. */
        port: Port.default(1883),
      }),
      z.strictObject({
        kind: z.literal('external'),
        url: z.url({ protocol: /^mqtts?$/ }),
        clientId: z.string().min(1).max(64).default('genba-gateway'),
        /** Folder in which the files for mosquitto are kept current, once `genba-gateway mosquitto` has made it. */
        mosquittoDir: z.string().min(1).optional(),
      }),
    ])
    .prefault({ kind: 'embedded' }),
  /** Certificates and enrolment; without it only loopback is served. */
  trust: TrustConfig.optional(),
  terminals: z
    .array(
      z.strictObject({
        terminalId: TerminalId,
        /** Where it is: its roster is of this site. */
        siteId: SiteId,
        publicKey: PublicKeyText,
        /**
         * Further sites whose entries it may bring. Without any: `siteId`, those that this file named for it before, and
         * those for which it enrolled.
         */
        furtherSiteIds: z.array(SiteId).max(1_000).default([]),
      }),
    )
    .max(100_000)
    .default([]),
  tokens: z
    .array(
      z.strictObject({
        /** Shown in logs in place of the token. */
        name: z.string().regex(/^[a-z0-9-]{1,40}$/),
        /** SHA-256 of the token, lower-case hex: the file does not give access by itself. */
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        /** `read`: every report · `metrics`: `/metrics` and nothing else · `admin`: everything. */
        scope: z.enum(['read', 'metrics', 'admin']),
      }),
    )
    .max(1_000)
    .default([]),
  /** What makes the gateway's own clock trusted: only then is a touch found to be dated in the future. */
  clockTrust: ClockTrust.default('system-sync'),
  /** A touch may claim to be so much later than its arrival, minutes. No rule of CCUS or 建退共. */
  futureToleranceMinutes: z.int().min(0).max(1_440).default(5),
  /** 管理画面 */
  console: ConsoleConfig.prefault({}),
  /** 認証サービス; absent = accounts of this gateway only. */
  oidc: OidcConfig.optional(),
  /** 警報 */
  alerts: AlertSettings.prefault({}),
  /** 保存期間 */
  retention: RetentionConfig.prefault({}),
  /** 締めと追加分 */
  closing: ClosingConfig.prefault({}),
  /** 連携用データの項目の対応付け, by name */
  exports: ExportMappings.default({}),
  /** 報告書のメール提出 */
  mail: MailConfig.optional(),
});
export type GatewayConfig = z.infer<typeof GatewayConfig>;

/** Whatever leaves the machine goes through TLS. */
const plainFaults = ({ broker, trust }: GatewayConfig): readonly Fault[] => {
  if (broker.kind === 'embedded') {
    if (!broker.tls)
      return isLoopbackHost(broker.host)
        ? []
        : [{ place: '/broker/host', message: 'plain MQTT is for loopback only: set tls' }];
    return trust === undefined
      ? [{ place: '/broker/tls', message: 'needs the section trust' }]
      : [];
  }
  if (new URL(broker.url).protocol === 'mqtt:')
    return isLoopbackUrl(broker.url)
      ? []
      : [{ place: '/broker/url', message: 'plain MQTT is for loopback only: use mqtts' }];
  return trust === undefined
    ? [{ place: '/broker/url', message: 'mqtts needs the section trust' }]
    : [];
};

/** Every fault at once, with its place. */
export const parseGatewayConfig = (text: string): Result<GatewayConfig> => {
  const json = parseWrittenJson(text);
  if (!json.ok) return json;
  const parsed = GatewayConfig.safeParse(json.value);
  if (!parsed.success) return { ok: false, faults: faultsOf(parsed.error.issues) };
  const seen = new Set<string>();
  const doubles = parsed.data.terminals.flatMap(({ terminalId }, index) => {
    if (!seen.has(terminalId)) {
      seen.add(terminalId);
      return [];
    }
    return [
      { place: `/terminals/${index}/terminalId`, message: `${terminalId} stands here twice` },
    ];
  });
  const faults = [...doubles, ...plainFaults(parsed.data)];
  return faults.length > 0 ? { ok: false, faults } : ok(parsed.data);
};
