/** What a terminal that turned bad publishes over MQTT: foreign topics, batches that were altered, replayed or made up. */

import type { Journal } from '../../device/journal.ts';
import { encodeBatch } from '../../shared/batch.ts';
import { generateSigningKeyPem, type Signer, signerFromPem } from '../../shared/signature.ts';
import { topicOf } from '../../shared/topics.ts';

export interface WireWorld {
  readonly journal: Journal;
  /** Key that the gateway knows for this terminal. */
  readonly signer: Signer;
  /** Id of the neighbour, whose journal is not ours. */
  readonly otherId: Journal['terminalId'];
  /** A batch that was taken before, byte for byte. */
  readonly taken: Buffer;
  /** A batch that is next and would be taken. */
  readonly next: Buffer;
  /** Texts of the entries of `next`. */
  readonly nextEntries: ReturnType<Journal['read']>;
  readonly previousHash: string;
}

export interface WireCase {
  readonly what: string;
  readonly topicOf: (world: WireWorld) => string;
  readonly bytesOf: (world: WireWorld) => Buffer;
}

const own = ({ journal }: WireWorld): string => topicOf(journal.terminalId, 'journal');
const stranger = signerFromPem(generateSigningKeyPem());
const altered = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};
const inText = (bytes: Buffer, from: string | RegExp, to: string): Buffer =>
  Buffer.from(bytes.toString('utf8').replace(from, to));

/** Topics that are not this terminal's to write to, with a batch that would be good on its own. */
const topics: readonly WireCase[] = (
  [
    ['the neighbour’s journal', ({ otherId }) => topicOf(otherId, 'journal')],
    ['the neighbour’s status', ({ otherId }) => topicOf(otherId, 'status')],
    ['its own receipt', ({ journal }) => topicOf(journal.terminalId, 'receipt')],
    ['the neighbour’s receipt', ({ otherId }) => topicOf(otherId, 'receipt')],
    ['its own roster', ({ journal }) => topicOf(journal.terminalId, 'roster')],
    ['the neighbour’s roster', ({ otherId }) => topicOf(otherId, 'roster')],
    ['its own presence', ({ journal }) => topicOf(journal.terminalId, 'presence')],
    ['the neighbour’s presence', ({ otherId }) => topicOf(otherId, 'presence')],
    ['another version', ({ journal }) => `genba/v2/${journal.terminalId}/journal`],
    ['a topic below its journal', (world) => `${own(world)}/x`],
    ['a topic before it', (world) => `/${own(world)}`],
    ['a way up', ({ otherId, journal }) => `genba/v1/${journal.terminalId}/../${otherId}/journal`],
    ['capital letters', (world) => own(world).toUpperCase()],
    ['a terminal that is none', () => 'genba/v1/nobody/journal'],
    ['the broker’s own', () => '$SYS/broker/clients'],
    ['a very long topic', (world) => `${own(world)}${'/x'.repeat(5_000)}`],
    ['a blank at the end', (world) => `${own(world)} `],
  ] as readonly (readonly [string, WireCase['topicOf']])[]
).map(([what, topic]) => ({
  what: `a good batch on ${what}`,
  topicOf: topic,
  bytesOf: ({ next }) => next,
}));

const batches: readonly WireCase[] = (
  [
    ['that was taken before', ({ taken }) => taken],
    ['without its last byte', ({ next }) => next.subarray(0, -1)],
    ['cut in the middle', ({ next }) => next.subarray(0, next.length / 2)],
    ['without entries', ({ next }) => next.subarray(0, next.indexOf(10) + 1)],
    ['of nothing', () => Buffer.alloc(0)],
    ['of zeros', () => Buffer.alloc(5_000)],
    ['with a line more', ({ next }) => Buffer.concat([next, Buffer.from('\n{"kind":"tap"}')])],
    ['with a bit turned in its head', ({ next }) => altered(next, 20)],
    ['with a bit turned in its last entry', ({ next }) => altered(next, next.length - 3)],
    [
      'with another direction in it',
      ({ next }) => inText(next, '"direction":"in"', '"direction":"out"'),
    ],
    ['with another card in it', ({ next }) => inText(next, '0123456789ABCDEF', '0123456789ABCDE0')],
    ['with another site in it', ({ next }) => inText(next, '30000000000001', '30000000000003')],
    ['with another time in it', ({ next }) => inText(next, /"wallMs":\d/, '"wallMs":9')],
    [
      'signed by a stranger',
      ({ journal, previousHash, nextEntries }) =>
        encodeBatch(journal, previousHash, nextEntries, stranger),
    ],
    [
      'in the neighbour’s name',
      ({ journal, otherId, previousHash, nextEntries, signer }) =>
        encodeBatch({ ...journal, terminalId: otherId }, previousHash, nextEntries, signer),
    ],
    [
      'of another journal in the middle',
      ({ journal, previousHash, nextEntries, signer }) =>
        encodeBatch(
          { ...journal, journalId: crypto.randomUUID() as Journal['journalId'] },
          previousHash,
          nextEntries,
          signer,
        ),
    ],
    [
      'on another chain',
      ({ journal, nextEntries, signer }) =>
        encodeBatch(journal, 'f'.repeat(64), nextEntries, signer),
    ],
    [
      'with a hole before it',
      ({ journal, previousHash, nextEntries, signer }) =>
        encodeBatch(
          journal,
          previousHash,
          nextEntries.map((entry) => ({ ...entry, seq: entry.seq + 5 })),
          signer,
        ),
    ],
    [
      'far in the future',
      ({ journal, previousHash, nextEntries, signer }) =>
        encodeBatch(
          journal,
          previousHash,
          nextEntries.map((entry) => ({ ...entry, seq: 2 ** 50 })),
          signer,
        ),
    ],
    [
      'that is written over an old entry',
      ({ journal, nextEntries, signer }) =>
        encodeBatch(
          journal,
          '0'.repeat(64),
          nextEntries.map((entry, index) => ({ ...entry, seq: index + 1 })),
          signer,
        ),
    ],
  ] as readonly (readonly [string, WireCase['bytesOf']])[]
).map(([what, bytesOf]) => ({ what: `a batch ${what}`, topicOf: own, bytesOf }));

export const WIRE_CASES: readonly WireCase[] = [...topics, ...batches];
