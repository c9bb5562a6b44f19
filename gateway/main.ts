#!/usr/bin/env node
/** genba-gateway: builds the adapters and keeps the gateway running, as systemd starts it. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDurableSqlite } from '../shared/durable-sqlite.ts';
import type { TerminalId } from '../shared/ids.ts';
import { logTo } from '../shared/log.ts';
import { createNotify } from '../shared/notify.ts';
import { faultLines } from '../shared/result.ts';
import { readServiceConfig } from '../shared/service-config.ts';
import { openSigningKey } from '../shared/signing-key.ts';
import { MINUTE_MS } from '../shared/time.ts';
import { type Channel, topicOf } from '../shared/topics.ts';
import {
  clockAnomalies,
  forbiddenTopics,
  foreignSiteBatches,
  mosquittoNews,
  suspectedClones,
} from './access/audit-sources.ts';
import { openAccess } from './access/open-access.ts';
import { openAllocations } from './allocation/open-allocations.ts';
import { correctionRoutes } from './api/correction-routes.ts';
import { makeNamedDocument } from './api/document-routes.ts';
import { reconciliationRoutes } from './api/reconciliation-routes.ts';
import { createApi } from './api/server.ts';
import { prepareWebPorts } from './api/web-ports.ts';
import { createDeriveSchedule } from './attendance/derive-schedule.ts';
import type { BrokerEvents } from './broker/broker.ts';
import { watchLives } from './broker/life-watch.ts';
import { openBroker } from './broker/open-broker.ts';
import { askSecret } from './commands/ask-secret.ts';
import { commandsUsage, runCommand } from './commands/commands.ts';
import { LEDGER_FILE } from './commands/standing-ledger.ts';
import { createCommitSignal } from './commit-signal.ts';
import { type GatewayConfig, parseGatewayConfig } from './config.ts';
import { consoleRoutes } from './console/console-routes.ts';
import { createCorrectionDesk } from './correction-requests/correction-desk.ts';
import { openTrust, type Trust } from './enrolment/open-trust.ts';
import { revokedTerminals } from './enrolment/revoked-terminals.ts';
import { brokerUrlForTerminals, siteSettingsOf } from './enrolment/terminal-settings.ts';
import { openSenders } from './fleet/senders.ts';
import { startFleet } from './fleet/start-fleet.ts';
import { createGateway } from './gateway.ts';
import { readMailSecrets, startMail } from './mail/start-mail.ts';
import { createMetrics } from './metrics.ts';
import { failedJobsJa, overdueDeadlines } from './nightly/job-words.ts';
import { openDeadlines } from './nightly/open-deadlines.ts';
import { startNightly } from './nightly/start-nightly.ts';
import { openRosters } from './open-rosters.ts';
import { openPresence, TELL_EVERY_MS } from './presence/open-presence.ts';
import { createReconciliationDesk } from './reconciliation/reconciliation-desk.ts';
import { storedRegistry } from './registry/stored-registry.ts';
import { openStatements } from './statements/open-statements.ts';
import { openSqliteAuditLog } from './store/sqlite-audit-log.ts';
import { openSqliteCorrections } from './store/sqlite-corrections.ts';
import { openSqliteEnrolments } from './store/sqlite-enrolments.ts';
import { openSqliteFleetStore } from './store/sqlite-fleet-store.ts';
import { openSqliteLedger } from './store/sqlite-ledger.ts';
import { isOfLaterVersion } from './store/sqlite-migrations.ts';
import { openSqliteNightly } from './store/sqlite-nightly.ts';
import { openSqliteOutbox } from './store/sqlite-outbox.ts';
import { openSqliteReconciliations } from './store/sqlite-reconciliations.ts';
import { rememberConfiguredTerminals } from './store/sqlite-terminal-keys.ts';
import { createSystemClock } from './system-clock.ts';
import { createTerminalDirectory, enrolledTerminals, ownSitesOf } from './terminal-directory.ts';

const USAGE = `usage: genba-gateway --config FILE
${commandsUsage()}`;
const EXIT_WRONG_INPUT = 2;
/** Large: bulk ingest commits hundreds of rows at a time and the disk is not an SD card. */
const CHECKPOINT_PAGES = 10_000;
const CACHE_KIB = 65_536;
const ROSTER_REFRESH_MS = 60_000;
const WATCHDOG_FEED_MS = 5_000;

const log = logTo('gateway', (line) => process.stderr.write(line));

const refuse = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_WRONG_INPUT);
};

const readConfig = (): GatewayConfig => {
  const start = readServiceConfig(process.argv.slice(2), USAGE, parseGatewayConfig);
  if (start.kind === 'read') return start.config;
  if (start.kind === 'refused') return refuse(start.message);
  process.stdout.write(`${USAGE}\n`);
  return process.exit(0);
};

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);
const commandEnd = await runCommand(process.argv.slice(2), {
  say,
  complain,
  version: String(version),
  askSecret,
});
if (commandEnd !== undefined) process.exit(commandEnd);

