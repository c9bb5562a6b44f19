/** What comes from other offices and from people: bounces, exports of CCUS and 建退共, a provider's word, cookies, names. */
import { readFileSync } from 'node:fs';
import { createProvider } from '../../../gateway/access/oidc.ts';
import { OidcConfig } from '../../../gateway/access/oidc-config.ts';
import { personOf } from '../../../gateway/access/provider-person.ts';
import { readDeliveryReport, statusText } from '../../../gateway/mail/delivery-report.ts';
import { ExportMapping, parseExportFile } from '../../../gateway/reconciliation/export-file.ts';
import { keyText, madeVisible, plainText } from '../../../shared/plain-text.ts';
import { bounceOf } from '../../fixtures/bounce.ts';
import { SITE, WORKER } from '../../fixtures/identities.ts';
import { must, mustBeResult, type Target } from '../target.ts';
import { openGatewayWorld } from './services.ts';

const bouncesOf = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/bounces/${name}.eml`, import.meta.url));

const bounce: Target = {
  name: 'mail-bounce',
  share: 3,
  open: () => ({
    samples: [
      Buffer.from(bounceOf('office@example.jp', '<1@genba.example.jp>')),
      bouncesOf('postfix-3.7'),
      bouncesOf('exim-4.96'),
    ],
    words: [
      'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n',
      'Content-Type: message/rfc822\r\n\r\n',
      'Content-Transfer-Encoding: base64\r\n',
      'Content-Transfer-Encoding: quoted-printable\r\n',
      '=?utf-8?B?44GC?=',
      '; charset=iso-2022-jp',
      '\r\n\r\n',
      'Action: failed\r\n',
      '--b--',
    ],
    run: async (input) => {
      const report = await readDeliveryReport(input);
      mustBeResult(report);
      if (!report.ok) return;
      for (const recipient of report.value.recipients)
        must(/ \d\.\d{1,3}\.\d{1,3}/.test(statusText(recipient)), 'a status', recipient);
    },
  }),
};

const MAPPING = {
  source: 'ccus',
  month: '2026-11',
  dateFormat: 'YYYY/M/D',
  columns: { siteId: '現場ID', workerId: '技能者ID', workDate: '就労日', way: '方法', count: '数' },
  ways: { カード: 'card', 直接: 'direct-input' },
};

/** First line the mapping, what follows is the file. */
const exported: Target = {
  name: 'exported-file',
  share: 3,
  open: () => ({
    samples: [
      Buffer.from(
        `${JSON.stringify(MAPPING)}\n現場ID,技能者ID,就労日,方法,数\r\n${SITE},${WORKER},2026/11/2,カード,1\r\n`,
      ),
    ],
    words: [
      ',',
      '"',
      '\r\n',
      '2026/11/31',
      'カード',
      '直接',
      '-1',
      '"encoding":"cp932",',
      'PK\x03\x04',
    ],
    run: async (input) => {
      const end = input.indexOf('\n');
      let asked: unknown;
      try {
        asked = JSON.parse(input.subarray(0, Math.max(0, end)).toString());
      } catch {
        asked = MAPPING;
      }
      const mapping = ExportMapping.safeParse(asked);
      const parsed = await parseExportFile(
        input.subarray(end + 1),
        mapping.success ? mapping.data : ExportMapping.parse(MAPPING),
      );
      mustBeResult(parsed);
      if (!parsed.ok) return;
      for (const day of parsed.value)
        must(/^\d{4}-\d{2}-\d{2}$/.test(day.workDate) && day.count >= 0, 'a day of work', day);
    },
  }),
};

const PROVIDER = OidcConfig.parse({
  // Nobody listens there: what gets so far is refused at once.
  issuer: 'http://127.0.0.1:1',
  clientId: 'genba',
  scopesByValue: { minato: ['prime:20000000000001'] },
});

const providerWord: Target = {
  name: 'provider-word',
  share: 6,
  open: () => {
    const provider = createProvider(PROVIDER, 'secret');
    return {
      samples: [
        { sub: 'u-1', preferred_username: 'Takahashi', groups: ['minato', 'others'] },
        { sub: 'u-1', groups: 'minato' },
        { state: 'a', nonce: 'b', verifier: 'c', to: '/console' },
      ].map((claims) => Buffer.from(JSON.stringify(claims))),
      words: ['"sub":', '"groups":["minato"]', '"minato"', '"__proto__"', '"constructor"'],
      run: async (input, random) => {
        let claims: unknown;
        try {
          claims = JSON.parse(input.toString());
        } catch {
          claims = undefined;
        }
        if (typeof claims === 'object' && claims !== null) {
          const person = personOf({ ...claims }, PROVIDER);
          if (person !== undefined)
            must(
              person.scopes.length === 1 && person.scopes[0] === 'prime:20000000000001',
              'the scopes of the settings',
              person,
            );
        }
        // What a browser brings back in its cookie; sound ones ask the provider, which is not there.
        if (!random.chance(0.1)) return;
        const kept = random.chance(0.5) ? input.toString('base64url') : input.toString('latin1');
        const url = new URL('https://gateway.example/console/session/provider/callback?code=x');
        mustBeResult(await provider.finish(url, kept));
      },
    };
  },
};

const cookie: Target = {
  name: 'cookies',
  share: 2,
  open: () => {
    const world = openGatewayWorld();
    return {
      samples: [
        `genba=${'A'.repeat(43)}; genba-browser=${'B'.repeat(43)}`,
        `__Host-genba=${'A'.repeat(43)}; genba-oidc=e30`,
      ].map((text) => Buffer.from(text)),
      words: ['; ', '=', 'genba=', '__Host-genba=', '%00', '%', '"', 'genba-oidc='],
      run: async (input, random) => {
        const path = random.pick([
          '/console/session',
          '/v1/terminals',
          '/console/session/provider/callback?code=x',
        ]);
        const headers = { 'sec-fetch-site': 'same-origin' };
        let request: Request;
        try {
          request = new Request(`http://127.0.0.1${path}`, {
            headers: { ...headers, cookie: input.toString('latin1') },
          });
        } catch {
          return; // No header can be written with it.
        }
        const response = await world.api.request(request);
        const text = await response.text();
        must(response.status < 500, 'a refusal and no failure', { path, status: response.status });
        must(!text.includes('"name"'), 'nobody is logged in by it', text.slice(0, 200));
      },
      close: () => world.ledger.close(),
    };
  },
};

