import type { AuditItem } from '#shared/audit/contract.ts';
import { capitalized } from '#shared/kernel/text.ts';
import { dayOf } from '#shared/kernel/days.ts';
import { fieldOf, shownValue, valueText } from '#web/shared/settings/setting-fields.ts';

/** Entries of the audit log in words. Pure. */

interface ActionWords {
  readonly verb: string;
  /** Whether the sentence goes on with what it was done to. */
  readonly about: boolean;
}

const about = (verb: string): ActionWords => ({ verb, about: true });
const alone = (verb: string): ActionWords => ({ verb, about: false });

const WORDS: Readonly<Record<string, ActionWords>> = {
  'admin.create': about('added the admin'),
  'alert.snooze': about('snoozed an alert of'),
  'alert.wake': about('brought back an alert of'),
  'audit.export': alone('took out the audit log as a file'),
  'coach.act_continue': about('went on acting as'),
  'coach.act_end': about('stopped acting as'),
  'coach.act_start': about('began to act as'),
  'coach.create': about('added the coach'),
  'coach.onboard': about('made the platform account of'),
  'coach.update': about('changed the coach'),
  'competitor.apply_move': alone('moved competitors to another coach'),
  'competitor.archive': about('archived after the last school year'),
  'competitor.create': about('added'),
  'competitor.erase': about('erased on request'),
  'competitor.export': about('took out all data of'),
  'competitor.hold': about('put on hold'),
  'competitor.lift_hold': about('lifted the hold of'),
  'competitor.link': about('linked the platform account of'),
  'competitor.move': about('moved to another coach'),
  'competitor.onboard': about('added to the platform'),
  'competitor.password_reset': about('sent a password link to'),
  'competitor.plan_move': alone('planned to move competitors to another coach'),
  'competitor.read': about('opened the record of'),
  'competitor.roll_over': about('rolled over into the new season'),
  'competitor.sync': about('asked for a score read of'),
  'competitor.update': about('corrected'),
  'import.apply': alone('imported a file of competitors'),
  'import.upload': alone('uploaded a file of competitors'),
  'job.cancel': about('canceled the job'),
  'job.retry': about('tried the job again'),
  'job.start': about('started the job'),
  'notices.choose': alone('chose when the weekly email comes'),
  'queue.discard': about('discarded failed messages of'),
  'queue.redrive': about('tried failed messages again of'),
  'roster.export': alone('took out a roster as a file'),
  'roster_plan.confirm': alone('released a roster plan'),
  'schedule.change': about('changed the schedule'),
  'schedule.create': about('made the schedule'),
  'schedule.delete': about('deleted the schedule'),
  'schedule.run': about('started by hand the schedule'),
  'season.apply': alone('rolled over to a new season'),
  'season.plan': alone('planned the roll-over to a new season'),
  'settings.change': alone('changed settings'),
  'sync_advice.dismiss': alone('dismissed tuning advice'),
  'sync_advice.restore': alone('brought back tuning advice'),
  'table.export': alone('took out a table as a file'),
  'team.add_member': about('put on a team'),
  'team.create': about('made the team'),
  'team.delete': about('deleted the team'),
  'team.move': about('moved to another coach the team'),
  'team.move_member': about('moved'),
  'team.recreate': about('had the platform team recreated of'),
  'team.remove_member': about('took off a team'),
  'team.sync': about('had the platform team updated of'),
  'team.update': about('changed the team'),
};

/** What was done, and whether its subject follows; an action we have no words for is shown by its code. */
export const actionWords = (action: string): ActionWords => WORDS[action] ?? about(`did “${action}” to`);

export const ACTION_OPTIONS: readonly { readonly value: string; readonly text: string }[] = [
  { value: '', text: 'Everything' },
  { value: 'change', text: 'Changes' },
  { value: 'read', text: 'Read log' },
  { value: 'competitor', text: 'Competitors' },
  { value: 'team', text: 'Teams' },
  { value: 'coach', text: 'Coaches' },
  { value: 'settings', text: 'Settings' },
  { value: 'schedule', text: 'Schedules' },
  { value: 'job', text: 'Jobs' },
  { value: 'queue', text: 'Queues' },
  { value: 'import', text: 'Imports' },
  { value: 'roster', text: 'Roster files' },
  { value: 'table', text: 'Other files' },
  { value: 'roster_plan', text: 'Roster plan' },
  { value: 'sync_advice', text: 'Tuning advice' },
  { value: 'alert', text: 'Alerts' },
];

export interface Difference {
  readonly label: string;
  readonly was: string | null;
  readonly is: string;
}

type Details = AuditItem['details'];
const listOf = (details: Details, name: string): readonly string[] => {
  const value = details[name];
  return Array.isArray(value) ? value : [];
};

