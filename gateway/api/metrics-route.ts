/**
 * `GET /metrics`: for Prometheus, on this machine without a token, from elsewhere with one of scope
 * `metrics`.
 */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { routePath } from 'hono/route';
import type { Access } from '../access/access.ts';
import { isFromHere } from '../access/client.ts';
import type { Metrics } from '../metrics.ts';
import { problem } from './problem.ts';

export interface MetricsRouteDeps {
  readonly access: Pick<Access, 'clientOf' | 'principalOf'>;
  readonly metrics: Metrics;
}

/** Registered before every other route, so that it sees them all. */
export const measureRequests = (app: OpenAPIHono, { metrics }: MetricsRouteDeps): void => {
  app.use('*', async (context, next) => {
    const began = performance.now();
    await next();
    const pattern = routePath(context, -1);
    metrics.onRequest(
      {
        // Of those that the server knows: it lets no other in.
        method: context.req.method,
        route: pattern === '*' || pattern === '/*' || pattern === '' ? 'none' : pattern,
        status: context.res.status,
      },
      (performance.now() - began) / 1_000,
    );
  });
};

export const metricsRoute = (app: OpenAPIHono, { access, metrics }: MetricsRouteDeps): void => {
  app.get('/metrics', async (context) => {
    if (!isFromHere(context, access.clientOf(context))) {
      const principal = access.principalOf(context);
      if (principal === undefined) return problem(context, 401);
      if (!principal.viewers.some(({ kind }) => kind === 'metrics' || kind === 'admin'))
        return problem(context, 403);
    }
    return context.body(await metrics.text(), 200, {
      'content-type': metrics.contentType,
      'cache-control': 'no-store',
    });
  });
};
