/** MQTT topics `genba/v1/{terminalId}/…`. A terminal may touch only its own. */
import { TerminalId } from './ids.ts';

/** journal goes up; receipt, roster and presence come down; status tells whether the link lives (last will). */
export const CHANNELS = ['journal', 'receipt', 'roster', 'presence', 'status'] as const;
export type Channel = (typeof CHANNELS)[number];

export const topicOf = (terminalId: TerminalId, channel: Channel): string =>
  `genba/v1/${terminalId}/${channel}`;

/** Every terminal's topics of one channel, for the gateway's subscription. */
export const topicOfAll = (channel: Channel): string => `genba/v1/+/${channel}`;

export interface Address {
  readonly terminalId: TerminalId;
  readonly channel: Channel;
}

export const parseTopic = (topic: string): Address | undefined => {
  const [house, version, name, channel, ...rest] = topic.split('/');
  const terminalId = TerminalId.safeParse(name);
  const known = CHANNELS.find((each) => each === channel);
  return house === 'genba' && version === 'v1' && rest.length === 0 && terminalId.success && known
    ? { terminalId: terminalId.data, channel: known }
    : undefined;
};

/** Terminals send their journal and status; everything else on their topics is the gateway's to say. */
export const mayTerminalPublish = (terminalId: TerminalId, topic: string): boolean =>
  topic === topicOf(terminalId, 'journal') || topic === topicOf(terminalId, 'status');

export const mayTerminalSubscribe = (terminalId: TerminalId, topic: string): boolean =>
  (['receipt', 'roster', 'presence'] as const).some(
    (channel) => topic === topicOf(terminalId, channel),
  );
