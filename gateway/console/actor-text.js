/** Who did something, as the audit log names them, in words. */

/** @type {Record<string, string>} */
const ACTORS_JA = {
  token: 'トークン',
  user: 'アカウント',
  terminal: '端末',
  address: 'アドレス',
  gateway: '中継サーバ',
  command: '保守コマンド',
};
/** @param {string} actor */
export const actorJa = (actor) => {
  const [kind = '', id] = actor.split(/:(.*)/);
  return `${ACTORS_JA[kind] ?? kind}${id === undefined ? '' : ` ${id}`}`;
};