const FIELD_NAMES: Readonly<Record<string, string>> = {
  firstName: 'First name',
  lastName: 'Last name',
  email: 'Email',
  schoolEmail: 'School email',
  guardianName: 'Guardian’s name',
  guardianEmail: 'Guardian’s email',
  participationAgreementDate: 'Participation agreement',
  mediaReleaseDate: 'Media release',
  consentWithdrawnDate: 'Withdrawal of consent',
};
const fieldName = (field: string): string =>
  FIELD_NAMES[field] ??
  capitalized(
    field.replaceAll(/[._]/g, ' ').replaceAll(/(?<=[a-z])[A-Z]/g, (one) => ` ${one.toLowerCase()}`),
  );

const settingText = (path: string, json: string): string => {
  const field = fieldOf(path);
  return field === undefined ? json : valueText(path, shownValue(field, JSON.parse(json)));
};

/** What an entry changed. Values are kept of settings and teams only; of people it is kept which field changed. */
export function differencesOf({
  details,
  names,
}: Pick<AuditItem, 'details' | 'names'>): readonly Difference[] {
  const paths = listOf(details, 'paths');
  const [before, after] = [listOf(details, 'before'), listOf(details, 'after')];
  const settings = paths.map((path, index) => ({
    label: fieldOf(path)?.label ?? path,
    was: settingText(path, before[index] ?? 'null'),
    is: settingText(path, after[index] ?? 'null'),
  }));
  const fields =
    paths.length > 0
      ? []
      : listOf(details, 'fields').map((field) => ({
          label: fieldName(field),
          was: null,
          is: 'changed; the values are not kept here',
        }));
  const nameOf = (value: Details[string] | undefined): string | null =>
    typeof value === 'string' ? (names[value] ?? value) : null;
  const [team, from] = [nameOf(details['teamId']), nameOf(details['fromTeamId'])];
  return [...settings, ...fields, ...(team === null ? [] : [{ label: 'Team', was: from, is: team }])];
}

/** The old values of a change of settings, as JSON by path; null where there are none to put back. */
export function undoOf({
  action,
  details,
}: Pick<AuditItem, 'action' | 'details'>): Readonly<Record<string, string>> | null {
  const before = listOf(details, 'before');
  const known = listOf(details, 'paths').flatMap((path, index) => {
    const json = before[index];
    return fieldOf(path) === undefined || json === undefined ? [] : [[path, json] as const];
  });
  return action === 'settings.change' && known.length > 0 ? Object.fromEntries(known) : null;
}

export interface AuditDay {
  readonly day: string;
  readonly items: readonly AuditItem[];
}

/** Entries by the program's day, newest first; those of the read log come by the hour otherwise. */
export const daysOf = (items: readonly AuditItem[], timeZone: string): readonly AuditDay[] =>
  [...Map.groupBy(items, ({ at }) => dayOf(at, timeZone))]
    .toSorted(([a], [b]) => (a < b ? 1 : -1))
    .map(([day, some]) => ({ day, items: some.toSorted((a, b) => (a.at < b.at ? 1 : -1)) }));

/** Where a subject has a page of its own. */
export function pageOf({ action, subject }: Pick<AuditItem, 'action' | 'subject'>): string | null {
  if (subject.name === null) return null;
  const id = encodeURIComponent(subject.id);
  if (action.startsWith('competitor.') || action.endsWith('_member')) return `/competitors/${id}`;
  if (action.startsWith('team.')) return `/teams/${id}`;
  if (action.startsWith('coach.')) return `/coaches/${id}`;
  return action.startsWith('job.') ? `/jobs/${id}` : null;
}

/**
 * Where the log shows what was done while an admin acted as a coach, of an entry that begins or ends that; null of any
 * other.
 */
export function meanwhileOf({ action, actor, subject, at, details }: AuditItem): string | null {
  const begins = action === 'coach.act_start' || action === 'coach.act_continue';
  if (!begins && action !== 'coach.act_end') return null;
  const text = (name: string, otherwise: string): string => {
    const value = details[name];
    return typeof value === 'string' ? value : otherwise;
  };
  const query = new URLSearchParams({
    actor: actor.id,
    for: subject.id,
    since: begins ? at : text('startedAt', at),
    until: begins ? text('endsAt', at) : text('endedAt', at),
  });
  return `/audit?${query.toString()}`;
}

const ENDS: Readonly<Record<string, string>> = {
  stopped: 'by pressing Stop',
  time: 'when the time was over',
  signout: 'by signing out',
};
/** How acting ended; null of any other entry. */
export const endedHow = ({ action, details }: Pick<AuditItem, 'action' | 'details'>): string | null =>
  action === 'coach.act_end' && typeof details['how'] === 'string' ? (ENDS[details['how']] ?? null) : null;
