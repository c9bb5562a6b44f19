/**
 * How the terminal's Node is started on a small Pi: a heap that stays small. Whoever starts
 * `device/main.ts` uses these.
 */
export const TERMINAL_NODE_FLAGS: readonly string[] = [
  // The young generation grows to three times this for each burst and is never given back.
  '--max-semi-space-size=2',
  '--max-old-space-size=64',
];
