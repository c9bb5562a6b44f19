/** Tells the gateway how this terminal is, while there is a link: on news, and about once a minute. */
import { encodeTerminalState, type TerminalState } from '../shared/terminal-state.ts';
import { isTimeToTell, type Told } from './own-state.ts';

export interface StateTeller {
  /** A fresh link hears everything, whatever was said on the one before. */
  readonly onLink: (isUp: boolean) => void;
  readonly tick: () => void;
  /** Connections lost so far. */
  readonly linkDrops: () => number;
}

export const createStateTeller = (deps: {
  /** `linkDrops`: connections lost so far. */
  readonly state: (linkDrops: number) => TerminalState;
  readonly publish: (bytes: Uint8Array) => void;
}): StateTeller => {
  let isLinked = false;
  let linkDrops = 0;
  let last: Told | undefined;

  const tick = (): void => {
    if (!isLinked) return;
    const state = deps.state(linkDrops);
    if (!isTimeToTell(last, state)) return;
    last = { state, atMs: state.uptimeMs };
    deps.publish(encodeTerminalState(state));
  };

  return {
    onLink: (isUp) => {
      if (isLinked && !isUp) linkDrops += 1;
      isLinked = isUp;
      last = undefined;
      tick();
    },
    tick,
    linkDrops: () => linkDrops,
  };
};
