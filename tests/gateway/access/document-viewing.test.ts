/** 閲覧範囲 of documents: each is made whole for whom it is, and for nobody else. */
import { describe, expect, test } from 'vitest';
import { createSight } from '../../../gateway/access/sight.ts';
import { parseViewer } from '../../../gateway/access/viewer.ts';
import { workDate } from '../../../shared/time.ts';
import {
  CONTRACT,
  castIndex,
  FIRST,
  FORMER,
  LEFT,
  PAST_CONTRACT,
  PRIME,
  SECOND,
  SITE,
  TODAY,
  WORKER,
} from '../../fixtures/viewing-cast.ts';

const index = castIndex();
const isOpen = (scope: string, name: string, parameters: Readonly<Record<string, string>>) =>
  createSight({ viewers: [parseViewer(scope)], index, today: workDate(TODAY) }).document(
    name,
    parameters,
  );

const contract = { contractId: CONTRACT };
const past = { contractId: PAST_CONTRACT };
const site = { siteId: SITE };
const statement = (workerId: string, from: string, to: string) => ({ workerId, from, to });

describe('a document is', () => {
  test.each<[string, string, Readonly<Record<string, string>>, boolean, string]>([
    ['admin', 'fulfilment-worksheet', { companyId: FIRST }, true, 'whoever runs the gateway'],
    [
      `worker:${WORKER}`,
      'worker-statement',
      statement(WORKER, '2025-01', '2026-11'),
      true,
      'the own statement',
    ],
    [
      `worker:${WORKER}`,
      'worker-statement',
      statement(LEFT, '2026-01', '2026-11'),
      false,
      'a mate’s',
    ],
    [`worker:${WORKER}`, 'completion-summary', contract, false, 'no paper of a worker'],
    [
      `employer:${SECOND}`,
      'worker-statement',
      statement(WORKER, '2026-02', '2026-11'),
      true,
      'months of the own employment',
    ],
    [
      `employer:${SECOND}`,
      'worker-statement',
      statement(WORKER, '2026-01', '2026-11'),
      false,
      'January was another employer’s',
    ],
    [
      `employer:${FORMER}`,
      'worker-statement',
      statement(WORKER, '2025-06', '2025-12'),
      true,
      'what it then paid',
    ],
    [
      `employer:${FORMER}`,
      'worker-statement',
      statement(WORKER, '2025-06', '2026-02'),
      false,
      'nothing later',
    ],
    [
      `prime:${PRIME}`,
      'worker-statement',
      statement(WORKER, '2026-03', '2026-11'),
      false,
      'the worker’s page is no 元請’s',
    ],
    [`prime:${PRIME}`, 'contract-allocation', contract, true, 'pays into its own contract'],
    [`prime:${PRIME}`, 'contract-allocation', past, false, 'people of a site that is over'],
    [`prime:${PRIME}`, 'completion-summary', past, true, 'figures of the own contract stay open'],
    [
      `employer:${SECOND}`,
      'contract-allocation',
      contract,
      false,
      'names other companies’ workers',
    ],
    [
      `employer:${SECOND}`,
      'contract-allocation',
      { ...contract, companyId: SECOND },
      true,
      'its own part',
    ],
    [
      `employer:${SECOND}`,
      'contract-allocation',
      { ...contract, companyId: FIRST },
      false,
      'another company’s part',
    ],
    [`employer:${SECOND}`, 'stamp-book', { companyId: SECOND }, true, 'its own book'],
    [`employer:${SECOND}`, 'stamp-book', { companyId: FIRST }, false, 'another company’s book'],
    [
      `employer:${SECOND}`,
      'fulfilment-worksheet',
      { companyId: SECOND, yearEnd: '2026-03-31' },
      true,
      'its own certificate',
    ],
    [
      `prime:${PRIME}`,
      'fulfilment-worksheet',
      { companyId: FIRST, yearEnd: '2026-03-31' },
      false,
      'a subcontractor’s',
    ],
    [`prime:${PRIME}`, 'worker-roster', site, true, 'the list of the own site'],
    [`employer:${SECOND}`, 'worker-roster', site, false, 'lists other companies’ workers'],
    [`employer:${SECOND}`, 'worker-roster', { ...site, companyId: SECOND }, true, 'its own list'],
    [
      `orderer-contract:${CONTRACT}`,
      'completion-summary',
      contract,
      true,
      'documents, with the 元請’s consent',
    ],
    [`orderer-contract:${CONTRACT}`, 'completion-evidence', contract, true, 'names nobody'],
    [`orderer-contract:${CONTRACT}`, 'guidance-draft', contract, true, 'the orderer’s own draft'],
    [`orderer-contract:${CONTRACT}`, 'contract-allocation', contract, false, 'names workers'],
    [`orderer-contract:${CONTRACT}`, 'worker-roster', site, false, 'the copy comes from the 元請'],
    [`orderer-contract:${PAST_CONTRACT}`, 'completion-summary', past, false, 'nobody consented'],
    ['metrics', 'stamp-ledger', contract, false, 'no data of the sites at all'],
  ])('%s: %s %o open %s (%s)', (scope, name, parameters, open) => {
    expect(isOpen(scope, name, parameters)).toBe(open);
  });
});
