import { eachSubject, StopPartError } from '../jobs/each-subject.ts';
import type { PartWorker } from '../jobs/work-part.ts';
import type { Log } from '../observability/log.ts';
import type { Clock } from '../runtime/clock.ts';
import type { ProcessingSwitch } from '../settings/processing-switch.ts';
import type { Team } from '../teams/team.ts';
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

/**
 * Works off parts of `team_sync`, "push now": waiting times are forgotten, then the team and everybody who comes or
 * leaves is driven as far as the time allows. Whoever is left over is due, so that the dispatcher goes on with them.
 */
export function createTeamSyncWorker(deps: TeamSyncWorkerDeps): PartWorker {
  return async (_job, part, context) => {
    const { log, remainingMs } = context;
    const told = new Map<string, number>();
    const count = (outcome: DriveOutcome) => {
      if (outcome.kind === 'held') throw new StopPartError('pause', outcome.code);
      const name = { settled: 'settled', failed: 'failed', again: 'pending' }[outcome.kind];
      told.set(name, (told.get(name) ?? 0) + 1);
    };
    const outcome = await eachSubject(
      part.subjects,
      context,
      {
        concurrency: 1,
        startWithMs: START_WITH_MS,
        pause: deps.processing.pause,
        hold: deps.processing.hold,
      },
      async (teamId) => {
        told.clear();
        const team = await deps.teams.byId(teamId);
        if (team === undefined) return 'gone';
        if (team.platform === null || team.wantedState === 'deleted') {
          const sync = { failure: team.sync.failure, attempts: 0, notBefore: null };
          await deps.teams.saveProgress(teamId, { sync }, deps.now().toISOString());
          count(await deps.driveTeam(teamId, remainingMs, log));
        }
        const entries = (await deps.entries.ofCoach(team.coachId)).filter(
          (entry) => concerns(entry, teamId) && unsettled(entry),
        );
        for (const entry of entries) await deps.entries.hurry(entry, deps.now());
        for (const { competitorId } of entries) {
          if (remainingMs() < START_WITH_MS * 2) count({ kind: 'again' });
          else count(await deps.driveCompetitor(competitorId, remainingMs, log));
        }
        return 'teams';
      },
    );
    if (outcome.kind !== 'finished') return outcome;
    return { kind: 'finished', counts: { ...outcome.counts, ...Object.fromEntries(told) } };
  };
}
