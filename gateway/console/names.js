/** Names that who is logged in may see, by id. */
import { ask } from './who.js';

/**
 * @typedef {object} Names
 * @property {ReadonlyMap<string, string>} workers
 * @property {ReadonlyMap<string, string>} companies
 * @property {ReadonlyMap<string, string>} sites
 */

/** Asked once a page: each look at the 作業員名簿 is logged. @returns {Promise<Names>} */
export const askNames = async () => {
  /** @type {{ rows: readonly Record<string, string | undefined>[] }} */
  const roster = await ask('/v1/reports/roster');
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
  };
};

/** Of works. A report over all dates: only for the pages that show them. @returns {Promise<ReadonlyMap<string, string>>} */
export const askContractNames = async () => {
  /** @type {{ totals: readonly { contractId: string, name: string }[] }} */
  const { totals } = await ask('/v1/reports/completion-summary');
  return new Map(totals.map(({ contractId, name }) => [contractId, name]));
};
