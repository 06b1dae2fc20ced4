import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import type { Coach } from '#shared/identity/identity.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Log } from '#shared/kernel/log.ts';
import { coachAccountRequest } from '#shared/onboarding/account-requests.ts';
import { ensurePlatformAccount } from '#shared/onboarding/platform-account.ts';
import { natureOf } from '#shared/onboarding/refusals.ts';
import type { Team } from '../team.ts';
import {
  LEASE_MARGIN_MS,
  outcomeOfError,
  cooldownAfter,
  START_WITH_MS,
  WRITE_RESERVE_MS,
  type DriveOutcome,
} from './drive-outcome.ts';
import type { SyncFailure } from './roster-entry.ts';
import { QUICK_TRIES, retryAfterOf, retryDelay, rosterFailure } from './roster-failures.ts';
import { OwnError } from '#shared/kernel/errors.ts';

export interface Leases {
  readonly take: (name: string, owner: string, until: Date, now: Date) => Promise<boolean>;
  readonly end: (name: string, owner: string, quietUntil: Date | null) => Promise<void>;
}

export interface DriveTeamDeps {
  readonly teams: {
    /** Consistent. */
    readonly byId: (teamId: string) => Promise<Team | undefined>;
    readonly saveProgress: (
      teamId: string,
      progress: Partial<Pick<Team, 'platform' | 'createSent' | 'recreate' | 'sync'>>,
      due: string | null | undefined,
    ) => Promise<boolean>;
    readonly remove: (teamId: string) => Promise<void>;
  };
  /** Ids of those who are, or may be, on the team over there as far as we know. */
  readonly membersThere: (team: Team) => Promise<readonly string[]>;
  /** Has somebody who is settled looked at. */
  readonly wake: (competitorId: string, now: Date) => Promise<void>;
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly confirmCoachAccount: (coachId: string, gamePlatformId: string) => Promise<void>;
  readonly platform: Pick<GamePlatform, 'getUser' | 'createUser' | 'createTeam' | 'deleteTeam'>;
  readonly leases: Leases;
  readonly now: Clock;
  readonly newId: NewId;
}

/** The platform refused the coach's own account, without which there can be no team. */
class CoachRefusedError extends OwnError {
  override readonly name = 'CoachRefusedError';
  constructor(
    readonly code: string,
    readonly retryAfterMs: number | undefined,
    readonly mayStillRun: boolean,
  ) {
    super(`The coach's account was refused: ${code}`);
  }
}

const DONE: Team['sync'] = { failure: null, attempts: 0, notBefore: null };

/** Whether the platform refused what the team was called, and it is called something else now. */
const changedSinceRefusal = ({ createSent, sync, name, affiliation, division }: Team): boolean =>
  createSent !== null &&
  sync.failure !== null &&
  natureOf(sync.failure.code) === 'final' &&
  (createSent.name !== name || createSent.affiliation !== affiliation || createSent.division !== division);

/** The slowest pace of deleting over there what is gone here already: nobody waits for it. */
const deletionDelay = (attempts: number): number => Math.min(20_000 * 2 ** (attempts - 1), 3_600_000);

const budget = (remainingMs: () => number) => ({
  budgetMs: Math.max(0, Math.floor(remainingMs() - WRITE_RESERVE_MS)),
});

const waits = ({ sync }: Team, now: Date): boolean =>
  sync.notBefore !== null && Date.parse(sync.notBefore) > now.getTime();

/**
 * Brings one team on the platform to what is wanted: there, there anew, or deleted. The coach's account comes first. A create whose
 * end is unknown is sent again as it was; "exists" is then its success, without the platform's number.
 */
