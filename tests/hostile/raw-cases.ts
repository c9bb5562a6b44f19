/**
 * Requests whose end two readers could see in two places (リクエストの密輸). Each hides a second one, with an
 * administrator's token, that a server in front would not have seen: it must not be carried out.
 */
export interface RawCase {
  readonly what: string;
  readonly bytesOf: (hidden: string, host: string) => string;
}

const begin = (method: string, host: string, ...lines: readonly string[]): string =>
  [`${method} /healthz HTTP/1.1`, `Host: ${host}`, ...lines, '', ''].join('\r\n');

export const RAW_CASES: readonly RawCase[] = [
  {
    what: 'a length and chunks',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, `Content-Length: 5`, 'Transfer-Encoding: chunked')}0\r\n\r\n${hidden}`,
  },
  {
    what: 'chunks and a length',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, 'Transfer-Encoding: chunked', `Content-Length: ${hidden.length + 5}`)}0\r\n\r\n${hidden}`,
  },
  {
    what: 'two lengths',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, 'Content-Length: 0', `Content-Length: ${hidden.length}`)}${hidden}`,
  },
  {
    what: 'two lengths in one',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, `Content-Length: 0, ${hidden.length}`)}${hidden}`,
  },
  {
    what: 'a length below nothing',
    bytesOf: (hidden, host) => `${begin('POST', host, 'Content-Length: -1')}${hidden}`,
  },
  {
    what: 'a length with a plus',
    bytesOf: (hidden, host) => `${begin('POST', host, 'Content-Length: +0')}${hidden}`,
  },
  {
    what: 'a length in hex',
    bytesOf: (hidden, host) => `${begin('POST', host, 'Content-Length: 0x0')}${hidden}`,
  },
  {
    what: 'chunks under another name',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, 'Transfer-Encoding: xchunked')}0\r\n\r\n${hidden}`,
  },
  {
    what: 'chunks twice',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity', 'Content-Length: 3')}0\r\n\r\n${hidden}`,
  },
  {
    what: 'chunks behind a blank',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, 'Transfer-Encoding : chunked', 'Content-Length: 5')}0\r\n\r\n${hidden}`,
  },
  {
    what: 'a folded header',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, 'X-A: b', ' Content-Length: 0')}${hidden.replace('GET', ' GET')}`,
  },
  {
    what: 'a chunk of endless size',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, 'Transfer-Encoding: chunked')}ffffffffffffffffff\r\n${hidden}`,
  },
  {
    what: 'a chunk size that is none',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, 'Transfer-Encoding: chunked')}0;\n\r\nx\r\n${hidden}`,
  },
  {
    what: 'a zero byte in a header',
    bytesOf: (hidden, host) => `${begin('POST', host, 'X-A: b\0c')}${hidden}`,
  },
  {
    what: 'a lone carriage return',
    bytesOf: (hidden, host) => `${begin('POST', host, 'X-A: b\rContent-Length: 0')}${hidden}`,
  },
  {
    what: 'a header that is too long',
    bytesOf: (hidden, host) => `${begin('POST', host, `X-A: ${'a'.repeat(40_000)}`)}${hidden}`,
  },
  { what: 'a method that is none', bytesOf: (hidden, host) => `${begin('GE\tT', host)}${hidden}` },
  { what: 'no host', bytesOf: (hidden) => `GET /healthz HTTP/1.1\r\n\r\n${hidden}` },
  {
    what: 'HTTP of another time',
    bytesOf: (hidden, host) => `${begin('GET', host).replace('HTTP/1.1', 'HTTP/0.9')}${hidden}`,
  },
  {
    what: 'a tunnel',
    bytesOf: (hidden) => `CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n${hidden}`,
  },
  {
    what: 'an expectation that is none',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, 'Expect: 200-maybe', `Content-Length: ${hidden.length}`)}${hidden}`,
  },
  {
    what: 'a body behind a question',
    bytesOf: (hidden, host) => `${begin('GET', host, `Content-Length: ${hidden.length}`)}${hidden}`,
  },
  {
    what: 'an upgrade with a body',
    bytesOf: (hidden, host) =>
      `${begin('POST', host, 'Connection: Upgrade', 'Upgrade: h2c', `Content-Length: ${hidden.length}`)}${hidden}`,
  },
  { what: 'plain HTTP/2', bytesOf: (hidden) => `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden}` },
];