const config = readConfig();
mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
const signer = openSigningKey(config.signingKeyFile);
const clock = createSystemClock(config.clockTrust);
const now = () => clock.read().wallMs;
const ledgerFile = join(config.dataDir, LEDGER_FILE);
const database = openDurableSqlite(ledgerFile, {
  checkpointPages: CHECKPOINT_PAGES,
  cacheKiB: CACHE_KIB,
});
if (isOfLaterVersion(database))
  refuse(
    `${ledgerFile} was written by a later version: install that one, or restore the backup from before the upgrade`,
  );
const ledger = openSqliteLedger(database);
const audit = openSqliteAuditLog(database, now);
audit.append({ kind: 'started', actor: 'gateway', detail: { version: String(version) } });

const opened = openSenders(config.alerts);
const senders = opened.ok
  ? opened.value
  : refuse(`the configuration is refused:\n${faultLines(opened.faults)}`);
const mailSecrets = config.mail === undefined ? undefined : readMailSecrets(config.mail);
if (mailSecrets?.ok === false)
  refuse(`the configuration is refused:\n${faultLines(mailSecrets.faults)}`);
const fleetStore = openSqliteFleetStore(database);
const nightlyStore = openSqliteNightly(database);
const commits = createCommitSignal();
const derivations = createCommitSignal();
rememberConfiguredTerminals(database, config.terminals, now());
const enrolmentStore = openSqliteEnrolments(database);
const directory = createTerminalDirectory([
  ...config.terminals,
  ...enrolledTerminals(enrolmentStore.all()),
]);
const { terminals } = directory;
const sendDown = (terminalId: TerminalId, channel: Channel, bytes: Uint8Array): void =>
  broker.publish(topicOf(terminalId, channel), bytes, { retain: channel === 'roster' });
const correctionStore = openSqliteCorrections(database);
const lives = watchLives((terminalId, why) => {
  noteClone(terminalId, { why, addresses: mosquitto.addressesOf(terminalId) });
  if (config.trust?.onClone === 'revoke') trust?.enrolment?.enrolments.revokeCloned(terminalId);
});
const gateway = createGateway({
  ledger,
  clock,
  signer,
  terminals,
  registry: storedRegistry(ledger, log),
  send: sendDown,
  stale: () => {
    commits.notify();
    deriving.request();
  },
  approvedCorrections: correctionStore.approved,
  futureToleranceMs: config.futureToleranceMinutes * MINUTE_MS,
  contactsBefore: fleetStore.contacts(),
  onLife: lives.onTold,
  onPresenceHeld: (terminalId, held) => presence.onHeld(terminalId, held),
  sitesOf: ownSitesOf(config.terminals, enrolmentStore.sitesOf),
  onForeignSites: foreignSiteBatches(audit, now),
  onBatch: (outcome, entries) => metrics.onBatch(outcome, entries),
  log,
});
const documents = {
  ledger,
  registry: gateway.registry,
  registryIndex: gateway.registryIndex,
  contacts: gateway.contacts,
  now,
  extractDay: config.closing.extractDay,
};
const statements = openStatements(database, {
  ...documents,
  derive: gateway.derive,
  version: String(version),
});
const nightly = startNightly({
  ...documents,
  store: nightlyStore,
  statements,
  audit,
  derive: gateway.derive,
  deadlines: () => openDeadlines({ ...documents, settled: allocations.settled() }),
  closing: config.closing,
  version: String(version),
  log,
});
const mail =
  config.mail === undefined || mailSecrets?.ok !== true
    ? undefined
    : startMail({
        ...documents,
        config: config.mail,
        secrets: mailSecrets.value,
        outbox: openSqliteOutbox(database, { now: documents.now, random: Math.random }),
        makeDocument: (name, parameters) => makeNamedDocument(documents, name, parameters),
        audit,
        log,
      });
const allocations = openAllocations(database, {
  ...documents,
  derive: gateway.derive,
  outbox: mail?.outbox,
});
const deriving = createDeriveSchedule(() => {
  const began = performance.now();
  const marks = gateway.derive();
  if (marks > 0) {
    metrics.onDerived(marks, (performance.now() - began) / 1_000);
    derivations.notify();
  } else presence.onDerived();
  return marks;
});
const down = { ...documents, ...gateway, siteByTerminal: directory.siteByTerminal, signer };
const rosters = openRosters({ ...down, send: (to, bytes) => sendDown(to, 'roster', bytes) });
const presence = openPresence({ ...down, send: (to, bytes) => sendDown(to, 'presence', bytes) });

