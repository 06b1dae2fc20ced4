import { readFileSync } from 'node:fs';
import type { OriginRequest, OriginResponse } from '../../emulator/edge/proxy-event.ts';
import type { DemoProgress } from './seed-demo.ts';

const SCRIPT_PATH = '/local-stack/demo-notice.js';
const PROGRESS_PATH = '/local-stack/demo-progress.json';
const SCRIPT = readFileSync(new URL('demo-notice.browser.js', import.meta.url));

type Handler = (request: OriginRequest) => Promise<OriginResponse>;

/**
 * The site, whose pages say at their foot how far the demo is while coaches are missing: an admin would take what is
 * there for all there is. The site's files stay as they are built, and its policy as the template says.
 *
 * @param progressNow undefined when nothing is being filled
 */
export const withDemoNotice =
  (site: Handler, progressNow: () => DemoProgress | undefined): Handler =>
  async (request) => {
    const progress = progressNow();
    if (request.path === SCRIPT_PATH) return answer('text/javascript', SCRIPT);
    if (request.path === PROGRESS_PATH) {
      return answer('application/json', Buffer.from(JSON.stringify(noticeOf(progress))));
    }
    if (noticeOf(progress).complete || !(request.headers['accept'] ?? '').includes('text/html')) {
      return site(request);
    }
    const { 'accept-encoding': _coding, 'if-none-match': _known, ...headers } = request.headers;
    const page = await site({ ...request, headers });
    if (page.status !== 200 || !String(page.headers['content-type']).startsWith('text/html')) return page;
    const { etag: _etag, ...kept } = page.headers;
    const html = page.body.toString('utf8');
    const script = `<script src="${SCRIPT_PATH}" defer></script>`;
    return {
      ...page,
      headers: { ...kept, 'cache-control': 'no-store' },
      body: Buffer.from(html.replace('</head>', `${script}</head>`)),
    };
  };

const noticeOf = (progress: DemoProgress | undefined) => ({
  coaches: progress?.coaches ?? 0,
  of: progress?.of ?? 0,
  complete: progress === undefined || progress.coaches >= progress.of,
});

const answer = (type: string, body: Buffer): OriginResponse => ({
  status: 200,
  headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' },
  body,
});