const Name = plainText(1_000_000);
const Key = keyText(1_000_000);
const TURNING = /[\u061C\u200B\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/;

const names: Target = {
  name: 'plain-text',
  share: 10,
  open: () => ({
    samples: [
      '山田 太郎',
      '髙﨑\u{E0100}',
      'か\u3099',
      'Nguyễn Thị Hương',
      'राम श्रेष्\u200Dठ',
      'C-2026/1',
    ].map((text) => Buffer.from(text)),
    words: [
      '\u202E',
      '\u200B',
      '\u3099',
      '\u0301',
      '\u200D',
      '\uFE0F',
      '\u{E0100}',
      'Ａ',
      '\u0410',
      '\u{FA1B}',
    ],
    run: (input) => {
      const text = input.toString();
      const shown = madeVisible(text);
      must(
        !TURNING.test(shown) && madeVisible(shown) === shown,
        'nothing that turns the line',
        shown,
      );
      for (const schema of [Name, Key]) {
        const parsed = schema.safeParse(text);
        if (!parsed.success) {
          must(parsed.error.issues.length > 0, 'a fault');
          continue;
        }
        must(!TURNING.test(parsed.data), 'nothing that turns the line', parsed.data);
        must(schema.safeParse(parsed.data).data === parsed.data, 'the same again', parsed.data);
      }
    },
  }),
};

export const OFFICE_TARGETS: readonly Target[] = [bounce, exported, providerWord, cookie, names];
