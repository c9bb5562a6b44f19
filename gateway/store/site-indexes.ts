/** Touches and changes of one site in the order of the feeds (現場ごとの続き読み): a quiet site's are found at once. */

export const SITE_INDEXES = `
  -- Both end with the row's own number, by which the feeds go on.
  create index tap_by_site on tap (site_id);
  create index change_by_site on change (site_id);`;