const noteForbidden = forbiddenTopics(audit, now);
const noteClone = suspectedClones(audit, now);
const mosquitto = mosquittoNews(audit, now, { onClone: noteClone, onSeen: lives.onSeen });
const brokerEvents: BrokerEvents = {
  onMessage: gateway.onMessage,
  onForbidden: (clientId, topic, bytes) => {
    noteForbidden(clientId, topic);
    gateway.onForbidden(clientId, topic, bytes);
  },
  onReady: () =>
    setImmediate(() => {
      rosters.sendAll();
      gateway.announce();
    }),
  log,
};
const trust: Trust | undefined =
  config.trust &&
  (await openTrust({
    config: config.trust,
    dataDir: config.dataDir,
    store: enrolmentStore,
    now,
    audit: audit.append,
    gatewayPublicKey: signer.publicKey,
    gatewayClientId: config.broker.kind === 'external' ? config.broker.clientId : 'genba-gateway',
    mosquittoDir: config.broker.kind === 'external' ? config.broker.mosquittoDir : undefined,
    brokerUrl: () => brokerUrlForTerminals(config, 'port' in broker ? broker.port : undefined),
    siteSettings: (siteId) => siteSettingsOf(gateway.registryIndex().siteById.get(siteId)),
    isConfigured: (terminalId) => config.terminals.some((each) => each.terminalId === terminalId),
    onEnrolled: (entry) => {
      directory.put(entry);
      rosters.refresh();
      rosters.sendTo(entry.terminalId);
    },
    onEnded: (terminalId) => {
      directory.remove(terminalId);
      broker.cut(terminalId);
    },
    onIdentity: (identity) => {
      if ('setIdentity' in broker) broker.setIdentity(identity);
    },
    log,
  }));
const fleet = startFleet({
  store: fleetStore,
  settings: config.alerts,
  senders,
  dataDir: config.dataDir,
  contacts: gateway.contacts,
  contactsToStore: gateway.contactsToStore,
  waitingTouches: gateway.waitingTouches,
  failedJobs: () => failedJobsJa(nightlyStore.records()),
  overdueDeadlines: () => overdueDeadlines(nightlyStore.records()),
  trustFaults: () => trust?.faults() ?? [],
  version: String(version),
  onBegun: clockAnomalies(audit),
  now,
  log,
});
const metrics = createMetrics({
  ledger,
  contacts: gateway.contacts,
  alerts: fleet.alerts,
  now,
});
const broker = await openBroker(
  config.broker,
  {
    trust,
    isTerminal: (terminalId) => terminals.has(terminalId),
    now,
    onClone: noteClone,
    onLogLine: mosquitto.onLine,
  },
  brokerEvents,
);
const terminalPort = await trust?.enrolment?.open();

const access = await openAccess({ config, database, audit, clock });
const ports = await prepareWebPorts({ config, now, log });
const api = createApi({
  access,
  version: String(version),
  httpsAuthorityPem: ports.authorityPem,
  ledger,
  registry: gateway.registry,
  registryIndex: gateway.registryIndex,
  importRegistry: (registry) => {
    gateway.importRegistry(registry);
    derivations.notify();
    rosters.refresh();
  },
  waitingTouches: gateway.waitingTouches,
  contacts: gateway.contacts,
  contactsToStore: gateway.contactsToStore,
  revokedTerminals: () => revokedTerminals(enrolmentStore.all()),
  fleet,
  metrics,
  enrolment: trust?.enrolment && {
    ...trust.enrolment,
    certificates: enrolmentStore.certificates,
    isSite: (siteId) => gateway.registryIndex().siteById.has(siteId),
  },
  mail,
  exportMappings: config.exports,
  ...allocations,
  statements,
  nightly,
  extractDay: config.closing.extractDay,
  nextCommit: commits.next,
  nextDerived: derivations.next,
  now,
  log,
});
correctionRoutes(api, {
  corrections: createCorrectionDesk({ store: correctionStore, gateway, ledger, now }),
  registryIndex: gateway.registryIndex,
  waitingTouches: gateway.waitingTouches,
  clock,
  extractDay: config.closing.extractDay,
});
reconciliationRoutes(
  api,
  createReconciliationDesk({ ...documents, store: openSqliteReconciliations(database) }),
);
api.route('/', consoleRoutes());

const web = await ports.open(api.fetch);

deriving.request();
rosters.refresh();
const refreshing = setInterval(() => {
  rosters.refresh();
  // A command beside us, such as import-rescue, leaves marks in the ledger too.
  deriving.request();
}, ROSTER_REFRESH_MS);
const telling = setInterval(presence.refresh, TELL_EVERY_MS);
const notify = await createNotify(process.env.NOTIFY_SOCKET);
/** Fed by a read of the ledger from the loop that commits batches and answers requests. */
const feeding = setInterval(() => {
  ledger.quarantined();
  notify.alive();
}, WATCHDOG_FEED_MS);

let isStopping = false;
const stop = async (): Promise<void> => {
  if (isStopping) return;
  isStopping = true;
  notify.stopping();
  clearInterval(refreshing);
  clearInterval(feeding);
  clearInterval(telling);
  deriving.stop();
  fleet.stop();
  nightly.stop();
  await trust?.close();
  mail?.stop();
  await broker.close();
  await web.close();
  ledger.close();
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// Started by another program over an IPC channel: when that program dies, so does this one.
process.on('disconnect', stop);

notify.ready();
process.stdout.write(
  `${JSON.stringify({
    ready: 'gateway',
    ...web.urls,
    ...('port' in broker ? { brokerPort: broker.port } : {}),
    ...(terminalPort === undefined ? {} : { terminalPort }),
    publicKey: signer.publicKey,
  })}\n`,
);
