/**
 * The kiosk's server: loopback only; the worker's page with its stream of views, the keypad, the sign,
 * and the manager's view where there is a PIN.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { WorkerId } from '../../shared/ids.ts';
import { LANGUAGE_NAMES, Language } from '../../shared/language.ts';
import { faultsOf } from '../../shared/result.ts';
import type { Clock, UtcMs } from '../../shared/time.ts';
import { pageRoutes, scriptFile } from '../../shared/web-page.ts';
import type { managerRoutes } from '../manager/routes.ts';
import { type RateLimit, type Tries, tryNow } from '../rate-limit.ts';
import type { ReaderPlace } from '../reader-board.ts';
import { type SignSettings, signView } from '../sign/view.ts';
import type { StatusReport } from '../status-report.ts';
import type { Terminal } from '../terminal.ts';
import { createScreens } from './screens.ts';
import { kioskView } from './view.ts';

const BODY_BYTES_MAX = 1_000;

/** One person types 14 digits in ten seconds; whoever is faster looks for other people's names. */
const TYPED_LIMIT: RateLimit = { tries: 6, withinMs: 60_000 };
/** Ids that nobody has: a slip now and then, but no search. */
const UNKNOWN_LIMIT: RateLimit = { tries: 3, withinMs: 300_000 };

const TypedRequest = z.object({ workerId: WorkerId });
const LanguageRequest = z.object({ language: Language });

export interface KioskOptions {
  /** 0 = any free port. */
  readonly port: number;
  readonly terminal: Pick<
    Terminal,
    'status' | 'touched' | 'chooseLanguage' | 'peopleOnSite' | 'latestTouches'
  >;
  readonly clock: Clock;
  /** Where a typed id counts as touched. */
  readonly keypad: ReaderPlace;
  /** The browser reads aloud. */
  readonly voice: boolean;
  /** Served at `/sign`. */
  readonly sign: SignSettings;
  /** End of the terminal's certificate, where it has one. */
  readonly certificateEnds?: () => UtcMs | undefined;
  /** For `genba status` and `genba self-test`. */
  readonly report: () => StatusReport;
  /** Served at `/manager`. */
  readonly manager: ReturnType<typeof managerRoutes> | undefined;
}

export interface Kiosk {
  readonly url: string;
  /** Sends the view to every screen before the event loop turns twice. */
  readonly changed: () => void;
  readonly close: () => Promise<void>;
}

/** A page elsewhere must not reach us through a name that it points at loopback (DNS rebinding). */
const isOwnHost = (host: string | undefined): boolean =>
  host !== undefined && /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);

/** A page of another origin can send a request here, but cannot hide where it comes from. */
const isOwnOrigin = (origin: string | undefined): boolean =>
  origin === undefined || (URL.canParse(origin) && isOwnHost(new URL(origin).host));

export const startKiosk = async (options: KioskOptions): Promise<Kiosk> => {
  const { port, terminal, clock } = options;
  let typedTries: Tries = [];
  let unknownTries: Tries = [];
  const screens = createScreens();
  const view = () => ({
    ...kioskView(terminal.status(), options.certificateEnds?.()),
    voice: options.voice,
    hasManager: options.manager !== undefined,
    languages: LANGUAGE_NAMES,
  });
  const shownOnSign = () =>
    signView(
      {
        status: terminal.status(),
        people: terminal.peopleOnSite(),
        latest: terminal.latestTouches(),
      },
      options.sign,
    );

  const app = new Hono();
  app.use(async (context, next) => {
    const { host, origin } = context.req.header();
    if (!isOwnHost(host) || !isOwnOrigin(origin)) return context.text('Forbidden', 403);
    await next();
    return undefined;
  });
  app.route(
    '/',
    pageRoutes({
      folder: new URL('./page/', import.meta.url),
      html: 'kiosk.html',
      css: 'kiosk.css',
      script: 'kiosk.js',
    }),
  );
  if (options.manager !== undefined) app.route('/manager', options.manager);
  app.route(
    '/sign',
    pageRoutes({
      folder: new URL('../sign/page/', import.meta.url),
      html: 'sign.html',
      css: 'sign.css',
      script: 'sign.js',
    }),
  );
  for (const script of ['follow.js', 'sound.js'])
    app.get(`/kiosk/${script}`, scriptFile(new URL(`./${script}`, import.meta.url)));
  // Two streams: a kiosk's view names who touched, and the sign's must not even carry it.
  app.get('/events', screens.stream(view));
  app.get('/sign/events', screens.stream(shownOnSign));
  app.get('/view', (context) => context.json(view(), 200, { 'cache-control': 'no-store' }));
  app.get('/status', (context) =>
    context.json(options.report(), 200, { 'cache-control': 'no-store' }),
  );
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX }));

  /** A typed 技能者ID is a touch like any other, and marked as typed. */
  app.post('/typed', async (context) => {
    const request = TypedRequest.safeParse(await context.req.json().catch(() => undefined));
    if (!request.success) return context.json({ faults: faultsOf(request.error.issues) }, 400);
    const { workerId } = request.data;
    const now = clock.read().uptimeMs;
    const isKnown = terminal.status().rosterIndex?.workerById.has(workerId) === true;
    const typed = tryNow(typedTries, now, TYPED_LIMIT);
    const unknown = isKnown ? undefined : tryNow(unknownTries, now, UNKNOWN_LIMIT);
    typedTries = typed.tries;
    unknownTries = unknown?.tries ?? unknownTries;
    if (!typed.isAllowed || unknown?.isAllowed === false)
      return context.json({ message: 'too many tries' }, 429);
    const feedback = terminal.touched({ by: 'typed', workerId }, options.keypad);
    return context.json({ kind: feedback.kind });
  });

  app.post('/language', async (context) => {
    const request = LanguageRequest.safeParse(await context.req.json().catch(() => undefined));
    if (!request.success) return context.json({ faults: faultsOf(request.error.issues) }, 400);
    terminal.chooseLanguage(request.data.language);
    return context.json({});
  });
  let sending: NodeJS.Immediate | undefined;
  const changed = (): void => {
    sending ??= setImmediate(() => {
      sending = undefined;
      screens.send();
    });
  };

  // The adaptor's type also allows HTTP/2; without options it is a plain HTTP/1.1 server.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the kiosk listens on no port');

  return {
    url: `http://127.0.0.1:${address.port}/`,
    changed,
    close: async () => {
      clearImmediate(sending);
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
