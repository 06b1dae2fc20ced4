import type { Log } from '../observability/log.ts';
import type { OnboardOutcome, OnboardRequest } from '../onboarding/onboard-competitor.ts';

/**
 * Onboarding, and then at once the team that was chosen before the account. What goes wrong with the team is no matter
 * of the onboarding: it is due in the table, and the dispatcher comes back to it.
 */
export const followAccount =
  (
    onboard: (request: OnboardRequest) => Promise<OnboardOutcome>,
    follow: (competitorId: string, request: OnboardRequest) => Promise<unknown>,
    log: Log,
  ) =>
  async (request: OnboardRequest): Promise<OnboardOutcome> => {
    const outcome = await onboard(request);
    if (outcome.kind === 'onboarded' && outcome.competitor.teamId !== null) {
      const { id: competitorId } = outcome.competitor;
      await follow(competitorId, request).catch((error: unknown) => {
        log.warn('team not followed at once; the dispatcher does it', { competitorId }, error);
      });
    }
    return outcome;
  };
