/** Who plays in the simulated world: sites, terminals, workers, cards, and keys that cost nothing. */
import { hash } from 'node:crypto';
import { parseRegistryDocument } from '../../gateway/registry/parse-registry.ts';
import type { Registry } from '../../gateway/registry/registry-document.ts';
import { CardId, SiteId, TerminalId, WorkerId } from '../../shared/ids.ts';
import { encodeRoster } from '../../shared/roster.ts';
import { PublicKeyText, type Signer, type Verifier } from '../../shared/signature.ts';
import { utcMs } from '../../shared/time.ts';
import { rosterOf, rosterWorkerOf } from '../fixtures/roster.ts';

/** Signs by hashing: what is signed is checked as ever, a thousand times faster than a real signature. */
const cheapSigner = (secret: string): Signer => ({
  publicKey: PublicKeyText.parse(Buffer.from(secret.padEnd(32, '.')).toString('base64')),
  sign: (text) => hash('sha256', `${secret}\n${text}`, 'base64'),
});
const cheapVerifier =
  (secret: string): Verifier =>
  (text, signature) =>
    signature === hash('sha256', `${secret}\n${text}`, 'base64');

export const gatewaySigner = cheapSigner('gateway');
export const verifyGateway = cheapVerifier('gateway');
export const terminalSigner = (terminalId: TerminalId): Signer => cheapSigner(terminalId);
export const verifyTerminal = (terminalId: TerminalId): Verifier => cheapVerifier(terminalId);

export const SITES = ['30000000000001', '30000000000002'].map((id) => SiteId.parse(id));
export const TERMINALS = ['gate-a', 'gate-b', 'gate-c'].map((id, index) => ({
  terminalId: TerminalId.parse(id),
  // Two terminals share the first site: their touches of one worker must come together.
  siteId: SITES[index === 2 ? 1 : 0] ?? SiteId.parse('30000000000001'),
}));

export const SITE_BY_TERMINAL = new Map(
  TERMINALS.map(({ terminalId, siteId }) => [terminalId, siteId]),
);

export const WORKERS = ['10000000000001', '10000000000002', '10000000000003'].map((id) =>
  WorkerId.parse(id),
);
export const CARDS = [
  '0A00000000000001',
  '0A00000000000002',
  '0A00000000000003',
  '0A00000000000004',
].map((id) => CardId.parse(id));

/** Holder of each card, by index into `WORKERS`; undefined = nobody. The last card begins unknown. */
export type Holders = readonly (number | undefined)[];
export const FIRST_HOLDERS: Holders = [0, 1, 2, undefined];

export const registryOf = (holders: Holders): Registry => {
  const parsed = parseRegistryDocument({
    companies: [
      {
        companyId: '20000000000001',
        name: '試験建設',
        form: 'corporation',
        size: 'small',
        ccusRegistered: true,
      },
    ],
    workers: WORKERS.map((workerId) => ({
      workerId,
      name: workerId,
      kana: workerId,
      birthDate: '1990-01-01',
      ccusRegistered: true,
    })),
    sites: SITES.map((siteId) => ({
      siteId,
      name: siteId,
      primeId: '20000000000001',
      public: true,
    })),
    cards: CARDS.flatMap((cardId, index) => {
      const holder = holders[index];
      return holder === undefined ? [] : [{ cardId, workerId: WORKERS[holder] }];
    }),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.value;
};

export const rosterBytes = (siteId: SiteId): Uint8Array =>
  encodeRoster(
    rosterOf({
      siteId,
      siteName: siteId,
      issuedAtMs: utcMs(0),
      tellsPresence: true,
      workers: WORKERS.map((workerId, index) =>
        rosterWorkerOf({
          workerId,
          shortName: workerId,
          cards: CARDS.slice(index, index + 1).map((cardId) => ({ cardId })),
        }),
      ),
    }),
    gatewaySigner,
  );
