import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 20_000_000;

/** The whole body as text; rejects beyond 20 MB. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = chunk as Buffer;
    bytes += part.length;
    if (bytes > MOST_BYTES) {
      throw new Error('The body is too large');
    }
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}
