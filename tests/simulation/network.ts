/** The network and the broker between terminals and gateway: loses, doubles, delays and reorders. */
import type { TerminalId } from '../../shared/ids.ts';
import type { Channel } from '../../shared/topics.ts';
import type { Random } from './random.ts';

export interface Message {
  readonly to: 'gateway' | TerminalId;
  readonly terminalId: TerminalId;
  readonly channel: Channel;
  readonly bytes: Uint8Array;
  readonly dueMs: number;
}

export interface Network {
  readonly send: (message: Omit<Message, 'dueMs'>, nowMs: number) => void;
  /** Takes out what is due, in order of arrival. */
  readonly due: (nowMs: number) => readonly Message[];
  readonly isEmpty: () => boolean;
  /** From now on nothing is lost, doubled or late. */
  readonly heal: () => void;
}

const DELAY_MS_MAX = 20_000;

export const createNetwork = (random: Random): Network => {
  let flying: Message[] = [];
  let isFaulty = true;
  return {
    send: (message, nowMs) => {
      if (isFaulty && random.chance(0.12)) return;
      const copies = isFaulty && random.chance(0.12) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        const isLate = isFaulty && random.chance(0.2);
        flying.push({ ...message, dueMs: nowMs + (isLate ? random.below(DELAY_MS_MAX) : 1) });
      }
    },
    due: (nowMs) => {
      const arrived = flying.filter(({ dueMs }) => dueMs <= nowMs);
      flying = flying.filter(({ dueMs }) => dueMs > nowMs);
      return arrived.sort((a, b) => a.dueMs - b.dueMs);
    },
    isEmpty: () => flying.length === 0,
    heal: () => {
      isFaulty = false;
    },
  };
};
