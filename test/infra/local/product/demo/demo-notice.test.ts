import { describe, expect, it } from 'vitest';
import { withDemoNotice } from '#infra/local/product/demo/demo-notice.ts';
import type { DemoProgress } from '#infra/local/product/demo/seed-demo.ts';
import type { OriginRequest } from '#infra/local/emulator/edge/proxy-event.ts';

const PAGE = '<!doctype html><head><title>Site</title></head><body></body>';
const progressOf = (coaches: number): DemoProgress => ({
  coaches,
  of: 12,
  teams: 0,
  competitors: 0,
  solves: 0,
  usable: true,
});

function siteWith(progress: DemoProgress | undefined) {
  const asked: OriginRequest[] = [];
  const site = withDemoNotice(
    (request) => {
      asked.push(request);
      const headers = {
        'content-type': 'text/html',
        etag: '"1"',
        'content-security-policy': "script-src 'self'",
      };
      return Promise.resolve({ status: 200, headers, body: Buffer.from(PAGE) });
    },
    () => progress,
  );
  const open = async (path: string, accept = 'text/html,*/*') => {
    const headers = { accept, 'accept-encoding': 'br', 'if-none-match': '"1"' };
    const answer = await site({
      method: 'GET',
      path,
      query: '',
      headers,
      body: Buffer.alloc(0),
      sourceIp: '127.0.0.1',
    });
    return { ...answer, text: answer.body.toString() };
  };
  return { open, asked };
}

describe('The notice of the demo', () => {
  it('is on every page while coaches are missing, under the policy of the template', async () => {
    const { open, asked } = siteWith(progressOf(4));
    const page = await open('/dashboard');
    expect(page.text).toContain('<script src="/local-stack/demo-notice.js" defer></script></head>');
    expect(page.headers).toEqual({
      'content-type': 'text/html',
      'content-security-policy': "script-src 'self'",
      'cache-control': 'no-store',
    });
    expect(asked[0]?.headers).not.toHaveProperty('accept-encoding');
    expect((await open('/local-stack/demo-notice.js', '*/*')).text).toContain(
      '/local-stack/demo-progress.json',
    );
    expect(JSON.parse((await open('/local-stack/demo-progress.json', '*/*')).text)).toEqual({
      coaches: 4,
      of: 12,
      complete: false,
    });
  });

  it('leaves files and answers of the API as they are', async () => {
    const page = await siteWith(progressOf(4)).open('/api/config', 'application/json');
    expect([page.text, page.headers['etag']]).toEqual([PAGE, '"1"']);
  });

  it.each([undefined, progressOf(12)])('is on no page when nothing is missing', async (progress) => {
    const { open } = siteWith(progress);
    expect((await open('/dashboard')).text).toBe(PAGE);
    expect(JSON.parse((await open('/local-stack/demo-progress.json')).text)).toMatchObject({
      complete: true,
    });
  });
});
