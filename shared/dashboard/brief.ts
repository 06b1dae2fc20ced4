import {
  allOf,
  count,
  counted,
  inWords,
  listNames,
  percent,
  plural,
  roughly,
} from '#shared/kernel/format.ts';
import { countDays } from '#shared/kernel/days.ts';
import { capitalized } from '#shared/kernel/text.ts';
import type { Alert } from '#shared/alerts/contract.ts';
import type { Answer, DashboardView, FreshnessView } from './contract.ts';
import type { PresentFacts } from './facts.ts';
import type { SuspensionKind } from './freshness.ts';
import { isRegistered } from './metrics.ts';
import type { Period } from './period.ts';

/** Three answers in words: is anything wrong, who needs me, how are we doing. */

const calm = (headline: string, detail: string, chips: Answer['chips'] = []): Answer => ({
  tone: 'calm',
  headline,
  detail,
  chips,
});

function wrong({ lateNames, freshness, suspension, now }: BriefInput): Answer {
  const { state, expected, late, asOf } = freshness;
  // As old as the oldest read, as everywhere: the newest would make the rest look fresher than they are.
  const age = asOf === null ? '' : roughly(now.getTime() - Date.parse(asOf));
  if (suspension === 'blocked') {
    return {
      tone: 'stale',
      headline: 'The platform is refusing our access.',
      detail: `The program’s admins need to renew it. You do not need to do anything, and nothing is lost.${age === '' ? '' : ` Scores are ${age} old.`}`,
      chips: [{ tone: 'warning', text: 'Waiting for the program' }],
    };
  }
  if (suspension === 'off') {
    return {
      tone: 'stale',
      headline: 'Sync is paused by the program.',
      detail: `Keep editing. Everything goes out when sync is back on.${age === '' ? '' : ` Scores are ${age} old.`}`,
      chips: [{ tone: 'pending', text: 'Paused' }],
    };
  }
  if (state === 'never') {
    return {
      tone: 'stale',
      headline: 'Scores have not been read yet.',
      detail: 'The first read starts within 5 minutes. Nothing is lost: the platform keeps every solve.',
      chips: [{ tone: 'pending', text: 'Waiting for the first read' }],
    };
  }
  if (state === 'stale') {
    return {
      tone: 'stale',
      headline: age === '' ? 'Scores are late.' : `Scores are ${age} old.`,
      detail: `${count(late)} of ${counted(expected, 'competitor')} ${plural(late, 'was', 'were')} not read on time. They may have solved more than we show. We keep trying.`,
      chips: [{ tone: 'warning', text: counted(late, 'late read') }],
    };
  }
  if (expected === 0) {
    return calm('Nothing.', 'No one has an approved account yet, so there are no scores to read.');
  }
  const onTime =
    late === 0 && expected > 1
      ? `${allOf(expected, 'competitors')} were read on time.`
      : `${count(expected - late)} of ${counted(expected, 'competitor')} ${plural(expected - late, 'was', 'were')} read on time.`;
  return calm(
    age === 'a moment' ? 'Nothing. Scores were read just now.' : `Nothing. Scores are ${age} old.`,
    late === 0
      ? onTime
      : `${onTime} ${listNames(lateNames, 3, late)} ${plural(late, 'is', 'are')} being read late. We are on it.`,
    late === 0
      ? [{ tone: 'ok', text: 'All read on time' }]
      : [{ tone: 'neutral', text: counted(late, 'late read') }],
  );
}

/** What a coach needs for one subject, by experience of the program's office; a hint, not a promise. */
const NEEDS = [
  { cause: 'on_hold', one: 'on hold', many: 'on hold', minutes: 3 },
  { cause: 'account_refused', one: 'refused account', many: 'refused accounts', minutes: 3 },
  { cause: 'ready_to_add', one: 'ready to add', many: 'ready to add', minutes: 1 },
  { cause: 'release_missing', one: 'missing release', many: 'missing releases', minutes: 2 },
  { cause: 'profile_incomplete', one: 'unfinished profile', many: 'unfinished profiles', minutes: 2 },
  { cause: 'never_signed_in', one: 'account never used', many: 'accounts never used', minutes: 1 },
  { cause: 'idle', one: 'idle', many: 'idle', minutes: 1 },
  { cause: 'team_sync_failed', one: 'team out of sync', many: 'teams out of sync', minutes: 3 },
  { cause: 'team_drift', one: 'team to recreate', many: 'teams to recreate', minutes: 2 },
] as const;

/** What waits for coaches: a person or team with two alerts counts once. */
export interface OpenNeeds {
  readonly people: number;
  readonly teams: number;
  /** Subjects by cause. */
  readonly causes: Readonly<Record<string, number>>;
  /** The first of the people. */
  readonly first: readonly string[];
}

/** Names that the brief tells of some people; more are a number. */
export const MOST_NAMES = 4;

