import type { Log } from '#shared/kernel/log.ts';
import type { LinkOutcome, LinkRequest } from '#shared/onboarding/link-account.ts';
import type { AdoptOutcome, OnboardOutcome, OnboardRequest } from '#shared/onboarding/onboard-competitor.ts';

type Follow<R> = (competitorId: string, request: R) => Promise<unknown>;
type Outcome = AdoptOutcome | LinkOutcome;

const following =
  <R, O extends Outcome>(attempt: (request: R) => Promise<O>, follow: Follow<R>, log: Log) =>
  async (request: R): Promise<O> => {
    const outcome = await attempt(request);
    if (outcome.kind === 'onboarded' && outcome.competitor.teamId !== null) {
      const { id: competitorId } = outcome.competitor;
      await follow(competitorId, request).catch((error: unknown) => {
        log.warn('team not followed at once; the dispatcher does it', { competitorId }, error);
      });
    }
    return outcome;
  };

/**
 * Onboarding, and then at once the team that was chosen before the account. What goes wrong with the team is no matter
 * of the onboarding: it is due in the table, and the dispatcher comes back to it.
 */
export const followAccount = (
  onboard: (request: OnboardRequest) => Promise<OnboardOutcome>,
  follow: Follow<OnboardRequest>,
  log: Log,
): ((request: OnboardRequest) => Promise<OnboardOutcome>) => following(onboard, follow, log);

type AdoptRequest = OnboardRequest & { readonly countOnly: boolean };

/** The same for accounts that are taken over. */
export const followingTeams = (
  attempts: {
    readonly adopt: (request: AdoptRequest) => Promise<AdoptOutcome>;
    readonly link: (request: LinkRequest) => Promise<LinkOutcome>;
  },
  follow: (competitorId: string) => Promise<unknown>,
  log: Log,
): typeof attempts => ({
  adopt: following(attempts.adopt, follow, log),
  link: following(attempts.link, follow, log),
});
