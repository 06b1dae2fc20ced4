import { count, listed } from '#shared/kernel/format.ts';
import type { Alert, AlertCause } from './contract.ts';

/** What an alert says: a headline with names while they are few, and a sentence that says what to do. */

export const MOST_NAMES = 3;

interface Words {
  /** `who`: "Amara", or "4 competitors"; `one`: it is about a single one. */
  readonly headline: (who: string, one: boolean) => string;
  readonly sentence: (one: boolean, inactiveDays: number) => string;
}

const are = (one: boolean): string => (one ? 'is' : 'are');

const WORDS: Readonly<Record<AlertCause, Words>> = {
  on_hold: {
    headline: (who, one) => `${who} ${are(one)} on hold`,
    sentence: () =>
      'There is no valid release, so scores are not read. Record a new release to lift the hold.',
  },
  account_refused: {
    headline: (who, one) => (one ? `The platform refused ${who}’s account` : `The platform refused ${who}`),
    sentence: (one) => (one ? 'See the reason and what to do.' : 'See each reason and what to do.'),
  },
  ready_to_add: {
    headline: (who, one) => `${who} ${are(one)} ready to add`,
    sentence: () =>
      'Profile and release are complete. Add them to the Game Platform; it takes about 10 seconds each.',
  },
  release_missing: {
    headline: (who, one) => `${one ? 'A release is' : 'Releases are'} missing: ${who}`,
    sentence: () => 'No one can be added before a release is signed. Record the date, or send a reminder.',
  },
  profile_incomplete: {
    headline: (who, one) => `${one ? 'A profile is' : 'Profiles are'} incomplete: ${who}`,
    sentence: () => 'Fill in what is missing. Then record the release.',
  },
  never_signed_in: {
    headline: (who) => `Never signed in: ${who}`,
    sentence: () => 'The account exists but was never used. Reset the password to send a new link.',
  },
  idle: {
    headline: (who) => `Idle: ${who}`,
    sentence: (_one, inactiveDays) =>
      `No sign-in and no solve for ${inactiveDays} days. Check in with them in class.`,
  },
  team_sync_failed: {
    headline: (who, one) => `${who} ${are(one)} out of sync with the platform`,
    sentence: (one) => `Open the ${one ? 'team' : 'teams'} to see what the platform refused and what to do.`,
  },
  team_drift: {
    headline: (who, one) => `${who} ${one ? 'has' : 'have'} different details on the platform`,
    sentence: () => 'The platform keeps a team’s original details. Recreate it to bring your changes over.',
  },
  account_denied: {
    headline: (who, one) => `The platform denied ${who}${one ? '’s account' : ''}`,
    sentence: () => 'The program will ask the platform’s staff why. You do not need to do anything.',
  },
  not_approved: {
    headline: (who, one) => `${who} ${one ? 'waits' : 'wait'} for approval`,
    sentence: () => 'The platform’s staff approve new accounts by hand, usually within two days.',
  },
  team_sync_late: {
    headline: (who, one) => `${who} ${are(one)} late on the platform`,
    sentence: () => 'The platform is not accepting changes right now. We keep sending them.',
  },
  stale_sync: {
    headline: (who) => `Scores are late: ${who}`,
    sentence: () => 'They may have solved more than we show. We keep trying, and nothing is lost.',
  },
  sync_paused: {
    headline: () => 'Sync is paused by the program',
    sentence: () => 'Keep editing. Everything goes out when sync is back on.',
  },
  access_refused: {
    headline: () => 'The platform is refusing our access',
    sentence: () => 'The program’s admins need to renew it. Nothing is lost.',
  },
};

const TEAM_CAUSES: ReadonlySet<AlertCause> = new Set(['team_sync_failed', 'team_drift', 'team_sync_late']);

/** @param names of all whom it is about, while they are at most {@link MOST_NAMES} */
export function wordsOf(
  cause: AlertCause,
  about: number,
  names: readonly string[],
  inactiveDays: number,
): Pick<Alert, 'headline' | 'sentence'> {
  const one = about === 1;
  const kind = TEAM_CAUSES.has(cause) ? 'teams' : 'competitors';
  const who = about > MOST_NAMES ? `${count(about)} ${kind}` : listed(names);
  const { headline, sentence } = WORDS[cause];
  return { headline: headline(who, one), sentence: sentence(one, inactiveDays) };
}
