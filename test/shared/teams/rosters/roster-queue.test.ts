import { expect, test } from 'vitest';
import type { DriveOutcome } from '#shared/teams/rosters/drive-outcome.ts';
import { handleRosterMessages, type RosterQueueDeps } from '#shared/teams/rosters/roster-queue.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';

const HINT = { kind: 'roster', competitorId: 'cmp_1' };

function queueOf(outcome: DriveOutcome, over: Partial<RosterQueueDeps> = {}) {
  const hidden: number[] = [];
  const held: string[] = [];
  const driven: string[] = [];
  const drive = (id: string) => {
    driven.push(id);
    return Promise.resolve(outcome);
  };
  const handle = handleRosterMessages({
    part: () => Promise.resolve('acknowledge'),
    driveCompetitor: drive,
    driveTeam: drive,
    suspension: () => Promise.resolve(null),
    block: (code) => {
      held.push(code);
      return Promise.resolve();
    },
    hideFor: (_handle, seconds) => {
      hidden.push(seconds);
      return Promise.resolve();
    },
    ...over,
  });
  const receive = (receiveCount = 1, body: unknown = HINT) =>
    handle(body, { receiveCount, remainingMs: () => 8_000, receiptHandle: 'r' }, recordingLog().log);
  return { receive, hidden, held, driven };
}

const soon: DriveOutcome = { kind: 'failed', code: 'UNAVAILABLE', soon: true };

test('a failure that may pass comes back after 2, 5 and 10 seconds, and then is left to the dispatcher', async () => {
  const { receive, hidden } = queueOf(soon);
  const fates = [await receive(1), await receive(2), await receive(3), await receive(4)];
  expect(fates).toEqual(['retry', 'retry', 'retry', 'acknowledge']);
  expect(hidden).toEqual([2, 5, 10]);
});

test.each<[string, DriveOutcome]>([
  ['what is done', { kind: 'settled' }],
  ['what was refused', { kind: 'failed', code: 'REFUSED', soon: false }],
])('%s is acknowledged', async (_what, outcome) => {
  const { receive, hidden } = queueOf(outcome);
  expect(await receive()).toBe('acknowledge');
  expect(hidden).toEqual([]);
});

test('who is in other hands comes back in a moment, but never as a dead letter', async () => {
  const { receive, hidden } = queueOf({ kind: 'again' });
  expect([await receive(1), await receive(4)]).toEqual(['retry', 'acknowledge']);
  expect(hidden).toEqual([2]);
});

test('a refused token stops everybody', async () => {
  const { receive, held } = queueOf({ kind: 'blocked', code: 'TOKEN_REFUSED' });
  expect(await receive()).toBe('acknowledge');
  expect(held).toEqual(['TOKEN_REFUSED']);
});

test('a message that cannot be made visible sooner is kept all the same', async () => {
  const { receive } = queueOf(soon, { hideFor: () => Promise.reject(new Error('SQS is away')) });
  expect(await receive()).toBe('retry');
});

test('hints of teams and members, and parts of jobs, each find their worker; nothing else does', async () => {
  const { receive, driven } = queueOf({ kind: 'settled' });
  await receive(1, { kind: 'team', teamId: 'team_1' });
  await receive(1, { kind: 'job_part', jobId: 'job_1', part: 0 });
  expect(driven).toEqual(['team_1']);
  await expect(receive(1, { kind: 'shout' })).rejects.toThrow('Invalid input');
});
