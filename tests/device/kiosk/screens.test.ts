/** Screens that do not read. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { createScreens } from '../../../device/kiosk/screens.ts';

/** Together more than the kernel keeps for a connection of this machine. */
const VIEWS = 5_000;
const PADDING = 'x'.repeat(10_000);

test('a screen that stands still is sent the newest when it reads again, and not all that was meanwhile', async () => {
  const screens = createScreens();
  let number = 0;
  const app = new Hono();
  app.get(
    '/',
    screens.stream(() => ({ number, PADDING })),
  );
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes.toString();
  });
  const seen = () => [...text.matchAll(/"number":(\d+)/g)].map(([, digits]) => Number(digits));
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await expect.poll(seen).toEqual([0]);
  socket.pause();
  while (number < VIEWS) {
    number += 1;
    screens.send();
    await setImmediate();
  }
  socket.resume();
  await expect.poll(() => seen().at(-1)).toBe(VIEWS);
  expect(seen()).toEqual(seen().toSorted((a, b) => a - b));
  expect(seen().length).toBeLessThan(VIEWS);
  socket.destroy();
  server.closeAllConnections();
  server.close();
}, 30_000);
