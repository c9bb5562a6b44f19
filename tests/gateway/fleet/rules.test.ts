/** Each rule: when it complains, when it does not, and when it cannot know. */
import { describe, expect, test } from 'vitest';
import { AlertSettings } from '../../../gateway/fleet/alert-settings.ts';
import type { RuleName } from '../../../gateway/fleet/alerts.ts';
import type { TerminalContact } from '../../../gateway/fleet/contacts.ts';
import { GATEWAY_RULES } from '../../../gateway/fleet/gateway-rules.ts';
import type { Incident } from '../../../gateway/fleet/judgement.ts';
import { TERMINAL_RULES } from '../../../gateway/fleet/terminal-rules.ts';
import { silentSince } from '../../../gateway/fleet/watch-hours.ts';
import type { TerminalState } from '../../../shared/terminal-state.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, uptimeMs, utcMs } from '../../../shared/time.ts';
import { GATEWAY_FACTS } from '../../fixtures/gateway-facts.ts';
import { SITE, TERMINAL } from '../../fixtures/identities.ts';
import { STATE_AT, terminalState } from '../../fixtures/terminal-state.ts';

const settings = AlertSettings.parse({});
const NOW = utcMs(STATE_AT + 30_000);

const contactOf = (
  state: Partial<TerminalState> = {},
  fields: Partial<TerminalContact> = {},
): TerminalContact => ({
  terminalId: TERMINAL,
  siteId: SITE,
  isOnline: true,
  lastHeardAt: STATE_AT,
  lastBatchAt: undefined,
  state: terminalState(state),
  stateAt: STATE_AT,
  ...fields,
});

/** `fine`, `unknown`, or after how many minutes it is an alert and what it says. */
const judged = (
  rule: RuleName,
  contact: TerminalContact,
  incidents: readonly Incident[] = [],
  gatewayVersion = '1.2.3',
) => {
  const judgement = TERMINAL_RULES.find((row) => row.rule === rule)?.judge(
    { contact, gatewayVersion, incidents },
    settings,
    NOW,
  );
  return judgement?.kind === 'wrong'
    ? `${judgement.afterMs / MINUTE_MS} ${judgement.detail}`.trim()
    : judgement?.kind;
};

const gone = { readerId: '出口', direction: 'out', isAttached: false, isCardLeft: false } as const;
const left = { ...gone, isAttached: true, isCardLeft: true };
const disk = (freeBytes: number) => ({ disk: { freeBytes, totalBytes: 32_000_000_000 } });
const oldest = (age: number) => ({ queue: { unsentTaps: 9, oldestMs: utcMs(STATE_AT - age) } });
const ends = (days: number) => ({ certificateEndsMs: utcMs(NOW + days * DAY_MS) });
const issued = (age: number) => ({
  roster: { version: 1, issuedAtMs: utcMs(NOW - age), workers: 3 },
});
const fault = (part: TerminalState['faults'][number]['part']) => ({
  faults: [{ part, reason: 'why' }],
});

