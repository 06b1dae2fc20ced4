import type { Activity } from '#shared/audit/activity.ts';
import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import { competitorStatus, missingFor, type Missing } from '#shared/competitors/competitor-status.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { UserResponse } from '#shared/game-platform/vendor-contract.ts';
import { confirmedAccount, type ScoreStart } from './account-facts.ts';
import { competitorAccountRequest } from './account-requests.ts';
import { createCoachAccount, type CoachAccountDeps } from './coach-account.ts';
import { mayOnboard } from './onboarding-switch.ts';
import { ensurePlatformAccount, findPlatformAccount } from './platform-account.ts';
import { COACH_EMAIL_KNOWN, natureOf, refusalWords, type RefusalCode, type Subject } from './refusals.ts';
import { createRunAlone } from './run-alone.ts';
import { OwnError } from '#shared/kernel/errors.ts';

/** What is written with the competitor, all or nothing. */
export interface OnboardingAuditEvents {
  readonly activity: Activity;
  /** Null: in nobody's name. */
  readonly audit: AuditEntry | null;
}
export interface AccountRecords extends OnboardingAuditEvents {
  readonly scoreStart: ScoreStart;
}

export interface OnboardCompetitorDeps extends CoachAccountDeps {
  /** Consistent. */
  readonly competitorById: (competitorId: string) => Promise<Competitor | undefined>;
  /** False, with nothing written, when the competitor's stored version is no longer the one before. */
  readonly saveAccount: (competitor: Competitor, records: AccountRecords) => Promise<boolean>;
  readonly saveRefusal: (competitor: Competitor, auditEvents: OnboardingAuditEvents) => Promise<boolean>;
}

export interface OnboardRequest {
  readonly competitorId: string;
  readonly by:
    | { readonly kind: 'user'; readonly actor: Actor }
    /** `actor`: who started the job. */
    | { readonly kind: 'job'; readonly jobId: string; readonly actor?: Actor };
  /** Milliseconds until the function is ended. */
  readonly remainingMs: () => number;
}

export interface OnboardRefusal {
  /** One of `RefusalCode`; a stored one may be of an earlier release. */
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  /** `later`: try again; `paused`: nobody can be added until an admin acts; `final`: somebody has to change something. */
  readonly nature: 'later' | 'paused' | 'final';
  /** Milliseconds, when the platform said so. */
  readonly retryAfterMs: number | undefined;
}

export type OnboardOutcome =
  | { readonly kind: 'onboarded'; readonly competitor: Competitor }
  | { readonly kind: 'already'; readonly competitor: Competitor }
  | { readonly kind: 'not_found' }
  /** The program has not switched it on for the coach. */
  | { readonly kind: 'not_enabled' }
  | { readonly kind: 'not_compliant'; readonly missing: readonly Missing[] }
  | { readonly kind: 'in_progress' }
  | { readonly kind: 'refused'; readonly refusal: OnboardRefusal };

/** What taking over an account comes to that may be there already. */
export type AdoptOutcome =
  | OnboardOutcome
  /** The platform does not know the competitor under our id. */
  | { readonly kind: 'unknown' }
  /** It does, and nothing was to be kept. */
  | { readonly kind: 'found' };

/** Kept for the writes at the end, whatever the platform does. */
export const WRITE_RESERVE_MS = 1_200;
/** The record may be edited while it is being onboarded; each round means that somebody saved in between. */
const SAVE_ATTEMPTS = 8;

/** What ends the matter before the platform is asked; undefined: go on. */
function settled(competitor: Competitor | undefined): OnboardOutcome | undefined {
  if (competitor === undefined) return { kind: 'not_found' };
  if (competitor.gamePlatformId !== null) return { kind: 'already', competitor };
  if (!competitor.active) {
    return {
      kind: 'not_compliant',
      missing: [{ field: 'active', message: 'The competitor is deactivated. Activate them first.' }],
    };
  }
  if (competitorStatus(competitor) === 'compliance') return undefined;
  return { kind: 'not_compliant', missing: missingFor(competitor) };
}

