import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { closeServer, listen } from '../aws/listen.ts';
import type { OriginRequest, OriginResponse } from './proxy-event.ts';

type Handler = (request: OriginRequest) => Promise<OriginResponse>;

export interface EdgeServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** For who serves a part of the site another way, WebSockets included. */
  readonly server: Server;
  /** From now on requests go there; until then, and with undefined, they are answered 503. */
  serve(handler: Handler | undefined): void;
  /** Is asked first; a request that it takes, it answers. */
  intercept(take: (incoming: IncomingMessage, outgoing: ServerResponse) => boolean): void;
  stop(): Promise<void>;
}

/** API Gateway's limit for a request body. */
const BODY_LIMIT_BYTES = 10 * 1024 * 1024;

/** CloudFront's: of the URL, and of a request's line and headers together. */
const URL_LIMIT_BYTES = 8_192;
const HEAD_LIMIT_BYTES = 20_480;
/** Node's own limit would answer first, and otherwise. */
const NODE_HEAD_LIMIT_BYTES = 4 * HEAD_LIMIT_BYTES;

const STARTING: OriginResponse = {
  status: 503,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '1' },
  body: Buffer.from('The local stack is starting.\n'),
};

/**
 * Opens the port of the site and the API on 127.0.0.1.
 *
 * @param port 0 for any free one
 * @throws {Error} `EADDRINUSE` when the port is taken
 */
export async function openEdge(port: number, onProblem: (message: string) => void): Promise<EdgeServer> {
  let handler: Handler | undefined;
  let take: ((incoming: IncomingMessage, outgoing: ServerResponse) => boolean) | undefined;
  const server = createServer({ maxHeaderSize: NODE_HEAD_LIMIT_BYTES }, (incoming, outgoing) => {
    if (take?.(incoming, outgoing) !== true) void respond(incoming, outgoing);
  });

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    let answer = STARTING;
    try {
      const request = await readRequest(incoming);
      if (request === 'too large') answer = tooLarge();
      else if (request === 'malformed') answer = malformed();
      else if (handler !== undefined) answer = await handler(request);
    } catch (error) {
      onProblem(`The edge failed: ${error instanceof Error ? error.message : String(error)}`);
      answer = { status: 502, headers: { 'content-type': 'text/plain' }, body: Buffer.from('Bad gateway\n') };
    }
    const bare = incoming.method === 'HEAD' || answer.status === 304 || answer.status === 204;
    for (const [name, value] of Object.entries(answer.headers)) outgoing.setHeader(name, value);
    if (!bare) outgoing.setHeader('content-length', answer.body.length);
    outgoing.writeHead(answer.status);
    outgoing.end(bare ? undefined : answer.body);
  }

  const actualPort = await listen(server, port);
  return {
    url: `http://127.0.0.1:${actualPort}`,
    port: actualPort,
    server,
    serve: (next) => {
      handler = next;
    },
    intercept: (next) => {
      take = next;
    },
    stop: () => closeServer(server),
  };
}

function headIsTooLarge({
  method = '',
  url = '',
  rawHeaders,
  headers: { host = '' },
}: IncomingMessage): boolean {
  const bytes = rawHeaders.reduce((sum, text) => sum + text.length + 2, `${method} ${url} HTTP/1.1`.length);
  return `http://${host}${url}`.length > URL_LIMIT_BYTES || bytes > HEAD_LIMIT_BYTES;
}

async function readRequest(incoming: IncomingMessage): Promise<OriginRequest | 'too large' | 'malformed'> {
  if (headIsTooLarge(incoming)) return 'too large';
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    if (!(chunk instanceof Buffer)) continue;
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) return 'too large';
    chunks.push(chunk);
  }
  const [rawPath = '/', query = ''] = (incoming.url ?? '/').split(/\?(.*)/s);
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    return 'malformed';
  }
  return {
    method: incoming.method ?? 'GET',
    path,
    query,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
    ),
    body: Buffer.concat(chunks),
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}

const tooLarge = (): OriginResponse => ({
  status: 413,
  headers: { 'content-type': 'application/json', connection: 'close' },
  body: Buffer.from('{"message":"Request Entity Too Large"}'),
});

const malformed = (): OriginResponse => ({
  status: 400,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('Bad request\n'),
});