describe('a terminal', () => {
  test('that is well has no rule against it', () => {
    const all = TERMINAL_RULES.map(({ rule }) => judged(rule, contactOf()));
    expect(new Set(all)).toEqual(new Set(['fine']));
  });

  test.each<[RuleName, Partial<TerminalState>, string, string]>([
    ['cannot-record', fault('storage'), '0 why', 'people touch and nothing is kept: at once'],
    ['reader-gone', { readers: [gone] }, '10 出口', 'a plug may be seated again'],
    ['reader-gone', fault('readers'), '10 why', 'no daemon, no reader'],
    ['reader-gone', { readers: [] }, 'fine', 'a terminal with a keypad alone'],
    ['sync-refused', fault('sync'), '0 why', 'a newer terminal may say what is not known here'],
    [
      'sync-refused',
      { faults: [{ part: 'sync', reason: 'wrong-site' }] },
      '0 登録のない現場の記録があります',
      'it will not mend itself, and people read no codes',
    ],
    ['unsent-old', oldest(12 * HOUR_MS), '0 9件', 'the link lives, and touches wait'],
    ['unsent-old', oldest(12 * HOUR_MS - MINUTE_MS), 'fine', 'not yet half a day'],
    ['clock-untrusted', { clock: 'untrusted' }, '60', 'a Pi needs a minute or two for it'],
    ['clock-off', { atMs: utcMs(STATE_AT + 121_000) }, '10 +121秒', 'beyond two minutes'],
    ['clock-off', { atMs: utcMs(STATE_AT - 121_000) }, '10 -121秒', 'to either side'],
    ['clock-off', { atMs: utcMs(STATE_AT - 120_000) }, 'fine', 'within'],
    [
      'clock-off',
      { atMs: utcMs(0), clock: 'untrusted' },
      'fine',
      'nobody believes it: the other rule tells it',
    ],
    ['disk-low', disk(499_999_999), '0 空き 499 MB', 'below 500 MB'],
    ['disk-low', disk(500_000_000), 'fine', 'not below'],
    ['certificate-expiring', ends(13.9), '0 あと13日', 'renewal is weeks late'],
    ['certificate-expiring', ends(14), 'fine', 'renewal may still come'],
    ['certificate-expiring', ends(-1), '0 期限切れ', 'over'],
    ['roster-refused', fault('roster'), '0 why', 'the next one is refused for the same reason'],
    ['roster-old', issued(48 * HOUR_MS + 1), '0', 'two daily rosters did not come'],
    ['roster-old', issued(48 * HOUR_MS), 'fine', 'one may be late'],
    ['camera-gone', { cameras: [{ camera: 'C1', isAttached: false }] }, '10 C1', 'evidence misses'],
    ['journal-set-aside', fault('set-aside'), '0 why', 'touches that beeped may lie there'],
    ['signals-gone', fault('signals'), '10 why', 'the screen still tells'],
    ['card-left', { readers: [left] }, '10 出口', 'nobody else can touch'],
  ])('%s with %o: %s (%s)', (rule, state, expected) => {
    expect(judged(rule, contactOf(state))).toBe(expected);
  });

  test('without a certificate or a roster yet', () => {
    const { certificateEndsMs: _, roster: __, ...state } = terminalState();
    const contact = contactOf({}, { state });
    expect(judged('certificate-expiring', contact)).toBe('fine');
    expect(judged('roster-old', contact)).toBe('60 未受信');
  });

  test('has an untrusted clock since its machine booted', () => {
    const state = { clock: 'untrusted', uptimeMs: uptimeMs(7 * MINUTE_MS) } as const;
    const row = TERMINAL_RULES.find(({ rule }) => rule === 'clock-untrusted');
    const facts = { contact: contactOf(state), gatewayVersion: '1.2.3', incidents: [] };
    expect(row?.judge(facts, settings, NOW)).toMatchObject({
      since: STATE_AT - 7 * MINUTE_MS,
    });
  });

  test.each<[string, string, string, string]>([
    ['1.2.3', '1.2.4', '43200 1.2.3（中継サーバは 1.2.4）', 'a month behind'],
    ['1.9.0', '1.10.0', '43200 1.9.0（中継サーバは 1.10.0）', 'numbers, not letters'],
    ['1.2.3', '2.0.0', '43200 1.2.3（中継サーバは 2.0.0）', 'by a major one'],
    ['1.3.0', '1.2.9', 'fine', 'terminals may be first'],
    ['1.2.3', '1.2.3', 'fine', 'the same'],
    ['1.2.3-trial', '9.9.9', 'fine', 'a trial build is nobody’s release'],
  ])('of version %s beside a gateway of %s: %s (%s)', (version, gatewayVersion, expected) => {
    expect(judged('version-old', contactOf({ version }), [], gatewayVersion)).toBe(expected);
  });

  test.each<[Partial<TerminalContact>, string, string]>([
    [{}, 'fine', 'it spoke half a minute ago'],
    [{ lastHeardAt: utcMs(NOW - 4 * MINUTE_MS) }, '60', 'it misses its turns'],
    [{ lastHeardAt: undefined }, 'fine', 'it is not installed yet'],
    [{ isOnline: false }, 'fine', 'a restart of a minute is nothing'],
  ])('is silent with %o: %s (%s)', (fields, expected) => {
    expect(judged('terminal-silent', contactOf({}, fields))).toBe(expected);
  });

  test.each<[Partial<TerminalContact>, string]>([
    [{ isOnline: false }, 'its link is down'],
    [{ stateAt: utcMs(NOW - 4 * MINUTE_MS) }, 'its last word is old'],
    [{ state: undefined, stateAt: undefined }, 'it is older than this document'],
  ])('with %o tells nothing of its parts (%s)', (fields) => {
    const contact = contactOf({ ...fault('storage'), readers: [gone] }, fields);
    for (const rule of ['cannot-record', 'reader-gone', 'clock-off', 'disk-low'] as const)
      expect(judged(rule, contact)).toBe('unknown');
  });

  test.each<[RuleName, Incident['reason'], number, string]>([
    ['conflict', 'conflict', 1, '0'],
    ['conflict', 'broken-chain', 1, 'fine'],
    ['wrong-site', 'wrong-site', 1, '0'],
    ['wrong-site', 'broken-chain', 1, 'fine'],
    ['chain-broken', 'broken-chain', 23, '0'],
    ['chain-broken', 'broken-chain', 24, 'fine'],
  ])('%s after %s %i h ago: %s', (rule, reason, hours, expected) => {
    const incidents = [{ reason, at: utcMs(NOW - hours * HOUR_MS) }];
    expect(judged(rule, contactOf(), incidents)).toBe(expected);
  });
});

