import { openEdge, type EdgeServer } from './edge-server.ts';

const DEFAULT_PORT = 4173;
/** How far from the default port a free one is looked for. */
const TRIES = 100;

const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/**
 * Opens the site's port: the given one (0 for any), else the first free one from 4173 on.
 *
 * @throws {Error} when the given port is taken
 */
export async function openSitePort(
  port: number | undefined,
  onProblem: (message: string) => void,
  firstPort: number = DEFAULT_PORT,
): Promise<EdgeServer> {
  for (let attempt = 0; ; attempt += 1) {
    const candidate = port ?? firstPort + attempt;
    try {
      return await openEdge(candidate, onProblem);
    } catch (error) {
      if (!isTaken(error)) throw error;
      if (port !== undefined) {
        throw new Error(
          `Port ${port} is taken. Give another one with --port, or none to take the next free one.`,
          {
            cause: error,
          },
        );
      }
      if (attempt >= TRIES) throw error;
    }
  }
}
