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

test('messages of one batch about one person are driven one after the other, others beside them', async () => {
  const order: string[] = [];
  const ends = new Map<string, ReturnType<typeof Promise.withResolvers<DriveOutcome>>>();
  const { receive } = queueOf(
    { kind: 'settled' },
    {
      driveCompetitor: (id) => {
        order.push(id);
        const end = Promise.withResolvers<DriveOutcome>();
        ends.set(id, end);
        return end.promise;
      },
    },
  );
  const of = (competitorId: string) => receive(1, { kind: 'roster', competitorId });
  const all = Promise.all([of('cmp_1'), of('cmp_1'), of('cmp_2')]);
  await expect.poll(() => order).toEqual(['cmp_1', 'cmp_2']);
  ends.get('cmp_1')?.resolve({ kind: 'settled' });
  await expect.poll(() => order).toEqual(['cmp_1', 'cmp_2', 'cmp_1']);
  ends.get('cmp_1')?.resolve({ kind: 'settled' });
  ends.get('cmp_2')?.resolve({ kind: 'settled' });
  expect(await all).toEqual(['acknowledge', 'acknowledge', 'acknowledge']);
});