/** The refusal that another attempt met since then: it holds for this one as well. */
function freshRefusal(competitor: Competitor | undefined, since: string): OnboardOutcome | undefined {
  const refusal = competitor?.platform.refusal ?? null;
  if (refusal === null || refusal.at < since) return undefined;
  const { code, message, remedy } = refusal;
  return {
    kind: 'refused',
    refusal: { code, message, remedy, nature: natureOf(code), retryAfterMs: undefined },
  };
}

/** A refusal in words, for whom they are. */
export function refusalOf(
  { code, retryAfterMs }: { readonly code: RefusalCode; readonly retryAfterMs?: number | undefined },
  subject: Subject,
): OnboardRefusal {
  return { code, ...refusalWords(code, subject), nature: natureOf(code), retryAfterMs };
}

interface Onboarding {
  readonly onboard: (request: OnboardRequest) => Promise<OnboardOutcome>;
  /** Takes over the account that the platform has under the competitor's id, if there is one; makes none. */
  readonly adopt: (request: OnboardRequest & { readonly countOnly: boolean }) => Promise<AdoptOutcome>;
}

/** "Add to Game Platform" alone. */
export const createOnboardCompetitor = (deps: OnboardCompetitorDeps): Onboarding['onboard'] =>
  createOnboarding(deps).onboard;

/**
 * "Add to Game Platform". Safe to call any number of times, at the same time, and after a crash anywhere: the account
 * is known by the competitor's own id, looked up before it is made, and a lease lets one attempt at a time ask.
 * Success is written in one transaction with the state that score reads start from.
 */
