import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Deployment } from '../../deployment.ts';
import { htmlOf, STYLE_HASH, type Page } from './pages.ts';

export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  return new URLSearchParams(await text(request));
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  cacheControl = 'no-store',
): void {
  response.writeHead(status, {
    'content-type': 'application/json;charset=UTF-8',
    'cache-control': cacheControl,
    'access-control-allow-origin': '*',
  });
  response.end(JSON.stringify(body));
}

export function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, 'cache-control': 'no-store' });
  response.end();
}

/** `form-action` holds for the redirects after a form as well, so it names the applications' addresses. */
export function sendPage(
  response: ServerResponse,
  status: number,
  page: Page,
  { applicationName, deployment }: { readonly applicationName: string; readonly deployment: Deployment },
): void {
  const callbacks = deployment.userPools.flatMap((pool) =>
    pool.clients.flatMap((client) => client.callbackUrls),
  );
  const origins = [...new Set(callbacks.map((callback) => new URL(callback).origin))];
  const policy = [
    "default-src 'none'",
    `style-src ${STYLE_HASH}`,
    `form-action 'self' ${origins.join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  response.writeHead(status, {
    'content-type': 'text/html;charset=UTF-8',
    'cache-control': 'no-store',
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
  response.end(htmlOf(page, applicationName));
}
