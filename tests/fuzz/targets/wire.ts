/** What goes over MQTT: batches, entries, receipts, rosters, presence, states, topics. Nothing forged may pass. */

import { hear } from '../../../device/presence-keeper.ts';
import { BATCH_ENTRIES_MAX, decodeBatch, encodeBatch, isSignedBy } from '../../../shared/batch.ts';
import { GENESIS_HASH, nextHash } from '../../../shared/chain.ts';
import { ENTRY_BYTES_MAX, parseEntry } from '../../../shared/entry.ts';
import { encodePresence, parsePresence, whoIsCard } from '../../../shared/presence-statement.ts';
import { encodeReceipt, parseReceipt } from '../../../shared/receipt.ts';
import { encodeRoster, parseRoster } from '../../../shared/roster.ts';
import {
  encodeTerminalState,
  parseStatusMessage,
  TERMINAL_STATE_BYTES_MAX,
} from '../../../shared/terminal-state.ts';
import { parseTopic, topicOf } from '../../../shared/topics.ts';
import {
  CARD,
  gatewaySigner,
  TERMINAL,
  terminalSigner,
  verifyGateway,
  verifyTerminal,
  WORKER,
} from '../../fixtures/identities.ts';
import { rosterOf } from '../../fixtures/roster.ts';
import {
  changeBytes,
  passageOf,
  peopleOf,
  statementOf,
  wholeBytes,
} from '../../fixtures/site-presence.ts';
import { terminalState } from '../../fixtures/terminal-state.ts';
import { JOURNAL_ID, sampleEntries } from '../samples.ts';
import { signedAnew } from '../signed-anew.ts';
import { must, mustBeResult, type Target } from '../target.ts';

/** The texts as consecutive entries of one journal, chained and signed as a terminal would. */
export const sealedBatch = (texts: readonly string[]): Buffer => {
  let hash = GENESIS_HASH;
  const entries = texts.slice(0, BATCH_ENTRIES_MAX).map((text, index) => {
    hash = nextHash(hash, text);
    return { seq: index + 1, text, hash };
  });
  const journal = { terminalId: TERMINAL, journalId: JOURNAL_ID };
  return encodeBatch(journal, GENESIS_HASH, entries, terminalSigner);
};

/** Entry texts out of a mutated batch that fit into one. */
export const entryTexts = (input: Buffer): readonly string[] =>
  input
    .toString('utf8')
    .split('\n')
    .slice(1)
    .filter((text) => text !== '' && Buffer.byteLength(text) <= ENTRY_BYTES_MAX);

/** Of what a terminal would sign of these texts; Ed25519 gives the same signature each time. */
const signatureOf = (texts: readonly string[]): Buffer | undefined => {
  const decoded = decodeBatch(sealedBatch(texts));
  return decoded.ok ? Buffer.from(decoded.value.signature, 'base64') : undefined;
};

const batch: Target = {
  name: 'batch',
  share: 8,
  open: () => ({
    samples: [sealedBatch(sampleEntries()), sealedBatch(sampleEntries().slice(0, 1))],
    words: ['"seq":', '"kind":"tap"', '"count":', '"firstSeq":', '"signature":""'],
    seal: (input, random) => {
      const texts = random.chance(0.5) ? entryTexts(input) : [];
      return texts.length === 0 ? input : sealedBatch(texts);
    },
    run: (input) => {
      const decoded = decodeBatch(input);
      mustBeResult(decoded);
      if (!decoded.ok) return;
      const { entries, headHash, previousHash, signature } = decoded.value;
      const head = entries.reduce((hash, { text }) => nextHash(hash, text), previousHash);
      must(head === headHash, 'a chain that holds');
      if (!isSignedBy(decoded.value, verifyTerminal)) return;
      const ours = signatureOf(entries.map(({ text }) => text));
      must(ours?.equals(Buffer.from(signature, 'base64')) === true, 'a forged batch', decoded);
    },
  }),
};

const entry: Target = {
  name: 'entry',
  share: 18,
  open: () => ({
    samples: sampleEntries().map((text) => Buffer.from(text)),
    words: ['"kind":"', 'tap', 'manual', 'evidence', '"wallMs":', '"clock":"trusted"'],
    run: (input) => {
      const parsed = parseEntry(input.toString());
      mustBeResult(parsed);
      if (parsed.ok)
        must(parseEntry(JSON.stringify(parsed.value)).ok, 'what was read reads again', parsed);
    },
  }),
};

