/**
 * The manager's view over HTTP (現場管理者画面): lists to read, and what a manager may write down.
 *
 * On loopback only, behind the PIN. Whatever a manager changes is a journal entry with name and reason;
 * every look at people is logged, without their names.
 */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { type EntryBody, parseEntry } from '../../shared/entry.ts';
import { CardId, type SiteId, WorkerId } from '../../shared/ids.ts';
import type { Log } from '../../shared/log.ts';
import { plainText } from '../../shared/plain-text.ts';
import { faultsOf } from '../../shared/result.ts';
import { type Clock, DAY_MS, dateInJapan, IsoInstant } from '../../shared/time.ts';
import { pageRoutes, scriptFile } from '../../shared/web-page.ts';
import { type Journal, oldestUnsentTap, pickFromRecent, recentEntries } from '../journal.ts';
import { ageOfOthersJa, coverageJa, hasOtherGates } from '../other-gates.ts';
import type { Terminal } from '../terminal.ts';
import { type HealthFacts, healthLines } from './health.ts';
import {
  absentRows,
  peopleRows,
  pickTouchOf,
  pickUnknownTouch,
  touchRows,
  unknownCardRows,
} from './lists.ts';
import { musterCsv, musterFileName } from './muster-csv.ts';
import { Pin, triesIn } from './pin.ts';
import { createSessions, type Manager, type Session } from './sessions.ts';
import { whatToDo } from './what-to-do.ts';

/** Entries that a list looks through: two days of a site of 5,000, a month or more of a usual one. */
const ENTRIES_LOOKED_AT = 40_000;
/** Rows of a list at once; a kiosk's browser is slow with more. */
const ROWS_AT_ONCE = 200;
/** Entries in which wrong PINs of before the start are looked for: more than anybody makes touches between two tries. */
const ENTRIES_WITH_TRIES = 2_000;
const BODY_BYTES_MAX = 10_000;
const COOKIE = 'genba-manager';

export interface ManagerDeps {
  readonly siteId: SiteId;
  readonly terminal: Terminal;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly managers: readonly Manager[];
  readonly facts: () => Omit<HealthFacts, 'status' | 'oldestUnsent' | 'journalEntries'>;
  /** Writes a file to the USB stick; says why where it cannot. */
  readonly saveToUsb: (name: string, text: string) => Promise<{ readonly fault?: string }>;
  readonly log: Log;
}

interface ManagerEnv {
  Variables: { session: Session };
}

const Name = z.string().trim().min(1, 'を選んでください').pipe(plainText(40));
const Why = z.string().trim().min(1, 'を入力してください').pipe(plainText(200));

const LogInRequest = z.object({ pin: Pin, by: Name });
const AddRequest = z.object({
  workerId: WorkerId,
  direction: z.enum(['in', 'out']),
  at: IsoInstant,
  reason: Why,
});
/** `company`: empty = all; `after`: rows that the page has already. */
const TouchesQuery = z.object({
  company: z.string().max(100).catch(''),
  after: z.coerce.number().int().min(0).catch(0),
});
const VoidRequest = z.object({ seq: z.int().min(1), reason: Why });
const BindRequest = z.object({ cardId: CardId, workerId: WorkerId, reason: Why });

/** A passage may be written down for today and the days whose correction is still usual at the gate. */
const DAYS_BACK_MAX = 62;

const waitJa = (seconds: number): string =>
  seconds < 120 ? `${seconds}秒` : `${Math.ceil(seconds / 60)}分`;

