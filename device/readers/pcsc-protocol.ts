/** What the reader host, a child process, tells the terminal. Plain JSON over the IPC channel. */
import { z } from 'zod';
import { CardId } from '../../shared/ids.ts';

const reader = z.string().min(1).max(200);
const reason = z.string().max(500);

export const HostMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('heartbeat') }),
  z.object({ kind: z.literal('reader-attached'), reader }),
  z.object({ kind: z.literal('reader-detached'), reader, reason }),
  z.object({ kind: z.literal('card-presented'), reader, cardId: CardId }),
  z.object({ kind: z.literal('card-removed'), reader }),
  z.object({ kind: z.literal('read-failed'), reader, reason }),
  z.object({ kind: z.literal('readers-unavailable'), reason }),
]);
export type HostMessage = z.infer<typeof HostMessage>;
