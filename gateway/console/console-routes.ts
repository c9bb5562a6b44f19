/** The console (管理画面): one page for site managers; what it shows it asks of the API with a token. */
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
  return app;
};
