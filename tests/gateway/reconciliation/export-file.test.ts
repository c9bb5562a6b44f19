/** Exports through a mapping: read by headings that are a setting, whole or not at all, faults by line and heading. */
import iconv from 'iconv-lite';
import { describe, expect, test } from 'vitest';
import { ExportMapping, parseExportFile } from '../../../gateway/reconciliation/export-file.ts';

const SITE = '30000000000001';
const NEUTRAL = {
  source: 'ccus',
  month: '2026-11',
  columns: { siteId: 'siteId', workerId: 'workerId', workDate: 'workDate', way: 'way' },
  ways: { card: 'card' },
};
const read = (text: string | Uint8Array, mapping: object = NEUTRAL) =>
  parseExportFile(
    typeof text === 'string' ? Buffer.from(text) : text,
    ExportMapping.parse(mapping),
  );
const places = async (text: string, mapping: object = NEUTRAL) => {
  const parsed = await read(text, mapping);
  return parsed.ok ? [] : parsed.faults.map(({ place }) => place);
};

test('the neutral file', async () => {
  const parsed = await read(
    `siteId,workerId,workDate,way,ignored\r\n'${SITE},10000000000001,2026-11-02,card,x\r\n`,
  );
  expect(parsed).toMatchObject({
    ok: true,
    value: [
      { siteId: SITE, workerId: '10000000000001', workDate: '2026-11-02', way: 'card', count: 1 },
    ],
  });
});

test('a file with headings, dates and words of its own, in CP932', async () => {
  const text = '被共済者番号,就労日,登録方法,日数\r\n487654321,2026年11月2日,Ｒ方式,2\r\n';
  const parsed = await read(iconv.encode(text, 'cp932'), {
    source: 'kentaikyo',
    month: '2026-11',
    siteId: SITE,
    encoding: 'cp932',
    dateFormat: 'YYYY年M月D日',
    columns: { memberNo: '被共済者番号', workDate: '就労日', way: '登録方法', count: '日数' },
    ways: { Ｒ方式: 'r-method', 直接入力: 'direct-input' },
  });
  expect(parsed).toMatchObject({
    ok: true,
    value: [{ memberNo: '487654321', workDate: '2026-11-02', way: 'r-method', count: 2 }],
  });
});

describe('is refused', () => {
  test('with every fault by its line and heading', async () => {
    expect(
      await places(
        `siteId,workerId,workDate,way\n1,2,2026-11-31,card\n${SITE},10000000000001,2026-10-31,card\n`,
      ),
    ).toEqual([
      'line 2, column siteId',
      'line 2, column workerId',
      'line 2, column workDate',
      'line 3, column workDate',
    ]);
  });
  test.each([
    ['without a heading that is mapped', 'siteId,workerId,workDate\n', ['line 1']],
    ['with one twice', 'siteId,workerId,workDate,way,way\n', ['line 1']],
    ['empty', '', ['']],
  ])('%s', async (_what, text, expected) => {
    expect(await places(text)).toEqual(expected);
  });
  test.each<[string, object]>([
    ['a site both here and in a column', { ...NEUTRAL, siteId: SITE }],
    ['neither worker nor member', { ...NEUTRAL, columns: { siteId: 's', workDate: 'd' } }],
    ['a way that is none', { ...NEUTRAL, ways: { x: 'magic' } }],
    ['an unknown field', { ...NEUTRAL, layout: 'official' }],
  ])('as a mapping: %s', (_what, mapping) => {
    expect(ExportMapping.safeParse(mapping).success).toBe(false);
  });
});