export const managerRoutes = (deps: ManagerDeps): Hono<ManagerEnv> => {
  const { terminal, journal, clock, log } = deps;
  const start = clock.read();
  const sessions = createSessions(deps.managers, clock, () =>
    triesIn(recentEntries(journal, ENTRIES_WITH_TRIES), start),
  );
  const app = new Hono<ManagerEnv>();
  const today = () => dateInJapan(clock.read().wallMs);
  const rosterIndex = () => terminal.status().rosterIndex;
  /** What whoever reads a list of people must know of it. */
  const coverage = () => {
    const { otherGates, clock: now } = terminal.status();
    return {
      note: coverageJa(otherGates, now.wallMs),
      isOld: ageOfOthersJa(otherGates, now.wallMs) !== undefined,
      hasGates: hasOtherGates(otherGates),
    };
  };
  const listsSeenBy = new WeakMap<Session, Set<string>>();
  /**
   * Each look by the number of the log-in, whose name stands in the journal; there too the first look at
   * each list, so that it is chained and reaches the gateway. A screen that asks every few seconds must not
   * wear the disk.
   */
  const looked = (context: Context<ManagerEnv>, what: string): void => {
    const session = context.get('session');
    log('a manager looked', { session: session.number, what });
    const seen = listsSeenBy.get(session) ?? new Set();
    listsSeenBy.set(session, seen);
    if (seen.has(what)) return;
    seen.add(what);
    terminal.note({
      kind: 'health',
      what: 'manager-looked',
      detail: `${session.number}: ${what}`,
    });
  };

  app.route(
    '/',
    pageRoutes({
      folder: new URL('./page/', import.meta.url),
      html: 'manager.html',
      css: 'manager.css',
      script: 'manager.js',
    }),
  );
  for (const script of ['ask.js', 'elements.js', 'fields.js', 'log-in.js'])
    app.get(`/${script}`, scriptFile(new URL(`./page/${script}`, import.meta.url)));
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX }));

  app.get('/names', (context) => context.json({ names: deps.managers.map(({ name }) => name) }));
  app.post('/session', async (context) => {
    const request = LogInRequest.safeParse(await context.req.json().catch(() => undefined));
    if (!request.success) return context.json({ faults: faultsOf(request.error.issues) }, 400);
    const outcome = await sessions.logIn(request.data.pin, request.data.by);
    log('a manager logs in', { outcome: outcome.kind });
    if (outcome.kind === 'wrong') {
      const isKnown = deps.managers.some(({ name }) => name === request.data.by);
      terminal.note({
        kind: 'health',
        what: 'manager-refused',
        detail: isKnown ? request.data.by : '',
      });
      return context.json({ message: '暗証番号が違います。もう一度入力してください' }, 401);
    }
    if (outcome.kind === 'locked')
      return context.json(
        { message: `${waitJa(outcome.seconds)}後にもう一度入力してください` },
        429,
      );
    terminal.note({
      kind: 'health',
      what: 'manager-logged-in',
      detail: `${outcome.session.number}: ${outcome.session.by}`,
    });
    setCookie(context, COOKIE, outcome.token, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/manager',
    });
    return context.json({ by: request.data.by });
  });

  app.use(async (context, next) => {
    const session = sessions.who(getCookie(context, COOKIE));
    if (session === undefined) return context.json({ message: '暗証番号を入力してください' }, 401);
    context.set('session', session);
    context.header('cache-control', 'no-store');
    await next();
    return undefined;
  });

  app.delete('/session', (context) => {
    sessions.logOut(getCookie(context, COOKIE));
    deleteCookie(context, COOKIE, { path: '/manager' });
    return context.json({});
  });

  app.get('/health', (context) => {
    const status = terminal.status();
    const lines = healthLines({
      ...deps.facts(),
      status,
      oldestUnsent: oldestUnsentTap(journal),
      journalEntries: journal.lastSeq() - journal.firstSeq() + 1,
    });
    return context.json({
      by: context.get('session').by,
      siteName: rosterIndex()?.roster.siteName ?? '',
      lines: lines.map((line) =>
        line.isGood ? line : { ...line, toDo: whatToDo(line.part, status) },
      ),
    });
  });
  app.get('/people', (context) => {
    looked(context, 'people');
    const rows = peopleRows(terminal.peopleOnSite(), rosterIndex());
    return context.json({ rows, ...coverage() });
  });
  app.get('/absent', (context) => {
    looked(context, 'absent');
    const rows = absentRows(rosterIndex(), today(), terminal.wasHereToday);
    return context.json({ rows, ...coverage() });
  });
  app.get('/touches', async (context) => {
    looked(context, 'touches');
    const { company, after } = TouchesQuery.parse(context.req.query());
    const entries = await pickFromRecent(journal, ENTRIES_LOOKED_AT, pickTouchOf(today()));
    const rows = touchRows(entries, rosterIndex(), today());
    const shown = company === '' ? rows : rows.filter((row) => row.company === company);
    return context.json({
      rows: shown.slice(after, after + ROWS_AT_ONCE),
      count: shown.length,
      companies: [...new Set(rows.map((row) => row.company))].sort(),
    });
  });
  app.get('/unknown-cards', async (context) => {
    looked(context, 'unknown-cards');
    const pick = pickUnknownTouch(rosterIndex(), today());
    const touches = await pickFromRecent(journal, ENTRIES_LOOKED_AT, pick);
    return context.json({ rows: unknownCardRows(touches) });
  });
  app.get('/workers', (context) => {
    looked(context, 'workers');
    const workers = rosterIndex()?.roster.workers ?? [];
    return context.json({
      rows: workers.map(({ workerId, shortName, companyName }) => ({
        workerId,
        name: shortName,
        company: companyName,
      })),
    });
  });

  const muster = () => {
    const { wallMs } = clock.read();
    return {
      name: musterFileName(wallMs),
      text: musterCsv(
        peopleRows(terminal.peopleOnSite(), rosterIndex()),
        terminal.status().otherGates,
        wallMs,
      ),
    };
  };
  app.post('/muster/usb', async (context) => {
    looked(context, 'muster to USB');
    const { name, text } = muster();
    const { fault } = await deps.saveToUsb(name, text);
    return fault === undefined ? context.json({ name }) : context.json({ message: fault }, 409);
  });

  type Request = Context<ManagerEnv>;
  const refuse = (context: Request, place: string, message: string) =>
    context.json({ faults: [{ place, message }] }, 400);
  /** Stored, or the manager reads why not. */
  const store = (context: Request, body: EntryBody) => {
    const outcome = terminal.note(body);
    return outcome.kind === 'stored'
      ? context.json({ seq: outcome.entry.seq })
      : context.json(
          { message: `記録できません。「端末の状態」を確かめてください（${outcome.message}）` },
          507,
        );
  };
  const isOnRoster = (workerId: WorkerId): boolean =>
    rosterIndex()?.workerById.has(workerId) === true;
  const { siteId } = deps;

  app.post('/passages', async (context) => {
    const request = AddRequest.safeParse(await context.req.json().catch(() => undefined));
    if (!request.success) return context.json({ faults: faultsOf(request.error.issues) }, 400);
    const { workerId, direction, at, reason } = request.data;
    const { wallMs } = clock.read();
    if (at > wallMs || at < wallMs - DAYS_BACK_MAX * DAY_MS)
      return refuse(context, '/at', `は、今より前の${DAYS_BACK_MAX}日以内にしてください`);
    if (!isOnRoster(workerId)) return refuse(context, '/workerId', 'は名簿にありません');
    const change = { do: 'add', workerId, direction, at } as const;
    return store(context, {
      kind: 'manual',
      siteId,
      change,
      by: context.get('session').by,
      reason,
    });
  });

  app.post('/voids', async (context) => {
    const request = VoidRequest.safeParse(await context.req.json().catch(() => undefined));
    if (!request.success) return context.json({ faults: faultsOf(request.error.issues) }, 400);
    const { seq, reason } = request.data;
    const isHere = seq >= journal.firstSeq() && seq <= journal.lastSeq();
    const target = parseEntry(isHere ? (journal.read(seq, seq)[0]?.text ?? '') : '');
    if (!target.ok || target.value.kind !== 'tap')
      return refuse(context, '/seq', 'のタッチはこの端末の記録にありません');
    const change = { do: 'void', seq } as const;
    return store(context, {
      kind: 'manual',
      siteId,
      change,
      by: context.get('session').by,
      reason,
    });
  });

  app.post('/bindings', async (context) => {
    const request = BindRequest.safeParse(await context.req.json().catch(() => undefined));
    if (!request.success) return context.json({ faults: faultsOf(request.error.issues) }, 400);
    const { cardId, workerId, reason } = request.data;
    if (!isOnRoster(workerId)) return refuse(context, '/workerId', 'は名簿にありません');
    const { by } = context.get('session');
    return store(context, { kind: 'bind', siteId, cardId, workerId, by, reason });
  });
  return app;
};
