import type { Server } from 'node:http';

/**
 * How long an idle connection is kept, about as long as AWS does. After Node's five seconds a client of a busy machine sent
 * its next request into a connection that was just being closed.
 */
const KEEP_ALIVE_MS = 65_000;

/** Listens on 127.0.0.1 and resolves with the port. @throws {Error} when the port is taken */
export function listen(server: Server, port: number | undefined): Promise<number> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 1_000;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port ?? 0, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The server has no port.'));
      else resolve(address.port);
    });
  });
}

/** Ends a server without waiting for connections that are kept open. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