/** The open alerts whose actor is the coach, counted. */
export function needsIn(alerts: readonly Alert[]): OpenNeeds {
  const mine = alerts.filter(({ actor }) => actor === 'coach');
  const idsOf = (kind: string): Set<string> =>
    new Set(mine.flatMap(({ subjectKind, subjectIds }) => (subjectKind === kind ? subjectIds : [])));
  const people = idsOf('competitor');
  const causes: Record<string, number> = {};
  for (const { cause, subjectIds } of mine) causes[cause] = (causes[cause] ?? 0) + subjectIds.length;
  return {
    people: people.size,
    teams: idsOf('team').size,
    causes,
    first: [...people].slice(0, MOST_NAMES),
  };
}

function waiting({ needs: { people, teams, causes }, needNames, registered }: BriefInput): Answer {
  if (people + teams === 0) {
    const everybody = registered > 0 ? 'Everyone is set up.' : 'There is no one here yet.';
    return calm('No one right now.', everybody);
  }
  const lines = NEEDS.map((need) => ({ need, cases: causes[need.cause] ?? 0 })).filter(
    ({ cases }) => cases > 0,
  );
  const detail = lines
    .map(({ need, cases }) => `${inWords(cases)} ${plural(cases, need.one, need.many)}`)
    .join(', ');
  const minutes = lines.reduce((sum, { need, cases }) => sum + cases * need.minutes, 0);
  const rounded = minutes < 10 ? minutes : Math.round(minutes / 5) * 5;
  const who = [
    ...(people === 0 ? [] : [`${inWords(people)} ${plural(people, 'person', 'people')}`]),
    ...(teams === 0 ? [] : [`${inWords(teams)} ${plural(teams, 'team', 'teams')}`]),
  ];
  return {
    tone: 'attention',
    headline: `${capitalized(who.join(' and '))}, about ${inWords(rounded)} ${plural(rounded, 'minute', 'minutes')}.`,
    detail: `${capitalized(detail)}.`,
    chips:
      needNames.length === 0 ? [] : [{ tone: 'neutral', text: listNames(needNames, MOST_NAMES, people) }],
  };
}

/** `the previous 30 days`, `the day before`. */
function periodBefore({ from, to }: Period): string {
  const days = countDays(from, to);
  return days === 1 ? 'the day before' : `the previous ${count(days)} days`;
}

function progress(kpi: DashboardView['kpis']['solved'], period: Period): Answer {
  const { value, change, state } = kpi;
  if (state === 'never') {
    return calm('Not known yet.', 'The numbers come with the first score read.');
  }
  const done = value ?? 0;
  const before = done - (change ?? 0);
  const than = periodBefore(period);
  const solved = `${counted(done, 'challenge')} solved in this period, ${count(before)} in ${than}.`;
  if (done === 0 && before === 0)
    return calm('Quiet.', `No challenges were solved in this period or ${than}.`);
  if (change === null || change === 0) return calm(`Same as ${than}.`, solved);
  const by = Math.abs(change);
  return calm(
    `${count(by)} ${change > 0 ? 'more' : 'fewer'} ${plural(by, 'challenge')} than ${than}.`,
    solved,
    [
      {
        tone: change > 0 ? 'up' : 'down',
        text: `${before === 0 ? count(by) : percent(by / before)} vs ${period.previousLabel}`,
      },
    ],
  );
}

/** The people and teams that the brief is about. */
export interface BriefPeople {
  readonly needs: OpenNeeds;
  /** First names of the first of those who are read late, and of those who need a coach. */
  readonly lateNames: readonly string[];
  readonly needNames: readonly string[];
  readonly registered: number;
}

/** @param alerts those that are open */
export function briefPeopleOf(
  { competitors }: Pick<PresentFacts, 'competitors'>,
  alerts: readonly Alert[],
  lateIds: ReadonlySet<string>,
): BriefPeople {
  const needs = needsIn(alerts);
  const nameOf = new Map(competitors.map(({ id, firstName }) => [id, firstName]));
  const namesOf = (ids: readonly string[]) => ids.flatMap((id) => nameOf.get(id) ?? []);
  return {
    needs,
    lateNames: namesOf(competitors.map(({ id }) => id).filter((id) => lateIds.has(id))).slice(0, MOST_NAMES),
    needNames: namesOf(needs.first),
    registered: competitors.filter(isRegistered).length,
  };
}

export interface BriefInput extends BriefPeople {
  readonly freshness: FreshnessView;
  readonly suspension: SuspensionKind | null;
  readonly solved: DashboardView['kpis']['solved'];
  readonly period: Period;
  readonly now: Date;
}

export const briefOf = (input: BriefInput): DashboardView['brief'] => ({
  wrong: wrong(input),
  needs: waiting(input),
  progress: progress(input.solved, input.period),
});
