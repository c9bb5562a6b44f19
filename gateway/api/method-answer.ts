/**
 * What a path answers where no route of it has the method (使えるメソッド), by RFC 9110: OPTIONS says which it has
 * (9.3.7), HEAD is where GET is (9.3.2), every other one is told which there are (405, 15.5.6).
 */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { problem } from './problem.ts';

/** That routes are made for. */
const METHODS = ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'];

/** Undefined where a route answers, and where no route has the path at all. */
export type MethodAnswer = (context: Context) => Response | undefined;

export const createMethodAnswer = ({ router }: Pick<OpenAPIHono, 'router'>): MethodAnswer => {
  /** What stands before every route is of no method. */
  const hasRoute = (method: string, path: string): boolean =>
    router.match(method, path)[0].some(([[, route]]) => route.method === method);

  return (context) => {
    const { method, path } = context.req;
    if (method !== 'OPTIONS' && hasRoute(method === 'HEAD' ? 'GET' : method, path))
      return undefined;
    const methods = METHODS.filter((each) => hasRoute(each, path));
    if (methods.length === 0) return undefined;
    const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
    context.header('allow', allowed.toSorted().join(', '));
    return method === 'OPTIONS' ? context.body(null, 204) : problem(context, 405);
  };
};
