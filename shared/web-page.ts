/** Serves the small pages of this product as they are: HTML, CSS, and JavaScript typed by its comments. */
import { readFileSync } from 'node:fs';
import { type Handler, Hono } from 'hono';

/** Only what the page itself brings; nothing inline, nothing from elsewhere, no framing. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface PageFiles {
  /** Folder URL, with a slash at its end. */
  readonly folder: URL;
  readonly html: string;
  readonly css: string;
  readonly script: string;
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Answers with a script ; its file is read once. */
export const scriptFile = (file: URL): Handler => {
  const code = readFileSync(file, 'utf8');
  return (context) =>
    context.body(code, 200, { ...HEADERS, 'content-type': 'text/javascript; charset=utf-8' });
};

/** Routes `/`, `/page.css` and `/page.js`; files are read once. */
export const pageRoutes = ({ folder, html, css, script }: PageFiles): Hono => {
  const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
  const page = text(html);
  const styles = text(css);
  const app = new Hono();
  app.get('/', (context) =>
    context.html(page, 200, {
      ...HEADERS,
      'content-security-policy': PAGE_POLICY,
      'referrer-policy': 'no-referrer',
    }),
  );
  app.get('/page.css', (context) =>
    context.body(styles, 200, { ...HEADERS, 'content-type': 'text/css; charset=utf-8' }),
  );
  app.get('/page.js', scriptFile(new URL(script, folder)));
  return app;
};