export function createDriveTeam(
  deps: DriveTeamDeps,
): (teamId: string, remainingMs: () => number, log: Log) => Promise<DriveOutcome> {
  const { platform, now } = deps;

  /** Runs alone under the name; undefined when somebody else is at it. */
  async function alone<T>(
    name: string,
    remainingMs: () => number,
    work: () => Promise<T>,
    log: Log,
  ): Promise<T | undefined> {
    const owner = deps.newId('own');
    const until = new Date(now().getTime() + remainingMs() + LEASE_MARGIN_MS);
    if (!(await deps.leases.take(name, owner, until, now()))) return undefined;
    let quietUntil: Date | null = null;
    try {
      return await work();
    } catch (error) {
      const mayRun = error instanceof CoachRefusedError && error.mayStillRun;
      quietUntil = mayRun ? new Date(now().getTime() + LEASE_MARGIN_MS) : cooldownAfter(error, now());
      throw error;
    } finally {
      await deps.leases.end(name, owner, quietUntil).catch((error: unknown) => {
        log.warn('lease could not be given back; it ends by itself', { lease: name }, error);
      });
    }
  }

  /** The coach's id over there; undefined when somebody else is making the account. */
  async function coachAccount(
    coachId: string,
    remainingMs: () => number,
    log: Log,
  ): Promise<string | undefined> {
    const known = async () => {
      const coach = await deps.coachById(coachId);
      if (coach === undefined) throw new OwnError(`A team belongs to the unknown coach ${coachId}.`);
      return coach;
    };
    const first = await known();
    if (first.gamePlatformId !== null) return first.gamePlatformId;
    return alone(
      // The same as onboarding's, which makes the account as well.
      `onboard#coach#${coachId}`,
      remainingMs,
      async () => {
        const coach = await known();
        if (coach.gamePlatformId !== null) return coach.gamePlatformId;
        const answer = await ensurePlatformAccount(platform, coachAccountRequest(coach), () =>
          Math.max(0, remainingMs() - WRITE_RESERVE_MS),
        );
        if (answer.kind === 'refused') {
          throw new CoachRefusedError(answer.code, answer.retryAfterMs, answer.mayStillRun);
        }
        await deps.confirmCoachAccount(coachId, answer.user.syned_user_id);
        return answer.user.syned_user_id;
      },
      log,
    );
  }

  /** `due` in the index is the time of the next try. */
  async function saveFailure(
    team: Team,
    failure: SyncFailure,
    attempts: number,
    delayMs: number | null,
    more: Partial<Pick<Team, 'createSent'>> = {},
  ): Promise<void> {
    const next = new Date(now().getTime() + (delayMs ?? 0)).toISOString();
    const notBefore = delayMs === null ? null : next;
    await deps.teams.saveProgress(team.id, { ...more, sync: { failure, attempts, notBefore } }, next);
  }

  async function create(team: Team, remainingMs: () => number, log: Log): Promise<DriveOutcome> {
    /** Whether an earlier create, whose end is not known, may have made it. */
    let createInFlight = team.createSent !== null;
    try {
      const coachPlatformId = await coachAccount(team.coachId, remainingMs, log);
      if (coachPlatformId === undefined || remainingMs() < START_WITH_MS) return { kind: 'again' };
      // What was refused and has been changed since is sent anew, once an earlier create has left nothing behind.
      if (changedSinceRefusal(team)) await deleteThere(team, remainingMs);
      createInFlight = team.createSent !== null && !changedSinceRefusal(team);
      const { name, affiliation, division } = createInFlight ? (team.createSent ?? team) : team;
      const sent = { name, affiliation, division };
      if (!createInFlight && !(await deps.teams.saveProgress(team.id, { createSent: sent }, undefined))) {
        return { kind: 'settled' };
      }
      if (remainingMs() < START_WITH_MS) return { kind: 'again' };
      let number: number | null = null;
      try {
        const made = await platform.createTeam(
          {
            syned_coach_user_id: coachPlatformId,
            syned_team_id: team.id,
            team_name: name,
            affiliation,
            division,
          },
          budget(remainingMs),
        );
        number = made.metactf_team_id;
      } catch (error) {
        // Nobody else makes teams under our ids, so it is what we sent before.
        if (!(error instanceof GamePlatformError) || error.code !== 'ALREADY_EXISTS') throw error;
      }
      const platformTeam = { teamId: number, ...sent, confirmedAt: now().toISOString() };
      const progress = { platform: platformTeam, createSent: null, sync: DONE };
      // Refused when it was deleted meanwhile: then it stays in the index, to be deleted over there.
      if (!(await deps.teams.saveProgress(team.id, progress, null))) {
        await deps.teams.saveProgress(team.id, progress, undefined);
      }
      log.info('team confirmed', { teamId: team.id });
      return { kind: 'settled' };
    } catch (error) {
      if (error instanceof CoachRefusedError) return coachRefused(team, error);
      return outcomeOfError(error, team.sync.attempts, (refusal, attempts) =>
        saveFailure(
          team,
          rosterFailure(refusal.code, now()),
          attempts,
          retryDelay(refusal.code, attempts, retryAfterOf(refusal)),
          // A refusal says that this create made nothing, so the next may send something else.
          natureOf(refusal.code) === 'final' && !createInFlight ? { createSent: null } : {},
        ),
      );
    }
  }

  async function coachRefused(team: Team, { code, retryAfterMs }: CoachRefusedError): Promise<DriveOutcome> {
    const nature = natureOf(code);
    if (nature === 'paused') return { kind: 'blocked', code };
    if (code === 'BUDGET_EXHAUSTED') return { kind: 'again' };
    const attempts = team.sync.attempts + 1;
    await saveFailure(team, rosterFailure(code, now()), attempts, retryDelay(code, attempts, retryAfterMs));
    return { kind: 'failed', code, soon: nature === 'later' && attempts <= QUICK_TRIES };
  }

  /** Deletes the team over there, where it may be. */
  async function deleteThere(team: Team, remainingMs: () => number): Promise<void> {
    if (team.platform === null && team.createSent === null) return;
    try {
      await platform.deleteTeam(team.id, budget(remainingMs));
    } catch (error) {
      if (!(error instanceof GamePlatformError) || error.code !== 'NOT_FOUND') throw error;
    }
  }

  /**
   * The first half of making a team anew: once everybody is off it, it is deleted over there and forgotten here. The
   * second half is that of any new team.
   */
  async function takeAway(team: Team, remainingMs: () => number, log: Log): Promise<DriveOutcome> {
    const there = await deps.membersThere(team);
    if (there.length > 0) {
      for (const competitorId of there) await deps.wake(competitorId, now());
      return { kind: 'again' };
    }
    try {
      await deleteThere(team, remainingMs);
    } catch (error) {
      return outcomeOfError(error, team.sync.attempts, (refusal, attempts) => {
        const code = natureOf(refusal.code) === 'final' ? 'RECREATE_REFUSED' : refusal.code;
        log.warn('team not deleted to be recreated', { teamId: team.id, code: refusal.code, attempts });
        const delay = retryDelay(refusal.code, attempts, retryAfterOf(refusal));
        return saveFailure(team, rosterFailure(code, now()), attempts, delay);
      });
    }
    const gone = { platform: null, createSent: null, recreate: null, sync: DONE };
    await deps.teams.saveProgress(team.id, gone, now().toISOString());
    log.info('team taken off the platform to be recreated', { teamId: team.id });
    return { kind: 'settled' };
  }

  /** Nobody is on it here any more, but some may have yet to be taken off over there: they come first. */
  async function remove(team: Team, remainingMs: () => number, log: Log): Promise<DriveOutcome> {
    if ((await deps.membersThere(team)).length > 0) return { kind: 'again' };
    try {
      await deleteThere(team, remainingMs);
      await deps.teams.remove(team.id);
      log.info('team deleted on the platform', { teamId: team.id });
      return { kind: 'settled' };
    } catch (error) {
      const outcome = await outcomeOfError(error, team.sync.attempts, async (refusal, attempts) => {
        log.warn('team not deleted on the platform; tried again', {
          teamId: team.id,
          code: refusal.code,
          attempts,
        });
        await saveFailure(team, rosterFailure(refusal.code, now()), attempts, deletionDelay(attempts));
      });
      return outcome.kind === 'failed' ? { ...outcome, soon: false } : outcome;
    }
  }

  return async (teamId, remainingMs, log) => {
    // A look without the lease: the usual team is long there.
    const first = await deps.teams.byId(teamId);
    const settled = first?.wantedState === 'present' && first.platform !== null && first.recreate === null;
    if (first === undefined || settled) {
      return { kind: 'settled' };
    }
    const outcome = await alone(
      `team#${teamId}`,
      remainingMs,
      async (): Promise<DriveOutcome> => {
        let team = await deps.teams.byId(teamId);
        if (team === undefined) return { kind: 'settled' };
        if (waits(team, now()))
          return { kind: 'failed', code: team.sync.failure?.code ?? 'WAITING', soon: false };
        if (team.wantedState === 'present' && team.recreate !== null) {
          const away = await takeAway(team, remainingMs, log);
          if (away.kind !== 'settled') return away;
          if (remainingMs() < START_WITH_MS) return { kind: 'again' };
          team = await deps.teams.byId(teamId);
          if (team === undefined) return { kind: 'settled' };
        }
        if (team.wantedState === 'deleted') return remove(team, remainingMs, log);
        return team.platform === null ? create(team, remainingMs, log) : { kind: 'settled' };
      },
      log,
    );
    return outcome ?? { kind: 'again' };
  };
}
