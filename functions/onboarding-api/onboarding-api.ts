import { actorOf, type Actor } from '#shared/audit/actor.ts';
import { coachToView } from '#shared/coaches/coach-to-view.ts';
import { coachAccountRoutes } from '#shared/coaches/contract.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { onHold } from '#shared/competitors/consent.ts';
import { createOpenRecord, type OpenRecordDeps } from '#shared/competitors/privacy/open-record.ts';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { AuthenticatedRequest, RouteHandlers } from '#shared/http/api-types.ts';
import { jobStarted } from '#shared/http/job-started.ts';
import { parseInput } from '#shared/http/middleware/request-input.ts';
import type { RateLimitRepository } from '#shared/http/rate-limit-repository.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { mayTouch, scopeOf } from '#shared/identity/scope.ts';
import { notFound, DomainError, OwnError } from '#shared/kernel/errors.ts';
import { versionTag } from '#shared/kernel/paging.ts';
import { NO_TRACING, type Tracing } from '#shared/kernel/tracing.ts';
import { linkAccountSchema, onboardingRoutes } from '#shared/onboarding/contract.ts';
import type { LinkOutcome, LinkRequest } from '#shared/onboarding/link-account.ts';
import type { CoachOutcome } from '#shared/onboarding/onboard-coach.ts';
import type { OnboardOutcome, OnboardRequest } from '#shared/onboarding/onboard-competitor.ts';
import { mayOnboard } from '#shared/onboarding/onboarding-switch.ts';
import type { Suspension } from '#shared/settings/processing.ts';
import {
  coachPaused,
  coachProblemOf,
  heldBack,
  linkProblemOf,
  notEnabled,
  passwordResetProblem,
  paused,
  problemOf,
  retryAfter,
} from './problems.ts';

