import { waterfallOf } from '#web/features/jobs/job-waterfall.ts';
import { describe, expect, test } from 'vitest';

const at = (second: number) => new Date(Date.UTC(2026, 10, 19, 20, 0, second)).toISOString();
const NOW = new Date(at(100));
const job = { createdAt: at(0), startedAt: at(10), finishedAt: at(100), status: 'failed' } as const;
const part = {
  number: 1,
  status: 'succeeded' as const,
  attempts: 1,
  queuedAt: at(10),
  startedAt: at(30),
  finishedAt: at(70),
  durationMs: 40_000,
  subjects: 2,
  done: 2,
  counts: {},
  error: null,
};

describe('the waterfall of a job', () => {
  test('shows when it was planned, and how long each part waited and was worked on', () => {
    const { rows, spanMs } = waterfallOf(job, [part], NOW);
    expect(spanMs).toBe(100_000);
    expect(rows).toEqual([
      {
        name: 'Planned',
        segments: [{ kind: 'queued', left: 0, width: 10 }],
        waitedMs: 10_000,
        workedMs: null,
      },
      {
        name: 'Part 1',
        segments: [
          { kind: 'queued', left: 10, width: 20 },
          { kind: 'worked', left: 30, width: 40 },
        ],
        waitedMs: 20_000,
        workedMs: 40_000,
      },
    ]);
  });

  test('tells failed and stopped parts from those that were done', () => {
    const kinds = (['failed', 'cancelled'] as const).map(
      (status) => waterfallOf(job, [{ ...part, status }], NOW).rows[1]?.segments.at(-1)?.kind,
    );
    expect(kinds).toEqual(['failed', 'stopped']);
  });

  test('of a part that nobody has begun, or that was put back, ends with its wait', () => {
    const waits = {
      ...part,
      status: 'pending' as const,
      startedAt: null,
      finishedAt: null,
      durationMs: null,
    };
    const { rows } = waterfallOf({ ...job, finishedAt: null, status: 'running' }, [waits], NOW);
    expect(rows[1]).toMatchObject({ segments: [{ kind: 'queued', left: 10, width: 90 }], waitedMs: null });
    const back = { ...part, queuedAt: at(80) };
    expect(waterfallOf(job, [back], NOW).rows[1]?.segments[0]).toEqual({
      kind: 'queued',
      left: 30,
      width: 0,
    });
  });

  test('of a part under way grows to now', () => {
    const running = { ...part, status: 'running' as const, finishedAt: null, durationMs: null };
    const { rows } = waterfallOf({ ...job, finishedAt: null, status: 'running' }, [running], NOW);
    expect(rows[1]?.segments[1]).toEqual({ kind: 'worked', left: 30, width: 70 });
  });

  test('says its finding in a sentence', () => {
    const slow = { ...part, number: 2, status: 'failed' as const, durationMs: 60_000 };
    expect(waterfallOf(job, [part, slow], NOW).label).toBe(
      'It took 1 min 40 sec from the request to the end. Part 2 took longest, 1 min. 1 failed.',
    );
    expect(waterfallOf({ ...job, finishedAt: null }, [], NOW).label).toBe('It is not over.');
  });
});
