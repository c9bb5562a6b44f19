/** What counts as this machine: by the host of a setting or a URL. */
import { expect, test } from 'vitest';
import { isLoopbackHost, isLoopbackUrl } from '../../shared/loopback.ts';

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['::1', true],
  ['[::1]', true],
  ['localhost.example', false],
  ['127.0.0.1.example', false],
  ['0.0.0.0', false],
  ['::', false],
  ['', false],
])('%j: %j', (host, is) => {
  expect(isLoopbackHost(host)).toBe(is);
});

test.each([
  ['mqtt://[::1]:1883', true],
  ['http://localhost/x', true],
  ['http://localhost@elsewhere.example', false],
  ['localhost', false],
])('%j: %j', (url, is) => {
  expect(isLoopbackUrl(url)).toBe(is);
});
