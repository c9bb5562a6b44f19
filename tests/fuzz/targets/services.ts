/** Whole services behind their parsers: a terminal that turned bad, a gateway that did, and whoever asks the API. */

import { openJournal } from '../../../device/journal.ts';
import { ownState } from '../../../device/own-state.ts';
import { createTerminal } from '../../../device/terminal.ts';
import { createWorkerLanguages } from '../../../device/worker-languages.ts';
import { openAllocations } from '../../../gateway/allocation/open-allocations.ts';
import { createApi } from '../../../gateway/api/server.ts';
import { createGateway } from '../../../gateway/gateway.ts';
import { openSqliteLedger } from '../../../gateway/store/sqlite-ledger.ts';
import { openDurableSqlite } from '../../../shared/durable-sqlite.ts';
import { encodeReceipt } from '../../../shared/receipt.ts';
import { encodeRoster } from '../../../shared/roster.ts';
import { encodeTerminalState, parseStatusMessage } from '../../../shared/terminal-state.ts';
import { DAY_MS } from '../../../shared/time.ts';
import { CHANNELS, topicOf } from '../../../shared/topics.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { openAccess } from '../../fixtures/access.ts';
import { watchFleet } from '../../fixtures/fleet.ts';
import {
  CARD,
  gatewaySigner,
  SITE,
  TERMINAL,
  terminalSigner,
  verifyGateway,
  verifyTerminal,
} from '../../fixtures/identities.ts';
import { unknownMachine } from '../../fixtures/machine-facts.ts';
import { registryDocument, registryWith } from '../../fixtures/registry.ts';
import { rosterOf } from '../../fixtures/roster.ts';
import { wholeBytes } from '../../fixtures/site-presence.ts';
import { terminalState } from '../../fixtures/terminal-state.ts';
import { JOURNAL_ID, sampleEntries } from '../samples.ts';
import { signedAnew } from '../signed-anew.ts';
import { must, type Target } from '../target.ts';
import { entryTexts, sealedBatch } from './wire.ts';

export const FUZZ_TOKEN = 'a-token-for-fuzzing';
const MEMORY = { checkpointPages: 1_000 };
/** A world that has taken so many inputs is given up for a new one. */
const INPUTS_A_WORLD = 500;

export const openGatewayWorld = () => {
  const db = openDurableSqlite(':memory:', MEMORY);
  const ledger = openSqliteLedger(db);
  const clock = createFakeClock('2026-11-24T12:00:00+09:00');
  const gateway = createGateway({
    ledger,
    clock,
    signer: gatewaySigner,
    terminals: new Map([[TERMINAL, { siteId: SITE, verify: verifyTerminal }]]),
    registry: registryWith(),
    send: () => undefined,
    stale: () => undefined,
    log: () => undefined,
  });
  const watched = watchFleet({ db, ledger, gateway, clock });
  const now = () => clock.read().wallMs;
  const api = createApi({
    ...gateway,
    ...watched,
    ...openAllocations(db, { ...gateway, ledger, now, outbox: undefined }),
    ledger,
    access: openAccess(db, clock, { admin: [FUZZ_TOKEN] }),
    version: '1.2.3',
    nextCommit: async () => 'late',
    nextDerived: async () => 'late',
    now,
    log: () => undefined,
  });
  return { ledger, gateway, fleet: watched.fleet, api };
};
type GatewayWorld = ReturnType<typeof openGatewayWorld>;

const READ_AFTERWARDS = [
  '/v1/taps?limit=10000',
  '/v1/attendance',
  '/v1/contributions',
  '/v1/work-history',
  '/v1/terminals',
  '/v1/alerts',
];

/** Whatever was taken in, everybody can still read. */
const mustBeReadable = async ({ api }: GatewayWorld): Promise<void> => {
  for (const path of READ_AFTERWARDS) {
    const response = await api.request(path, {
      headers: { authorization: `Bearer ${FUZZ_TOKEN}` },
    });
    must(response.status === 200, `${path} is served`, await response.text());
  }
};

