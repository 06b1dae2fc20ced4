import { inWords, plural } from '#shared/kernel/format.ts';
import { capitalized } from '#shared/kernel/text.ts';
import { competitorStatus, missingFor } from './competitor-status.ts';
import type { Competitor } from './competitor.ts';
import { hasConsent, onHold, releaseDateOf } from './consent.ts';
import type { ChainLink } from './contract.ts';
import { needOf, NOT_APPROVED, type Need } from './needs-attention.ts';

/** What the chain is drawn from. */
export interface ChainFacts {
  readonly competitor: Competitor;
  /** Null without a team. */
  readonly teamName: string | null;
  readonly lastSolveAt: string | null;
  /** How far the scores were read; null before the account exists. */
  readonly reading: {
    readonly lastReadAt: string | null;
    readonly lastFailure: { readonly code: string } | null;
  } | null;
  readonly now: Date;
  /** Hours within which everyone is read; beyond them the read is late rather than the competitor idle. */
  readonly slaHours: number;
  readonly inactiveDays: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Solved within this time: live. */
const LIVELY_MS = 14 * DAY_MS;

const counted = (value: number, one: string): string => `${inWords(value)} ${plural(value, one)}`;

/** "less than an hour", "nine hours", "four days". */
function duration(ms: number): string {
  if (ms < HOUR_MS) return 'less than an hour';
  return ms < DAY_MS ? counted(Math.floor(ms / HOUR_MS), 'hour') : counted(Math.floor(ms / DAY_MS), 'day');
}

const since = (facts: ChainFacts, at: string): string =>
  duration(Math.max(0, facts.now.getTime() - Date.parse(at)));

const link = (
  name: ChainLink['link'],
  state: ChainLink['state'],
  text: string,
  at: string | null = null,
): ChainLink => ({ link: name, state, at, text });

function releaseLink({ competitor }: ChainFacts): ChainLink {
  const date = releaseDateOf(competitor);
  // Whoever is deactivated is nobody's task.
  const open = competitor.active ? 'waiting_you' : 'not_yet';
  if (date !== null && hasConsent(competitor)) {
    const text = competitor.adult ? 'The participation agreement is signed.' : 'The media release is signed.';
    // Only the day is known. Noon UTC is that day from the Azores to Hawaii.
    return link('release', 'done', text, `${date}T12:00:00.000Z`);
  }
  if (onHold(competitor) !== null) {
    return link(
      'release',
      open,
      `There is no valid release, so ${competitor.firstName} is on hold. Record a new release to lift the hold.`,
    );
  }
  const [first, ...others] = missingFor(competitor);
  if (competitor.consentWithdrawnDate !== null && others.length === 0) {
    const text = `The release was withdrawn. ${competitor.firstName} cannot be added until a new one is signed.`;
    return link('release', open, text);
  }
  if (first === undefined || others.length === 0) {
    const text = competitor.adult
      ? `The participation agreement is missing. ${competitor.firstName} cannot be added until it is signed.`
      : `The media release is missing. ${competitor.firstName} cannot be added until a guardian signs it.`;
    return link('release', open, text);
  }
  const rest =
    others.length === 1
      ? 'The release is missing too.'
      : `${capitalized(counted(others.length, 'more thing'))} are missing, including the release.`;
  return link('release', open, `${first.message} ${rest}`);
}

function accountLink({ competitor }: ChainFacts): ChainLink {
  const { platform } = competitor;
  if (competitor.gamePlatformId !== null) {
    if (platform.refusal !== null) {
      const { message, remedy, at } = platform.refusal;
      return link('account', 'refused', `${message} ${remedy}`, at);
    }
    const text = platform.username === null ? 'The account exists.' : `Created as ${platform.username}.`;
    return link('account', 'done', text, platform.onboardedAt);
  }
  if (!competitor.active) return link('account', 'not_yet', 'Deactivated, so no account is made.');
  const status = competitorStatus(competitor);
  const [first, ...others] = missingFor(competitor);
  // The release is in, so it is here that the profile is asked for.
  if (first !== undefined && hasConsent(competitor)) {
    const rest =
      others.length === 0
        ? ''
        : ` ${capitalized(counted(others.length, 'more thing'))} ${plural(others.length, 'is', 'are')} missing.`;
    return link('account', 'waiting_you', `${first.message}${rest}`);
  }
  if (status !== 'compliance') {
    const text = status === 'pending' ? 'Waiting for the profile.' : 'Waiting for the release.';
    return link('account', 'not_yet', text);
  }
  if (platform.refusal !== null) {
    const { message, remedy, at } = platform.refusal;
    return link('account', 'refused', `${message} ${remedy}`, at);
  }
  return link('account', 'waiting_you', 'Ready to add. Press “Add to Game Platform”.');
}

function approvalLink(facts: ChainFacts): ChainLink {
  const { competitor } = facts;
  const { accountStatus, onboardedAt } = competitor.platform;
  if (competitor.gamePlatformId === null) return link('approval', 'not_yet', 'Waiting for the account.');
  const waited = onboardedAt === null ? '' : ` So far: ${since(facts, onboardedAt)}.`;
  switch (accountStatus) {
    case 'approved':
      return link('approval', 'done', 'Approved by the platform.');
    case 'denied':
      return link(
        'approval',
        'refused',
        `The platform’s staff denied the account. The program asks them why; ${competitor.firstName} cannot play until then.`,
      );
    case 'pending_approval':
      return link(
        'approval',
        'waiting_platform',
        `${competitor.firstName} is waiting for approval. The platform’s staff do this by hand.${waited}`,
      );
    case 'user_created':
      return link(
        'approval',
        'waiting_platform',
        `The account is created. The platform has not submitted it for approval yet.${waited}`,
      );
    case null:
      return link('approval', 'waiting_platform', 'The platform has not reported the account’s status yet.');
    default:
      return link(
        'approval',
        'waiting_platform',
        `The platform calls the account “${accountStatus}”, a status we do not know. We keep asking.`,
      );
  }
}

function teamLink({ competitor, teamName }: ChainFacts): ChainLink {
  const approved = competitor.platform.accountStatus === 'approved' && competitor.gamePlatformId !== null;
  if (competitor.teamId === null && onHold(competitor) !== null) {
    return link('team', 'not_yet', 'On hold, so put on no team.');
  }
  if (competitor.teamId !== null) {
    const name = teamName ?? 'a team';
    return approved
      ? link('team', 'done', `On ${name}.`, competitor.teamJoinedAt)
      : link('team', 'not_yet', `Waiting for approval. Meant for ${name}.`);
  }
  if (!competitor.active) return link('team', 'not_yet', 'Deactivated, so on no team.');
  return approved
    ? link('team', 'not_yet', 'On no team yet. You can choose one at any time.')
    : link('team', 'not_yet', 'Waiting for approval. No team is chosen yet.');
}

const READ_FAILURES: Readonly<Record<string, string>> = {
  NOT_APPROVED: 'The platform shows no scores before approval.',
  USER_UNKNOWN: 'The platform says it does not know the account. Tell an admin.',
  OWN_FAULT:
    'The last try failed on our side. We will try again automatically. Tell an admin if this does not go away.',
  TOKEN_MISSING: 'The program has paused score reads.',
  TOKEN_REFUSED: 'The program has paused score reads.',
};

const isLateRead = ({ reading, now, slaHours }: ChainFacts): boolean => {
  const lastReadAt = reading?.lastReadAt ?? null;
  return lastReadAt === null || now.getTime() - Date.parse(lastReadAt) > slaHours * HOUR_MS;
};

/** What the coach's alerts say that the competitor needs, so that the chain asks for the same and for nothing else. */
const needIn = (facts: ChainFacts): Need | null => {
  const { competitor, lastSolveAt, inactiveDays, now } = facts;
  return needOf({
    active: competitor.active,
    status: competitorStatus(competitor),
    onHold: onHold(competitor),
    ...competitor.platform,
    lastSolveAt,
    late: isLateRead(facts),
    inactiveDays,
    now,
  });
};

/** Read in time, and no solve for long: a matter for the coach unless they signed in there since. */
function quietLink(facts: ChainFacts, failure: string): ChainLink {
  const { competitor, lastSolveAt } = facts;
  const { firstName: name, platform } = competitor;
  const idle = needIn(facts) === 'idle';
  const { lastLoginAt } = platform;
  const seen = lastLoginAt === null ? '' : ` ${name} signed in ${since(facts, lastLoginAt)} ago.`;
  if (lastSolveAt !== null) {
    const ago = since(facts, lastSolveAt);
    return idle
      ? link(
          'last_solve',
          'waiting_you',
          `No solve for ${ago}. Ask ${name} how it is going.${failure}`,
          lastSolveAt,
        )
      : link('last_solve', 'done', `No solve for ${ago}.${seen}${failure}`, lastSolveAt);
  }
  return idle
    ? link(
        'last_solve',
        'waiting_you',
        `${name} has signed in but not solved anything yet. Suggest a first challenge.${failure}`,
      )
    : link('last_solve', 'not_yet', `Nothing solved yet.${seen}${failure}`);
}

function lastSolveLink(facts: ChainFacts): ChainLink {
  const { competitor, lastSolveAt, reading } = facts;
  const name = competitor.firstName;
  if (!competitor.active)
    return link('last_solve', 'not_yet', 'Deactivated; scores are not read.', lastSolveAt);
  if (onHold(competitor) !== null)
    return link('last_solve', 'not_yet', 'On hold; scores are not read.', lastSolveAt);
  if (competitor.gamePlatformId === null) {
    return link('last_solve', 'not_yet', 'Scores are read as soon as the account is approved.');
  }
  const lastReadAt = reading?.lastReadAt ?? null;
  const failureCode = reading?.lastFailure?.code;
  const failure =
    failureCode === undefined
      ? ''
      : ` ${READ_FAILURES[failureCode] ?? 'The last try failed. We will try again automatically.'}`;
  if (needIn(facts) === 'signIn') {
    const text = `${name} has never signed in there. Check that the welcome email arrived.${failure}`;
    return link('last_solve', 'waiting_you', text);
  }
  if (NOT_APPROVED.has(competitor.platform.accountStatus ?? '') && lastSolveAt === null) {
    return link('last_solve', 'not_yet', 'Scores are read as soon as the account is approved.');
  }
  if (lastReadAt === null) {
    const text = `${capitalized(name)}’s scores have not been read yet.${failure === '' ? ' The first read happens automatically.' : failure}`;
    return link('last_solve', 'waiting_platform', text, lastSolveAt);
  }
  if (isLateRead(facts)) {
    const text = `The sync is late, so this may not be up to date: the last read was ${since(facts, lastReadAt)} ago. ${name} may have solved more than we show.${failure}`;
    return link('last_solve', 'waiting_platform', text, lastSolveAt);
  }
  return lastSolveAt !== null && facts.now.getTime() - Date.parse(lastSolveAt) <= LIVELY_MS
    ? link('last_solve', 'live', `Solved something ${since(facts, lastSolveAt)} ago.${failure}`, lastSolveAt)
    : quietLink(facts, failure);
}

/**
 * Release → account → approval → team → last solve: each with its state, when it was closed, and one sentence that
 * says what is so or what to do next. Answers "why isn't this one syncing?" in one place.
 */
export function competitorChain(facts: ChainFacts): ChainLink[] {
  return [releaseLink(facts), accountLink(facts), approvalLink(facts), teamLink(facts), lastSolveLink(facts)];
}
