/** What the terminal put together does by itself, hour after hour. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openJournal } from '../../device/journal.ts';
import { hashPin } from '../../device/manager/pin.ts';
import { openDurableSqlite } from '../../shared/durable-sqlite.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/time.ts';
import {
  type AcceleratedTerminal,
  startAcceleratedTerminal,
} from '../fixtures/accelerated-terminal.ts';
import { gatewaySigner, SITE, TERMINAL } from '../fixtures/identities.ts';
import { prefillJournal } from '../fixtures/prefilled-journal.ts';

const KEEP_DAYS = 31;
const TOUCHES = 1_000;

let folder: string;
let terminal: AcceleratedTerminal | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-service-'));
});
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
  rmSync(folder, { recursive: true });
});

const dataDir = (): string => join(folder, 'data');
const onJournal = <Value>(look: (journal: ReturnType<typeof openJournal>) => Value): Value => {
  const db = openDurableSqlite(join(dataDir(), 'journal.db'), { checkpointPages: 1_000 });
  const journal = openJournal(db, TERMINAL);
  try {
    return look(journal);
  } finally {
    journal.close();
  }
};

const start = (startIso: string, managers: readonly object[] = []): Promise<AcceleratedTerminal> =>
  startAcceleratedTerminal(
    {
      terminalId: TERMINAL,
      siteId: SITE,
      dataDir: dataDir(),
      signingKeyFile: join(folder, 'key.pem'),
      // Nobody listens there: the terminal is alone.
      gateway: { url: 'mqtt://127.0.0.1:9', publicKey: gatewaySigner.publicKey },
      kiosk: { port: 0, managers },
      readers: { pcsc: false },
      keepDays: KEEP_DAYS,
    },
    { startIso },
  );

describe('what the gateway has had for longer than it is kept', () => {
  /** From 2026-09-01 on, all receipted. */
  beforeEach(() => {
    mkdirSync(dataDir());
    prefillJournal(dataDir(), TOUCHES);
    onJournal((journal) => journal.settle(journal.lastSeq()));
  });

  const oldest = () => onJournal((journal) => journal.firstSeq());

  test('is let go of every hour, and that is written down', async () => {
    terminal = await start('2027-09-01T00:00:00+09:00');
    await terminal.pass(HOUR_MS - 1);
    expect(oldest()).toBe(1);
    await terminal.pass(1);
    expect(oldest()).toBeGreaterThan(TOUCHES / 2);
    const after = onJournal((journal) =>
      journal.read(TOUCHES + 1, journal.lastSeq()).map(({ text }) => JSON.parse(text)),
    );
    expect(after).toContainEqual(expect.objectContaining({ kind: 'health', what: 'pruned' }));
  });

  test('stays while the clock is not to be trusted', async () => {
    terminal = await start('2027-09-01T00:00:00+09:00');
    terminal.clock.setTrust('untrusted');
    await terminal.pass(DAY_MS);
    expect(oldest()).toBe(1);
  });

  test('stays while it is younger', async () => {
    terminal = await start('2026-09-20T00:00:00+09:00');
    await terminal.pass(DAY_MS);
    expect(oldest()).toBe(1);
  });
});

describe('who tries PINs', () => {
  const PIN = '2468';
  const MANAGER = '所長';
  const tryPin = async (pin: string): Promise<number> => {
    const answer = await fetch(`${terminal?.kioskUrl}manager/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: MANAGER, pin }),
    });
    return answer.status;
  };
  const startAgain = async (): Promise<void> => {
    await terminal?.close();
    const managers = [{ name: MANAGER, pin: await hashPin(PIN) }];
    terminal = await start('2026-11-24T07:00:00+09:00', managers);
  };

  test('gets no more of them by pulling the plug', async () => {
    await startAgain();
    for (const pin of ['0000', '1111']) expect(await tryPin(pin)).toBe(401);
    await startAgain();
    for (const pin of ['2222', '3333']) expect(await tryPin(pin)).toBe(401);
    expect(await tryPin(PIN)).toBe(429);
    await startAgain();
    expect(await tryPin(PIN)).toBe(429);
    await terminal?.pass(MINUTE_MS);
    expect(await tryPin(PIN)).toBe(200);
    // Whoever knows it has wiped the slate.
    await startAgain();
    for (const pin of ['0000', '1111', '2222']) expect(await tryPin(pin)).toBe(401);
    expect(await tryPin(PIN)).toBe(200);
  });
});
