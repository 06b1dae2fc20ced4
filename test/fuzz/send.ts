import { Agent, request } from 'node:http';

/** A request as it goes over the wire: nothing of it is mended on its way. */
export interface Sent {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

export interface Answer {
  /** 0: the connection broke. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly ms: number;
}

/** Longer than any function may run. */
const PATIENCE_MS = 120_000;
/** A connection for each request: one that the server ends while it is idle would look like a crash. */
const agent = new Agent({ keepAlive: false });

export async function send(url: string, { method, path, headers, body }: Sent): Promise<Answer> {
  const since = performance.now();
  const { promise, resolve } = Promise.withResolvers<Omit<Answer, 'ms'>>();
  const broken = (error: Error) => resolve({ status: 0, headers: {}, text: error.message });
  const { hostname, port } = new URL(url);
  const length = body === undefined ? {} : { 'content-length': String(body.length) };
  const outgoing = request(
    { agent, hostname, port, method, path, headers: { ...headers, ...length }, timeout: PATIENCE_MS },
    (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', broken);
      incoming.on('end', () => {
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]),
          ),
          text: Buffer.concat(chunks).toString('utf8'),
        });
      });
    },
  );
  outgoing.on('timeout', () => outgoing.destroy(new Error('No answer came.')));
  outgoing.on('error', broken);
  outgoing.end(body);
  return { ...(await promise), ms: performance.now() - since };
}
