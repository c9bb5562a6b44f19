/** What becomes of a mail: every state and event that matters, and what must hold over any history. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MailEvent, type MailState, nextMailState } from '../../../gateway/mail/mail-state.ts';
import { DAY_MS, MINUTE_MS, utcMs } from '../../../shared/time.ts';

const AT = utcMs(1_800_000_000_000);
const moment = { at: AT, queuedAt: AT, random: 0.5 };

const queued: MailState = { kind: 'queued', failures: 0, dueAt: AT };
const sending: MailState = { kind: 'sending', failures: 0 };
const handingOver: MailState = { kind: 'handing-over', failures: 0 };
const sent: MailState = { kind: 'sent', at: AT, response: '250 ok' };
const uncertain: MailState = { kind: 'uncertain', at: AT, reason: 'cut', failures: 0 };
const reason = 'why';

describe('the next state', () => {
  test.each<[MailState, MailEvent, MailState['kind'], string]>([
    [queued, { kind: 'started' }, 'sending', 'a try begins'],
    [sending, { kind: 'last-bytes-leave' }, 'handing-over', 'noted before it happens'],
    [handingOver, { kind: 'accepted', response: '250 ok' }, 'sent', 'the server’s word'],
    [sending, { kind: 'deferred', reason }, 'queued', 'busy now, tried later'],
    [handingOver, { kind: 'deferred', reason }, 'queued', '4xx to the whole message: not taken'],
    [sending, { kind: 'refused', reason }, 'failed', 'no such mailbox: never tried again'],
    [handingOver, { kind: 'refused', reason }, 'failed', '5xx to the whole message'],
    [sending, { kind: 'cut', reason }, 'queued', 'cut before the end: certainly not taken'],
    [handingOver, { kind: 'cut', reason }, 'uncertain', 'cut after it: nobody can know'],
    [sending, { kind: 'interrupted' }, 'queued', 'our own end, before theirs had it'],
    [handingOver, { kind: 'interrupted' }, 'uncertain', 'our own end, after it left'],
    [uncertain, { kind: 'started' }, 'uncertain', 'never sent again by itself'],
    [uncertain, { kind: 'settled', as: 'sent', by: '所長' }, 'sent', 'a person found it arrived'],
    [uncertain, { kind: 'settled', as: 'send-again', by: '所長' }, 'queued', 'it did not'],
    [uncertain, { kind: 'bounced', reason }, 'bounced', 'it had been taken, and came back'],
    [sent, { kind: 'bounced', reason }, 'bounced', 'taken, and came back'],
    [sent, { kind: 'started' }, 'sent', 'sent is sent'],
    [sent, { kind: 'settled', as: 'send-again', by: '所長' }, 'sent', 'nobody asked'],
  ])('%o and %o → %s (%s)', (state, event, kind) => {
    expect(nextMailState(state, event, moment).kind).toBe(kind);
  });

  test('waits longer after each failure, up to four hours, and gives up after four days', () => {
    const delays: number[] = [];
    let state: MailState = queued;
    let at = AT;
    while (state.kind === 'queued') {
      at = state.dueAt;
      state = nextMailState(state, { kind: 'started' }, { ...moment, at });
      state = nextMailState(state, { kind: 'deferred', reason }, { ...moment, at });
      if (state.kind === 'queued') delays.push((state.dueAt - at) / MINUTE_MS);
    }
    expect(delays.slice(0, 10)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 240, 240]);
    expect(state).toMatchObject({ kind: 'failed', reason: 'given up: why' });
    expect(at).toBeGreaterThan(AT + 3 * DAY_MS);
    expect(at).toBeLessThanOrEqual(AT + 4 * DAY_MS);
  });
});

test('over any history a message is never given away twice without a person asking for it', () => {
  const event = fc.oneof(
    fc.constantFrom<MailEvent>(
      { kind: 'started' },
      { kind: 'last-bytes-leave' },
      { kind: 'accepted', response: '250 ok' },
      { kind: 'cut', reason },
      { kind: 'interrupted' },
      { kind: 'bounced', reason },
      { kind: 'settled', as: 'sent', by: '所長' },
    ),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let state: MailState = queued;
      let handovers = 0;
      for (const each of events) {
        const next = nextMailState(state, each, moment);
        if (next.kind === 'handing-over' && state.kind !== 'handing-over') handovers += 1;
        state = next;
      }
      expect(handovers).toBeLessThanOrEqual(1);
    }),
    { numRuns: 2_000 },
  );
});
