import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSitePort } from '#infra/local/emulator/edge/open-site-port.ts';

/** Occupies a free port. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('No address.');
  return address.port;
}

const open = async (port: number | undefined, first?: number) => {
  const edge = await openSitePort(port, () => undefined, first);
  onTestFinished(() => edge.stop());
  return edge;
};

describe('the site’s port', () => {
  it('is any free one for 0, and says 503 until there is something to serve', async () => {
    const edge = await open(0);
    expect((await fetch(edge.url)).status).toBe(503);
    edge.serve(async ({ path }) => ({ status: 200, headers: {}, body: Buffer.from(path) }));
    expect(await (await fetch(`${edge.url}/a%20b?c`)).text()).toBe('/a b');
  });

  it('is the next free one when the default is taken', async () => {
    const taken = await takenPort();
    expect((await open(undefined, taken)).port).toBeGreaterThan(taken);
  });

  it('is an error when the given one is taken', async () => {
    const taken = await takenPort();
    await expect(open(taken)).rejects.toThrow(`Port ${taken} is taken`);
  });
});

describe('the edge', () => {
  it('answers 400 to a path that cannot be decoded, 413 to more than 10 MB, 502 when it fails itself', async () => {
    const edge = await open(0);
    edge.serve(() => Promise.reject(new Error('broken')));
    expect((await fetch(`${edge.url}/%E0%A4%A`)).status).toBe(400);
    expect((await fetch(edge.url)).status).toBe(502);
    const large = await fetch(edge.url, { method: 'POST', body: Buffer.alloc(11 * 1024 * 1024) });
    expect(large.status).toBe(413);
  });

  it('answers 413 to a URL over 8,192 bytes and to a head over 20,480, as CloudFront does', async () => {
    const edge = await open(0);
    edge.serve(async () => ({ status: 204, headers: {}, body: Buffer.alloc(0) }));
    const urlOf = (bytes: number) => `${edge.url}/`.padEnd(bytes, 'x');
    expect((await fetch(urlOf(8_192))).status).toBe(204);
    expect((await fetch(urlOf(8_193))).status).toBe(413);
    const withHeader = (bytes: number) => fetch(edge.url, { headers: { 'x-long': 'x'.repeat(bytes) } });
    expect((await withHeader(18_000)).status).toBe(204);
    expect((await withHeader(20_480)).status).toBe(413);
  });

  it('sends no body to HEAD', async () => {
    const edge = await open(0);
    edge.serve(async () => ({ status: 200, headers: { 'x-a': '1' }, body: Buffer.from('body') }));
    const answer = await fetch(edge.url, { method: 'HEAD' });
    expect(answer.headers.get('x-a')).toBe('1');
    expect(await answer.text()).toBe('');
  });
});