const receipt: Target = {
  name: 'receipt',
  share: 6,
  open: () => {
    const value = {
      terminalId: TERMINAL,
      journalId: JOURNAL_ID,
      committedSeq: 40,
      headHash: GENESIS_HASH,
    };
    const samples = [
      encodeReceipt(value, gatewaySigner),
      encodeReceipt({ ...value, refused: 'gap' }, gatewaySigner),
    ];
    const known = samples.map((bytes) => JSON.stringify(parseReceipt(bytes, verifyGateway)));
    return {
      samples: [...samples, encodeReceipt({ ...value, committedSeq: 41 }, terminalSigner)],
      words: ['"committedSeq":', '"refused":"gap"', '"headHash":'],
      run: (input) => {
        const parsed = parseReceipt(input, verifyGateway);
        mustBeResult(parsed);
        if (parsed.ok) must(known.includes(JSON.stringify(parsed)), 'a forged receipt', parsed);
      },
    };
  },
};

const roster: Target = {
  name: 'roster',
  share: 5,
  open: () => {
    const good = rosterOf();
    const sample = encodeRoster(good, gatewaySigner);
    return {
      samples: [sample],
      words: ['"cards":', '"findings":', '"effects":{', '"workers":[', '"version":'],
      seal: (input, random) => {
        if (random.chance(0.4)) return input;
        return signedAnew(input, 'genba-tap roster v1');
      },
      run: (input) => {
        const parsed = parseRoster(input, verifyGateway);
        mustBeResult(parsed);
        if (parsed.ok)
          must(
            parseRoster(encodeRoster(parsed.value, gatewaySigner), verifyGateway).ok,
            'what was read reads again',
          );
      },
    };
  },
};

const presence: Target = {
  name: 'presence',
  share: 4,
  open: () => {
    const people = peopleOf(
      passageOf({ who: WORKER }),
      passageOf({ who: whoIsCard(CARD), passage: 'out', gate: undefined }),
    );
    return {
      samples: [wholeBytes({ passageByWho: people }), changeBytes({ gone: [WORKER] })].map(
        (bytes) => Buffer.from(bytes),
      ),
      words: ['"people":[', '"in":[', '"gone":[', '"follows":', '"gates":[', '"card:'],
      seal: (input, random) => {
        if (random.chance(0.4)) return input;
        return signedAnew(input, 'genba-tap presence v1');
      },
      run: (input) => {
        const parsed = parsePresence(input, verifyGateway);
        mustBeResult(parsed);
        if (!parsed.ok) return;
        hear(statementOf({ passageByWho: people }), parsed.value);
        must(
          parsePresence(encodePresence(parsed.value, gatewaySigner), verifyGateway).ok,
          'what was read reads again',
        );
      },
    };
  },
};

const status: Target = {
  name: 'status',
  share: 12,
  open: () => ({
    samples: [
      Buffer.from('online'),
      Buffer.from('offline'),
      Buffer.from(encodeTerminalState(terminalState())),
    ],
    words: ['"readers":', '"faults":', '"queue":', 'online', 'offline'],
    run: (input) => {
      const parsed = parseStatusMessage(input);
      mustBeResult(parsed);
      if (!parsed.ok || parsed.value.kind === 'offline' || parsed.value.state === undefined) return;
      const written = encodeTerminalState(parsed.value.state);
      must(written.length <= TERMINAL_STATE_BYTES_MAX + 1, 'not longer than it came');
      must(parseStatusMessage(written).ok, 'what was read reads again');
    },
  }),
};

const topic: Target = {
  name: 'topic',
  share: 20,
  open: () => ({
    samples: [
      topicOf(TERMINAL, 'journal'),
      topicOf(TERMINAL, 'status'),
      'genba/v1/+/roster',
      '#',
    ].map((text) => Buffer.from(text)),
    words: ['/', '+', '#', 'genba', 'v1', 'journal', 'roster', '$SYS/'],
    run: (input) => {
      const text = input.toString();
      const address = parseTopic(text);
      if (address !== undefined)
        must(topicOf(address.terminalId, address.channel) === text, 'the very topic', text);
    },
  }),
};

export const WIRE_TARGETS: readonly Target[] = [
  batch,
  entry,
  receipt,
  roster,
  presence,
  status,
  topic,
];
