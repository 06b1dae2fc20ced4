import type { Actor } from '#shared/audit/actor.ts';
import { auditEventsOf } from '#shared/competitors/competitor-changes.ts';
import { competitorStatus } from '#shared/competitors/competitor-status.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { UserResponse } from '#shared/game-platform/vendor-contract.ts';
import { confirmedAccount } from './account-facts.ts';
import type { OnboardCompetitorDeps, OnboardOutcome, OnboardRefusal } from './onboard-competitor.ts';
import { mayOnboard } from './onboarding-switch.ts';
import { natureOf, refusalWords } from './refusals.ts';
import { createRunAlone } from './run-alone.ts';
import { OwnError } from '#shared/kernel/errors.ts';

export interface LinkAccountDeps extends OnboardCompetitorDeps {
  /** From an index, so a moment old. */
  readonly competitorByPlatformId: (gamePlatformId: string) => Promise<Competitor | undefined>;
  /** Whether somebody erased had this id, here or on the platform. Consistent. */
  readonly isErased: (id: string) => Promise<boolean>;
}

export interface LinkRequest {
  readonly competitorId: string;
  /** The `syned_user_id` that the platform knows this person by. */
  readonly platformUserId: string;
  readonly actor: Actor;
  /**
   * Set when an admin brings ids from an older system along: then nobody has to have been refused before. `countOnly`:
   * the account is looked up and nothing is kept.
   */
  readonly migration?: { readonly countOnly: boolean };
  /** Milliseconds until the function is ended. */
  readonly remainingMs: () => number;
}

export type LinkOutcome =
  | Extract<
      OnboardOutcome,
      { kind: 'onboarded' | 'already' | 'not_found' | 'not_enabled' | 'in_progress' | 'refused' }
    >
  /** The competitor was not refused for a known email, or has another account by now. */
  | { readonly kind: 'not_wanted' }
  | { readonly kind: 'unknown' }
  /** There is such an account, and nothing was to be kept: only when that was asked for. */
  | { readonly kind: 'found' }
  /** Somebody else of ours is, or was until they were erased, known by that id. */
  | { readonly kind: 'taken' };

/** Kept for the writes at the end, whatever the platform does. */
const WRITE_RESERVE_MS = 1_200;
const SAVE_ATTEMPTS = 8;

/**
 * "Link the other account": completes the onboarding of somebody whose email the platform knows already, with the id
 * of that account. May be called any number of times; two competitors at once cannot get the same account, since a
 * lease of that id is held longer than the index takes to show its new owner.
 */
export function createLinkAccount(deps: LinkAccountDeps): (request: LinkRequest) => Promise<LinkOutcome> {
  const { now, newId, platform } = deps;
  const alone = createRunAlone(deps);

  /** What ends the matter without asking the platform; undefined: go on. */
  async function settled(
    competitor: Competitor | undefined,
    { platformUserId, migration }: Pick<LinkRequest, 'platformUserId' | 'migration'>,
  ): Promise<LinkOutcome | undefined> {
    if (competitor === undefined) return { kind: 'not_found' };
    if (competitor.gamePlatformId === platformUserId) return { kind: 'already', competitor };
    const coach = await deps.coachById(competitor.coachId);
    if (coach !== undefined && competitor.gamePlatformId === null && !mayOnboard(coach)) {
      return { kind: 'not_enabled' };
    }
    const ready = competitor.active && competitorStatus(competitor) === 'compliance';
    const refusedForEmail = competitor.platform.refusal?.code === 'EMAIL_KNOWN';
    if (!ready || (migration === undefined && !refusedForEmail)) return { kind: 'not_wanted' };
    // The coach's own account comes first.
    return coach === undefined || coach.gamePlatformId === null ? { kind: 'not_wanted' } : undefined;
  }

  async function taken(competitorId: string, platformUserId: string): Promise<boolean> {
    const [owner, namesake, coach, erased] = await Promise.all([
      deps.competitorByPlatformId(platformUserId),
      deps.competitorById(platformUserId),
      deps.coachById(platformUserId),
      deps.isErased(platformUserId),
    ]);
    const other = [owner, namesake].some((one) => one !== undefined && one.id !== competitorId);
    return other || coach !== undefined || erased;
  }

  async function lookUp(request: LinkRequest): Promise<UserResponse | OnboardRefusal | null> {
    try {
      const budgetMs = Math.floor(Math.max(0, request.remainingMs() - WRITE_RESERVE_MS));
      return await platform.getUser(request.platformUserId, { budgetMs, typedId: true });
    } catch (error) {
      if (!(error instanceof GamePlatformError)) throw error;
      const { code, context } = error;
      return {
        code,
        ...refusalWords(code, 'competitor'),
        nature: natureOf(code),
        retryAfterMs: context.retryAfterMs,
      };
    }
  }

  async function keep(request: LinkRequest, user: UserResponse): Promise<LinkOutcome> {
    for (let attempt = 1; attempt <= SAVE_ATTEMPTS; attempt += 1) {
      const competitor = await deps.competitorById(request.competitorId);
      const end = await settled(competitor, request);
      if (end !== undefined || competitor === undefined) return end ?? { kind: 'not_found' };
      if (await deps.isErased(request.platformUserId)) return { kind: 'taken' };
      const at = now().toISOString();
      const { activity, audit } = auditEventsOf(
        { kind: 'competitor_onboarded', action: 'competitor.link', details: { result: 'linked' } },
        competitor,
        request.actor,
        at,
        newId,
      );
      const { next, scoreStart } = confirmedAccount(competitor, user, at);
      if (await deps.saveAccount(next, { activity, audit, scoreStart })) {
        return { kind: 'onboarded', competitor: next };
      }
    }
    throw new OwnError(`Competitor ${request.competitorId} was changed ${SAVE_ATTEMPTS} times in a row.`);
  }

  async function link(request: LinkRequest, startCooldown: () => void): Promise<LinkOutcome> {
    const { competitorId, platformUserId } = request;
    const end = await settled(await deps.competitorById(competitorId), request);
    if (end !== undefined) return end;
    if (await taken(competitorId, platformUserId)) return { kind: 'taken' };
    const user = await lookUp(request);
    if (user === null) return { kind: 'unknown' };
    if ('nature' in user) return { kind: 'refused', refusal: user };
    if (request.migration?.countOnly === true) return { kind: 'found' };
    startCooldown();
    return keep(request, user);
  }

  return async (request) => {
    const { competitorId, platformUserId, remainingMs } = request;
    const linked = async () => {
      const competitor = await deps.competitorById(competitorId);
      return competitor?.gamePlatformId === platformUserId
        ? { kind: 'already' as const, competitor }
        : undefined;
    };
    const first = await settled(await deps.competitorById(competitorId), request);
    const outcome = first ??
      (await alone(`onboard#${competitorId}`, remainingMs, linked, () =>
        alone(`link#${platformUserId}`, remainingMs, linked, (startCooldown) => link(request, startCooldown)),
      )) ?? { kind: 'in_progress' as const };
    deps.log.info('linking ended', { competitorId, outcome: outcome.kind });
    return outcome;
  };
}
