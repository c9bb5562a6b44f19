/** What mosquitto 2 says of refusals and connections, as it really writes it, and what is read out of it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type MosquittoNews,
  NOTHING_SEEN,
  readMosquittoLine,
} from '../../gateway/broker/mosquitto-log.ts';
import { utcMs } from '../../shared/time.ts';

const START = utcMs(Date.parse('2026-11-28T04:00:00Z'));

/** A number among the lines is a wait of so many seconds. */
const newsOf = (lines: readonly (string | number)[]): readonly MosquittoNews[] => {
  let seen = NOTHING_SEEN;
  let now = START;
  const all: MosquittoNews[] = [];
  for (const line of lines) {
    if (typeof line === 'number') {
      now = utcMs(now + line * 1_000);
      continue;
    }
    const read = readMosquittoLine(seen, `1795838331: ${line}`, now);
    seen = read.seen;
    if (read.news !== undefined) all.push(read.news);
  }
  return all;
};
const knock = (from: string): string => `New connection from ${from} on port 8883.`;
const enter = (from: string, id: string): string =>
  `New client connected from ${from} as ${id} (p2, c1, k30, u'${id}').`;
const GONE = 'Client <unknown> disconnected: Protocol error.';
const failed = (why: string): string => `OpenSSL Error[0]: error:0A000086:SSL routines::${why}`;
const A = '192.0.2.1:40001';
const B = '192.0.2.2:40002';

describe('a refused handshake', () => {
  test.each<[string, readonly string[], string, string | undefined]>([
    [
      'no certificate',
      [knock(A), failed('peer did not return a certificate'), GONE],
      'no-certificate',
      '192.0.2.1',
    ],
    [
      'foreign, expired or revoked, which mosquitto does not tell apart',
      [knock(A), failed('certificate verify failed'), GONE],
      'certificate-not-accepted',
      '192.0.2.1',
    ],
    [
      'plain MQTT',
      [knock(A), failed('wrong version number'), GONE],
      'no-tls (wrong version number)',
      '192.0.2.1',
    ],
    [
      'plain MQTT whose first bytes were there at once, while another knocks',
      [
        knock(B),
        'Client connection from 192.0.2.1 failed: error:0A00010B:SSL routines::wrong version number.',
      ],
      'no-tls (wrong version number)',
      '192.0.2.1',
    ],
    [
      'words of an older OpenSSL',
      [
        knock(A),
        'OpenSSL Error[0]: error:1417C086:SSL routines:tls_process_client_certificate:certificate verify failed',
      ],
      'certificate-not-accepted',
      '192.0.2.1',
    ],
    [
      'an address of IPv6',
      [knock('2001:db8::1:40001'), failed('certificate verify failed')],
      'certificate-not-accepted',
      '2001:db8::1',
    ],
    [
      'one who was let in before is not the one',
      [knock(B), enter(B, 'gate-1'), knock(A), failed('certificate verify failed')],
      'certificate-not-accepted',
      '192.0.2.1',
    ],
    [
      'two at once: nobody is accused',
      [knock(A), knock(B), failed('certificate verify failed')],
      'certificate-not-accepted',
      undefined,
    ],
    [
      'nobody knocked, as after a start of the gateway',
      [failed('certificate verify failed')],
      'certificate-not-accepted',
      undefined,
    ],
  ])('%s', (_what, lines, reason, address) => {
    expect(newsOf(lines).filter(({ kind }) => kind === 'refused')).toEqual([
      { kind: 'refused', reason, address },
    ]);
  });

  test('who is in and hangs up without a word is not refused, nor who only knocks', () => {
    const eof = failed('unexpected eof while reading');
    expect(newsOf([knock(B), eof, GONE, eof])).toEqual([]);
  });

  test('a knock is forgotten when it is gone, and after half a minute', () => {
    const [lost] = newsOf([knock(B), GONE, knock(A), failed('certificate verify failed')]);
    const [old] = newsOf([knock(B), 31, knock(A), failed('certificate verify failed')]);
    for (const news of [lost, old]) expect(news).toMatchObject({ address: '192.0.2.1' });
  });
});

describe('a connection', () => {
  const PUSHED = 'Client gate-1 already connected, closing old connection.';
  const connected = (tookOver: boolean) => ({
    kind: 'connected',
    clientId: 'gate-1',
    address: '192.0.2.2',
    tookOver,
  });
  test.each<[string, readonly string[], boolean]>([
    ['into an empty place', [knock(B), enter(B, 'gate-1')], false],
    ['that pushed another one off', [knock(B), PUSHED, enter(B, 'gate-1')], true],
    [
      'of somebody else in between',
      [PUSHED.replace('1', '2'), knock(B), enter(B, 'gate-1')],
      false,
    ],
  ])('%s', (_what, lines, tookOver) => {
    expect(newsOf(lines)).toEqual([connected(tookOver)]);
  });

  test('is told as a taking over once', () => {
    const news = newsOf([PUSHED, enter(B, 'gate-1'), enter(B, 'gate-1')]);
    expect(news).toEqual([connected(true), connected(false)]);
  });
});

test('whatever comes, what is remembered stays small', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom(knock(A), knock(B), GONE))),
      (lines) => {
        let seen = NOTHING_SEEN;
        for (const line of [...lines, ...Array(100).fill(knock(A))])
          ({ seen } = readMosquittoLine(seen, line, START));
        expect(seen.knocking.length).toBeLessThanOrEqual(64);
      },
    ),
  );
});
