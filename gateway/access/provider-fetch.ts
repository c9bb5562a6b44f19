/**
 * Asks the OpenID Connect provider (認証サービスへの問い合わせ) and believes no answer to be endless: what `fetch` unpacks
 * by itself is counted as it comes out, and the rest of an answer that is too long is not taken.
 */

import type { CustomFetchOptions } from 'openid-client';

/** Configuration, keys and tokens of providers have some ten thousand bytes. */
const ANSWER_BYTES_MAX = 1_048_576;

/** Rejects where the answer, unpacked, is longer. */
export const providerFetch = async (
  url: string,
  { body, signal, ...options }: CustomFetchOptions,
): Promise<Response> => {
  const response = await fetch(url, {
    ...options,
    body: body instanceof Uint8Array ? new Uint8Array(body) : (body ?? null),
    signal: signal ?? null,
  });
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > ANSWER_BYTES_MAX)
      throw new Error(`the provider’s answer is longer than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  const { status, statusText, headers } = response;
  return new Response(length === 0 ? null : new Blob(chunks), { status, statusText, headers });
};
