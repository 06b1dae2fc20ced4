import type { JobView } from '#shared/jobs/contract.ts';
import { failureLabel, underWayLabel } from '#web/features/teams/roster-plan/comparison-labels.ts';
import { describe, expect, it, test } from 'vitest';

const job = (over: Partial<JobView> = {}): JobView => ({
  id: 'job-1',
  taskType: 'roster_reconcile',
  status: 'running',
  startedBy: 'schedule:roster-reconcile',
  startedByName: null,
  createdAt: '2026-11-19T20:12:00.000Z',
  startedAt: '2026-11-19T20:12:01.000Z',
  finishedAt: null,
  attempts: 1,
  progress: { done: 0, total: 1 },
  result: null,
  error: null,
  ...over,
});

test('a run under way says what it does', () => {
  expect(underWayLabel(undefined, 'draw')).toMatch(/^Requested/);
  expect(underWayLabel(job({ status: 'pending' }), null)).toMatch(/^Requested/);
  expect(underWayLabel(job(), null)).toMatch(/compared/);
  expect(underWayLabel(job(), 'confirm')).toMatch(/handed over/);
});

describe('a run that failed', () => {
  const failed = job({
    status: 'failed',
    finishedAt: '2026-11-19T20:13:00.000Z',
    error: '1 of 1 parts failed. The list was empty.',
  });
  it('says that the list could not be trusted and nothing was changed', () => {
    expect(failureLabel(failed, null, null)).toEqual({
      title: 'The platform’s list could not be trusted. Nothing was changed.',
      text: 'The list was empty. It is compared again automatically.',
    });
  });
  it('says after a confirmation that the rest is unchanged', () => {
    expect(failureLabel(failed, 'confirm', null)?.title).toBe('Not all of it was handed over.');
  });
  it('is no news once a later plan is drawn up', () => {
    expect(failureLabel(failed, null, { drawnAt: '2026-11-19T20:12:30.000Z' })).not.toBeNull();
    expect(failureLabel(failed, null, { drawnAt: '2026-11-19T20:14:00.000Z' })).toBeNull();
  });
  it('is told apart from one that went well or was canceled', () => {
    expect(failureLabel(job({ status: 'succeeded' }), null, null)).toBeNull();
    expect(failureLabel(null, null, null)).toBeNull();
    expect(failureLabel(job({ status: 'cancelled' }), null, null)?.title).toMatch(/canceled/);
  });
});