const badTerminal: Target = {
  name: 'gateway-messages',
  share: 3,
  open: () => {
    let world = openGatewayWorld();
    let inputs = 0;
    return {
      samples: [sealedBatch(sampleEntries()), Buffer.from(encodeTerminalState(terminalState()))],
      words: ['"wallMs":', '"uptimeMs":', '"at":', '"clock":"trusted"', '"bootId":'],
      seal: (input, random) => {
        // Another journal each time, so that each batch begins at its own beginning and is taken.
        const texts = random.chance(0.8) ? entryTexts(input) : [];
        const id = JOURNAL_ID.replace(/.{12}$/, String(random.below(1e9)).padStart(12, '0'));
        return texts.length === 0
          ? input
          : Buffer.from(sealedBatch(texts.map((text) => text.replace(JOURNAL_ID, id))));
      },
      run: async (input, random) => {
        const channel = random.chance(0.7) ? 'journal' : random.pick(CHANNELS);
        world.gateway.onMessage(topicOf(TERMINAL, channel), input);
        while (world.gateway.derive() > 0);
        inputs += 1;
        if (inputs % INPUTS_A_WORLD !== 0) return;
        await world.fleet.watch();
        await mustBeReadable(world);
        world.ledger.close();
        world = openGatewayWorld();
      },
      close: () => world.ledger.close(),
    };
  },
};

const openTerminalWorld = () => {
  const journal = openJournal(openDurableSqlite(':memory:', MEMORY), TERMINAL);
  const clock = createFakeClock('2026-11-24T07:58:00+09:00');
  const terminal = createTerminal({
    siteId: SITE,
    version: 'fuzz',
    repeatWindowMs: 60_000,
    maxShiftMs: 18 * 3_600_000,
    rosterMaxAgeMs: 7 * DAY_MS,
    face: undefined,
    languages: createWorkerLanguages({ load: () => undefined, save: () => undefined }),
    onCorrupt: () => undefined,
    clock,
    journal,
    signer: terminalSigner,
    verifyGateway,
    placeOfReader: (reader) => ({ readerId: reader, direction: 'in' }),
    rosterCache: { load: () => undefined, save: () => undefined },
    presenceCache: { load: () => undefined, save: () => undefined },
    followPresence: () => undefined,
    publish: () => undefined,
    signal: () => undefined,
    changed: () => undefined,
    log: () => undefined,
  });
  terminal.onLink(true);
  return { journal, clock, terminal };
};

const badGateway: Target = {
  name: 'terminal-messages',
  share: 3,
  open: () => {
    let world = openTerminalWorld();
    let inputs = 0;
    const receipt = {
      terminalId: TERMINAL,
      journalId: world.journal.journalId,
      committedSeq: 1,
      headHash: world.journal.hashAt(1) ?? '',
    };
    return {
      samples: [
        encodeRoster(rosterOf(), gatewaySigner),
        encodeReceipt(receipt, gatewaySigner),
        Buffer.from(wholeBytes()),
      ],
      words: ['"cards":', '"findings":', '"from":', '"effects":{', '"contributedDays":'],
      seal: (input, random) => {
        if (random.chance(0.3)) return input;
        return signedAnew(input, 'genba-tap roster v1');
      },
      run: (input, random) => {
        const { terminal, clock, journal } = world;
        terminal.onMessage(random.chance(0.7) ? 'roster' : random.pick(CHANNELS), input);
        const before = journal.lastSeq();
        clock.advance(random.below(120_000));
        terminal.touched({ by: 'card', cardId: CARD }, { readerId: 'r', direction: 'in' });
        must(journal.lastSeq() > before, 'the touch is recorded');
        must(journal.settledSeq() <= journal.lastSeq(), 'nothing settled that is not written');
        const state = ownState({
          status: terminal.status(),
          ...unknownMachine,
          version: 'fuzz',
          start: 'fuzz',
          linkDrops: 0,
        });
        must(parseStatusMessage(encodeTerminalState(state)).ok, 'a state that can be told', state);
        inputs += 1;
        if (inputs % INPUTS_A_WORLD !== 0) return;
        journal.close();
        world = openTerminalWorld();
      },
      close: () => world.journal.close(),
    };
  },
};

