/** Settings of what browsers and programs come to (窓口の設定): HTTPS, a proxy in front, and limits for connections. */
import { z } from 'zod';
import { HostName } from './enrolment/trust-config.ts';

const Port = z.int().min(0).max(65_535);

export const HttpsConfig = z
  .strictObject({
    /** Address to listen on. */
    listen: z.string().min(1).default('0.0.0.0'),
    /** 0 = any free port. */
    port: Port.default(8443),
    /** Names and addresses by which browsers reach this gateway, the usual one first. */
    names: z.array(HostName).min(1).max(20),
    /** PEM, the gateway's own first; absent = issued by the gateway's own authority. */
    certificateFile: z.string().min(1).optional(),
    keyFile: z.string().min(1).optional(),
  })
  .refine(
    ({ certificateFile, keyFile }) => (certificateFile === undefined) === (keyFile === undefined),
    { message: 'certificateFile and keyFile go together', path: ['keyFile'] },
  );
export type HttpsConfig = z.infer<typeof HttpsConfig>;

/** A reverse proxy on this machine, which sets x-forwarded-for by itself, whatever its client sends. */
export const ProxyConfig = z.strictObject({
  /** By which browsers reach the proxy. */
  publicUrl: z.url({ protocol: /^https$/ }).max(300),
});

/** Who is slow, or comes with many connections, must not keep the others out. */
export const ConnectionLimits = z
  .strictObject({
    /** Until all headers of a request are there. */
    headersMs: z.int().min(100).max(120_000).default(10_000),
    /** Until a whole request is there; a large registry over a slow line takes its time. */
    requestMs: z.int().min(100).max(3_600_000).default(120_000),
    /** At once; not for this machine itself, where a proxy may stand. */
    perAddress: z.int().min(1).max(100_000).default(200),
    inAll: z.int().min(1).max(100_000).default(5_000),
    /** Requests of one token or user under way at once, long polls among them. */
    perClient: z.int().min(1).max(10_000).default(50),
    /** For reading an answer, and beyond it as long as its bytes take at the speed below. */
    answerMs: z.int().min(100).max(3_600_000).default(60_000),
    answerBytesPerSecond: z.int().min(1).max(1_000_000_000).default(16_384),
  })
  .refine(({ headersMs, requestMs }) => headersMs <= requestMs, {
    message: 'must not be shorter than headersMs',
    path: ['requestMs'],
  });
export type ConnectionLimits = z.infer<typeof ConnectionLimits>;

/** 管理画面 */
export const ConsoleConfig = z.strictObject({
  /** A session ends when nothing was asked for so long; a page that is open asks by itself. */
  idleMinutes: z.int().min(1).max(1_440).default(60),
  /** A session ends so long after the log-in, whatever happens. */
  absoluteHours: z.int().min(1).max(168).default(12),
});
