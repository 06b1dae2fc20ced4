import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { closeServer, listen } from '#infra/local/emulator/aws/listen.ts';

test('a server keeps idle connections for longer than clients do, and tells them so', async () => {
  const server = createServer((_request, response) => response.end());
  const port = await listen(server, undefined);
  try {
    const { headers } = await fetch(`http://127.0.0.1:${port}/`);
    expect(headers.get('keep-alive')).toBe('timeout=65');
  } finally {
    await closeServer(server);
  }
});
