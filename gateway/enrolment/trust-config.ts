/** Settings of trust between terminals and gateway (信頼の設定): whose certificates, and where terminals come in. */
import { z } from 'zod';

/** Host name or address, as it stands in a certificate. */
export const HostName = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/, 'must be a host name or an IP address');

export const TrustConfig = z.strictObject({
  /** By which terminals reach this gateway: the name in its certificate and in what it tells them. */
  host: HostName,
  /** Further names and addresses for the certificate. */
  names: z.array(HostName).max(20).default([]),
  authority: z
    .discriminatedUnion('kind', [
      /** The gateway's own, made at the first start in the data folder. */
      z.strictObject({ kind: z.literal('own') }),
      /** Somebody else's, whose key this gateway is given; its certificate first, then those above it. */
      z.strictObject({
        kind: z.literal('given'),
        certificateFile: z.string().min(1),
        keyFile: z.string().min(1),
      }),
      /** Somebody else's who issues by themselves: nothing is enrolled here, terminals stand in the configuration. */
      z.strictObject({
        kind: z.literal('outside'),
        /** Whom to trust. */
        authorityFile: z.string().min(1),
        /** The gateway's own certificate and key. */
        certificateFile: z.string().min(1),
        keyFile: z.string().min(1),
        /** Read again once a minute. */
        revocationListFile: z.string().min(1).optional(),
      }),
    ])
    .prefault({ kind: 'own' }),
  /** Where terminals are enrolled and renew their certificates, over HTTPS; not with an `outside` authority. */
  enrolment: z
    .strictObject({
      /** Address to listen on. */
      listen: z.string().min(1).default('0.0.0.0'),
      /** 0 = any free port. */
      port: z.int().min(0).max(65_535).default(8322),
    })
    .prefault({}),
  /** Broker as terminals reach it; absent = `host` and the port of the broker inside. */
  brokerUrl: z
    .url({ protocol: /^mqtts$/ })
    .max(300)
    .optional(),
  /**
   * When two programs are alive with one certificate for certain: `revoke` voids it (both places are shut out, the
   * terminal goes on recording and is enrolled anew) · `alarm` leaves that to a person.
   */
  onClone: z.enum(['revoke', 'alarm']).default('revoke'),
  /** Life of a terminal's certificate, days; renewed at two thirds. */
  certificateDays: z.int().min(2).max(825).default(180),
});
export type TrustConfig = z.infer<typeof TrustConfig>;
