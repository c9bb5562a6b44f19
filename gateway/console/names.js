/** Names of people, companies, sites and works that who is logged in may see, by id. */
import { ask } from './who.js';

/**
 * @typedef {object} Names
 * @property {ReadonlyMap<string, string>} workers
 * @property {ReadonlyMap<string, string>} companies
 * @property {ReadonlyMap<string, string>} sites
 * @property {ReadonlyMap<string, string>} contracts
 */

/** Asked once a page: each look at the 作業員名簿 is logged. @returns {Promise<Names>} */
export const askNames = async () => {
  const [roster, summary] =
    /** @type {[{ rows: readonly Record<string, string | undefined>[] }, { totals: readonly { contractId: string, name: string }[] }]} */ (
      await Promise.all([ask('/v1/reports/roster'), ask('/v1/reports/completion-summary')])
    );
  /** @param {string} id @param {string} name */
  const byId = (id, name) =>
    new Map(
      roster.rows.flatMap((row) => {
        const [key, text] = [row[id], row[name]];
        return key === undefined || text === undefined ? [] : [[key, text]];
      }),
    );
  return {
    workers: byId('workerId', 'name'),
    companies: byId('companyId', 'companyName'),
    sites: byId('siteId', 'siteName'),
    contracts: new Map(summary.totals.map(({ contractId, name }) => [contractId, name])),
  };
};
