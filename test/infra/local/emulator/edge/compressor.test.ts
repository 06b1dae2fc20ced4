import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createCompressor } from '#infra/local/emulator/edge/compressor.ts';

const text = 'some text '.repeat(200);
const response = (change: { type?: string; body?: string; status?: number } = {}) => ({
  status: change.status ?? 200,
  headers: { 'content-type': change.type ?? 'text/html; charset=utf-8', etag: '"1"' },
  body: Buffer.from(change.body ?? text),
});

describe('compression at the edge', () => {
  it('takes brotli first, then gzip', () => {
    const compress = createCompressor();
    const brotli = compress(response(), 'gzip, deflate, br');
    expect(brotli.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
    expect(brotliDecompressSync(brotli.body).toString()).toBe(text);
    expect(gunzipSync(compress(response(), 'gzip').body).toString()).toBe(text);
  });

  it.each([1_000, 10_000_000])('takes objects of %i bytes', (bytes) => {
    const { headers } = createCompressor()(response({ body: 'x'.repeat(bytes) }), 'gzip');
    expect(headers).toMatchObject({ 'content-encoding': 'gzip' });
  });

  it.each([
    ['a viewer that takes none', response(), undefined],
    ['a font', response({ type: 'font/woff2' }), 'br'],
    ['a small object', response({ body: 'x'.repeat(999) }), 'br'],
    ['a huge object', response({ body: 'x'.repeat(10_000_001) }), 'br'],
    ['an answer that is not a whole object', response({ status: 403 }), 'br'],
  ])('leaves %s alone', (_what, given, accepts) => {
    expect(createCompressor()(given, accepts)).toBe(given);
  });
});
