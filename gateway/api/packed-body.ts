/**
 * Bodies that are packed (圧縮された本文) are refused before anybody reads them: nothing that comes from outside is ever
 * unpacked here, so nothing can be larger than the bytes that were sent.
 */
import type { MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

/** ZIP – which workbooks are, too –, gzip and their like. Not `application/vnd.ms-excel`: Windows calls a CSV that. */
const PACKED_TYPE =
  /^(application\/(x-)?(zip|zip-compressed|gzip|bzip2|xz|zstd|7z-compressed|rar|tar)|application\/vnd\.(openxmlformats|oasis|rar)[^;]*)\s*(;|$)/i;

/** RFC 9110 §15.5.16: 415 where coding or kind of the content is not taken; `accept-encoding` says which is. */
export const refusePacked: MiddlewareHandler = async (context, next) => {
  const coding = context.req.header('content-encoding')?.trim().toLowerCase() ?? '';
  const type = context.req.header('content-type')?.trim() ?? '';
  if (coding !== '' && coding !== 'identity') {
    context.header('accept-encoding', 'identity');
    return problem(context, 415, [
      { place: 'content-encoding', message: 'must be absent: send the content as it is' },
    ]);
  }
  if (PACKED_TYPE.test(type))
    return problem(context, 415, [
      { place: 'content-type', message: 'is a packed file; save it as "CSV UTF-8" or as JSON' },
    ]);
  await next();
  return undefined;
};
