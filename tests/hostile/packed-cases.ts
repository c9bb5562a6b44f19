/** Bodies that would be larger than what was sent, if anybody unpacked them (圧縮爆弾). Nobody does. */
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { HostileSite } from '../fixtures/hostile-site.ts';
import { type HttpCase, json } from './http-cases.ts';

const MEGABYTE = 1_048_576;
const LARGE = Buffer.alloc(64 * MEGABYTE, '[');

/** A ZIP of stored entries: their names, and what each holds. Checksums are nobody's business before it is unpacked. */
const zipOf = (names: readonly string[], content: Buffer, claimedBytes: number): Buffer => {
  const headerOf = (signature: number, name: Buffer): Buffer => {
    const head = Buffer.alloc(signature === 0x04034b50 ? 30 : 46);
    head.writeUInt32LE(signature, 0);
    const at = signature === 0x04034b50 ? 18 : 20;
    head.writeUInt32LE(content.length, at);
    head.writeUInt32LE(claimedBytes, at + 4);
    head.writeUInt16LE(name.length, at + 8);
    return Buffer.concat([head, name]);
  };
  const bytes = names.map((name) => Buffer.from(name));
  const entries = bytes.map((name) => Buffer.concat([headerOf(0x04034b50, name), content]));
  const directory = bytes.map((name) => headerOf(0x02014b50, name));
  return Buffer.concat([...entries, ...directory, Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);
};
const numbered = (count: number, prefix: string): readonly string[] =>
  Array.from({ length: count }, (_, at) => `${prefix}${at}`);

const CODED: readonly (readonly [string, string, Buffer])[] = [
  ['a thousand to one', 'gzip', gzipSync(LARGE)],
  ['packed twice', 'gzip, gzip', gzipSync(gzipSync(LARGE))],
  [
    'packed five times',
    'gzip,gzip,gzip,gzip,gzip',
    [1, 2, 3, 4, 5].reduce((bytes) => gzipSync(bytes), LARGE),
  ],
  ['under an old name', 'x-gzip', gzipSync(LARGE)],
  ['as deflate', 'deflate', deflateSync(LARGE)],
  [
    'as brotli',
    'br',
    brotliCompressSync(LARGE, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
  ],
  ['as zstd', 'zstd', zstdCompressSync(LARGE)],
  ['in capitals behind nothing', ' identity, GZIP', gzipSync(LARGE)],
  ['under a name that nobody knows', 'xz', Buffer.from('\xfd7zXZ\0', 'latin1')],
];
/** Every kind of body that there is: large and small, JSON and CSV, of people, programs and strangers. */
const TAKERS = [
  ['PUT', '/v1/registry', 'application/json'],
  ['PUT', '/v1/registry/workers', 'text/csv'],
  ['POST', '/v1/accounts', 'application/json'],
  ['POST', '/v1/mails/bounces', 'message/rfc822'],
  ['POST', '/console/session', 'application/json'],
] as const;

const coded: readonly HttpCase[] = CODED.flatMap(([what, coding, bytes]) =>
  TAKERS.map(([method, path, type]) => ({
    what: `64 MB ${what} for ${method} ${path}`,
    send: json(bytes, path, method, { 'content-encoding': coding, 'content-type': type }),
    statuses: [415],
  })),
);

const WORKBOOK = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const ZIPS: readonly (readonly [string, () => Buffer])[] = [
  ['that claims 4 GB', () => zipOf(['xl/worksheets/sheet1.xml'], Buffer.alloc(10), 0xffffffff)],
  ['of 20,000 entries', () => zipOf(numbered(20_000, 'xl/'), Buffer.alloc(0), 0)],
  [
    'of names that are long and alike',
    () => zipOf(numbered(4, 'x'.repeat(60_000)), Buffer.alloc(0), 0),
  ],
  ['with a ZIP in a ZIP', () => zipOf(['a.zip'], zipOf(['b.zip'], Buffer.alloc(9), 9), 9)],
  ['with ways out of the folder', () => zipOf(['../../etc/cron.d/x'], Buffer.from('x'), 1)],
];
const zips: readonly HttpCase[] = ZIPS.flatMap(([what, zip]) =>
  (
    [
      [`${WORKBOOK}; charset=binary`, '/v1/registry/workers', [415]],
      ['application/zip', '/v1/registry', [415]],
      // Under a false name it is read as what it is called, as far as its first bytes.
      ['text/csv', '/v1/registry/workers', [422]],
      ['application/json', '/v1/registry/workers', [422]],
    ] as const
  ).map(([type, path, statuses]) => ({
    what: `a workbook ${what}, called ${type}`,
    send: (site: HostileSite) => json(zip(), path, 'PUT', { 'content-type': type })(site),
    statuses,
  })),
);

export const PACKED_CASES: readonly HttpCase[] = [...coded, ...zips];
