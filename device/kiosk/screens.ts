/** Open screens (画面): each is a stream of server-sent events with the newest view of its kind. */
import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';

/** Of every kind at once: kiosk and sign, a technician's laptop over a tunnel, some tabs forgotten. */
const SCREENS_MAX = 20;

export interface Screens {
  /** Handles requests for a stream that begins with the view of now; 503 where too many are open. */
  readonly stream: (view: () => object) => (context: Context) => Response;
  /** Sends each open screen the view of now. */
  readonly send: () => void;
}

export const createScreens = (): Screens => {
  /** Taken before the stream begins, which is later. */
  let seats = SCREENS_MAX;
  const kinds: { readonly view: () => object; readonly screens: Set<SSEStreamingApi> }[] = [];
  return {
    stream: (view) => {
      const screens = new Set<SSEStreamingApi>();
      kinds.push({ view, screens });
      return (context) => {
        if (seats === 0) return context.text('Too many screens', 503);
        seats -= 1;
        return streamSSE(context, async (screen) => {
          screens.add(screen);
          const gone = new Promise<void>((done) => screen.onAbort(done));
          await screen.writeSSE({ data: JSON.stringify(view()) });
          await gone;
          screens.delete(screen);
          seats += 1;
        });
      };
    },
    send: () => {
      for (const { view, screens } of kinds) {
        if (screens.size === 0) continue;
        const data = JSON.stringify(view());
        for (const screen of screens) void screen.writeSSE({ data });
      }
    },
  };
};
