import type { Competitor } from '#shared/competitors/competitor.ts';
import { onHold } from '#shared/competitors/consent.ts';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { Team } from '../team.ts';
import {
  BlockedError,
  LEASE_MARGIN_MS,
  outcomeOfError,
  cooldownAfter,
  START_WITH_MS,
  WRITE_RESERVE_MS,
  type DriveOutcome,
} from './drive-outcome.ts';
import type { Leases } from './drive-team.ts';
import { nextStep, type RosterFacts, type RosterStep } from './next-step.ts';
import type { RosterEntry } from './roster-entry.ts';
import { retryAfterOf, retryDelay, rosterFailure } from './roster-failures.ts';

/** Work on one person that readings of them give way to. */
export interface Turns {
  /** True when nobody reads the person from now on; `name` is the caller's alone, by a lease. */
  readonly take: (
    name: string,
    competitorId: string,
    until: Date,
    remainingMs: () => number,
  ) => Promise<boolean>;
  /** Lets readings come again, at once or from `quietUntil` on. To be called whatever `take` came to. */
  readonly end: (name: string, competitorId: string, quietUntil: Date | null) => Promise<void>;
}

export interface DriveCompetitorDeps {
  readonly entries: {
    /** Consistent. */
    readonly byId: (competitorId: string) => Promise<RosterEntry | undefined>;
    readonly doubt: (entry: RosterEntry, teamId: string) => Promise<boolean>;
    readonly confirm: (
      entry: RosterEntry,
      teamId: string | null,
      at: Date,
    ) => Promise<
      { readonly kind: 'closed'; readonly seconds: number | null } | { readonly kind: 'open' | 'gone' }
    >;
    /** The entry of an erased person who is on no team over there any more. */
    readonly removeErased: (competitorId: string) => Promise<void>;
    /** Closes an entry of which all is as wanted. */
    readonly settle: (entry: RosterEntry) => Promise<void>;
    readonly saveFailure: (
      entry: RosterEntry,
      failure: Pick<RosterEntry, 'failure' | 'attempts' | 'notBefore'>,
      due: string,
    ) => Promise<boolean>;
  };
  /** Consistent. */
  readonly competitorById: (competitorId: string) => Promise<Competitor | undefined>;
  readonly teams: {
    /** Consistent. */
    readonly byId: (teamId: string) => Promise<Team | undefined>;
    /** The platform lost it: it has to be made again. */
    readonly forget: (teamId: string) => Promise<void>;
  };
  readonly driveTeam: (teamId: string, remainingMs: () => number, log: Log) => Promise<DriveOutcome>;
  readonly platform: Pick<GamePlatform, 'assignTeam' | 'deleteAssignment' | 'getTeamAssignments'>;
  /**
   * Stores everything the platform still shows of somebody who is about to leave a team; with `final` also of somebody
   * who is not read any more.
   */
  readonly readScores: (competitor: Competitor, budgetMs: number, final: boolean) => Promise<void>;
  readonly leases: Leases;
  /** What keeps readings of the same person away. Asked only by whoever holds the lease. */
  readonly turns: Turns;
  /** Told once for each edit that reached the platform. */
  readonly onEdit: (seconds: number, at: Date) => Promise<void>;
  /** Told the team on which the platform has somebody, for whoever chooses the next reads; may be lost. */
  readonly followTeam: (competitorId: string, teamId: string | null) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
}

/** An add is two steps, a move five; more means that edits come in faster than they can be followed. */
const MAX_STEPS = 12;

/** Steps that call the platform about the person. */
const ABOUT_THE_PERSON: ReadonlySet<RosterStep['kind']> = new Set(['settle', 'unassign', 'assign']);

function stateOf(team: Team | undefined): NonNullable<RosterFacts['wantedTeam']> {
  if (team === undefined || team.wantedState !== 'present') return 'gone';
  if (team.recreate !== null) return 'being_recreated';
  return team.platform === null ? 'not_on_platform' : 'on_platform';
}

const badAnswer = (teamId: string): GamePlatformError =>
  new GamePlatformError(200, 'BAD_ANSWER', 'The list of assignments is shorter than it says.', {
    endpoint: 'getTeamAssignments',
    attempts: 1,
    synedTeamId: teamId,
  });

/**
 * Brings one competitor's team on the platform to what is wanted, one call after another, each recorded before the
 * next. Safe to call any number of times, at once, in any order and after a crash anywhere: a lease lets one at a time
 * make calls, every step is decided from the table, and a call whose end nobody saw is settled by asking.
 */
