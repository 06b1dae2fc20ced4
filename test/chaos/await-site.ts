const FRAMES = 40;
/** Repositories and clients call the world outside through these; who called them tells more. */
const THROUGH = ['table/table.ts', 'game-platform/http-exchange.ts', 'jobs/queue-sender.ts'];

/**
 * The place in the product's code where what runs now waits for the world outside: the two innermost frames, as
 * `file:line`. Costs a stack, so it is asked for now and then only.
 */
export function awaitSite(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  const { stack = '' } = new Error('Where?');
  Error.stackTraceLimit = limit;
  const frames = stack
    .split('\n')
    .map((line) => /(?:shared|functions)\/([\w/.-]+\.ts:\d+)/.exec(line)?.[1])
    .filter((frame) => frame !== undefined);
  const own = frames.filter((frame) => !THROUGH.some((file) => frame.startsWith(file)));
  return own.slice(0, 2).join(' < ') || 'outside';
}
