/** What leads to this machine and nowhere else (自分自身): there nothing needs to be encrypted. */

const NAMES = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);
const ADDRESS = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/** A host as a setting names it, or as it stands in a URL. */
export const isLoopbackHost = (host: string): boolean => NAMES.has(host);

/** By its host; false for what is no URL. */
export const isLoopbackUrl = (url: string): boolean =>
  URL.canParse(url) && isLoopbackHost(new URL(url).hostname);

/** The other end of a connection, as its socket tells it. */
export const isLoopbackAddress = (address: string): boolean => ADDRESS.test(address);
