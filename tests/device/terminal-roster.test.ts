/** What the terminal does with a roster that comes, and with one that is none. */
import { describe, expect, test } from 'vitest';
import { workerOf } from '../../device/gate.ts';
import { SiteId, WorkerId } from '../../shared/ids.ts';
import { encodeRoster } from '../../shared/roster.ts';
import { DAY_MS, dateInJapan, utcMs } from '../../shared/time.ts';
import { openBareTerminal, roster } from '../fixtures/bare-terminal.ts';
import { CARD, gatewaySigner, OTHER_CARD, terminalSigner, WORKER } from '../fixtures/identities.ts';
import { rosterWorkerOf } from '../fixtures/roster.ts';

const card = { by: 'card', cardId: CARD } as const;
const gateIn = { readerId: 'in', direction: 'in' } as const;

describe('rosters', () => {
  test.each<[string, number, number]>([
    ['a newer one', 6, roster.issuedAtMs + DAY_MS],
    ['one of a gateway whose clock was put back', 6, roster.issuedAtMs - DAY_MS],
    ['one of a gateway restored from a backup', 2, roster.issuedAtMs + DAY_MS],
  ])('%s is taken and kept', (_what, version, issuedAt) => {
    const { terminal, saved } = openBareTerminal();
    const newer = encodeRoster(
      { ...roster, version, issuedAtMs: utcMs(issuedAt), workers: [] },
      gatewaySigner,
    );
    terminal.onMessage('roster', newer);
    expect(terminal.status().rosterIndex?.roster.version).toBe(version);
    expect(saved).toEqual([newer]);
  });

  test.each<[string, Uint8Array, string | undefined]>([
    [
      'an older one played back',
      encodeRoster(
        { ...roster, version: 4, issuedAtMs: utcMs(roster.issuedAtMs - 1), workers: [] },
        gatewaySigner,
      ),
      undefined,
    ],
    [
      'one signed by somebody else',
      encodeRoster({ ...roster, version: 9 }, terminalSigner),
      'is not signed by the gateway this terminal is enrolled at',
    ],
    [
      'one of another site',
      encodeRoster(
        { ...roster, version: 9, siteId: SiteId.parse('39999999999999') },
        gatewaySigner,
      ),
      'is of site 39999999999999',
    ],
    [
      'one of more people than a terminal holds',
      encodeRoster(
        {
          ...roster,
          version: 9,
          workers: Array.from({ length: 20_001 }, () => roster.workers[0] ?? rosterWorkerOf({})),
        },
        gatewaySigner,
      ),
      '/workers Too big: expected array to have <=20000 items',
    ],
    ['one of too many bytes', Buffer.alloc(8_000_001), 'is 8000001 bytes; the limit is 8000000'],
    [
      'garbage',
      Buffer.from('garbage'),
      'is not signed by the gateway this terminal is enrolled at',
    ],
  ])('%s changes nothing, and why it is not taken is told until one is', (_what, bytes, fault) => {
    const { terminal, saved } = openBareTerminal();
    terminal.onMessage('roster', bytes);
    expect(terminal.status().rosterIndex?.roster.version).toBe(5);
    expect(saved).toEqual([]);
    expect(terminal.status().rosterFault).toBe(fault);
    terminal.onMessage('roster', encodeRoster({ ...roster, version: 6 }, gatewaySigner));
    expect(terminal.status()).toMatchObject({
      rosterFault: undefined,
      rosterIndex: { roster: { version: 6 } },
    });
  });

  test('a newer one that does not know of a card bound here leaves it bound, and has the last word', () => {
    const { terminal } = openBareTerminal();
    const stranger = { by: 'card', cardId: OTHER_CARD } as const;
    const holder = () => {
      const { rosterIndex, clock } = terminal.status();
      return workerOf(rosterIndex, stranger, dateInJapan(clock.wallMs))?.shortName;
    };
    const by = { by: '所長', reason: 'カード忘れ' };
    terminal.note({ kind: 'bind', siteId: roster.siteId, ...stranger, workerId: WORKER, ...by });
    expect(holder()).toBe('山田');
    terminal.onMessage('roster', encodeRoster({ ...roster, version: 6 }, gatewaySigner));
    expect(holder()).toBe('山田');
    const other = rosterWorkerOf({
      workerId: WorkerId.parse('10000000000002'),
      shortName: '田中',
      cards: [{ cardId: OTHER_CARD }],
    });
    const workers = [...roster.workers, other];
    terminal.onMessage('roster', encodeRoster({ ...roster, version: 7, workers }, gatewaySigner));
    expect(holder()).toBe('田中');
  });

  test('without any, touches are kept all the same', () => {
    const { terminal } = openBareTerminal({ cached: 'none' });
    expect(terminal.touched(card, gateIn)).toMatchObject({
      kind: 'recorded',
      reasons: ['no-roster'],
    });
  });
});
