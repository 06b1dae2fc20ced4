import { doerOf } from '#shared/competitors/competitor-changes.ts';
import { competitorToView, type CompetitorSurroundings } from '#shared/competitors/competitor-to-view.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { ApiReply, RouteHandlers } from '#shared/http/api-handler.ts';
import { notFound, ProblemError } from '#shared/http/problem-error.ts';
import { parseBody, versionTag } from '#shared/http/request-parsing.ts';
import type { Coach } from '#shared/identity/identity.ts';
import { mayTouch, scopeOf } from '#shared/identity/scope.ts';
import { onboardManySchema } from '#shared/onboarding/onboard-many-input.ts';
import type {
  OnboardOutcome,
  OnboardRefusal,
  OnboardRequest,
} from '#shared/onboarding/onboard-competitor.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Pause } from '#shared/settings/processing.ts';

export interface OnboardingApiDeps {
  readonly competitorById: (competitorId: string) => Promise<Competitor | undefined>;
  readonly coachById: (coachId: string) => Promise<Coach | undefined>;
  readonly onboard: (request: OnboardRequest) => Promise<OnboardOutcome>;
  /** Puts the job into the table and asks for it to be planned; answers its id. */
  readonly startBulk: (
    payload: { readonly coachId: string } | { readonly competitorIds: readonly string[] },
    startedBy: string,
  ) => Promise<string>;
  readonly surroundingsOf: (competitors: readonly Competitor[]) => Promise<CompetitorSurroundings[]>;
  readonly pause: () => Promise<Pause | null>;
  /** Stops everybody's calls for a while: the platform refuses our token. */
  readonly hold: (code: string) => Promise<void>;
  readonly now: Clock;
}

const RETRY_SECONDS = { inProgress: 3, unavailable: 60, paused: 300 } as const;

const retryAfter = (seconds: number) => ({ headers: { 'retry-after': String(seconds) } });

const paused = (): ProblemError =>
  new ProblemError(
    503,
    'GAME_PLATFORM_PAUSED',
    'The programme has paused the Game Platform. Nothing is lost; add the competitor when it is on again.',
    retryAfter(RETRY_SECONDS.paused),
  );

function refusalProblem({ nature, message, remedy, retryAfterMs }: OnboardRefusal): ProblemError {
  const detail = `${message} ${remedy}`;
  if (nature === 'final') return new ProblemError(502, 'GAME_PLATFORM_REFUSED', detail);
  if (nature === 'paused') {
    return new ProblemError(503, 'GAME_PLATFORM_PAUSED', detail, retryAfter(RETRY_SECONDS.paused));
  }
  const told = retryAfterMs === undefined ? RETRY_SECONDS.unavailable : Math.ceil(retryAfterMs / 1000);
  return new ProblemError(503, 'GAME_PLATFORM_UNAVAILABLE', detail, retryAfter(Math.max(1, told)));
}

/** What the use case found other than an account → the problem that says what to do. */
function problemOf(outcome: Exclude<OnboardOutcome, { kind: 'onboarded' | 'already' }>): ProblemError {
  if (outcome.kind === 'not_found') return notFound();
  if (outcome.kind === 'refused') return refusalProblem(outcome.refusal);
  if (outcome.kind === 'in_progress') {
    return new ProblemError(
      409,
      'ONBOARDING_IN_PROGRESS',
      'This competitor is being added right now. Wait a few seconds, then load the page again.',
      retryAfter(RETRY_SECONDS.inProgress),
    );
  }
  return new ProblemError(
    409,
    'NOT_COMPLIANT',
    'This competitor cannot be added yet. Complete what “missing” lists, then add them again.',
    { missing: [...outcome.missing] },
  );
}

/** Look-ups at a time while the ownership of chosen competitors is checked. */
const CHECKED_AT_ONCE = 25;

export function createOnboardingApi(deps: OnboardingApiDeps): RouteHandlers<'onboarding-api'> {
  const refuseForeign = async (
    competitorIds: readonly string[],
    allowed: (coachId: string) => boolean,
  ): Promise<void> => {
    for (let from = 0; from < competitorIds.length; from += CHECKED_AT_ONCE) {
      const chosen = await Promise.all(
        competitorIds.slice(from, from + CHECKED_AT_ONCE).map((id) => deps.competitorById(id)),
      );
      if (chosen.some((competitor) => competitor === undefined || !allowed(competitor.coachId))) {
        throw notFound();
      }
    }
  };

  return {
    'POST /api/game-platform/competitors/{id}': async (request): Promise<ApiReply> => {
      const competitorId = request.params['id'] ?? '';
      const known = await deps.competitorById(competitorId);
      if (known === undefined || !mayTouch(request.caller, known.coachId)) throw notFound();
      if (known.gamePlatformId === null && (await deps.pause()) !== null) throw paused();
      const outcome = await deps.onboard({
        competitorId,
        by: { kind: 'user', doer: doerOf(request) },
        remainingMs: request.remainingMs,
      });
      if (outcome.kind === 'refused' && outcome.refusal.nature === 'paused') {
        await deps.hold(outcome.refusal.code);
      }
      if (outcome.kind !== 'onboarded' && outcome.kind !== 'already') throw problemOf(outcome);
      const { competitor } = outcome;
      const [surroundings] = await deps.surroundingsOf([competitor]);
      return {
        status: 200,
        body: competitorToView(
          competitor,
          surroundings ?? { team: undefined, stats: undefined, syncState: undefined },
          deps.now(),
        ),
        headers: { etag: versionTag(competitor.version) },
      };
    },

    'POST /api/game-platform/competitors/onboard': async (request): Promise<ApiReply> => {
      const { competitorIds, coachId: wantedCoach } = parseBody(onboardManySchema, request);
      const { coachId } = scopeOf(request.caller, wantedCoach);
      const startedBy = `user:${request.caller.sub}`;
      if (competitorIds !== undefined) {
        await refuseForeign(competitorIds, (owner) => coachId === null || owner === coachId);
        return { status: 202, body: { jobId: await deps.startBulk({ competitorIds }, startedBy) } };
      }
      if (coachId === null) {
        throw new ProblemError(
          422,
          'COACH_REQUIRED',
          'Say whose competitors to add: send “coachId” or “competitorIds”, or act as the coach.',
          { errors: [{ path: 'coachId', message: 'An admin has to name the coach.' }] },
        );
      }
      if ((await deps.coachById(coachId)) === undefined) throw notFound();
      return { status: 202, body: { jobId: await deps.startBulk({ coachId }, startedBy) } };
    },
  };
}
