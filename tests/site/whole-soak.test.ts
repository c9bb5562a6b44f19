/**
 * The whole terminal by an accelerated clock, around the clock: screens, sign and manager come and go, the link
 * to a real gateway is cut and comes back, readers and cards do what they do. It holds no more memory in
 * the last third than in the first. `SOAK_HOURS=72` for three days; every test run has a few hours.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashPin } from '../../device/manager/pin.ts';
import { TERMINAL_NODE_FLAGS } from '../../device/node-flags.ts';
import type { ReaderEvent } from '../../device/readers/reader.ts';
import { CardId } from '../../shared/ids.ts';
import { HOUR_MS } from '../../shared/time.ts';
import { until } from '../fixtures/event-log.ts';
import { type FlakyLink, openFlakyLink } from '../fixtures/flaky-link.ts';
import { GROWTH_MAX, growthOf, heldBytes } from '../fixtures/heap-snapshot.ts';
import { followKiosk, type KioskStream } from '../fixtures/kiosk-stream.ts';
import { FIRST_TIER } from '../fixtures/registry.ts';
import type { RunningService } from '../fixtures/service.ts';
import { createSite, type Site } from '../fixtures/site.ts';
import type { Command } from './whole-soak-run.ts';

const HOURS = Number(process.env.SOAK_HOURS ?? 3);
/** Until everybody has come once. */
const HOURS_TO_SETTLE = HOURS < 24 ? 1 : 25;
/** Who came in is known for a day: where there are fewer hours than in one, a day without anybody lies between them. */
const QUIET_HOURS = HOURS < 24 ? 26 : 0;
const TOUCH_EVERY_S = 2;
/** Within it the gateway answers, or the terminal sends again. */
const TOUCHES_AT_ONCE = 5;
const TOUCHES_AN_HOUR = 3_600 / TOUCH_EVERY_S;
/** Then the link is cut; each answer of the gateway takes longer than the hour around it. */
const TOUCHES_LINKED = TOUCHES_AN_HOUR / 6;
const SCREENS_EVERY = TOUCHES_AN_HOUR / 12;
const WORKERS = 200;
const SECONDS_TO_CATCH_UP = 200;

const RUN = fileURLToPath(new URL('./whole-soak-run.ts', import.meta.url));
const PIN = '2468';

const numbered = (prefix: string, number: number): string =>
  prefix + String(number).padStart(14 - prefix.length, '0');
const cardOf = (number: number) => CardId.parse(`02AC${String(number).padStart(12, '0')}`);

let site: Site;
let gateway: RunningService;
let link: FlakyLink;
let child: ReturnType<typeof fork>;
let kioskUrl: string;

beforeAll(async () => {
  site = await createSite({ hasReaders: false });
  gateway = await site.startGateway();
  const numbers = Array.from({ length: WORKERS }, (_, number) => number);
  await site.importRegistry({
    workers: numbers.map((number) => ({
      workerId: numbered('11', number),
      name: `試験 ${number}`,
      kana: 'シケン',
      birthDate: '1980-04-01',
      level: 2,
      ccusRegistered: true,
    })),
    cards: numbers.map((number) => ({
      cardId: cardOf(number),
      workerId: numbered('11', number),
    })),
    employments: numbers.map((number) => ({
      workerId: numbered('11', number),
      companyId: FIRST_TIER,
      kind: 'employee',
    })),
    assignments: [],
    insurances: [],
    qualifications: [],
  });
  const file = join(site.folder, 'terminal.json');
  const settings = JSON.parse(readFileSync(file, 'utf8'));
  link = await openFlakyLink(Number(new URL(settings.gateway.url).port));
  settings.gateway.url = `mqtt://127.0.0.1:${link.port}`;
  settings.kiosk.managers = [{ name: '所長', pin: await hashPin(PIN) }];
  writeFileSync(file, JSON.stringify(settings));
  child = fork(RUN, [file], { execArgv: [...TERMINAL_NODE_FLAGS] });
  const [ready] = await once(child, 'message');
  kioskUrl = ready.kioskUrl;
});
afterAll(async () => {
  child.kill('SIGKILL');
  await link.close();
  await gateway.kill('SIGTERM');
  site.remove();
});