export interface OnboardingApiDeps extends OpenRecordDeps {
  readonly competitorById: (competitorId: string) => Promise<Competitor | undefined>;
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly onboard: (request: OnboardRequest) => Promise<OnboardOutcome>;
  readonly onboardCoach: (coachId: string, remainingMs: () => number) => Promise<CoachOutcome>;
  readonly competitorsOf: (coachId: string) => Promise<number>;
  readonly link: (request: LinkRequest) => Promise<LinkOutcome>;
  /** Asks for the team of somebody who has an account now to be followed. */
  readonly followTeam: (competitorId: string) => Promise<unknown>;
  /**
   * Puts the job into the table with its audit entry and asks for it to be planned; answers its id. `coachId`: whose
   * competitors these are; null: several coaches'.
   */
  readonly startBulk: (
    payload: { readonly coachId: string } | { readonly competitorIds: readonly string[] },
    actor: Actor,
    coachId: string | null,
  ) => Promise<string>;
  /** The same for one competitor's scores. */
  readonly startRefresh: (competitor: Pick<Competitor, 'id' | 'coachId'>, actor: Actor) => Promise<string>;
  readonly sendPasswordReset: (synedUserId: string, options: { readonly budgetMs: number }) => Promise<void>;
  readonly limits: RateLimitRepository;
  readonly audit: (
    action: string,
    competitor: Pick<Competitor, 'id' | 'coachId'>,
    actor: Actor,
  ) => Promise<void>;
  readonly tracing?: Pick<Tracing, 'annotate'>;
  readonly suspension: () => Promise<Suspension | null>;
  /** Stops everybody's calls for a while: the platform refuses our token. */
  readonly block: (code: string) => Promise<void>;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;
/** Emails that one person may be sent, whoever asks. */
const MAILS_PER_DAY = 3;
/** Reads asked for by hand, per coach. */
const SYNCS_PER_HOUR = 30;
/** Kept back for the answer. */
const RESERVE_MS = 2_000;

/** Look-ups at a time while the ownership of chosen competitors is checked. */
const CHECKED_AT_ONCE = 25;

export const ROUTES = { ...onboardingRoutes, ...coachAccountRoutes };

export function createOnboardingApi(deps: OnboardingApiDeps): RouteHandlers<typeof ROUTES> {
  const tracing = deps.tracing ?? NO_TRACING;
  /** Whose they are; 404 when one is not there or not the caller's. */
  const ownersOf = async (
    competitorIds: readonly string[],
    allowed: (coachId: string) => boolean,
  ): Promise<ReadonlySet<string>> => {
    const owners = new Set<string>();
    for (let from = 0; from < competitorIds.length; from += CHECKED_AT_ONCE) {
      const chosen = await Promise.all(
        competitorIds.slice(from, from + CHECKED_AT_ONCE).map((id) => deps.competitorById(id)),
      );
      for (const competitor of chosen) {
        if (competitor === undefined || !allowed(competitor.coachId)) throw notFound();
        owners.add(competitor.coachId);
      }
    }
    return owners;
  };

  /** Nothing is begun when it is switched on for none of these coaches; where it is for some, the rows tell. */
  const refuseSwitchedOff = async (coachIds: Iterable<string>): Promise<void> => {
    for (const coachId of coachIds) {
      const coach = await deps.coachById(coachId);
      if (coach !== undefined && mayOnboard(coach)) return;
    }
    throw notEnabled();
  };

  const openRecord = createOpenRecord(deps);
  const replyOf = async (competitor: Competitor, request: AuthenticatedRequest) => ({
    status: 200 as const,
    body: await openRecord(competitor, actorOf(request)),
    headers: { etag: versionTag(competitor.version) },
  });

  const onPlatform = async (
    request: AuthenticatedRequest<typeof ROUTES.refreshCompetitor | typeof ROUTES.resetPassword>,
  ): Promise<Competitor & { readonly gamePlatformId: string }> => {
    const competitor = await deps.competitorById(request.params.id);
    if (competitor === undefined || !mayTouch(request.caller, competitor.coachId)) throw notFound();
    tracing.annotate({ competitorId: competitor.id });
    const { gamePlatformId } = competitor;
    if (onHold(competitor) !== null) throw heldBack();
    if (gamePlatformId !== null) return { ...competitor, gamePlatformId };
    throw new DomainError(
      'conflict',
      'NOT_ON_PLATFORM',
      'This competitor has no account on the Game Platform yet. Add them first.',
    );
  };
  const refuseTooOften = async (
    limits: readonly (readonly [times: number, seconds: number, name: string])[],
    now = deps.now(),
  ): Promise<void> => {
    for (const [times, seconds, name] of limits) {
      const wait =
        times === 1
          ? await deps.limits.oncePer(seconds, name, now)
          : await deps.limits.atMost({ times, seconds }, name, now);
      if (wait === null) continue;
      throw new DomainError(
        'too_often',
        'TOO_OFTEN',
        `This was asked for a moment ago. Ask again in ${wait} ${wait === 1 ? 'second' : 'seconds'}.`,
        retryAfter(wait),
      );
    }
  };

  return {
    onboardCompetitor: async (request) => {
      const competitorId = request.params.id;
      const known = await deps.competitorById(competitorId);
      if (known === undefined || !mayTouch(request.caller, known.coachId)) throw notFound();
      tracing.annotate({ competitorId });
      if (known.gamePlatformId === null && (await deps.suspension()) !== null) throw paused();
      const outcome = await deps.onboard({
        competitorId,
        by: { kind: 'user', actor: actorOf(request) },
        remainingMs: request.remainingMs,
      });
      if (outcome.kind === 'refused' && outcome.refusal.nature === 'paused') {
        await deps.block(outcome.refusal.code);
      }
      if (outcome.kind !== 'onboarded' && outcome.kind !== 'already') throw problemOf(outcome);
      return replyOf(outcome.competitor, request);
    },

    onboardCoach: async (request) => {
      const coachId = request.params.id;
      const coach = await deps.coachById(coachId);
      if (coach === undefined) throw notFound();
      if (coach.gamePlatformId === null && (await deps.suspension()) !== null) throw coachPaused();
      const outcome = await deps.onboardCoach(coachId, request.remainingMs);
      await deps.audit('coach.onboard', { id: coachId, coachId }, actorOf(request));
      if (outcome.kind === 'refused' && outcome.refusal.nature === 'paused') {
        await deps.block(outcome.refusal.code);
      }
      if (!('coach' in outcome)) throw coachProblemOf(outcome);
      return { status: 200, body: coachToView(outcome.coach, await deps.competitorsOf(coachId)) };
    },

    linkAccount: async (request) => {
      const competitorId = request.params.id;
      const known = await deps.competitorById(competitorId);
      if (known === undefined || !mayTouch(request.caller, known.coachId)) throw notFound();
      tracing.annotate({ competitorId });
      const { platformUserId } = parseInput(linkAccountSchema, request.body ?? {});
      if ((await deps.suspension()) !== null) throw paused();
      const outcome = await deps.link({
        competitorId,
        platformUserId,
        trusted: request.caller.role === 'admin',
        actor: actorOf(request),
        remainingMs: request.remainingMs,
      });
      if (outcome.kind === 'refused' && outcome.refusal.nature === 'paused') {
        await deps.block(outcome.refusal.code);
      }
      if (outcome.kind === 'found') throw new OwnError('A link that was to be kept was only counted.');
      if (outcome.kind !== 'onboarded' && outcome.kind !== 'already') throw linkProblemOf(outcome);
      if (outcome.competitor.teamId !== null) {
        await deps.followTeam(competitorId).catch((error: unknown) => {
          request.log.warn('team not followed at once; the dispatcher does it', { competitorId }, error);
        });
      }
      return replyOf(outcome.competitor, request);
    },

    refreshCompetitor: async (request) => {
      const competitor = await onPlatform(request);
      await refuseTooOften([
        [1, MINUTE, `sync#${competitor.id}`],
        [SYNCS_PER_HOUR, HOUR, `sync-of#${competitor.coachId}`],
      ]);
      return jobStarted(await deps.startRefresh(competitor, actorOf(request)));
    },

    resetPassword: async (request) => {
      const competitor = await onPlatform(request);
      if ((await deps.suspension()) !== null) throw paused();
      const mails = [
        [1, MINUTE, `password-reset#${competitor.id}`],
        [MAILS_PER_DAY, DAY, `mail-to#${competitor.id}`],
      ] as const;
      const at = deps.now();
      await refuseTooOften(mails, at);
      try {
        await deps.sendPasswordReset(competitor.gamePlatformId, {
          budgetMs: request.remainingMs() - RESERVE_MS,
        });
      } catch (error) {
        const refused = passwordResetProblem(error);
        if (refused === undefined) throw error;
        if (refused.kind === 'not_offered') {
          for (const [times, seconds, name] of mails)
            await deps.limits.giveBack({ times, seconds }, name, at);
        }
        if (refused.code === 'GAME_PLATFORM_PAUSED' && error instanceof GamePlatformError)
          await deps.block(error.code);
        throw refused;
      }
      await deps.audit('competitor.password_reset', competitor, actorOf(request));
      return { status: 200, body: { sent: true } };
    },

    onboardMany: async (request) => {
      const { competitorIds, coachId: wantedCoach } = request.body;
      const { coachId } = scopeOf(request.caller, wantedCoach);
      const actor = actorOf(request);
      if (competitorIds !== undefined) {
        const owners = await ownersOf(competitorIds, (owner) => coachId === null || owner === coachId);
        await refuseSwitchedOff(owners);
        const [owner = null] = owners.size === 1 ? owners : [];
        return { status: 202, body: { jobId: await deps.startBulk({ competitorIds }, actor, owner) } };
      }
      if (coachId === null) {
        throw new DomainError(
          'invalid',
          'COACH_REQUIRED',
          'Say whose competitors to add: send “coachId” or “competitorIds”, or act as the coach.',
          { errors: [{ path: 'coachId', message: 'An admin has to name the coach.' }] },
        );
      }
      if ((await deps.coachById(coachId)) === undefined) throw notFound();
      await refuseSwitchedOff([coachId]);
      return { status: 202, body: { jobId: await deps.startBulk({ coachId }, actor, coachId) } };
    },
  };
}
