/** The gate decision, as a table. */
import { describe, expect, test } from 'vitest';
import { decide, indexRoster, type LastTouch } from '../../device/gate.ts';
import type { Presented } from '../../shared/entry.ts';
import { WorkerId } from '../../shared/ids.ts';
import { type ClockReading, Month, uptimeMs, utcMs } from '../../shared/time.ts';
import { CARD, OTHER_CARD, SITE, WORKER } from '../fixtures/identities.ts';

const rosterIndex = indexRoster({
  v: 1,
  siteId: SITE,
  siteName: '試験現場',
  version: 1,
  issuedAtMs: utcMs(0),
  month: Month.parse('2026-11'),
  workers: [
    {
      workerId: WORKER,
      shortName: '山田',
      companyName: '試験建設',
      cards: [CARD],
      contributedDays: [],
      earnsContribution: true,
    },
  ],
});
const now: ClockReading = {
  wallMs: utcMs(1_000_000),
  uptimeMs: uptimeMs(500_000),
  bootId: 'boot-1',
  trust: 'trusted',
};
const card: Presented = { by: 'card', cardId: CARD };
const touchedAgo = (ms: number, bootId = 'boot-1'): LastTouch => ({
  bootId,
  uptimeMs: 500_000 - ms,
});

describe('decide', () => {
  test.each([
    ['a card on the roster', {}, 'recorded', []],
    ['a typed id on the roster', { presented: { by: 'typed', workerId: WORKER } }, 'recorded', []],
    [
      'an unknown card is recorded and pointed out',
      { presented: { by: 'card', cardId: OTHER_CARD } },
      'warned',
      ['unknown-card'],
    ],
    [
      'so is a typed id that is not on the roster',
      { presented: { by: 'typed', workerId: WorkerId.parse('99999999999999') } },
      'warned',
      ['unknown-worker'],
    ],
    ['without a roster nobody can be known', { rosterIndex: undefined }, 'warned', ['no-roster']],
    [
      'a clock that nobody trusts is said',
      { reading: { ...now, trust: 'untrusted' } },
      'warned',
      ['clock-untrusted'],
    ],
    [
      'every reason is named',
      { presented: { by: 'card', cardId: OTHER_CARD }, reading: { ...now, trust: 'untrusted' } },
      'warned',
      ['unknown-card', 'clock-untrusted'],
    ],
    ['again within the window', { lastTouch: touchedAgo(59_999) }, 'repeat', []],
    ['again just after the window', { lastTouch: touchedAgo(60_000) }, 'recorded', []],
    [
      'a touch before a reboot is not a repeat: uptime began anew',
      { lastTouch: touchedAgo(1, 'boot-0') },
      'recorded',
      [],
    ],
    [
      'a wall clock stepped back an hour locks nobody out',
      { lastTouch: touchedAgo(60_000), reading: { ...now, wallMs: utcMs(0) } },
      'recorded',
      [],
    ],
  ] as const)('%s', (_because, difference, kind, reasons) => {
    const question = {
      presented: card,
      rosterIndex,
      lastTouch: undefined,
      reading: now,
      repeatWindowMs: 60_000,
    };
    expect(decide({ ...question, ...difference })).toEqual({ kind, reasons });
  });
});