const tell = async (command: Command): Promise<void> => {
  const answered = once(child, 'message');
  child.send(command);
  await answered;
};
const weigh = async (): Promise<number> => {
  const file = join(site.folder, 'terminal.heapsnapshot');
  await tell({ do: 'snapshot', file });
  const bytes = heldBytes(file);
  rmSync(file);
  return bytes;
};
const read = (...events: readonly ReaderEvent[]) => tell({ do: 'read', events });
const get = async (path: string, init: RequestInit = {}): Promise<Response> => {
  const response = await fetch(new URL(path, kioskUrl), init);
  expect(response.status, path).toBeLessThan(400);
  return response;
};
const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}) =>
  get(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** Everybody who looks at a terminal, and goes again. */
const comeAndGo = async (): Promise<void> => {
  const pages = ['', 'page.js', 'page.css', 'sign', 'sign/page.js', 'view', 'status', 'manager'];
  for (const page of pages) await (await get(page)).text();
  const streams = [kioskUrl, kioskUrl, `${kioskUrl}sign/`].map((url) => followKiosk(url));
  await until(() => streams.every(({ views }) => views.length > 0), 'each screen has its view');
  await post('language', { language: 'vi' });
  await post('language', { language: 'ja' });
  for (const stream of streams) stream.close();
  await Promise.all(streams.map(({ ended }) => ended));
};

const managerLooks = async (): Promise<void> => {
  const session = await post('manager/session', { by: '所長', pin: PIN });
  const [cookie = ''] = session.headers.getSetCookie().map((each) => each.split(';')[0]);
  const headers = { cookie };
  for (const list of ['health', 'people', 'absent', 'touches', 'unknown-cards'])
    await (await get(`manager/${list}`, { headers })).text();
};

let touches = 0;
/** Mostly somebody of the roster; now and then a stranger, a card that does not read, a reader that goes. */
const touch = async (): Promise<void> => {
  touches += 1;
  const reader = touches % 2 === 0 ? 'A' : 'B';
  const stranger = cardOf(1_000_000 + touches);
  const cardId = touches % 53 === 0 ? stranger : cardOf((touches * 7) % WORKERS);
  const event: ReaderEvent =
    touches % 31 === 0
      ? { kind: 'read-failed', reader, reason: 'status 6300' }
      : { kind: 'card-presented', reader, cardId };
  await read(event, { kind: 'card-removed', reader });
  if (touches % 97 === 0)
    await read(
      { kind: 'reader-detached', reader, reason: 'unplugged' },
      { kind: 'reader-attached', reader },
    );
};

let stream: KioskStream;
const lastView = () => stream.views.at(-1);
/** The clock goes slowly while the gateway answers: it must not be hours late, and what it missed be sent again. */
const caughtUp = () =>
  until(async () => {
    if (lastView()?.isLinked === true && lastView()?.unsent === 0) return true;
    await tell({ do: 'pass', ms: 50 });
    return false;
  }, 'the gateway has every touch');

const anHour = async (hour: number): Promise<void> => {
  // A screen that is left open sees all of it, and is opened anew now and then.
  stream = followKiosk(kioskUrl);
  await until(() => lastView() !== undefined, 'the first view');
  if (hour % 5 === 0) {
    await tell({ do: 'trust', trust: 'untrusted' });
    await tell({ do: 'pass', ms: 2_000 });
    await tell({ do: 'trust', trust: 'trusted' });
  }
  for (let count = 0; count < TOUCHES_AN_HOUR; count += 1) {
    if (count === TOUCHES_LINKED) link.cut();
    if (count === TOUCHES_AN_HOUR - SECONDS_TO_CATCH_UP / TOUCH_EVERY_S) link.mend();
    await touch();
    if (count < TOUCHES_LINKED && count % TOUCHES_AT_ONCE === 0) await caughtUp();
    await tell({ do: 'pass', ms: TOUCH_EVERY_S * 1_000 });
    if (count % SCREENS_EVERY === 0) await comeAndGo();
  }
  await caughtUp();
  await managerLooks();
  stream.close();
  await stream.ended;
  await tell({ do: 'pass', ms: QUIET_HOURS * HOUR_MS });
};

test(
  `${HOURS} hours of touches, screens and cut links: the memory stays flat`,
  async () => {
    await read(...['A', 'B'].map((reader) => ({ kind: 'reader-attached', reader }) as const));
    for (let hour = 0; hour < HOURS_TO_SETTLE; hour += 1) await anHour(hour);
    const weights: number[] = [];
    for (let hour = 0; hour < HOURS; hour += 1) {
      await anHour(hour);
      weights.push(await weigh());
    }
    const figures = weights.join(' ');
    if (process.env.SOAK_HOURS !== undefined) process.stdout.write(`${figures}\n`);
    expect(growthOf(weights), figures).toBeLessThan(GROWTH_MAX);
    // A world in which nothing happens proves nothing.
    expect(link.connections()).toBeGreaterThan(HOURS);
    expect((await site.taps()).length).toBeGreaterThan(touches * 0.9);
  },
  Math.max(1, HOURS) * 600_000,
);
