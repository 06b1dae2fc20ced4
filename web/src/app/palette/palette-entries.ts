import type { CompetitorListItem } from '#shared/competitors/contract.ts';
import { counted } from '#shared/kernel/format.ts';
import { foldForSearch } from '#shared/kernel/text.ts';
import type { TeamView } from '#shared/teams/contract.ts';
import type { CoachLine } from '#web/shared/identity/coaches.tsx';

/** What the palette offers and in which order; pure. */

export const GROUPS = ['Recent', 'People', 'Coaches', 'Teams', 'Pages', 'Actions'] as const;
export type Group = (typeof GROUPS)[number];

export type Command = 'act-as' | 'stop-acting' | 'switch-theme' | 'sign-out';

export interface Entry {
  /** Unique among all entries. */
  readonly id: string;
  readonly group: Group;
  readonly kind: 'person' | 'coach' | 'team' | 'page' | 'action';
  readonly title: string;
  readonly detail: string;
  /** Words that find it beside its title and detail. */
  readonly also?: string;
  /** Where it leads, or what it does. */
  readonly to?: string;
  readonly command?: Command;
  /** Whom an admin would act as. */
  readonly coach?: { readonly id: string; readonly name: string };
}

const segment = encodeURIComponent;

/** Everything after the name that tells two people of one name apart. */
const listed = (...parts: readonly (string | null)[]): string =>
  parts.filter((part) => part !== null && part !== '').join(', ');

export const personEntry = (person: CompetitorListItem): Entry => ({
  id: `person-${person.id}`,
  group: 'People',
  kind: 'person',
  title: `${person.firstName} ${person.lastName}`,
  detail: listed(
    person.team?.name ?? 'No team',
    person.grade === null ? null : `grade ${person.grade}`,
    person.coach?.name ?? null,
    person.active ? null : 'deactivated',
  ),
  to: `/competitors/${segment(person.id)}`,
});

export const teamEntry = (team: TeamView, coachName: string | undefined): Entry => ({
  id: `team-${team.id}`,
  group: 'Teams',
  kind: 'team',
  title: team.name,
  detail: listed(counted(team.members.length, 'member'), coachName ?? null),
  to: `/teams/${segment(team.id)}`,
});

export const coachEntries = (coach: CoachLine): readonly Entry[] => [
  {
    id: `coach-${coach.id}`,
    group: 'Coaches',
    kind: 'coach',
    title: coach.name,
    detail: listed(
      coach.school,
      coach.competitors === null ? null : counted(coach.competitors, 'competitor'),
    ),
    to: `/coaches/${segment(coach.id)}`,
  },
  {
    id: `act-as-${coach.id}`,
    group: 'Actions',
    kind: 'action',
    title: `Act as ${coach.name}`,
    detail: `${coach.school}; logged under both names`,
    command: 'act-as',
    coach: { id: coach.id, name: coach.name },
  },
];

const page = (to: string, title: string, detail: string, also = ''): Entry => ({
  id: `page-${to}`,
  group: 'Pages',
  kind: 'page',
  title,
  detail,
  also,
  to,
});
const action = (id: string, title: string, detail: string, does: Pick<Entry, 'to' | 'command'>, also = '') =>
  ({ id: `action-${id}`, group: 'Actions', kind: 'action', title, detail, also, ...does }) as const;

const PAGES: readonly Entry[] = [
  page('/', 'Dashboard', 'How everyone is doing', 'home leaderboard alerts'),
  page('/competitors', 'Competitors', 'Everyone on your rosters', 'students people'),
  page('/teams', 'Teams', 'Who is on which team', 'rosters'),
  page('/import', 'Import', 'Many competitors from a file', 'csv spreadsheet'),
];
const ADMIN_PAGES: readonly Entry[] = [
  page(
    '/sync-health',
    'Sync health',
    'How fresh scores are, and what that takes',
    'lag calls budget advice tuning',
  ),
  page('/roster-plan', 'Roster plan', 'Our rosters beside the platform’s', 'compare reconcile'),
  page('/coaches', 'Coaches', 'Who coaches, and who may sign in'),
  page(
    '/move',
    'Move competitors',
    'To another coach, with scores and history',
    'transfer teacher leaves join split',
  ),
  page('/season', 'Season roll-over', 'Grades, seniors, teams and releases', 'new year graduate archive'),
  page('/jobs', 'Jobs', 'What runs, ran and failed', 'sync sweep'),
  page('/queues', 'Queues', 'What waits, and what failed for good', 'dead letters'),
  page('/schedules', 'Schedules', 'What starts by itself, and when', 'cron clock timer'),
  page('/audit', 'Audit log', 'Who did what, and who opened a record', 'read log history changes'),
  page('/settings', 'Settings', 'Processing, switches, budgets', 'pause limits season retention'),
];
const ACTIONS: readonly Entry[] = [
  action('go-through', 'Go through what needs you', 'One person at a time', {
    to: '/competitors/go-through',
  }),
  action('add', 'Add a competitor', 'Opens the form', { to: '/competitors?new=1' }, 'student new person'),
  action('add-ready', 'Add those who are ready', 'To the Game Platform', {
    to: '/competitors?status=compliance',
  }),
  action('team', 'Make a team', 'Opens the form', { to: '/teams?new=1' }, 'new'),
  action('import', 'Import competitors', 'From a file', { to: '/import' }, 'csv'),
  action('theme', 'Switch between dark and light', 'In this browser', { command: 'switch-theme' }, 'theme'),
  action('sign-out', 'Sign out', 'Ends the session in this browser', { command: 'sign-out' }, 'log out'),
];
const STOP_ACTING: Entry = action('stop-acting', 'Stop acting as a coach', 'Back to all coaches', {
  command: 'stop-acting',
});

/** The pages and actions that a caller has. */
export const fixedEntries = (who: {
  readonly allCoaches: boolean;
  readonly acting: boolean;
}): readonly Entry[] => [
  ...PAGES,
  ...(who.allCoaches ? ADMIN_PAGES : []),
  ...(who.acting ? [STOP_ACTING] : []),
  ...ACTIONS,
];

/** Whether every typed word begins a word of the entry, accents and case aside. */
export function found(entry: Entry, typed: string): boolean {
  const words = foldForSearch(`${entry.title} ${entry.detail} ${entry.also ?? ''}`).split(' ');
  return foldForSearch(typed)
    .split(' ')
    .every((start) => words.some((word) => word.startsWith(start)));
}

/** Shown of each group: more are found by typing more. */
export const MOST_OF_A_GROUP = 6;

/** Entries by group, in the groups' order; groups with nothing in them fall away. */
export function grouped(entries: readonly Entry[]): readonly { group: Group; entries: readonly Entry[] }[] {
  return GROUPS.map((group) => ({
    group,
    entries: entries.filter((entry) => entry.group === group).slice(0, MOST_OF_A_GROUP),
  })).filter(({ entries: some }) => some.length > 0);
}
