/** The console (管理画面): pages for site managers and for who looks after terminals; what they show they ask of the API. */
import { Hono } from 'hono';
import { pageRoutes } from '../../shared/web-page.ts';

/** Address → folder and name of the page's files. */
const PAGES = [
  ['/console', 'page', 'console'],
  ['/console/fleet', 'fleet-page', 'fleet'],
  ['/console/reports', 'reports-page', 'reports'],
  ['/console/allocation', 'allocation-page', 'allocation'],
  ['/console/corrections', 'corrections-page', 'corrections'],
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
  return app;
};
