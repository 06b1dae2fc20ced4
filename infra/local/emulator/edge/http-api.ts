import { randomUUID } from 'node:crypto';
import type { Deployment, FunctionPermission, HttpApiResource, RouteResource } from '../deployment.ts';
import type { FunctionRunner } from '../lambda/function-runner.ts';
import { authorize, type KeysOf } from './jwt-authorizer.ts';
import { fromProxyResult, toProxyEvent, type OriginRequest, type OriginResponse } from './proxy-event.ts';
import { createRouteTable } from './routes.ts';
import { matchesWildcard } from './wildcard.ts';

export interface HttpApiOptions {
  readonly deployment: Pick<Deployment, 'httpApi' | 'permissions' | 'accountId' | 'region'>;
  readonly runner: Pick<FunctionRunner, 'invoke'>;
  readonly keysOf: KeysOf;
  /** What is wrong with the wiring, for a person; each text once. */
  readonly onProblem: (message: string) => void;
  /** Milliseconds that the gateway waits for a function, which goes on alone afterwards. @default 30 s */
  readonly timeoutMs?: number;
}

/** What Lambda takes of the whole event: of a file in base64 some 4.5 MB. */
const EVENT_LIMIT_BYTES = 6 * 1024 * 1024;
/** A byte takes six characters of JSON at most, so that no smaller body needs to be measured. */
const MEASURED_FROM_BYTES = EVENT_LIMIT_BYTES / 8;

/** Of the request line and all header values together. */
const HEAD_LIMIT_BYTES = 10_240;

const INTEGRATION_TIMEOUT_MS = 30_000;

function headBytes({ method, path, query, headers }: OriginRequest): number {
  const line = `${method} ${encodeURI(path)}?${query} HTTP/1.1`;
  return Object.values(headers).reduce((sum, value) => sum + Buffer.byteLength(value), line.length);
}

/** Undefined when it takes longer. */
async function withinLimit<Result>(work: Promise<Result>, ms: number): Promise<Result | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function gatewayAnswer(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): OriginResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

/** The HTTP API with its routes, authorizers and Lambda integrations. */
export function createHttpApi(options: HttpApiOptions): (request: OriginRequest) => Promise<OriginResponse> {
  const { deployment, runner, keysOf, timeoutMs = INTEGRATION_TIMEOUT_MS } = options;
  const { httpApi, permissions, accountId, region } = deployment;
  const find = createRouteTable(httpApi.routes);
  const told = new Set<string>();
  const problem = (message: string) => {
    if (told.has(message)) return;
    told.add(message);
    options.onProblem(message);
  };

  async function answer(request: OriginRequest, requestId: string): Promise<OriginResponse> {
    // Which status it is, AWS's documentation does not say.
    if (headBytes(request) > HEAD_LIMIT_BYTES) return gatewayAnswer(431, 'Request Header Fields Too Large');
    const match = find(request.method, request.path);
    if (match === undefined) return gatewayAnswer(404, 'Not Found');
    const { route } = match;
    const authorization =
      route.authorizer === undefined
        ? undefined
        : await authorize(route.authorizer, route.scopes, request.headers['authorization'], keysOf);
    if (authorization?.kind === 'unauthorized') {
      return gatewayAnswer(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
    }
    if (authorization?.kind === 'forbidden') return gatewayAnswer(403, 'Forbidden');

    const missing = missingPermission(route, httpApi, permissions);
    if (missing !== undefined) {
      problem(missing);
      return gatewayAnswer(500, 'Internal Server Error');
    }
    const event = toProxyEvent(
      {
        ...request,
        headers: { ...request.headers, host: `${httpApi.id}.execute-api.${region}.amazonaws.com` },
      },
      match,
      authorization,
      { accountId, apiId: httpApi.id, requestId, now: new Date() },
    );
    const isLarge =
      request.body.length > MEASURED_FROM_BYTES &&
      Buffer.byteLength(JSON.stringify(event)) > EVENT_LIMIT_BYTES;
    if (isLarge) return gatewayAnswer(413, 'Request Entity Too Large');
    const outcome = await withinLimit(runner.invoke(route.functionArn, event), timeoutMs);
    if (outcome === undefined) {
      problem(`${route.functionArn} took longer than API Gateway waits (route "${route.key}")`);
      return gatewayAnswer(503, 'Service Unavailable');
    }
    if (outcome.kind === 'failed') {
      return outcome.timedOut
        ? gatewayAnswer(503, 'Service Unavailable')
        : gatewayAnswer(500, 'Internal Server Error');
    }
    const response = fromProxyResult(outcome.payload);
    if (response !== undefined) return response;
    problem(`${route.functionArn} returned something that API Gateway cannot read (route "${route.key}")`);
    return gatewayAnswer(500, 'Internal Server Error');
  }

  return async (request) => {
    const requestId = randomUUID();
    const response = await answer(request, requestId);
    return { ...response, headers: { ...response.headers, 'apigw-requestid': requestId } };
  };
}

const API_GATEWAY = 'apigateway.amazonaws.com';

/**
 * Whether the function's own policy lets API Gateway invoke it for this route; undefined when it does, else what is
 * missing. AWS answers 500 then and says so in a log only.
 */
function missingPermission(
  route: RouteResource,
  api: HttpApiResource,
  permissions: readonly FunctionPermission[],
): string | undefined {
  const [method = '', path = ''] = route.key === '$default' ? ['$default', ''] : route.key.split(' ');
  const sourceArn = `${api.arn}/$default/${method}${path}`;
  const allowed = permissions.some(
    (permission) =>
      permission.functionArn === route.functionArn &&
      permission.principal === API_GATEWAY &&
      (permission.sourceArn === undefined || matchesWildcard(permission.sourceArn, sourceArn)),
  );
  return allowed
    ? undefined
    : `${route.functionArn} has no AWS::Lambda::Permission for ${API_GATEWAY} with the source ${sourceArn} (route "${route.key}")`;
}
