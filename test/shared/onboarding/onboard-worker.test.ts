import { describe, expect, test } from 'vitest';
import type { Job, JobPart, JobRow } from '#shared/jobs/job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { OnboardOutcome } from '#shared/onboarding/onboard-competitor.ts';
import { createOnboardWorker } from '#shared/onboarding/onboard-worker.ts';
import { aCompetitor, aJobPart } from '#test/support/records.ts';
import { recordingLog } from '../kernel/recording-log.ts';

const now = () => new Date('2026-11-24T18:00:00.000Z');
const job: Job = newJob(
  'job_1',
  { taskType: 'onboard_competitors', payload: {}, startedBy: 'user:s', actingAs: 'coa_a' },
  now(),
);
const partOf = (subjects: string[]): JobPart =>
  aJobPart({ taskType: 'onboard_competitors', subjects, attempts: 1 });
const refused = (
  nature: 'later' | 'paused' | 'final',
  code: 'UNAVAILABLE' | 'TOKEN_MISSING' | 'REFUSED' | 'RATE_LIMITED',
) =>
  ({
    kind: 'refused',
    refusal: { code, message: 'The platform said no.', remedy: 'Do this.', nature, retryAfterMs: undefined },
  }) satisfies OnboardOutcome;
const onboarded: OnboardOutcome = { kind: 'onboarded', competitor: aCompetitor() };

function start(outcomes: Readonly<Record<string, OnboardOutcome>>) {
  const rows = new Map<string, JobRow>();
  const asked: string[] = [];
  const actors: unknown[] = [];
  const held: string[] = [];
  const worker = createOnboardWorker({
    who: 'competitor',
    onboard: (competitorId, { actor }) => {
      asked.push(competitorId);
      actors.push(actor);
      return Promise.resolve(outcomes[competitorId] ?? onboarded);
    },
    rows: {
      of: () => Promise.resolve(new Map(rows)),
      save: (_, subject, row) => {
        rows.set(subject, row);
        return Promise.resolve();
      },
    },
    processing: {
      suspension: () => Promise.resolve(null),
      block: (code) => {
        held.push(code);
        return Promise.resolve();
      },
    },
    now,
  });
  const run = (subjects: string[], over: { lastAttempt?: boolean; remainingMs?: () => number } = {}) =>
    worker(job, partOf(subjects), {
      remainingMs: () => 8_000,
      log: recordingLog().log,
      lastAttempt: false,
      ...over,
    });
  return { rows, asked, actors, held, run };
}

describe('onboarding in bulk', () => {
  test('tells a result per row', async () => {
    const world = start({
      b: { kind: 'not_compliant', missing: [{ field: 'email', message: 'The email is missing.' }] },
      c: refused('final', 'REFUSED'),
    });
    expect(await world.run(['a', 'b', 'c'])).toEqual({
      kind: 'finished',
      counts: { total: 3, onboarded: 1, failed: 0, notCompliant: 1, refused: 1 },
    });
    expect(world.rows.get('b')).toMatchObject({ outcome: 'notCompliant', message: 'The email is missing.' });
    expect(world.rows.get('c')).toMatchObject({
      outcome: 'refused',
      message: 'The platform said no. Do this.',
    });
  });

  test('is done in the name of who started it', async () => {
    const world = start({});
    await world.run(['a']);
    expect(world.actors).toEqual([{ sub: 's', actingAs: 'coa_a', requestId: 'job_1' }]);
  });

  test('says of whom it is not switched on for, and goes on', async () => {
    const world = start({ a: { kind: 'not_enabled' } });
    expect(await world.run(['a', 'b'])).toEqual({
      kind: 'finished',
      counts: { total: 2, onboarded: 1, failed: 0, notEnabled: 1 },
    });
    expect(world.rows.get('a')).toMatchObject({
      outcome: 'notEnabled',
      message: expect.stringContaining('not switched this on for this coach'),
    });
  });

  test('tries the part again when the platform is busy, and asks nobody who is done a second time', async () => {
    const world = start({ b: refused('later', 'UNAVAILABLE') });
    await expect(world.run(['a', 'b', 'c'])).rejects.toThrow('b has to wait');
    expect(await world.run(['a', 'b', 'c'], { lastAttempt: true })).toEqual({
      kind: 'finished',
      counts: { total: 3, onboarded: 2, failed: 1 },
    });
    expect(world.asked).toEqual(['a', 'b', 'c', 'b']);
    expect(world.rows.get('b')).toMatchObject({ outcome: 'failed' });
  });

  test('a refused token stops it and holds all calls; nobody is marked as failed', async () => {
    const world = start({ b: refused('paused', 'TOKEN_MISSING') });
    expect(await world.run(['a', 'b', 'c'])).toEqual({
      kind: 'released',
      because: 'suspension',
      progressed: true,
    });
    expect(world.asked).toEqual(['a', 'b']);
    expect(world.held).toEqual(['TOKEN_MISSING']);
    expect([...world.rows.keys()]).toEqual(['a']);
  });

  test('waits with the others when our own calls leave no turn; nobody is marked as failed', async () => {
    const world = start({ b: refused('later', 'RATE_LIMITED') });
    expect(await world.run(['a', 'b', 'c'])).toEqual({
      kind: 'released',
      because: 'suspension',
      progressed: true,
    });
    expect(world.held).toEqual([]);
    expect([...world.rows.keys()]).toEqual(['a']);
  });

  test('begins nobody whom the time would not suffice for', async () => {
    const world = start({});
    const remainingMs = () => (world.asked.length === 0 ? 8_000 : 3_000);
    expect(await world.run(['a', 'b'], { remainingMs })).toMatchObject({ kind: 'released', because: 'time' });
    expect(world.asked).toEqual(['a']);
  });
});
