import { expect, test } from 'vitest';
import type { TaskType } from '#shared/composition/tasks.ts';
import type { DriveOutcome } from '#shared/teams/rosters/drive-outcome.ts';
import { rosterEntrySchema, type RosterEntry } from '#shared/teams/rosters/roster-entry.ts';
import { createTeamSyncWorker } from '#shared/teams/rosters/team-sync-worker.ts';
import type { Team } from '#shared/teams/team.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aTeam } from '#test/support/records.ts';

const PLATFORM = {
  teamId: 7,
  name: 'Packet Foxes',
  affiliation: 'Cedar Hollow School',
  division: 'high_school',
  confirmedAt: '2026-11-20T10:00:00.000Z',
};
const RECREATED = aTeam({ platform: PLATFORM, recreate: { requestedAt: '2026-11-20T12:00:00.000Z' } });

const settledOn = (competitorId: string): RosterEntry =>
  rosterEntrySchema.parse({
    competitorId,
    coachId: 'coach_1',
    wantedTeamId: 'team_1',
    wantedAt: '2026-11-20T10:00:00.000Z',
    editedBy: 'ada',
    confirmedTeamId: 'team_1',
    confirmedAt: '2026-11-20T10:00:04.000Z',
  });

const next = (outcomes: DriveOutcome[]): Promise<DriveOutcome> =>
  Promise.resolve(outcomes.shift() ?? { kind: 'settled' });

/** Processes one part; drives end as told, in turn. */
async function work(
  taskType: TaskType,
  team: Team,
  ends: { readonly team: DriveOutcome[]; readonly members: DriveOutcome[] },
) {
  const driven: string[] = [];
  const worker = createTeamSyncWorker({
    teams: { byId: () => Promise.resolve(team), saveProgress: () => Promise.resolve(true) },
    entries: {
      ofCoach: () => Promise.resolve([settledOn('cmp_a'), settledOn('cmp_b')]),
      hurry: () => Promise.resolve(true),
    },
    driveTeam: () => {
      driven.push('team');
      return next(ends.team);
    },
    driveCompetitor: (id) => {
      driven.push(id);
      return next(ends.members);
    },
    processing: { suspension: () => Promise.resolve(null), block: () => Promise.resolve() },
    now: () => new Date('2026-11-20T12:00:01.000Z'),
  });
  const outcome = await worker({ taskType } as never, { subjects: [team.id] } as never, {
    remainingMs: () => 8_000,
    log: recordingLog().log,
    lastAttempt: false,
  });
  return { outcome, driven };
}
const again = { kind: 'again' } as const;

test('a team that is recreated has its members driven off, then back', async () => {
  const { outcome, driven } = await work('team_recreate', RECREATED, { team: [again], members: [again] });
  expect(driven).toEqual(['team', 'cmp_a', 'cmp_b', 'team', 'cmp_a', 'cmp_b']);
  expect(outcome).toEqual({ kind: 'finished', counts: { teams: 1, settled: 3 } });
});

test('as long as that is not done, the part is given back', async () => {
  const { outcome } = await work('team_recreate', RECREATED, { team: [again, again], members: [again] });
  expect(outcome).toEqual({ kind: 'released', because: 'time', progressed: true });
});

test('what does not work ends it, with counts; the dispatcher goes on trying', async () => {
  const failed = { kind: 'failed', code: 'RECREATE_REFUSED', soon: false } as const;
  const { outcome } = await work('team_recreate', RECREATED, { team: [again, failed], members: [] });
  expect(outcome).toEqual({ kind: 'finished', counts: { teams: 1, settled: 2, failed: 1 } });
});

test('a push of a team in step drives nobody', async () => {
  const { outcome, driven } = await work('team_sync', aTeam({ platform: PLATFORM }), {
    team: [],
    members: [],
  });
  expect(driven).toEqual([]);
  expect(outcome).toEqual({ kind: 'finished', counts: { teams: 1 } });
});
