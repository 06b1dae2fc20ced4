import type { Actor } from '#shared/audit/actor.ts';
import { auditEventsOf } from '#shared/competitors/competitor-changes.ts';
import { competitorStatus } from '#shared/competitors/competitor-status.ts';
import { mayBeAdded } from '#shared/competitors/contract.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { UserResponse } from '#shared/game-platform/vendor-contract.ts';
import { confirmedAccount } from './account-facts.ts';
import {
  refusalOf,
  type OnboardCompetitorDeps,
  type OnboardOutcome,
  type OnboardRefusal,
} from './onboard-competitor.ts';
import { mayOnboard } from './onboarding-switch.ts';
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
   * An admin says that it is the same person, and answers for it. For everybody else the platform's answer about this
   * id has to carry the competitor's email address. Nothing else proves it: the platform finds accounts by our ids
   * alone, and that it knows the address of a refused competitor does not say whose account this is.
   */
  readonly trusted: boolean;
  /** The account is looked up and nothing is kept. @default false */
  readonly countOnly?: boolean;
  /** Milliseconds until the function is ended. */
  readonly remainingMs: () => number;
}

export type LinkOutcome =
  | Extract<
      OnboardOutcome,
      { kind: 'onboarded' | 'already' | 'not_found' | 'not_enabled' | 'in_progress' | 'refused' }
    >
  /** The competitor may not be added yet, or has another account by now. */
  | { readonly kind: 'not_wanted' }
  | { readonly kind: 'unknown' }
  /** There is such an account, and nothing was to be kept: only when that was asked for. */
  | { readonly kind: 'found' }
  /** Somebody else of ours is known by that id. */
  | { readonly kind: 'taken' }
  /** Somebody was, until they were erased. */
  | { readonly kind: 'erased' }
  /** The platform's answer does not say that it is the same person. */
  | { readonly kind: 'not_proven' };

/** Kept for the writes at the end, whatever the platform does. */
const WRITE_RESERVE_MS = 1_200;
const SAVE_ATTEMPTS = 8;

/** Whether the platform says of the account that it has the competitor's own address. */
const isProven = ({ email }: Competitor, user: UserResponse): boolean =>
  email !== null && user.email?.trim().toLowerCase() === email.toLowerCase();

/**
 * "Link the other account": completes the onboarding of somebody whom the platform knows already, with the id of that
 * account. May be called any number of times; two competitors at once cannot get the same account, since a
 * lease of that id is held longer than the index takes to show its new owner.
 */
export function createLinkAccount(deps: LinkAccountDeps): (request: LinkRequest) => Promise<LinkOutcome> {
  const { now, newId, platform } = deps;
  const alone = createRunAlone(deps);

  /** What ends the matter without asking the platform; undefined: go on. */
  async function settled(
    competitor: Competitor | undefined,
    { platformUserId }: Pick<LinkRequest, 'platformUserId'>,
  ): Promise<LinkOutcome | undefined> {
    if (competitor === undefined) return { kind: 'not_found' };
    if (competitor.gamePlatformId === platformUserId) return { kind: 'already', competitor };
    const coach = await deps.coachById(competitor.coachId);
    if (coach !== undefined && competitor.gamePlatformId === null && !mayOnboard(coach)) {
      return { kind: 'not_enabled' };
    }
    if (!mayBeAdded({ active: competitor.active, status: competitorStatus(competitor) }))
      return { kind: 'not_wanted' };
    // The coach's own account comes first.
    return coach === undefined || coach.gamePlatformId === null ? { kind: 'not_wanted' } : undefined;
  }

  /** Whose account it is already; undefined: nobody's. */
  async function ownerOf(
    competitorId: string,
    platformUserId: string,
  ): Promise<{ readonly kind: 'taken' | 'erased' } | undefined> {
    const [owner, namesake, coach, erased] = await Promise.all([
      deps.competitorByPlatformId(platformUserId),
      deps.competitorById(platformUserId),
      deps.coachById(platformUserId),
      deps.isErased(platformUserId),
    ]);
    const other = [owner, namesake].some((one) => one !== undefined && one.id !== competitorId);
    if (erased) return { kind: 'erased' };
    return other || coach !== undefined ? { kind: 'taken' } : undefined;
  }

  async function lookUp(request: LinkRequest): Promise<UserResponse | OnboardRefusal | null> {
    try {
      const budgetMs = Math.floor(Math.max(0, request.remainingMs() - WRITE_RESERVE_MS));
      const user = await platform.getUser(request.platformUserId, { budgetMs, typedId: true });
      // An answer about another id than was asked for is nobody's account.
      return user === null || user.syned_user_id === request.platformUserId
        ? user
        : refusalOf({ code: 'ID_TAKEN' }, 'competitor');
    } catch (error) {
      if (!(error instanceof GamePlatformError)) throw error;
      const { code, context } = error;
      return refusalOf({ code, retryAfterMs: context.retryAfterMs }, 'competitor');
    }
  }

  async function keep(request: LinkRequest, user: UserResponse): Promise<LinkOutcome> {
    for (let attempt = 1; attempt <= SAVE_ATTEMPTS; attempt += 1) {
      const competitor = await deps.competitorById(request.competitorId);
      const end = await settled(competitor, request);
      if (end !== undefined || competitor === undefined) return end ?? { kind: 'not_found' };
      if (!request.trusted && !isProven(competitor, user)) return { kind: 'not_proven' };
      if (await deps.isErased(request.platformUserId)) return { kind: 'erased' };
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
    const competitor = await deps.competitorById(competitorId);
    const end = await settled(competitor, request);
    if (end !== undefined || competitor === undefined) return end ?? { kind: 'not_found' };
    const owner = await ownerOf(competitorId, platformUserId);
    if (owner !== undefined) return owner;
    const user = await lookUp(request);
    if (user === null) return { kind: 'unknown' };
    if ('nature' in user) return { kind: 'refused', refusal: user };
    if (!request.trusted && !isProven(competitor, user)) return { kind: 'not_proven' };
    if (request.countOnly === true) return { kind: 'found' };
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
