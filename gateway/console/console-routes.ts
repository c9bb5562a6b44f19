/** The console (管理画面): pages for site managers and for who looks after terminals; what they show they ask of the API. */
import { Hono } from 'hono';
import { pageRoutes } from '../../shared/web-page.ts';

export const consoleRoutes = (): Hono => {
  const app = new Hono();
  app.route(
    '/console',
    pageRoutes({
      folder: new URL('./page/', import.meta.url),
      html: 'console.html',
      css: 'console.css',
      script: 'console.js',
    }),
  );
  app.route(
    '/console/fleet',
    pageRoutes({
      folder: new URL('./fleet-page/', import.meta.url),
      html: 'fleet.html',
      css: 'fleet.css',
      script: 'fleet.js',
    }),
  );
  app.route(
    '/console/reports',
    pageRoutes({
      folder: new URL('./reports-page/', import.meta.url),
      html: 'reports.html',
      css: 'reports.css',
      script: 'reports.js',
    }),
  );
  app.route(
    '/console/allocation',
    pageRoutes({
      folder: new URL('./allocation-page/', import.meta.url),
      html: 'allocation.html',
      css: 'allocation.css',
      script: 'allocation.js',
    }),
  );
  return app;
};
