import { randomBytes } from 'node:crypto';
import type { BehaviorResource, DistributionResource } from '../deployment.ts';
import { compileViewerRequest, type ViewerDecision } from './cloudfront-function.ts';
import { createCompressor } from './compressor.ts';
import type { OriginRequest, OriginResponse } from './proxy-event.ts';
import { createSiteBucket } from './site-files.ts';
import { matchesWildcard } from './wildcard.ts';

export interface DistributionOptions {
  readonly distribution: DistributionResource;
  readonly api: (request: OriginRequest) => Promise<OriginResponse>;
  readonly onProblem: (message: string) => void;
}

/** AWS's own policies by what they send on; every other forwards nothing here. */
const FORWARDS: Readonly<Record<string, 'all' | 'allExceptHost'>> = {
  '216adef6-5c7f-47e4-b989-5492eafa07d3': 'all',
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': 'allExceptHost',
};

/** What CloudFront keeps for itself and never sends to an origin. */
const HOP_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const html = (status: number, title: string): OriginResponse => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from(`<!doctype html><title>${title}</title><h1>${status} ${title}</h1>\n`),
});

const covers = (pattern: string, path: string): boolean =>
  matchesWildcard(pattern.startsWith('/') || pattern === '*' ? pattern : `/${pattern}`, path);

/** The behavior that answers a path: the first that covers it. */
export const behaviorFor = <Behavior extends BehaviorResource>(
  behaviors: readonly Behavior[],
  path: string,
): Behavior | undefined => behaviors.find(({ pathPattern }) => covers(pathPattern, path));

/** The CloudFront distribution: behaviours, viewer-request function, origins, response headers. */
export function createDistribution(
  options: DistributionOptions,
): (request: OriginRequest) => Promise<OriginResponse> {
  const { distribution, api, onProblem } = options;
  const bucket = createSiteBucket(distribution.siteFiles);
  const compress = createCompressor();
  const behaviors = distribution.behaviors.map((behavior) => ({
    ...behavior,
    viewerRequest:
      behavior.viewerRequestCode === undefined ? undefined : compileViewerRequest(behavior.viewerRequestCode),
  }));

  async function decide(
    viewerRequest: NonNullable<(typeof behaviors)[number]['viewerRequest']>,
    request: OriginRequest,
  ): Promise<ViewerDecision | undefined> {
    try {
      return await viewerRequest({
        method: request.method,
        uri: request.path,
        query: request.query,
        headers: request.headers,
        ip: request.sourceIp,
      });
    } catch (error) {
      onProblem(
        `The viewer-request function failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      return undefined;
    }
  }

  async function answer(
    behavior: (typeof behaviors)[number],
    request: OriginRequest,
  ): Promise<OriginResponse> {
    if (!behavior.allowedMethods.includes(request.method))
      return html(403, 'This method is not allowed here');
    let path = request.path;
    if (behavior.viewerRequest !== undefined) {
      const decision = await decide(behavior.viewerRequest, request);
      if (decision === undefined) return html(503, 'The viewer-request function failed');
      if (decision.kind === 'response') {
        return { status: decision.status, headers: decision.headers, body: Buffer.from(decision.body) };
      }
      path = decision.uri;
    }
    if (behavior.origin === 'site') {
      const uri =
        path === '/' && distribution.defaultRootObject !== undefined
          ? `/${distribution.defaultRootObject}`
          : path;
      return bucket(uri, request.headers['if-none-match']);
    }
    return api(toOrigin(behavior, { ...request, path }));
  }

  /** The request as the origin sees it: the forwarded part of the viewer's, and what CloudFront adds. */
  function toOrigin(behavior: BehaviorResource, request: OriginRequest): OriginRequest {
    const forwards = FORWARDS[behavior.originRequestPolicyId ?? ''];
    const viewer = Object.entries(forwards === undefined ? {} : request.headers).filter(
      ([name]) => name !== 'host' && !HOP_HEADERS.has(name),
    );
    const contentType = request.headers['content-type'];
    const added = Object.entries(distribution.apiOriginHeaders).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]);
    return {
      ...request,
      query: forwards === undefined ? '' : request.query,
      headers: {
        'user-agent': 'Amazon CloudFront',
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
        ...Object.fromEntries(viewer),
        'x-forwarded-for': request.sourceIp,
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
        via: '1.1 cloudfront.net (CloudFront)',
        'x-amz-cf-id': randomBytes(32).toString('base64url'),
        'x-amzn-trace-id': `Root=1-${Math.floor(Date.now() / 1_000).toString(16)}-${randomBytes(12).toString('hex')}`,
        ...Object.fromEntries(added),
      },
    };
  }

  return async (request) => {
    const behavior = behaviorFor(behaviors, request.path);
    if (behavior === undefined) return html(404, 'No behaviour');
    const response =
      behavior.origin === 'api' && FORWARDS[behavior.originRequestPolicyId ?? ''] === 'all'
        ? forbiddenHost(onProblem, behavior)
        : await answer(behavior, request);
    const sent = behavior.compresses ? compress(response, request.headers['accept-encoding']) : response;
    return { ...sent, headers: { ...sent.headers, ...behavior.responseHeaders } };
  };
}

/** API Gateway knows its own host name only. */
function forbiddenHost(
  onProblem: (message: string) => void,
  { pathPattern }: BehaviorResource,
): OriginResponse {
  onProblem(`The behaviour ${pathPattern} forwards the viewer's Host header, which API Gateway refuses.`);
  return {
    status: 403,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"message":"Forbidden"}'),
  };
}
