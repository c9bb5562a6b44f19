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

/**
 * Sends one screen what it is told to. One that has not taken the last view yet is sent nothing more, and then
 * the newest alone: what a stalled browser does not read must not fill the terminal's memory.
 */
const newestTo = (screen: SSEStreamingApi): ((data: string) => Promise<void>) => {
  let isBusy = false;
  let due: string | undefined;
  return async (data) => {
    due = data;
    if (isBusy) return;
    isBusy = true;
    while (due !== undefined) {
      const newest: string = due;
      due = undefined;
      await screen.writeSSE({ data: newest });
    }
    isBusy = false;
  };
};

type Screen = ReturnType<typeof newestTo>;

export const createScreens = (): Screens => {
  /** Taken before the stream begins, which is later. */
  let seats = SCREENS_MAX;
  const kinds: { readonly view: () => object; readonly screens: Set<Screen> }[] = [];
  return {
    stream: (view) => {
      const screens = new Set<Screen>();
      kinds.push({ view, screens });
      return (context) => {
        if (seats === 0) return context.text('Too many screens', 503);
        seats -= 1;
        return streamSSE(context, async (stream) => {
          const screen = newestTo(stream);
          screens.add(screen);
          const gone = new Promise<void>((done) => stream.onAbort(done));
          void screen(JSON.stringify(view()));
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
        for (const screen of screens) void screen(data);
      }
    },
  };
};
