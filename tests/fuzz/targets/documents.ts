/** Files and documents from outside: registry, plain taps, rescue, configuration, enrolment, and CSV that goes out. */
import { hash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { carve } from '../../../device/carved-entries.ts';
import { parseGatewayConfig } from '../../../gateway/config.ts';
import { createLineSums, endText, splitSum } from '../../../gateway/export/export-lines.ts';
import { parsePlainTaps } from '../../../gateway/plain-taps.ts';
import { parseRegistryDocument } from '../../../gateway/registry/parse-registry.ts';
import { makeTlsKey, readCertificateRequest } from '../../../shared/certificate-request.ts';
import { GENESIS_HASH, nextHash } from '../../../shared/chain.ts';
import { csvOf } from '../../../shared/csv.ts';
import { readCode } from '../../../shared/enrolment-code.ts';
import { surveyOf } from '../../../shared/rescue-file.ts';
import { bodyLinesOf, encoded, verified } from '../../fixtures/exports.ts';
import { createGatewayOfGates } from '../../fixtures/gateway-of-gates.ts';
import {
  CARD,
  gatewaySigner,
  SITE,
  TERMINAL,
  terminalSigner,
  WORKER,
} from '../../fixtures/identities.ts';
import { randomRegistry } from '../../fixtures/random-registry.ts';
import { registryDocument } from '../../fixtures/registry.ts';
import { parseRescue, rescueText } from '../../fixtures/rescued.ts';
import { JOURNAL_ID, sampleEntries } from '../samples.ts';
import { must, mustBeResult, type Target } from '../target.ts';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const registry: Target = {
  name: 'registry',
  share: 4,
  open: (seed) => ({
    samples: [
      json(registryDocument),
      ...fc.sample(randomRegistry(), { seed, numRuns: 30 }).map(json),
    ],
    words: Object.keys(registryDocument).map((table) => `"${table}":[`),
    run: (input) => {
      let document: unknown;
      try {
        document = JSON.parse(input.toString());
      } catch {
        return;
      }
      const parsed = parseRegistryDocument(document);
      mustBeResult(parsed);
      if (!parsed.ok) return;
      const text = JSON.stringify(parsed.value);
      const again = parseRegistryDocument(JSON.parse(text));
      must(again.ok && JSON.stringify(again.value) === text, 'what is stored reads again as it is');
    },
  }),
};

const plainTaps: Target = {
  name: 'plain-taps',
  share: 10,
  open: () => {
    const lines = [
      { siteId: SITE, at: '2026-11-24T07:58:00+09:00', direction: 'in', cardId: CARD },
      { siteId: SITE, at: '2026-11-24T17:02:11.5Z', direction: 'out', workerId: WORKER },
    ].map((tap) => JSON.stringify(tap));
    return {
      samples: [lines.join('\n'), `${lines[0]}\r\n\r\n${lines[1]}\n`].map((text) =>
        Buffer.from(text),
      ),
      words: ['"at":', 'T24:00:00Z', '+14:00', '"cardId":', '\n{}\n'],
      run: (input) => {
        const text = input.toString();
        const parsed = parsePlainTaps(text);
        mustBeResult(parsed);
        if (!parsed.ok) return;
        const lines = text.split('\n').filter((line) => line.trim() !== '').length;
        must(parsed.value.length === lines, 'every line is a touch or the whole is refused');
        must(
          parsed.value.every(({ at }) => Number.isSafeInteger(at)),
          'an instant',
          parsed.value,
        );
      },
    };
  },
};

const config: Target = {
  name: 'gateway-config',
  share: 3,
  open: () => ({
    samples: [
      json({
        dataDir: '/var/lib/genba',
        signingKeyFile: '/etc/genba/key.pem',
        terminals: [{ terminalId: TERMINAL, siteId: SITE, publicKey: terminalSigner.publicKey }],
        tokens: [{ name: 'x', sha256: GENESIS_HASH, scope: 'read' }],
        alerts: {
          watch: { from: '07:00', to: '18:00' },
          webhook: { url: 'https://example.jp/hook', secretFile: '/etc/genba/secret' },
          email: { host: 'mail.example.jp', from: 'a@example.jp', to: ['b@example.jp'] },
        },
      }),
    ],
    words: ['https://', 'http://127.0.0.1', '"terminals":', '"scope":"admin"'],
    run: (input) => mustBeResult(parseGatewayConfig(input.toString())),
  }),
};

/** Texts with hashes that follow, as they lie in a rescue file. */
const rescued = (texts: readonly string[]) => {
  let hash = GENESIS_HASH;
  return texts.map((text, index) => {
    hash = nextHash(hash, text);
    return { seq: index + 1, text, hash };
  });
};

const rescueFile: Target = {
  name: 'rescue-file',
  share: 6,
  open: () => ({
    samples: [
      Buffer.from(
        rescueText({
          terminalId: TERMINAL,
          journalId: JOURNAL_ID,
          entries: rescued(sampleEntries()),
          settledSeq: 2,
        }),
      ),
    ],
    words: ['"seq":', '"hash":"', '"count":', '"missing":[{"first":1,"last":9}]'],
    run: (input) => {
      const parsed = parseRescue(input.toString());
      mustBeResult(parsed);
      if (!parsed.ok) return;
      const { entries, settledSeq } = parsed.value;
      const { count, seqs, missing } = surveyOf(entries, settledSeq);
      const span = seqs === undefined ? 0 : seqs.last - seqs.first + 1;
      must(count + missing === span, 'what is not there is missing', { count, missing, seqs });
      must(parseRescue(rescueText(parsed.value)).ok, 'what was read reads again');
    },
  }),
};

/** Sums and end as they belong to the lines, so that what the lines say is looked at. */
const resummed = (input: Buffer): Buffer => {
  const sumOf = createLineSums();
  const bodies = input
    .toString()
    .split('\n')
    .filter((text) => text !== '' && !text.startsWith('{"kind":"end"'))
    .map((text) => splitSum(text)?.unsummed ?? text.replace(/\}$/, ''));
  const before = bodies.map((body) => `${body},"sum":"${sumOf(body)}"}\n`);
  const covered = { lines: before.length, sha256: hash('sha256', before.join('')) };
  const signature = gatewaySigner.sign(endText(covered));
  const end = JSON.stringify({ kind: 'end', ...covered, signature }).slice(0, -1);
  return Buffer.from(`${before.join('')}${end},"sum":"${sumOf(end)}"}\n`);
};

