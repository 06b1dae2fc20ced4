import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { OriginResponse } from './proxy-event.ts';

/** CloudFront leaves smaller and larger objects as they are. */
const SMALLEST = 1_000;
const LARGEST = 10_000_000;
const TEXT = /^(text\/|application\/(javascript|json|manifest\+json|xml)|image\/svg\+xml)/;
/** CloudFront's own level; higher ones cost much and win little. */
const BROTLI_QUALITY = 5;

/** Compresses text for viewers that take it, each object once; brotli before gzip. */
export function createCompressor(): (
  response: OriginResponse,
  accepts: string | undefined,
) => OriginResponse {
  const done = new Map<string, Buffer>();
  return (response, accepts = '') => {
    const { body, headers, status } = response;
    const { etag } = headers;
    const encoding = ['br', 'gzip'].find((name) => new RegExp(String.raw`\b${name}\b`).test(accepts));
    const isText = TEXT.test(String(headers['content-type'] ?? ''));
    if (
      encoding === undefined ||
      !isText ||
      status !== 200 ||
      body.length < SMALLEST ||
      body.length > LARGEST
    ) {
      return response;
    }
    const key = `${encoding} ${String(etag)}`;
    let compressed = done.get(key);
    if (compressed === undefined || etag === undefined) {
      compressed =
        encoding === 'br'
          ? brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
          : gzipSync(body);
      done.set(key, compressed);
    }
    return {
      ...response,
      headers: { ...headers, 'content-encoding': encoding, vary: 'accept-encoding' },
      body: compressed,
    };
  };
}
