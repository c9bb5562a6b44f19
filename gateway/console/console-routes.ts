/** The console (管理画面): pages for site managers and for who looks after terminals; what they show they ask of the API. */
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { pageRoutes } from '../../shared/web-page.ts';

/** Address → folder and name of the page's files, and its title where the pages lead to it. */
const PAGES: readonly (readonly [string, string, string, string?])[] = [
  ['/console', 'page', 'console', '入退場・掛金'],
  // Its script stands one folder down, where those of all the others are: they share what lies above.
  ['/console/home', 'page', 'console'],
  ['/console/log-in', 'log-in-page', 'log-in'],
  ['/console/account', 'account-page', 'account'],
  ['/console/reports', 'reports-page', 'reports', 'やること・帳票'],
  ['/console/why', 'why-page', 'why'],
  ['/console/documents', 'documents-page', 'documents', '書類'],
  ['/console/submissions', 'submissions-page', 'submissions', '報告書の提出'],
  ['/console/allocation', 'allocation-page', 'allocation', '充当'],
  ['/console/statements', 'statements-page', 'statements', '月締め・追加分'],
  ['/console/deadlines', 'deadlines-page', 'deadlines', '期限の暦'],
  ['/console/corrections', 'corrections-page', 'corrections', '訂正依頼'],
  ['/console/approvals', 'approvals-page', 'approvals', '日数の承認'],
  ['/console/reconciliation', 'reconciliation-page', 'reconciliation', '突合'],
  ['/console/fleet', 'fleet-page', 'fleet', '端末'],
  ['/console/enrolment', 'enrolment-page', 'enrolment', '端末の登録'],
  ['/console/audit', 'audit-page', 'audit', 'ログ分析'],
];

/** What stands above every page, for its script. */
const LINKS = PAGES.flatMap(([address, , , titleJa]) =>
  titleJa === undefined ? [] : [{ address, titleJa }],
);

/** What every page brings: who is logged in, and asking on their behalf. */
const SHARED = [
  ['who.js', 'text/javascript; charset=utf-8'],
  ['actor-text.js', 'text/javascript; charset=utf-8'],
  ['elements.js', 'text/javascript; charset=utf-8'],
  ['japan-date.js', 'text/javascript; charset=utf-8'],
  ['names.js', 'text/javascript; charset=utf-8'],
  ['report-text.js', 'text/javascript; charset=utf-8'],
  ['frame.css', 'text/css; charset=utf-8'],
] as const;

export const consoleRoutes = (): Hono => {
  const app = new Hono();
  for (const [address, folder, name] of PAGES)
    app.route(
      address,
      pageRoutes({
        folder: new URL(`./${folder}/`, import.meta.url),
        html: `${name}.html`,
        css: `${name}.css`,
        script: `${name}.js`,
      }),
    );
  app.get('/console/pages', (context) => context.json(LINKS));
  for (const [name, type] of SHARED) {
    const text = readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
    app.get(`/console/${name}`, (context) =>
      context.body(text, 200, {
        'content-type': type,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      }),
    );
  }
  return app;
};
