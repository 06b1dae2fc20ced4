import { constants, createContext, Script } from 'node:vm';
import * as z from 'zod';

/** A viewer's request as a CloudFront Function sees it. */
export interface ViewerRequest {
  readonly method: string;
  /** Path without the query. */
  readonly uri: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly ip: string;
}

export type ViewerDecision =
  | { readonly kind: 'request'; readonly uri: string }
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    };

const valuesSchema = z.record(z.string(), z.object({ value: z.string() }));
const requestSchema = z.object({ uri: z.string(), method: z.string() });
const responseSchema = z.object({
  statusCode: z.number().int(),
  headers: valuesSchema.default({}),
  body: z.union([z.string(), z.object({ data: z.string() }).transform(({ data }) => data)]).default(''),
});

/**
 * CloudFront ends a function after about a millisecond of work. Here it is the clock that counts, and a busy machine
 * may take long over a millisecond's work; this catches endless loops only.
 */
const TIMEOUT_MS = 5_000;

/**
 * Compiles a viewer-request function; each call runs its code anew, with nothing of Node in reach. All calls share one
 * frozen context, since making one takes far longer than the call: what code keeps outside itself is refused.
 *
 * @throws {Error} from the returned function when the code throws or returns neither a request nor a response
 */
export function compileViewerRequest(code: string): (request: ViewerRequest) => Promise<ViewerDecision> {
  const script = new Script(`'use strict';\n(() => {${code}\n;return handler(take())})()`, {
    filename: 'viewer-request.js',
  });
  let current: unknown;
  // An ordinary global object, unlike the usual one: it can be frozen.
  const context = createContext(constants.DONT_CONTEXTIFY);
  Object.freeze(Object.assign(context, { take: () => current, console: { log: () => undefined } }));
  return async (request) => {
    const event = {
      version: '1.0',
      context: { eventType: 'viewer-request', distributionDomainName: '', requestId: '' },
      viewer: { ip: request.ip },
      request: {
        method: request.method,
        uri: request.uri,
        querystring: values(new URLSearchParams(request.query)),
        headers: values(Object.entries(request.headers)),
        cookies: {},
      },
    };
    current = event;
    const result: unknown = await script.runInContext(context, { timeout: TIMEOUT_MS });
    const response = responseSchema.safeParse(result);
    if (response.success) {
      const { statusCode, headers, body } = response.data;
      const plain = Object.entries(headers).map(([name, { value }]) => [name.toLowerCase(), value]);
      return { kind: 'response', status: statusCode, headers: Object.fromEntries(plain), body };
    }
    return { kind: 'request', uri: requestSchema.parse(result).uri };
  };
}

const values = (entries: Iterable<readonly [string, string]>): Record<string, { value: string }> =>
  Object.fromEntries([...entries].map(([name, value]) => [name, { value }]));
