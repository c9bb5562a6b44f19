/** The console (管理画面): pages for site managers and for who looks after terminals; what they show they ask of the API. */
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { pageRoutes } from '../../shared/web-page.ts';

/** Address → folder and name of the page's files. */
const PAGES = [
  ['/console', 'page', 'console'],
  // Its script stands one folder down, where those of all the others are: they share what lies above.
  ['/console/home', 'page', 'console'],
  ['/console/log-in', 'log-in-page', 'log-in'],
  ['/console/account', 'account-page', 'account'],
  ['/console/fleet', 'fleet-page', 'fleet'],
  ['/console/reports', 'reports-page', 'reports'],
  ['/console/allocation', 'allocation-page', 'allocation'],
  ['/console/corrections', 'corrections-page', 'corrections'],
] as const;

/** What every page brings: who is logged in, and asking on their behalf. */
const SHARED = [
  ['who.js', 'text/javascript; charset=utf-8'],
  ['who.css', 'text/css; charset=utf-8'],
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
