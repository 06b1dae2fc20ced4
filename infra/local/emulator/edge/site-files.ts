import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import type { SiteFiles } from '../deployment.ts';
import type { OriginResponse } from './proxy-event.ts';
import { matchesWildcard } from './wildcard.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

interface SiteObject {
  readonly path: string;
  readonly cacheControl: string | undefined;
}

/** Exclude and include filters of `aws s3 sync`, in CDK's order: excludes, then includes. */
function isCopied(key: string, { exclude, include }: SiteFiles): boolean {
  const matches = (patterns: readonly string[]) => patterns.some((pattern) => matchesWildcard(pattern, key));
  return !matches(exclude) || matches(include);
}

function* filesIn(directory: string): Generator<string> {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

const ACCESS_DENIED =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';

/**
 * The site's bucket behind CloudFront. A key that is not there answers 403, as S3 does to a reader without the right
 * to list.
 */
export function createSiteBucket(deployments: readonly SiteFiles[]) {
  const objects = new Map<string, SiteObject>();
  for (const files of deployments) {
    for (const path of filesIn(files.directory)) {
      const key = relative(files.directory, path).replaceAll('\\', '/');
      if (isCopied(key, files)) objects.set(`/${key}`, { path, cacheControl: files.cacheControl });
    }
  }
  const etags = new Map<string, string>();

  return (uri: string, ifNoneMatch: string | undefined): OriginResponse => {
    const object = objects.get(uri);
    if (object === undefined) {
      return {
        status: 403,
        headers: { 'content-type': 'application/xml' },
        body: Buffer.from(ACCESS_DENIED),
      };
    }
    const body = readFileSync(object.path);
    const etag = etags.get(uri) ?? `"${createHash('md5').update(body).digest('hex')}"`;
    etags.set(uri, etag);
    const headers = {
      'content-type': CONTENT_TYPES[extname(uri)] ?? 'application/octet-stream',
      etag,
      'last-modified': statSync(object.path).mtime.toUTCString(),
      ...(object.cacheControl === undefined ? {} : { 'cache-control': object.cacheControl }),
    };
    return ifNoneMatch === etag
      ? { status: 304, headers, body: Buffer.alloc(0) }
      : { status: 200, headers, body };
  };
}
