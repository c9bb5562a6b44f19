/**
 * On whose behalf somebody asks (閲覧者): the scopes that tokens and users carry.
 *
 * Written as text wherever people meet them: `prime:20000000000001`. A person may hold several, as a
 * 元請 that also employs workers does, and sees what any one of them opens.
 */
import { z } from 'zod';
import { CompanyId, SiteId, WorkerId } from '../../shared/ids.ts';
import type { Registry } from '../registry/registry-document.ts';

export type Viewer =
  /** 技能者本人 */
  | { readonly kind: 'worker'; readonly workerId: WorkerId }
  /** 所属事業者 */
  | { readonly kind: 'employer'; readonly companyId: CompanyId }
  /** 元請 */
  | { readonly kind: 'prime'; readonly companyId: CompanyId }
  /** 上位下請 */
  | { readonly kind: 'upper'; readonly companyId: CompanyId }
  /** 発注者, of one contract or of every contract of a site. */
  | { readonly kind: 'orderer-contract'; readonly contractId: string }
  | { readonly kind: 'orderer-site'; readonly siteId: SiteId }
  /** 中央システム: reads everything, changes nothing. */
  | { readonly kind: 'central' }
  /** A collector of metrics: no data of the sites at all. */
  | { readonly kind: 'metrics' }
  /** Whoever runs the gateway. */
  | { readonly kind: 'admin' };

const FORMS =
  'admin, central, metrics, prime:事業者ID, upper:事業者ID, employer:事業者ID, worker:技能者ID, orderer-contract:契約ID or orderer-site:現場ID';

const viewerOf = (text: string): Viewer | undefined => {
  const colon = text.indexOf(':');
  const kind = colon === -1 ? text : text.slice(0, colon);
  const id = colon === -1 ? undefined : text.slice(colon + 1);
  switch (kind) {
    case 'admin':
    case 'central':
    case 'metrics':
      return id === undefined ? { kind } : undefined;
    case 'worker': {
      const workerId = WorkerId.safeParse(id);
      return workerId.success ? { kind, workerId: workerId.data } : undefined;
    }
    case 'employer':
    case 'prime':
    case 'upper': {
      const companyId = CompanyId.safeParse(id);
      return companyId.success ? { kind, companyId: companyId.data } : undefined;
    }
    case 'orderer-site': {
      const siteId = SiteId.safeParse(id);
      return siteId.success ? { kind, siteId: siteId.data } : undefined;
    }
    case 'orderer-contract':
      return id === undefined || id === '' || id.length > 100
        ? undefined
        : { kind, contractId: id };
    default:
      return undefined;
  }
};

/** A scope as people write it. */
export const ScopeText = z
  .string()
  .max(120)
  .refine((text) => viewerOf(text) !== undefined, { error: `must be ${FORMS}` });

export const ScopeTexts = z.array(ScopeText).min(1).max(50);

/** Reads what `ScopeText` accepts; throws on anything else, which would be a corrupt store. */
export const parseViewer = (text: string): Viewer => {
  const viewer = viewerOf(text);
  if (viewer === undefined) throw new Error('a stored scope is none');
  return viewer;
};

export const viewerText = (viewer: Viewer): string => {
  switch (viewer.kind) {
    case 'admin':
    case 'central':
    case 'metrics':
      return viewer.kind;
    case 'worker':
      return `${viewer.kind}:${viewer.workerId}`;
    case 'employer':
    case 'prime':
    case 'upper':
      return `${viewer.kind}:${viewer.companyId}`;
    case 'orderer-site':
      return `${viewer.kind}:${viewer.siteId}`;
    case 'orderer-contract':
      return `${viewer.kind}:${viewer.contractId}`;
  }
};

/** Several scopes in one line, for logs. */
export const scopeLine = (viewers: readonly Viewer[]): string => viewers.map(viewerText).join(' ');

export const isAdmin = (viewers: readonly Viewer[]): boolean =>
  viewers.some(({ kind }) => kind === 'admin');

/** Whether they may decide what is the 元請's of that site: the 元請 itself, and whoever runs the gateway. */
export const decidesAt = (
  viewers: readonly Viewer[],
  sites: readonly { readonly siteId: string; readonly primeId: string }[],
  siteId: string,
): boolean => {
  const primeId = sites.find((site) => site.siteId === siteId)?.primeId;
  return viewers.some(
    (viewer) =>
      viewer.kind === 'admin' || (viewer.kind === 'prime' && viewer.companyId === primeId),
  );
};

/** The same of the site of a contract. Whether there is such a contract is told to administrators alone. */
export const decidesOnContract = (
  viewers: readonly Viewer[],
  { sites, contracts }: Pick<Registry, 'sites' | 'contracts'>,
  contractId: string,
): boolean => {
  const siteId = contracts.find((row) => row.contractId === contractId)?.siteId;
  return siteId === undefined ? isAdmin(viewers) : decidesAt(viewers, sites, siteId);
};

/** Whether anything at all is closed to them. */
export const isLimited = (viewers: readonly Viewer[]): boolean =>
  !viewers.some(({ kind }) => kind === 'admin' || kind === 'central');
