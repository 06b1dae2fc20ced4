import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { flushMetrics, instrumented } from '#shared/kernel/instruments.ts';

const context = { getRemainingTimeInMillis: () => 20 } as Context;

function flushing() {
  const flushes: string[] = [];
  return { flushes, middlewares: [flushMetrics({ flush: () => void flushes.push('flush') })] };
}

describe('flushMetrics', () => {
  it('writes the metrics once after the handler has answered', async () => {
    const { flushes, middlewares } = flushing();
    const handler = instrumented(() => Promise.resolve(flushes.length), { middlewares });
    expect(await handler({}, context)).toBe(0);
    expect(flushes).toEqual(['flush']);
  });

  it('writes the metrics once when the handler fails, and lets the failure through', async () => {
    const { flushes, middlewares } = flushing();
    const handler = instrumented(() => Promise.reject(new Error('broken')), { middlewares });
    await expect(handler({}, context)).rejects.toThrow('broken');
    expect(flushes).toEqual(['flush']);
  });
});

describe('instrumented', () => {
  it('leaves the end of the time to Lambda: a handler that goes on for longer is waited for', async () => {
    const handler = instrumented(
      () =>
        new Promise<string>((resolve) => {
          setTimeout(() => resolve('done'), 60);
        }),
      flushing(),
    );
    expect(await handler({}, context)).toBe('done');
  });
});
