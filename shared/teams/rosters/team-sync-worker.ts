import { eachSubject, StopPartError } from '#shared/jobs/each-subject.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { ProcessingSwitch } from '#shared/settings/processing-switch.ts';
import type { Team } from '../team.ts';
import { START_WITH_MS, type DriveOutcome } from './drive-outcome.ts';
import type { RosterEntry } from './roster-entry.ts';

export interface TeamSyncWorkerDeps {
  readonly teams: {
    readonly byId: (teamId: string) => Promise<Team | undefined>;
    readonly saveProgress: (
      teamId: string,
      progress: Partial<Pick<Team, 'sync'>>,
      due: string | null | undefined,
    ) => Promise<boolean>;
  };
  readonly entries: {
    readonly ofCoach: (coachId: string) => Promise<readonly RosterEntry[]>;
    readonly hurry: (entry: RosterEntry, now: Date) => Promise<boolean>;
  };
  readonly driveTeam: (teamId: string, remainingMs: () => number, log: Log) => Promise<DriveOutcome>;
  readonly driveCompetitor: (
    competitorId: string,
    remainingMs: () => number,
    log: Log,
  ) => Promise<DriveOutcome>;
  readonly processing: ProcessingSwitch;
  readonly now: Clock;
}

const concerns = (entry: RosterEntry, teamId: string): boolean =>
  [entry.wantedTeamId, entry.confirmedTeamId, entry.doubtTeamId].includes(teamId);

const unsettled = (entry: RosterEntry): boolean =>
  entry.wantedTeamId !== entry.confirmedTeamId || entry.doubtTeamId !== null;

/** Somebody who keeps the team from being recreated. */
const isStillOn = ({ confirmedTeamId, doubtTeamId }: RosterEntry, teamId: string): boolean =>
  confirmedTeamId === teamId || doubtTeamId !== null;

/**
 * Processes parts of `team_sync`, "push now", and of `team_recreate`: the team and everybody who comes or leaves
 * is driven as far as the time allows, without their waiting times; where the team is recreated, first everybody who is
 * still on it, since nobody comes back before all are off. Whoever is left over is due, so that the dispatcher goes on with them; a part
 * that recreates a team is given back until that is done, or something does not work.
 */
export function createTeamSyncWorker(deps: TeamSyncWorkerDeps): PartWorker {
  return async (job, part, context) => {
    const { log, remainingMs } = context;
    /** How each ended that was driven: the team, and its members. */
    const ends = new Map<string, 'settled' | 'failed' | 'pending'>();
    const note = (id: string, outcome: DriveOutcome) => {
      if (outcome.kind === 'blocked') throw new StopPartError('suspension', outcome.code);
      ends.set(id, ({ settled: 'settled', failed: 'failed', again: 'pending' } as const)[outcome.kind]);
    };
    /** Those the filter chooses, as far as the time allows: nobody else costs anything. */
    const driveMembers = async (team: Team, isLeft: (entry: RosterEntry) => boolean) => {
      const entries = (await deps.entries.ofCoach(team.coachId)).filter(
        (entry) => concerns(entry, team.id) && isLeft(entry),
      );
      for (const entry of entries) {
        if (remainingMs() < START_WITH_MS * 2) {
          note(entry.competitorId, { kind: 'again' });
          continue;
        }
        await deps.entries.hurry(entry, deps.now());
        note(entry.competitorId, await deps.driveCompetitor(entry.competitorId, remainingMs, log));
      }
    };
    const outcome = await eachSubject(
      part.subjects,
      context,
      {
        concurrency: 1,
        startWithMs: START_WITH_MS,
        suspension: deps.processing.suspension,
        block: deps.processing.block,
        traceFields: (teamId) => ({ teamId }),
      },
      async (teamId) => {
        ends.clear();
        const team = await deps.teams.byId(teamId);
        if (team === undefined) return 'gone';
        const recreated = team.recreate !== null;
        if (team.platform === null || team.wantedState === 'deleted' || recreated) {
          const sync = { failure: team.sync.failure, attempts: 0, notBefore: null };
          await deps.teams.saveProgress(teamId, { sync }, deps.now().toISOString());
          note(teamId, await deps.driveTeam(teamId, remainingMs, log));
        }
        if (recreated) {
          await driveMembers(team, (entry) => isStillOn(entry, teamId));
          note(teamId, await deps.driveTeam(teamId, remainingMs, log));
        }
        await driveMembers(team, unsettled);
        return 'teams';
      },
    );
    if (outcome.kind !== 'finished') return outcome;
    const all = [...ends.values()];
    const unfinished = all.includes('pending') && !all.includes('failed');
    if (job.taskType === 'team_recreate' && unfinished) {
      return { kind: 'released', because: 'time', progressed: true };
    }
    const counts: Record<string, number> = { ...outcome.counts };
    for (const end of all) counts[end] = (counts[end] ?? 0) + 1;
    return { kind: 'finished', counts };
  };
}
