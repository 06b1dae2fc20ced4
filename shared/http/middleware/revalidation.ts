import { createHash } from 'node:crypto';
import type { ApiMiddleware } from '../api-call.ts';
import type { HttpReply } from '../http-reply.ts';

/** Of the same text, the same tag; 160 bits, so that no two answers share one. */
const tagOf = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;

/** A tag that a compressing proxy has made weak is still that answer's. */
const isAmong = (tag: string, asked: string): boolean =>
  asked.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);

/**
 * Tags the answers of routes that are asked again and again, and says 304 to whoever has this one already. It saves the
 * way and the reading of an answer, not its making. No cache may keep it all the same (`no-store`): answers name minors,
 * and the site keeps what it compares with in its own memory.
 */
export const revalidation = (): ApiMiddleware => ({
  after: (request) => {
    const { event: call, response } = request;
    if (call.served?.route.revalidated !== true || response?.statusCode !== 200) return;
    const tag = tagOf(response.body ?? '');
    const asked = call.event.headers['if-none-match'];
    const headers: HttpReply['headers'] = { ...response.headers, etag: tag };
    if (asked === undefined || !isAmong(tag, asked)) {
      request.response = { ...response, headers };
      return;
    }
    const { 'content-type': _, ...bare } = headers;
    request.response = { statusCode: 304, headers: bare };
  },
});