const exported: Target = {
  name: 'export',
  share: 2,
  open: () => {
    const world = createGatewayOfGates();
    for (let minute = 0; minute < 9; minute += 1)
      world.write(0, { do: 'touch', minute, direction: 'in', card: 0, readerId: '東' });
    world.send(0, 4);
    world.rescue(0, 1);
    world.sendAll();
    const sample = encoded(bodyLinesOf(world.db));
    world.close();
    /** As any JSON parser reads them: space between the words of JSON is nobody's text. */
    const textsOf = (input: Buffer): readonly unknown[] =>
      input
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .flatMap(({ kind, text }) => (kind === 'entry' ? [text] : []));
    const signed = new Set(textsOf(sample));
    return {
      samples: [sample],
      words: ['"kind":"rescue"', '"kind":"seal"', '"seq":', '"count":', '"sum":"', '}\n{'],
      seal: (input, random) => (random.chance(0.7) ? resummed(input) : input),
      run: (input) => {
        const verdict = verified(input);
        if (!verdict.ok) return must(verdict.fault.line > 0, 'a fault has its line', verdict);
        const { entries, unsigned } = verdict.summary;
        const genuine = textsOf(input).filter((text) => signed.has(text));
        must(
          genuine.length >= entries - unsigned,
          'only what was signed passes as signed',
          verdict,
        );
      },
    };
  },
};

const carving: Target = {
  name: 'broken-journal',
  share: 6,
  open: () => {
    const pages = rescued(sampleEntries()).flatMap(({ text, hash }) => [
      Buffer.from(text),
      Buffer.from(hash, 'hex'),
      Buffer.alloc(7),
    ]);
    return {
      samples: [Buffer.concat(pages)],
      words: ['{"v":1,', '}', '"', '\\"'],
      run: (input) => {
        for (const { text, hash } of carve(input)) {
          // What is no UTF-8 is read with marks in its place, and its chain hash then tells that it is broken.
          must(input.includes(text) || text.includes('\uFFFD'), 'an entry that lies there', text);
          must(/^([0-9a-f]{2})*$/.test(hash), 'a hash', hash);
        }
      },
    };
  },
};

const certificateRequest: Target = {
  name: 'certificate-request',
  share: 2,
  open: async () => {
    const { requestPem } = await makeTlsKey('gate-1');
    return {
      samples: [Buffer.from(requestPem)],
      words: ['-----BEGIN CERTIFICATE REQUEST-----', '-----END', 'MIIB', '===='],
      run: async (input) => {
        const parsed = await readCertificateRequest(input.toString('latin1'));
        mustBeResult(parsed);
        if (parsed.ok) must(parsed.value.length === 91, 'a key on P-256', parsed.value.length);
      },
    };
  },
};

const enrolmentCode: Target = {
  name: 'enrolment-code',
  share: 8,
  open: () => ({
    samples: ['ABCD-EFGH-JKMN-PQRS-TVWX', '23456-789AB'].map((text) => Buffer.from(text)),
    words: ['-', ' ', 'O', '0', 'I', 'l', '１'],
    run: (input) => mustBeResult(readCode(input.toString())),
  }),
};

/** As it was, or behind one apostrophe; and never so that a spreadsheet computes it. */
const isSafelyRead = (read: string | undefined, written: string): boolean =>
  read === `'${written}` ||
  (read === written && !/^[\t\r\n]|^[=+\-@＝＋－＠]/u.test(read) && !/^\s+[=+\-@]/u.test(read));

const csv: Target = {
  name: 'csv-out',
  share: 8,
  open: (seed) => ({
    samples: [
      ...fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { seed, numRuns: 200 }),
      '=1+1,@a\n"quoted"',
      '山田 太郎,-5\t+81',
    ].map((text) => Buffer.from(text)),
    words: ['"', ',', '\r\n', '=', '@', "'", '\t', ';'],
    run: (input) => {
      const cells = input
        .toString()
        .split(',')
        .slice(0, 50)
        .map((text) => text.replace(/^\uFEFF/, ''));
      const [, row, ...rest]: string[][] = parse(csvOf(cells, [cells]), {
        bom: true,
        record_delimiter: '\r\n',
        max_record_size: 10_000_000,
      });
      must(
        rest.length === 0 &&
          row?.length === cells.length &&
          cells.every((text, at) => isSafelyRead(row[at], text)),
        'the cells as they were',
        { row, cells },
      );
    },
  }),
};

export const DOCUMENT_TARGETS: readonly Target[] = [
  registry,
  plainTaps,
  config,
  rescueFile,
  exported,
  carving,
  certificateRequest,
  enrolmentCode,
  csv,
];
