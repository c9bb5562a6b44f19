/** Names that look like others, names that would become headers, and cookies without end. */
import { bearer, type HttpCase, json } from './http-cases.ts';

/** Names that a person would take for another's. */
const lookAlikes: readonly HttpCase[] = [
  'ｋａｎｒｉ',
  'k\u0430nri',
  'kanri\u200b',
  '\u202eirnak',
  'kanri\u0301',
  'KANRI',
  ' kanri',
].flatMap((name) =>
  ['/v1/accounts', '/v1/tokens'].map((path) => ({
    what: `the name ${JSON.stringify(name)} for ${path}`,
    send: json(
      JSON.stringify({ name, scopes: ['central'], password: 'umi no mukou no shima' }),
      path,
      'POST',
    ),
    statuses: [400],
  })),
);

/** What must not come back as a header of the answer. */
const headerInjection: readonly HttpCase[] = [
  '/v1/documents/worker-roster?format=csv%0d%0aSet-Cookie:%20a=b',
  '/v1/documents/worker-roster?format=csv%22;filename=%22x.html',
  '/v1/exports/x%0d%0aSet-Cookie:%20a=b',
  '/v1/registry/workers%0d%0aSet-Cookie:%20a=b',
  '/v1/quarantine/1%0d%0aSet-Cookie:%20a=b',
].map((path) => ({
  what: `a header in ${path}`,
  send: (site) => site.ask(path, { headers: bearer(site.tokens.get('admin')) }),
  statuses: [400, 404],
}));

const cookies: readonly HttpCase[] = [
  {
    what: 'a thousand cookies',
    send: (site) =>
      site.ask('/v1/accounts', {
        headers: { cookie: Array.from({ length: 1_000 }, (_, at) => `c${at}=x`).join('; ') },
      }),
    statuses: [401],
  },
  {
    what: 'a megabyte of cookies',
    send: (site) =>
      site
        .sendRaw(
          `GET /v1/accounts HTTP/1.1\r\nHost: ${site.host}\r\nCookie: a=${'x'.repeat(1_000_000)}\r\n\r\n`,
        )
        .then((text) => ({
          status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 431),
          headers: {},
          text: '',
        })),
    statuses: [431],
  },
  {
    what: 'a cookie that is a prototype',
    send: (site) =>
      site.ask('/v1/accounts', {
        headers: { cookie: '__proto__=x; constructor=y; __Host-genba=z' },
      }),
    statuses: [401],
  },
];

/** Rows of a registry that a person would take for others, as an office whose machine was taken over would send them. */
const rows: readonly HttpCase[] = (
  [
    ['workers', 'workerId', '１０２６００００００００01'],
    ['workers', 'workerId', '1026000000000\u200B1'],
    ['workers', 'workerId', '10260000000001\n'],
    ['workers', 'name', '山田\u202E郎太'],
    ['workers', 'name', '\u2067山田 太郎'],
    ['workers', 'name', '山田\u200B太郎'],
    ['workers', 'kana', 'ヤマダ\u3164タロウ'],
    ['workers', 'trade', '鳶\uFEFF'],
    ['companies', 'name', '港建設\u200F'],
    ['companies', 'contactEmail', 'office@ex\u0430mple.jp'],
    ['companies', 'contactEmail', 'office\u200B@example.jp'],
    ['companies', 'contactEmail', 'ｏｆｆｉｃｅ@example.jp'],
    ['companies', 'contractorNo', '５１-00001'],
    ['sites', 'name', '港\u2066ビル'],
    ['cards', 'cardId', '０123456789ABCDEF'],
    ['cards', 'cardId', '\u0410123456789ABCDEF'],
    ['contracts', 'contractId', 'Ｃ-1'],
    ['contracts', 'contractId', '\u0421-1'],
    ['contracts', 'contractId', 'C-1\u00A0'],
    ['contracts', 'ordererName', '市\u202D役所'],
  ] as const
).map(([table, field, text]) => ({
  what: `${JSON.stringify(text)} as ${field} of ${table}`,
  send: async (site) => {
    const [row] = site.bench.gateway.registry()[table];
    const answer = await json(
      JSON.stringify([{ ...row, [field]: text }]),
      `/v1/registry/${table}`,
      'PUT',
    )(site);
    // Refused for this very field, not for something else.
    return answer.text.includes(`/${table}/0/${field}`) ? answer : { ...answer, status: 599 };
  },
  statuses: [422],
}));

export const NAME_CASES: readonly HttpCase[] = [
  ...rows,
  ...lookAlikes,
  ...headerInjection,
  ...cookies,
];