export function createDriveCompetitor(
  deps: DriveCompetitorDeps,
): (competitorId: string, remainingMs: () => number, log: Log) => Promise<DriveOutcome> {
  const { entries, platform, now } = deps;

  /** Takes a step. False: there is nothing more to do now. */
  async function take(
    step: RosterStep,
    entry: RosterEntry,
    /** Undefined for somebody who was erased here. */
    competitor: Competitor | undefined,
    remainingMs: () => number,
    log: Log,
  ): Promise<boolean> {
    const budgetMs = Math.max(0, Math.floor(remainingMs() - WRITE_RESERVE_MS));
    const confirm = async (teamId: string | null): Promise<boolean> => {
      if (competitor === undefined && teamId === null) {
        await entries.removeErased(entry.competitorId);
        return false;
      }
      const at = now();
      const result = await entries.confirm(entry, teamId, at);
      if (result.kind === 'closed') {
        await deps.followTeam(entry.competitorId, teamId).catch((error: unknown) => {
          log.warn('the team was not told to the score sync; the profile refresh will', {}, error);
        });
      }
      if (result.kind === 'closed' && result.seconds !== null) {
        await deps.onEdit(result.seconds, at).catch((error: unknown) => {
          log.warn('the time of an edit was not counted', {}, error);
        });
      }
      return result.kind === 'open';
    };
    switch (step.kind) {
      case 'none':
        if (competitor === undefined) return confirm(entry.confirmedTeamId);
        await entries.settle(entry);
        return false;
      case 'wait_for_account':
        return false;
      case 'wait_for_release':
        throw new BlockedError(
          { kind: 'failed', code: 'ON_HOLD', soon: false },
          rosterFailure('ON_HOLD', now()),
        );
      case 'close':
        return confirm(entry.confirmedTeamId);
      case 'settle':
        return confirm((await isOn(step.platformId, step.teamId, budgetMs)) ? step.teamId : null);
      case 'team_gone':
        throw new BlockedError(
          { kind: 'failed', code: 'TEAM_GONE', soon: false },
          rosterFailure('TEAM_GONE', now()),
        );
      case 'create_team': {
        const outcome = await deps.driveTeam(step.teamId, remainingMs, log);
        if (outcome.kind === 'settled') return true;
        const code = outcome.kind === 'failed' ? outcome.code : null;
        throw new BlockedError(outcome, code === null ? null : rosterFailure(code, now()));
      }
      case 'unassign': {
        // Of an erased person nothing may be stored any more.
        if (competitor !== undefined) await deps.readScores(competitor, budgetMs, entry.finalRead === true);
        if (remainingMs() < START_WITH_MS) throw new BlockedError({ kind: 'again' });
        if (!(await entries.doubt(entry, step.teamId))) return false;
        await unassign(step.platformId, remainingMs() - WRITE_RESERVE_MS);
        return confirm(null);
      }
      case 'assign':
        break;
    }
    if (!(await entries.doubt(entry, step.teamId))) return false;
    await assign(step.platformId, step.teamId, budgetMs);
    return confirm(step.teamId);
  }

  async function isOn(platformId: string, teamId: string, budgetMs: number): Promise<boolean> {
    try {
      const answer = await platform.getTeamAssignments(teamId, { budgetMs });
      const { assignments, unparsed, total_count: total } = answer;
      // Less than it says is no answer; nobody is taken for absent because of it.
      if (assignments.length + unparsed.length !== total) throw badAnswer(teamId);
      const found = assignments.some(
        (one) => one.syned_user_id === platformId && (one.syned_team_id ?? teamId) === teamId,
      );
      // Nor because of a record that may be theirs.
      if (!found && unparsed.length > 0) throw badAnswer(teamId);
      return found;
    } catch (error) {
      if (error instanceof GamePlatformError && error.code === 'NOT_FOUND') return false;
      throw error;
    }
  }

  async function unassign(platformId: string, budgetMs: number): Promise<void> {
    try {
      await platform.deleteAssignment(platformId, { budgetMs: Math.max(0, Math.floor(budgetMs)) });
    } catch (error) {
      // Neither on a team nor known at all: nothing is left to be taken away.
      const absent =
        error instanceof GamePlatformError && (error.code === 'NOT_FOUND' || error.code === 'USER_UNKNOWN');
      if (!absent) throw error;
    }
  }

  async function assign(platformId: string, teamId: string, budgetMs: number): Promise<void> {
    try {
      await platform.assignTeam(platformId, teamId, { budgetMs });
    } catch (error) {
      if (error instanceof GamePlatformError && error.code === 'NOT_FOUND') await deps.teams.forget(teamId);
      throw error;
    }
  }

  async function factsOf(competitorId: string) {
    const entry = await entries.byId(competitorId);
    if (entry === undefined) return undefined;
    const [competitor, team] = await Promise.all([
      deps.competitorById(competitorId),
      entry.wantedTeamId === null ? undefined : deps.teams.byId(entry.wantedTeamId),
    ]);
    const platformId = competitor === undefined ? entry.erasedPlatformId : competitor.gamePlatformId;
    if (competitor === undefined && platformId === null) return undefined;
    const held = competitor !== undefined && onHold(competitor) !== null;
    const wantedTeam = entry.wantedTeamId === null ? null : stateOf(team);
    const { confirmedTeamId, wantedTeamId } = entry;
    const leaves =
      wantedTeam === 'being_recreated' && confirmedTeamId !== null && confirmedTeamId !== wantedTeamId;
    const leavesRecreated = leaves && stateOf(await deps.teams.byId(confirmedTeamId)) === 'being_recreated';
    return { entry, competitor, facts: { entry, platformId, onHold: held, wantedTeam, leavesRecreated } };
  }

  async function failed(entry: RosterEntry, error: unknown): Promise<DriveOutcome> {
    if (error instanceof BlockedError) {
      const { failure, outcome } = error;
      if (failure !== null && outcome.kind === 'failed') {
        const attempts = entry.attempts + 1;
        await save(entry, failure, attempts, retryDelay(failure.code, attempts, undefined));
      }
      return outcome;
    }
    return outcomeOfError(error, entry.attempts, (refusal, attempts) =>
      save(
        entry,
        rosterFailure(refusal.code, now()),
        attempts,
        retryDelay(refusal.code, attempts, retryAfterOf(refusal)),
      ),
    );
  }

  async function save(
    entry: RosterEntry,
    failure: RosterEntry['failure'],
    attempts: number,
    delayMs: number | null,
  ): Promise<void> {
    const next = new Date(now().getTime() + (delayMs ?? 0)).toISOString();
    await entries.saveFailure(entry, { failure, attempts, notBefore: delayMs === null ? null : next }, next);
  }

  return async (competitorId, remainingMs, outerLog) => {
    const log = outerLog.with({ competitorId });
    const owner = deps.newId('own');
    const lease = `roster#${competitorId}`;
    const until = new Date(now().getTime() + remainingMs() + LEASE_MARGIN_MS);
    if (!(await deps.leases.take(lease, owner, until, now()))) return { kind: 'again' };
    let quietUntil: Date | null = null;
    let entry: RosterEntry | undefined;
    let entered = false;
    try {
      for (let count = 0; count < MAX_STEPS; count += 1) {
        const found = await factsOf(competitorId);
        if (found === undefined) return { kind: 'settled' };
        ({ entry } = found);
        if (entry.notBefore !== null && Date.parse(entry.notBefore) > now().getTime()) {
          return { kind: 'failed', code: entry.failure?.code ?? 'WAITING', soon: false };
        }
        const step = nextStep(found.facts);
        if (ABOUT_THE_PERSON.has(step.kind) && !entered) {
          entered = true;
          if (!(await deps.turns.take(lease, competitorId, until, remainingMs))) return { kind: 'again' };
        }
        if (remainingMs() < START_WITH_MS) return { kind: 'again' };
        if (!(await take(step, entry, found.competitor, remainingMs, log))) return { kind: 'settled' };
        log.info('roster step taken', { step: step.kind, teamId: entry.wantedTeamId });
      }
      return { kind: 'again' };
    } catch (error) {
      quietUntil = cooldownAfter(error, now());
      if (entry === undefined) throw error;
      const outcome = await failed(entry, error);
      log.warn('roster step failed', {
        outcome: outcome.kind,
        ...('code' in outcome ? { code: outcome.code } : {}),
      });
      return outcome;
    } finally {
      if (entered) {
        await deps.turns.end(lease, competitorId, quietUntil).catch((error: unknown) => {
          log.warn('readings were not told of the end; the row runs out', {}, error);
        });
      }
      await deps.leases.end(lease, owner, quietUntil).catch((error: unknown) => {
        log.warn('lease could not be given back; it ends by itself', { lease }, error);
      });
    }
  };
}
