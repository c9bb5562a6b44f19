/** The kiosk's server: loopback only, one page, one stream of views. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { pageRoutes } from '../../shared/web-page.ts';
import type { TerminalStatus } from '../terminal.ts';
import { kioskView } from './view.ts';

/** Screens at once: the kiosk itself, a technician's laptop over a tunnel, some tabs forgotten. */
const SCREENS_MAX = 20;
/** Also redraws what changes with time alone, such as who is still on site. */
const HEARTBEAT_MS = 5_000;

export interface KioskOptions {
  /** 0 = any free port. */
  readonly port: number;
  readonly status: () => TerminalStatus;
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

export const startKiosk = async ({ port, status }: KioskOptions): Promise<Kiosk> => {
  const screens = new Set<SSEStreamingApi>();
  /** Taken before the stream begins, which is later. */
  let seats = SCREENS_MAX;
  const viewText = (): string => JSON.stringify(kioskView(status()));

  const app = new Hono();
  app.use(async (context, next) => {
    if (!isOwnHost(context.req.header('host'))) return context.text('Forbidden', 403);
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
  app.get('/view', (context) =>
    context.json(kioskView(status()), 200, { 'cache-control': 'no-store' }),
  );
  app.get('/events', (context) => {
    if (seats === 0) return context.text('Too many screens', 503);
    seats -= 1;
    return streamSSE(context, async (screen) => {
      screens.add(screen);
      const gone = new Promise<void>((done) => screen.onAbort(done));
      await screen.writeSSE({ data: viewText() });
      await gone;
      screens.delete(screen);
      seats += 1;
    });
  });

  const send = (): void => {
    if (screens.size === 0) return;
    const data = viewText();
    for (const screen of screens) void screen.writeSSE({ data });
  };
  let sending: NodeJS.Immediate | undefined;
  const changed = (): void => {
    sending ??= setImmediate(() => {
      sending = undefined;
      send();
    });
  };
  const heart = setInterval(send, HEARTBEAT_MS);

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
      clearInterval(heart);
      clearImmediate(sending);
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
