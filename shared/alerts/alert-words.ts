import { IDLE_DAYS } from '#shared/competitors/needs-attention.ts';
import { count, listed } from '#shared/kernel/format.ts';
import type { Alert, AlertCause } from './contract.ts';

/** What an alert says: a headline with names while they are few, and a sentence that says what to do. */

const MOST_NAMES = 3;

interface Words {
  /** `who`: "Amara", or "4 competitors"; `one`: it is about a single one. */
  readonly headline: (who: string, one: boolean) => string;
  readonly sentence: (one: boolean) => string;
}

const are = (one: boolean): string => (one ? 'is' : 'are');

const WORDS: Readonly<Record<AlertCause, Words>> = {
  on_hold: {
    headline: (who, one) => `${who} ${are(one)} on hold`,
    sentence: () => 'No release is in force, so no scores are read. Record a new release to lift the hold.',
  },
  account_refused: {
    headline: (who, one) => (one ? `The platform refused ${who}’s account` : `The platform refused ${who}`),
    sentence: (one) => (one ? 'See the reason and what to do.' : 'See each reason and what to do.'),
  },
  ready_to_add: {
    headline: (who, one) => `${who} ${are(one)} ready to add`,
    sentence: () => 'Profile and release are in. Add to the Game Platform; it takes about ten seconds each.',
  },
  release_missing: {
    headline: (who, one) => `${one ? 'A release is' : 'Releases are'} missing: ${who}`,
    sentence: () => 'Nobody can be added before a release is signed. Record the date, or send a reminder.',
  },
  profile_incomplete: {
    headline: (who, one) => `${one ? 'A profile is' : 'Profiles are'} incomplete: ${who}`,
    sentence: () => 'Fill in what is missing; then the release can follow.',
  },
  never_signed_in: {
    headline: (who) => `Never signed in: ${who}`,
    sentence: () => 'The account is there and was never used. Reset the password to send a new link.',
  },
  idle: {
    headline: (who) => `Idle: ${who}`,
    sentence: () => `Neither signed in nor solved anything for ${IDLE_DAYS} days. Have a word in class.`,
  },
  team_sync_failed: {
    headline: (who, one) => `${who} ${are(one)} not in step with the platform`,
    sentence: (one) => `Open the ${one ? 'team' : 'teams'} to see what the platform refused and what to do.`,
  },
  team_drift: {
    headline: (who, one) => `${who} ${one ? 'has' : 'have'} other details on the platform`,
    sentence: () => 'The platform keeps what a team was made with. Recreate it to bring your changes over.',
  },
  account_denied: {
    headline: (who, one) => `The platform denied ${who}${one ? '’s account' : ''}`,
    sentence: () => 'The program has to ask the platform’s staff why. You need do nothing.',
  },
  not_approved: {
    headline: (who, one) => `${who} ${one ? 'waits' : 'wait'} for approval`,
    sentence: () => 'The platform’s staff approve new accounts by hand, usually within two days.',
  },
  team_sync_late: {
    headline: (who, one) => `${who} ${are(one)} late on the platform`,
    sentence: () => 'The platform does not take changes at present. They are sent again by themselves.',
  },
  stale_sync: {
    headline: (who) => `Scores are late: ${who}`,
    sentence: () => 'They may have solved more than is shown. We keep trying; nothing is lost.',
  },
  sync_paused: {
    headline: () => 'Sync is paused by the program',
    sentence: () => 'Keep editing. Everything goes out when sync is on again.',
  },
  access_refused: {
    headline: () => 'The platform refuses our access',
    sentence: () => 'The program’s admins have to renew it. Nothing is lost.',
  },
};

const TEAM_CAUSES: ReadonlySet<AlertCause> = new Set(['team_sync_failed', 'team_drift', 'team_sync_late']);

export function wordsOf(cause: AlertCause, names: readonly string[]): Pick<Alert, 'headline' | 'sentence'> {
  const one = names.length === 1;
  const kind = TEAM_CAUSES.has(cause) ? 'teams' : 'competitors';
  const who = names.length > MOST_NAMES ? `${count(names.length)} ${kind}` : listed(names);
  const { headline, sentence } = WORDS[cause];
  return { headline: headline(who, one), sentence: sentence(one) };
}
