import type { ChainLink, CompetitorRow } from '#shared/competitors/contract.ts';
import { STATUS_NAMES } from '#shared/competitors/state-names.ts';

/** The words of a competitor's line and panel, and who needs whom; pure. */

export interface StatusNote {
  readonly tone: 'error' | 'warning' | 'pending' | 'accent' | 'neutral';
  readonly text: string;
}

type NoteFacts = Pick<
  CompetitorRow,
  'active' | 'status' | 'onHold' | 'missing' | 'chain' | 'gamePlatform' | 'lastSolveAt' | 'lastReadAt'
>;

const WAITING: Readonly<Record<ChainLink['link'], Partial<Record<ChainLink['state'], StatusNote>>>> = {
  release: { waiting_you: { tone: 'warning', text: 'Release missing' } },
  account: {
    waiting_you: { tone: 'accent', text: STATUS_NAMES.compliance },
    waiting_platform: { tone: 'pending', text: 'Account on its way' },
    refused: { tone: 'error', text: 'Account refused' },
  },
  approval: {
    waiting_you: { tone: 'warning', text: 'Approval needs you' },
    waiting_platform: { tone: 'pending', text: 'Waiting for approval' },
    refused: { tone: 'error', text: 'Account denied' },
  },
  team: {
    waiting_platform: { tone: 'pending', text: 'Team on its way' },
    refused: { tone: 'error', text: 'Team refused' },
  },
  last_solve: { refused: { tone: 'error', text: 'Scores refused' } },
};

/** No recent solve has four reasons, and each asks for something else. */
function inactiveNote(
  state: ChainLink['state'],
  { gamePlatform, lastSolveAt, lastReadAt }: NoteFacts,
): StatusNote | null {
  if (state === 'waiting_platform') {
    return lastReadAt === null
      ? { tone: 'pending', text: 'Scores not read yet' }
      : { tone: 'warning', text: 'Scores are late' };
  }
  if (state !== 'waiting_you') return null;
  if (lastSolveAt !== null) return { tone: 'warning', text: 'No recent solves' };
  return { tone: 'warning', text: gamePlatform.lastLoginAt === null ? 'Never signed in' : 'No solves yet' };
}

/** The first sentence of a text, without its full stop. */
const firstSentence = (text: string): string => /^.*?(?=\.(?:\s|$)|$)/u.exec(text)?.[0] ?? text;

/** The one thing to know about a competitor, beside the status; null when all is well. */
export function statusNote(competitor: NoteFacts): StatusNote | null {
  if (!competitor.active) return { tone: 'neutral', text: 'Deactivated' };
  if (competitor.onHold !== null) return { tone: 'warning', text: 'On hold' };
  if (competitor.gamePlatform.refusal !== null) return { tone: 'error', text: 'Account refused' };
  const [first, ...others] = competitor.missing;
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return { tone: 'warning', text: `${firstSentence(first.message)}${more}` };
  }
  if (competitor.status === 'compliance') return { tone: 'accent', text: STATUS_NAMES.compliance };
  for (const link of competitor.chain) {
    const note =
      WAITING[link.link][link.state] ??
      (link.link === 'last_solve' ? inactiveNote(link.state, competitor) : null);
    if (note) return note;
  }
  return null;
}

/**
 * True when the id of the account that the platform has under this email completes the onboarding.
 */
export const canLink = ({ active, status, gamePlatform: { refusal } }: NoteFacts): boolean =>
  active && status === 'compliance' && refusal?.code === 'EMAIL_KNOWN';

/** Those a coach can do something for first: refused, ready or incomplete, waiting for the platform, the others. */
export function urgency(
  competitor: NoteFacts & Pick<CompetitorRow, 'id'>,
  needs: ReadonlySet<string>,
): number {
  if (!competitor.active) return 4;
  const tone = statusNote(competitor)?.tone;
  if (tone === 'error') return 0;
  if (needs.has(competitor.id)) return 1;
  return tone === 'pending' ? 2 : 3;
}
