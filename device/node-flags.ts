/**
 * How the terminal's Node is started on a small Pi: a heap that stays small. Whoever starts
 * `device/main.ts` uses these.
 */
export const TERMINAL_NODE_FLAGS: readonly string[] = [
  // The young generation grows to three times this for each burst and is never given back.
  '--max-semi-space-size=2',
  '--max-old-space-size=64',
  // V8 favours memory over speed: some fifteen megabytes less, and the median touch is as fast as before (bench tap-feedback).
  '--optimize-for-size',
];

export const TERMINAL_ENVIRONMENT: Readonly<Record<string, string>> = {
  // One arena for all threads of libuv and V8: about ten megabytes less, and nothing here is slower for it.
  MALLOC_ARENA_MAX: '1',
};
