/** What systemd hears, on a real datagram socket. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSocket } from 'unix-dgram';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createNotify } from '../../shared/notify.ts';
import { createEventLog, type EventLog } from '../fixtures/event-log.ts';

let folder: string;
let heard: EventLog<string>;
let close: () => void;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genba-notify-'));
});
afterEach(() => {
  close();
  rmSync(folder, { recursive: true });
});

const listen = (path: string): void => {
  heard = createEventLog<string>();
  const socket = createSocket('unix_dgram', (message) => heard.add(message.toString()));
  socket.bind(path.replace(/^@/, '\0'));
  close = () => socket.close();
};

describe('notify', () => {
  test.each([
    ['a socket with a path', () => join(folder, 'notify')],
    ['an abstract socket', () => `@${folder}`],
  ])('tells %s', async (_what, pathOf) => {
    listen(pathOf());
    const notify = await createNotify(pathOf());
    notify.ready();
    notify.alive();
    notify.status('two\nlines');
    notify.stopping();
    await heard.next((message) => message === 'STOPPING=1', 0);
    expect(heard.events).toEqual(['READY=1', 'WATCHDOG=1', 'STATUS=two lines', 'STOPPING=1']);
  });

  test('without anybody listening says nothing, and without systemd neither', async () => {
    listen(join(folder, 'other'));
    (await createNotify(join(folder, 'gone'))).alive();
    (await createNotify(undefined)).alive();
    expect(heard.events).toEqual([]);
  });
});
