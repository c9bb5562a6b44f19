/** Configurations: refused with every fault and its place; defaults where nothing is said. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { expectedPlaces, parseTerminalConfig, placeOfReader } from '../../device/config.ts';
import { parseGatewayConfig } from '../../gateway/config.ts';
import { SITE, TERMINAL, terminalSigner } from '../fixtures/identities.ts';

const terminal = {
  terminalId: TERMINAL,
  siteId: SITE,
  dataDir: 'data',
  signingKeyFile: 'key.pem',
  gateway: { url: 'mqtt://127.0.0.1:1883', publicKey: terminalSigner.publicKey },
};
const gateway = { dataDir: 'data', signingKeyFile: 'key.pem' };

describe('the terminal', () => {
  test('has defaults', () => {
    expect(parseTerminalConfig(JSON.stringify(terminal))).toMatchObject({
      ok: true,
      value: {
        repeatWindowMs: 60_000,
        maxShiftHours: 18,
        clockTrust: 'system-sync',
        kiosk: { port: 8_321 },
        sign: { showsNames: false },
        readers: { pcsc: true, places: [] },
      },
    });
  });

  test.each<[string, object, readonly string[]]>([
    [
      'nothing at all',
      {
        terminalId: undefined,
        siteId: undefined,
        dataDir: undefined,
        signingKeyFile: undefined,
        gateway: undefined,
      },
      ['/terminalId', '/siteId', '/dataDir', '/signingKeyFile', '/gateway'],
    ],
    ['a misspelt key', { repeatWindow: 5 }, ['']],
    [
      'a port and a window out of range',
      { kiosk: { port: 70_000 }, repeatWindowMs: 10 },
      ['/kiosk/port', '/repeatWindowMs'],
    ],
    [
      'a URL of another kind',
      { gateway: { ...terminal.gateway, url: 'http://x' } },
      ['/gateway/url'],
    ],
    ...['mqtt://10.0.0.5:1883', 'mqtt://gateway.example', 'MQTT://127.0.0.1.example'].map(
      (url): [string, object, readonly string[]] => [
        `plain MQTT to another machine, ${url}`,
        { gateway: { ...terminal.gateway, url } },
        ['/gateway/url'],
      ],
    ),
  ])('with %s is refused', (_what, fields, places) => {
    const parsed = parseTerminalConfig(JSON.stringify({ ...terminal, ...fields }));
    expect(parsed.ok ? [] : parsed.faults.map(({ place }) => place)).toEqual(places);
  });

  test('a reader stands where the first match says, and elsewhere serves both ways', () => {
    const parsed = parseTerminalConfig(
      JSON.stringify({
        ...terminal,
        readers: {
          places: [
            { match: 'PaSoRi 00', readerId: '入口', direction: 'in' },
            { match: 'PaSoRi', readerId: '出口', direction: 'out' },
          ],
          serial: [{ path: '/dev/genba/reader-1', readerId: '裏口', direction: 'in' }],
        },
        cameras: {
          serial: [{ path: '/dev/genba/camera-1', camera: '入口カメラ', direction: 'in' }],
        },
      }),
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const config = parsed.value;
    expect(placeOfReader(config, '/dev/genba/reader-1').readerId).toBe('裏口');
    expect(placeOfReader(config, '入口カメラ')).toEqual({
      readerId: '入口カメラ',
      direction: 'in',
    });
    expect(placeOfReader(config, 'Sony PaSoRi 00 00')).toEqual({
      readerId: '入口',
      direction: 'in',
    });
    expect(placeOfReader(config, 'Sony PaSoRi 01 00')).toEqual({
      readerId: '出口',
      direction: 'out',
    });
    expect(placeOfReader(config, 'ACR1252')).toEqual({ readerId: 'ACR1252', direction: 'auto' });
  });

  test('a reader is told by its USB port and never by the order of enumeration', () => {
    const places = [
      { match: '@usb-1-1.1', readerId: '入口', direction: 'in' },
      { match: '@usb-1-1.10', readerId: '出口', direction: 'out' },
    ];
    const parsed = parseTerminalConfig(JSON.stringify({ ...terminal, readers: { places } }));
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
    const idOf = (reader: string) => placeOfReader(parsed.value, reader).readerId;
    expect([idOf('ACR122U 00 00 @usb-1-1.1'), idOf('ACR122U 01 00 @usb-1-1.1')]).toEqual([
      '入口',
      '入口',
    ]);
    expect(idOf('ACR122U 00 00 @usb-1-1.10')).toBe('出口');
    // A hub in that port: another port.
    expect(idOf('ACR122U 00 00 @usb-1-1.1.2')).toBe('ACR122U 00 @usb-1-1.1.2');
    // A place for none of them: two readers of one kind are still told apart, the same from boot to boot.
    expect(idOf('ACR122U 03 00 @usb-1-2')).toBe(idOf('ACR122U 07 00 @usb-1-2'));
    expect(idOf(`${'long '.repeat(30)}00 00 @usb-1-2`)).toMatch(/00 @usb-1-2$/);
    expect(expectedPlaces(parsed.value).map(({ readerId }) => readerId)).toEqual(['入口', '出口']);
  });
});

describe('the gateway', () => {
  test('has defaults, on loopback', () => {
    expect(parseGatewayConfig(JSON.stringify(gateway))).toMatchObject({
      ok: true,
      value: {
        http: { host: '127.0.0.1', port: 8_320 },
        broker: { kind: 'embedded', host: '127.0.0.1', port: 1_883 },
        terminals: [],
        tokens: [],
      },
    });
  });

  const row = { terminalId: TERMINAL, siteId: SITE, publicKey: terminalSigner.publicKey };
  test('takes a terminal for its own site alone, where nothing else is said', () => {
    expect(parseGatewayConfig(JSON.stringify({ ...gateway, terminals: [row] }))).toMatchObject({
      ok: true,
      value: { terminals: [{ ...row, furtherSiteIds: [] }] },
    });
  });

  test.each<[string, object, readonly string[]]>([
    ['plain HTTP for everybody', { http: { host: '0.0.0.0' } }, ['/http/host']],
    [
      'plain MQTT for everybody',
      { broker: { kind: 'embedded', host: '0.0.0.0' } },
      ['/broker/host'],
    ],
    [
      'a site that is none',
      { terminals: [{ ...row, furtherSiteIds: [SITE, 'x'] }] },
      ['/terminals/0/furtherSiteIds/1'],
    ],
    ['a terminal twice', { terminals: [row, row] }, ['/terminals/1/terminalId']],
    [
      'a token in the clear',
      { tokens: [{ name: 'x', sha256: 'secret', scope: 'read' }] },
      ['/tokens/0/sha256'],
    ],
    ['a broker of no kind', { broker: { kind: 'other' } }, ['/broker/kind']],
  ])('with %s is refused', (_what, fields, places) => {
    const parsed = parseGatewayConfig(JSON.stringify({ ...gateway, ...fields }));
    expect(parsed.ok ? [] : parsed.faults.map(({ place }) => place)).toEqual(places);
  });
});

describe.each(['device/main.ts', 'gateway/main.ts'])('%s as a process', (name) => {
  const program = fileURLToPath(new URL(`../../${name}`, import.meta.url));
  const run = (...line: readonly string[]) =>
    spawnSync(process.execPath, [program, ...line], { encoding: 'utf8' });

  test.each<[string, readonly string[], string]>([
    ['no configuration', [], 'usage:'],
    ['an option that is not', ['--nonsense'], 'usage:'],
    ['a file that is not', ['--config', 'nowhere.json'], 'no such file'],
    ['a folder for a file', ['--config', tmpdir()], 'cannot be read'],
  ])('with %s prints why and exits 2', (_what, line, said) => {
    const { status, stderr } = run(...line);
    expect(status).toBe(2);
    expect(stderr).toContain(said);
  });

  test('tells how it is used where somebody asks', () => {
    const { status, stdout, stderr } = run('--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('usage:');
  });

  test('with a faulty configuration names every fault and exits 2', () => {
    const folder = mkdtempSync(join(tmpdir(), 'genba-config-'));
    const file = join(folder, 'config.json');
    writeFileSync(file, '{"dataDir": 5}');
    const { status, stderr } = run('--config', file);
    rmSync(folder, { recursive: true });
    expect(status).toBe(2);
    expect(stderr).toContain('/dataDir');
    expect(stderr).toContain('/signingKeyFile');
  });
});