const REQUESTS = [
  'GET /v1/taps?after=0&limit=10&siteId=30000000000001&wait=1',
  'GET /v1/attendance?month=2026-11&siteId=30000000000001',
  'GET /v1/reports/contributions?month=2026-11',
  'GET /v1/documents/employment-report-monthly?siteId=30000000000001&companyId=20000000000002&month=2026-11&format=csv&encoding=cp932',
  'GET /v1/terminals',
  'GET /v1/alerts',
  'GET /healthz',
  'GET /metrics',
  'GET /openapi.json',
  `PUT /v1/registry/companies\n${JSON.stringify(registryDocument.companies)}`,
  `PUT /v1/registry\n${JSON.stringify({ companies: registryDocument.companies })}`,
  'GET /v1/statements?month=2026-11&siteId=30000000000001',
  'GET /v1/amendments?month=2026-11',
  'GET /v1/changes?after=0&limit=5',
  'GET /v1/why/attendance?siteId=30000000000001&workerId=10000000000001&workDate=2026-11-24&depth=2',
  'GET /v1/exports/attendance?month=2026-11&siteId=30000000000001',
  'GET /v1/registry/workers?format=csv&encoding=cp932&header=ja',
  'GET /v1/allocations?contractId=K1',
  'POST /v1/allocations\n{"contractId":"K1","month":"2026-11","dryRun":true}',
  'GET /v1/approvals?month=2026-11',
  'PUT /v1/approvals\n{"workerId":"10000000000001","workDate":"2026-11-24","days":1}',
  'PUT /v1/contracts/K1/receipt\n{"submittedOn":"2026-11-24","lateReason":"郵送の遅れ"}',
  'GET /v1/audit/analysis?days=7&readRows=200&readTimes=5',
  'POST /v1/accounts\n{"name":"kanri","scopes":["prime:20000000000001"]}',
  'POST /console/session/link\n{"code":"AAAAAAAA"}',
  'POST /console/session/passkey\n{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"AA"}}',
];

/** First line method and target, what follows is the body. */
const apiRequest: Target = {
  name: 'api-requests',
  share: 3,
  open: () => {
    const world = openGatewayWorld();
    world.gateway.onMessage(topicOf(TERMINAL, 'journal'), sealedBatch(sampleEntries()));
    while (world.gateway.derive() > 0);
    return {
      samples: REQUESTS.map((text) => Buffer.from(text)),
      words: ['?', '&', '=', '%', '%00', 'month=', 'format=', 'siteId=', 'limit=', '/v1/', '..'],
      run: async (input, random) => {
        const [line = '', ...body] = input.toString().split('\n');
        const [method = '', target = ''] = line.split(' ');
        let request: Request;
        try {
          request = new Request(new URL(target, 'http://127.0.0.1'), {
            method,
            headers: {
              ...(random.chance(0.95) ? { authorization: `Bearer ${FUZZ_TOKEN}` } : {}),
              'sec-fetch-site': 'same-origin',
            },
            ...(body.length === 0 || method === 'GET' ? {} : { body: body.join('\n') }),
          });
        } catch {
          return; // No client could send it in this form; `http-bytes` sends what no client can.
        }
        const response = await world.api.request(request);
        const text = await response.text();
        must(response.status < 500, 'a refusal and no failure', { line, status: response.status });
        must(!text.includes('.ts:'), 'no word of our insides', text.slice(0, 500));
        if (response.status >= 400 && method !== 'HEAD')
          must(
            response.headers.get('content-type')?.includes('problem+json') === true,
            'a refusal in the one form',
            { line, status: response.status, text: text.slice(0, 200) },
          );
      },
      close: () => world.ledger.close(),
    };
  },
};

export const SERVICE_TARGETS: readonly Target[] = [badTerminal, badGateway, apiRequest];
