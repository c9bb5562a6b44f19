/** Exports over the API: a file for whoever may see its rows, and for each only those. */
import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ExportMappings } from '../../../gateway/csv-exports/export-mapping.ts';
import { type DocumentDesk, openDocumentDesk } from '../../fixtures/document-desk.ts';
import { DEMO_PRIME, DEMO_REBAR, MONTH } from '../../fixtures/worked-month.ts';

const mappings = ExportMappings.parse({
  'denshi-1': {
    of: 'contribution-days',
    columns: [
      { heading: '被共済者番号', field: 'memberNo' },
      { heading: '就労日', field: 'workDate' },
      { heading: '日数', field: 'days' },
    ],
    dateFormat: 'YYYY/MM/DD',
    encoding: 'cp932',
    payableOnly: true,
  },
  'lacks-a-word': {
    of: 'contribution-days',
    columns: [{ heading: '方式', field: 'method', codes: { stamps: 'S' } }],
  },
});

let desk: DocumentDesk;
beforeEach(() => {
  desk = openDocumentDesk({ exportMappings: mappings });
});
afterEach(() => desk.close());

const linesOf = async (response: Response): Promise<string[][]> =>
  parse(Buffer.from(await response.arrayBuffer()), { bom: true });

describe('exports', () => {
  test('are listed with fields and mappings', async () => {
    const { exports } = await (await desk.get('/v1/exports')).json();
    expect(exports[0]).toMatchObject({
      name: 'contribution-days',
      fields: [{ field: 'workDate', titleJa: '就労日', kind: 'date' }, ...Array(19).fill({})],
    });
    const mappingsOf = (at: number) =>
      exports[at].parameters.find(({ name }: { name: string }) => name === 'mapping')?.choices;
    expect(mappingsOf(0)).toEqual(['denshi-1', 'lacks-a-word']);
    expect(exports[1]).toMatchObject({ name: 'stamp-movements' });
    expect(mappingsOf(1)).toBeUndefined();
  });

  test('come neutral', async () => {
    const response = await desk.get(`/v1/exports/contribution-days?month=${MONTH}`);
    expect(response.headers.get('content-disposition')).toBe(
      'attachment; filename="contribution-days.csv"',
    );
    const lines = await linesOf(response);
    expect(lines).toHaveLength(485);
    expect(lines[0]?.slice(0, 3)).toEqual(['workDate', 'month', 'workerId']);
  });

  test('come through a mapping, in its characters', async () => {
    const response = await desk.get('/v1/exports/contribution-days?mapping=denshi-1');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=Shift_JIS');
    const text = iconv.decode(Buffer.from(await response.arrayBuffer()), 'cp932');
    const lines: string[][] = parse(text);
    expect(lines.slice(0, 2)).toEqual([
      ['被共済者番号', '就労日', '日数'],
      ['487650000', '2026/11/02', '1'],
    ]);
    // Officers and those without a number are not in it.
    expect(lines).toHaveLength(437);
  });

  test.each([
    ['/v1/exports/nothing', 404, 'nothing', 'no such export'],
    ['/v1/exports/contribution-days?mapping=none', 400, '/mapping', 'no such mapping'],
    ['/v1/exports/stamp-movements?mapping=denshi-1', 400, '/mapping', 'the other export’s'],
    ['/v1/exports/stamp-movements?month=2026-13', 400, '/month', 'no such month'],
    ['/v1/exports/stamp-movements?moth=2026-11', 400, '', 'a misspelt parameter'],
    [
      '/v1/exports/contribution-days?mapping=lacks-a-word',
      422,
      '/columns/0/codes',
      'a code without a word',
    ],
  ])('%s is refused with %i at %s (%s)', async (path, status, place) => {
    const response = await desk.get(path);
    expect(response.status).toBe(status);
    expect((await response.json()).faults.map((fault: { place: string }) => fault.place)).toEqual([
      place,
    ]);
  });

  test('hold for each scope its own rows, and say so', async () => {
    const ask = async (scope: string) => {
      const response = await desk.get('/v1/exports/contribution-days', await desk.issue(scope));
      return { viewing: response.headers.get('x-genba-viewing'), lines: await linesOf(response) };
    };
    const employer = await ask(`employer:${DEMO_REBAR}`);
    expect(employer.lines).toHaveLength(195);
    expect(JSON.parse(String(employer.viewing))).toMatchObject({
      scope: `employer:${DEMO_REBAR}`,
      narrowed: true,
    });
    expect((await ask(`prime:${DEMO_PRIME}`)).lines).toHaveLength(485);
    expect((await ask('worker:10260000000001')).lines).toHaveLength(26);
    expect((await ask('prime:29999999999999')).lines).toHaveLength(1);
  });
});
