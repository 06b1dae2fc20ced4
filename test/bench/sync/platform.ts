import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { platformReplySchema, type PlatformReply, type PlatformRequest } from './platform-messages.ts';

export interface BenchPlatform {
  readonly url: string;
  /** Milliseconds until an answer. */
  latency(ms: number): Promise<void>;
  /** Each of these people has solved one thing more. */
  news(ids: readonly string[]): Promise<void>;
  /** How many calls were made since the start. */
  calls(): Promise<number>;
  stop(): Promise<void>;
}

/** The simulator in a process of its own, with these people on it since so many days. */
export async function startPlatform(
  start: Omit<Extract<PlatformRequest, { kind: 'start' }>, 'kind'>,
): Promise<BenchPlatform> {
  const child = fork(fileURLToPath(new URL('./platform-process.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ask = async (request: PlatformRequest): Promise<PlatformReply> => {
    const replied = once(child, 'message');
    child.send(request);
    return platformReplySchema.parse((await replied)[0]);
  };
  const { url } = await ask({ kind: 'start', ...start });
  return {
    url,
    latency: async (ms) => void (await ask({ kind: 'latency', ms })),
    news: async (ids) => void (await ask({ kind: 'news', ids: [...ids] })),
    calls: async () => (await ask({ kind: 'calls' })).calls,
    stop: async () => {
      const ended = once(child, 'exit');
      child.send({ kind: 'stop' } satisfies PlatformRequest);
      await ended;
      process.off('exit', kill);
    },
  };
}