export function createOnboarding(deps: OnboardCompetitorDeps): Onboarding {
  const { platform, now, newId } = deps;
  const alone = createRunAlone(deps);
  const coachAccount = createCoachAccount(deps);

  /** Saves what `change` makes of the record as it is now, again and again while others save in between. */
  async function save(
    request: OnboardRequest,
    change: (competitor: Competitor, at: string) => Promise<boolean>,
  ): Promise<Competitor | undefined> {
    for (let attempt = 1; attempt <= SAVE_ATTEMPTS; attempt += 1) {
      const current = await deps.competitorById(request.competitorId);
      // Erased meanwhile, or saved by another attempt: either way there is nothing left to write.
      if (current === undefined || current.gamePlatformId !== null) return current;
      if (await change(current, now().toISOString())) return deps.competitorById(request.competitorId);
    }
    throw new OwnError(`Competitor ${request.competitorId} was changed ${SAVE_ATTEMPTS} times in a row.`);
  }

  function auditEventsOf(
    request: OnboardRequest,
    competitor: Competitor,
    at: string,
    kind: Activity['kind'],
    details: Activity['details'],
  ): OnboardingAuditEvents {
    const { by } = request;
    const { actor = null } = by;
    return {
      activity: {
        id: newId('act'),
        coachId: competitor.coachId,
        at,
        kind,
        actor: by.kind === 'user' ? `user:${by.actor.sub}` : `job:${by.jobId}`,
        competitorId: competitor.id,
        details,
      },
      audit:
        actor === null
          ? null
          : {
              id: newId('aud'),
              at,
              actor: actor.sub,
              actingAs: actor.actingAs,
              action: 'competitor.onboard',
              subject: competitor.id,
              coachId: competitor.coachId,
              requestId: actor.requestId,
              details,
            },
    };
  }

  async function keepAccount(request: OnboardRequest, user: UserResponse): Promise<OnboardOutcome> {
    const saved = await save(request, (competitor, at) => {
      const { next, scoreStart } = confirmedAccount(competitor, user, at);
      return deps.saveAccount(next, {
        ...auditEventsOf(request, competitor, at, 'competitor_onboarded', { result: 'onboarded' }),
        scoreStart,
      });
    });
    return saved === undefined ? { kind: 'not_found' } : { kind: 'onboarded', competitor: saved };
  }

  async function keepRefusal(request: OnboardRequest, refusal: OnboardRefusal): Promise<OnboardOutcome> {
    // A pause is nobody's fault and a job comes back by itself; running out of time or of turns is our own affair.
    const told = refusal.nature === 'paused' && request.by.kind === 'job';
    const ours = refusal.code === 'BUDGET_EXHAUSTED' || refusal.code === 'RATE_LIMITED';
    if (told || ours) return { kind: 'refused', refusal };
    const { code, message, remedy } = refusal;
    const saved = await save(request, (competitor, at) =>
      deps.saveRefusal(
        {
          ...competitor,
          version: competitor.version + 1,
          updatedAt: at,
          platform: { ...competitor.platform, refusal: { code, message, remedy, at } },
        },
        auditEventsOf(request, competitor, at, 'onboarding_refused', { result: 'refused', code }),
      ),
    );
    if (saved === undefined) return { kind: 'not_found' };
    return saved.gamePlatformId === null
      ? { kind: 'refused', refusal }
      : { kind: 'already', competitor: saved };
  }

  /** What ends the matter before anybody has to wait for a turn. */
  async function endBefore(competitorId: string): Promise<OnboardOutcome | undefined> {
    const competitor = await deps.competitorById(competitorId);
    const end = settled(competitor);
    if (competitor === undefined || competitor.gamePlatformId !== null) return end;
    const coach = await deps.coachById(competitor.coachId);
    return coach === undefined || mayOnboard(coach) ? end : { kind: 'not_enabled' };
  }

  async function ask(request: OnboardRequest, startCooldown: () => void): Promise<OnboardOutcome> {
    const competitor = await deps.competitorById(request.competitorId);
    const end = settled(competitor);
    if (end !== undefined || competitor === undefined) return end ?? { kind: 'not_found' };
    const coach = await deps.coachById(competitor.coachId);
    if (coach === undefined) throw new OwnError(`Competitor ${competitor.id} belongs to an unknown coach.`);

    const leftMs = () => Math.max(0, request.remainingMs() - WRITE_RESERVE_MS);
    const first = await coachAccount(coach, { remainingMs: request.remainingMs, leftMs });
    if (first === undefined) return { kind: 'in_progress' };
    if ('kind' in first) {
      const code = first.code === 'EMAIL_KNOWN' ? COACH_EMAIL_KNOWN : first.code;
      return keepRefusal(request, refusalOf({ ...first, code }, 'coach'));
    }

    const answer = await ensurePlatformAccount(
      platform,
      competitorAccountRequest(competitor, first.id),
      leftMs,
    );
    if (answer.kind === 'account') return keepAccount(request, answer.user);
    if (answer.mayStillRun) startCooldown();
    return keepRefusal(request, refusalOf(answer, 'competitor'));
  }

  async function lookUp(request: OnboardRequest & { readonly countOnly: boolean }): Promise<AdoptOutcome> {
    const competitor = await deps.competitorById(request.competitorId);
    const end = settled(competitor);
    if (end !== undefined || competitor === undefined) return end ?? { kind: 'not_found' };
    const budgetMs = Math.floor(Math.max(0, request.remainingMs() - WRITE_RESERVE_MS));
    const answer = await findPlatformAccount(platform, competitor.id, budgetMs);
    if (answer.kind === 'unknown') return answer;
    // Nobody asked for an account, so a refusal is the job's to tell and is not kept on the record.
    if (answer.kind === 'refused') return { kind: 'refused', refusal: refusalOf(answer, 'competitor') };
    return request.countOnly ? { kind: 'found' } : keepAccount(request, answer.user);
  }

  async function settle<T extends AdoptOutcome>(
    request: OnboardRequest,
    work: (startCooldown: () => void) => Promise<T>,
  ): Promise<T | OnboardOutcome> {
    const { competitorId } = request;
    const began = now().toISOString();
    const first = await endBefore(competitorId);
    /** What another attempt has come to while this one waits for its turn. */
    const otherResult = async (): Promise<T | OnboardOutcome | undefined> => {
      const competitor = await deps.competitorById(competitorId);
      return settled(competitor) ?? freshRefusal(competitor, began);
    };
    const outcome =
      first ??
      (await alone<T | OnboardOutcome>(`onboard#${competitorId}`, request.remainingMs, otherResult, work));
    const result = outcome ?? { kind: 'in_progress' as const };
    deps.log.info('onboarding ended', {
      competitorId,
      outcome: result.kind,
      ...(result.kind === 'refused' ? { code: result.refusal.code } : {}),
    });
    return result;
  }

  return {
    onboard: (request) => settle(request, (startCooldown) => ask(request, startCooldown)),
    adopt: (request) => settle(request, () => lookUp(request)),
  };
}