test('a terminal with entries of foreign sites is told with which they are', () => {
  const at = utcMs(NOW - HOUR_MS);
  const incidents = ['3000 3001', '3001', undefined].map((detail) => ({
    reason: 'wrong-site' as const,
    at,
    ...(detail === undefined ? {} : { detail }),
  }));
  expect(judged('wrong-site', contactOf(), incidents)).toBe('0 現場 3000、3001');
});

describe('the gateway', () => {
  const waits = (reason: 'undated' | 'future-dated') => ({
    waitingTouches: [{ reason, terminalId: TERMINAL }],
  });
  test.each([
    ['gateway-disk-low', {}, 'fine'],
    ['gateway-disk-low', { diskFreeBytes: 499e6 }, 'wrong'],
    ['gateway-disk-low', { diskFreeBytes: undefined }, 'unknown'],
    ['quarantine', {}, 'fine'],
    ['quarantine', { incidents: [{ reason: 'other' as const, at: NOW }] }, 'wrong'],
    ['clone-revoked', { incidents: [{ reason: 'other' as const, at: NOW }] }, 'fine'],
    ['clone-revoked', { incidents: [{ reason: 'clone' as const, at: NOW }] }, 'wrong'],
    ['undated-taps', {}, 'fine'],
    ['undated-taps', waits('undated'), 'wrong'],
    ['undated-taps', waits('future-dated'), 'fine'],
    ['future-dated-taps', waits('future-dated'), 'wrong'],
    ['future-dated-taps', waits('undated'), 'fine'],
    ['nightly-failed', {}, 'fine'],
    ['nightly-failed', { failedJobs: ['月の締め'] }, 'wrong'],
    ['trust-stale', {}, 'fine'],
    ['trust-stale', { trustFaults: ['サーバ証明書: EACCES'] }, 'wrong'],
    ['deadlines-overdue', {}, 'fine'],
    ['deadlines-overdue', { overdueDeadlines: 3 }, 'wrong'],
  ])('%s with %o is %s', (rule, fields, kind) => {
    const row = GATEWAY_RULES.find((each) => each.rule === rule);
    expect(row?.judge({ ...GATEWAY_FACTS, ...fields }, settings, NOW).kind).toBe(kind);
  });
});

describe('silence counts', () => {
  const jst = (text: string) => utcMs(Date.parse(`2026-11-${text}+09:00`));
  const day = { from: '07:00', to: '18:00' };
  const night = { from: '20:00', to: '06:00' };
  test.each([
    [undefined, '24T03:00', '24T09:00', '24T03:00', 'always, without hours'],
    [day, '24T08:00', '24T09:00', '24T08:00', 'since the last word'],
    [day, '23T18:30', '24T07:20', '24T07:00', 'the night does not count'],
    [day, '24T17:00', '24T18:00', undefined, 'the hours are over'],
    [day, '24T17:00', '25T06:59', undefined, 'not begun yet'],
    [night, '24T19:00', '25T01:00', '24T20:00', 'a night shift is one span'],
    [night, '24T19:00', '25T06:00', undefined, 'and ends in the morning'],
    [{ from: '00:00', to: '00:00' }, '23T09:00', '24T09:00', '24T00:00', 'equal ends: all day'],
  ])('%o heard %s now %s: %s (%s)', (hours, heard, now, expected, _because) => {
    expect(silentSince(jst(heard), hours, jst(now))).toBe(
      expected === undefined ? undefined : jst(expected),
    );
  });
});
