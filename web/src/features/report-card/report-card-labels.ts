import type { CardSolve, ComparisonGroup, Insight, ReportCard } from '#shared/report-card/contract.ts';
import { count, counted, decimal, divisionName, listed, percent } from '#shared/kernel/format.ts';

/** Sentences for the codes of a report card. */

interface Words {
  readonly firstName: string;
  /** A day as people read it. */
  readonly day: (day: string) => string;
  readonly moment: (iso: string) => string;
}

interface Finding {
  readonly text: string;
  readonly because: string;
}

/** What stands out, and what it rests on. */
export function findingOf(insight: Insight, { firstName, day, moment }: Words): Finding {
  switch (insight.code) {
    case 'quiet':
      return {
        text: `${firstName} has not solved anything for ${counted(insight.days, 'day')}. A quick check-in may help.`,
        because: `The last solve was ${moment(insight.lastSolveAt)}.`,
      };
    case 'progress': {
      const by = insight.challenges - insight.previous;
      return {
        text: `${counted(Math.abs(by), 'challenge')} ${by > 0 ? 'more' : 'fewer'} than in the ${counted(insight.days, 'day')} before.`,
        because: `${count(insight.challenges)} now, ${count(insight.previous)} then.`,
      };
    }
    case 'strongest':
      return {
        text: `Strongest in ${insight.category}.`,
        because: `${count(insight.points)} of ${count(insight.of)} points, ${percent(insight.points / insight.of)}, are from it.`,
      };
    case 'untouched':
      return {
        text: `Nothing yet in ${listed(insight.categories)}. Suggest a first challenge there.`,
        because: `No solve there in this period; your competitors have solved challenges in ${counted(insight.known, 'category', 'categories')}.`,
      };
    case 'streak':
      return {
        text: `Solved something ${counted(insight.days, 'day')} in a row.`,
        because: `From ${day(insight.from)} to ${day(insight.to)}, the longest streak of the period.`,
      };
    case 'rank':
      return {
        text: `Flash CTF rank ${insight.to < insight.from ? 'rose' : 'fell'} from ${count(insight.from)} to ${count(insight.to)}.`,
        because: `First and last of ${counted(insight.events, 'event')} with a rank.`,
      };
    default: {
      const by = insight.points - insight.average;
      const side = by >= 0 ? 'above' : 'below';
      return {
        text:
          by === 0
            ? 'Exactly at the team’s average.'
            : `${decimal(Math.abs(by))} points ${side} the team’s average.`,
        because: `${count(insight.points)} points; the ${counted(insight.people, 'member')} average ${decimal(insight.average)}.`,
      };
    }
  }
}

interface StateNote {
  readonly tone: 'neutral' | 'warning' | 'accent';
  readonly title: string;
  readonly text: string;
}

/** How it stands with the scores, where it is not simply fresh. */
export function stateNote(card: ReportCard, moment: (iso: string) => string): StateNote | null {
  const { firstName } = card.competitor;
  switch (card.state) {
    case 'ok':
      return card.partial
        ? {
            tone: 'neutral',
            title: 'The comparison is partial',
            text: 'Scores of some people in the team or division are late or were never read. Their averages may rise.',
          }
        : null;
    case 'stale':
      return {
        tone: 'warning',
        title: 'Scores are late',
        text:
          card.asOf === null
            ? `${firstName}’s scores have not been read since the account came back. This is from before.`
            : `${firstName}’s scores were last read ${moment(card.asOf)}. There may be newer solves than we show. We keep trying.`,
      };
    case 'not_approved':
      return {
        tone: 'neutral',
        title: 'The account is not approved yet',
        text: 'The platform shows no scores before approval. Its staff approve accounts by hand; the card fills in automatically after that.',
      };
    case 'deactivated':
      return {
        tone: 'neutral',
        title: `${firstName} is deactivated`,
        text: 'Scores are no longer read, so this is from before. Activate the competitor to read scores again.',
      };
    case 'never_read':
      return {
        tone: 'accent',
        title: 'Scores have not been read yet',
        text: 'The first read happens automatically within a few hours. Open the competitor to read scores now.',
      };
    case 'no_account':
      return {
        tone: 'neutral',
        title: `${firstName} is not on the platform yet`,
        text: 'There is nothing to report until the account exists. Open the competitor to see what is missing.',
      };
    default:
      return {
        tone: 'warning',
        title: `${firstName} is on hold`,
        text: 'The release is missing or was withdrawn, so no scores are shown or read. Record a new release to lift the hold.',
      };
  }
}

export const sourceName = (source: CardSolve['source']): string => (source === 'odl' ? 'ODL' : 'CTF');

export const groupName = ({ kind, name }: Pick<ComparisonGroup, 'kind' | 'name'>): string =>
  kind === 'team' ? 'Team average' : `${divisionName(name)} average`;

/** What became of a solve later; null: nothing. */
export function markLabel(solve: CardSolve, moment: (iso: string) => string): string | null {
  const when = solve.markedAt === null ? '' : ` ${moment(solve.markedAt)}`;
  if (solve.mark === 'withdrawn') return `Withdrawn by the platform${when}; not counted`;
  if (solve.mark !== 'corrected') return null;
  const was =
    solve.pointsBefore === null || solve.pointsBefore === solve.points
      ? ''
      : `, was ${count(solve.pointsBefore)}`;
  return `Corrected by the platform${when}${was}`;
}

/** 0 nothing, 4 eight or more: the shade of a day. */
export const heatLevel = (solves: number): number =>
  solves === 0 ? 0 : solves <= 2 ? 1 : solves <= 4 ? 2 : solves <= 7 ? 3 : 4;

/** Moves labels apart that would lie on each other; `places` from top to bottom, in px. */
export function spreadOut(places: readonly number[], gap: number, bottom: number): number[] {
  const order = places.map((place, index) => ({ place, index })).toSorted((a, b) => a.place - b.place);
  let least = -Infinity;
  for (const one of order) {
    one.place = Math.max(one.place, least);
    least = one.place + gap;
  }
  let most = bottom;
  for (const one of order.toReversed()) {
    one.place = Math.min(one.place, most);
    most = one.place - gap;
  }
  return order.toSorted((a, b) => a.index - b.index).map(({ place }) => place);
}
