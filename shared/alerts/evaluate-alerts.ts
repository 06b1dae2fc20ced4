import { competitorStatus } from '#shared/competitors/competitor-status.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { onHold } from '#shared/competitors/consent.ts';
import {
  idleAfterMs,
  lastActiveAt,
  needOf,
  NOT_APPROVED,
  type Need,
} from '#shared/competitors/needs-attention.ts';
import { natureOf } from '#shared/onboarding/refusals.ts';
import type { CompetitorStats, SyncState } from '#shared/score-sync/score-records.ts';
import type { RosterEntry } from '#shared/teams/rosters/roster-entry.ts';
import { createEntriesOf, teamToView } from '#shared/teams/team-to-view.ts';
import type { Team } from '#shared/teams/team.ts';
import type { AlertRecord } from './alert-record.ts';
import { wordsOf } from './alert-words.ts';
import { ALERT_CAUSES, type Alert, type AlertCause } from './contract.ts';

/** What alerts are evaluated from, of one coach or of several. */
export interface AlertInput {
  readonly facts: {
    readonly competitors: readonly Competitor[];
    readonly teams: readonly Team[];
    readonly stats: readonly Pick<CompetitorStats, 'competitorId' | 'lastSolveAt'>[];
    readonly syncStates: readonly Pick<SyncState, 'competitorId' | 'lastReadAt'>[];
    readonly rosters: readonly RosterEntry[];
    readonly alertRecords: readonly AlertRecord[];
  };
  /** Competitors whose scores were not read in time. */
  readonly lateIds: ReadonlySet<string>;
  readonly slaHours: number;
  readonly inactiveDays: number;
  readonly suspension: 'off' | 'blocked' | null;
  readonly now: Date;
}

export interface AlertEvaluation {
  /** The coach's own first, then in the order of the causes. */
  readonly open: readonly Alert[];
  readonly snoozed: readonly Alert[];
  /** Records to write: causes that came, and causes that are gone. */
  readonly changes: readonly AlertRecord[];
}

interface Subject {
  readonly id: string;
  readonly name: string;
  /** ISO 8601; null: not known. */
  readonly since: string | null;
}

type Found = Map<AlertCause, Subject[]>;

const CAUSE_OF: Readonly<Record<Need, AlertCause>> = {
  onHold: 'on_hold',
  refused: 'account_refused',
  ready: 'ready_to_add',
  release: 'release_missing',
  profile: 'profile_incomplete',
  signIn: 'never_signed_in',
  idle: 'idle',
};

const PROGRAM_ACTS: ReadonlySet<AlertCause> = new Set([
  'account_denied',
  'not_approved',
  'team_sync_late',
  'stale_sync',
  'sync_paused',
  'access_refused',
]);

export const actorOf = (cause: AlertCause): Alert['actor'] => (PROGRAM_ACTS.has(cause) ? 'program' : 'coach');

const ACTIONS: Readonly<Record<AlertCause, Alert['action']['code']>> = {
  on_hold: 'record_release',
  account_refused: 'settle_refusal',
  ready_to_add: 'add_to_platform',
  release_missing: 'record_release',
  profile_incomplete: 'complete_profile',
  never_signed_in: 'reset_password',
  idle: 'look_at_competitors',
  team_sync_failed: 'look_at_team',
  team_drift: 'recreate_team',
  account_denied: 'look_at_competitors',
  not_approved: 'look_at_competitors',
  team_sync_late: 'look_at_team',
  stale_sync: 'look_at_competitors',
  sync_paused: 'look_at_competitors',
  access_refused: 'look_at_competitors',
};

const ABOUT_TEAMS: ReadonlySet<AlertCause> = new Set(['team_sync_failed', 'team_sync_late', 'team_drift']);
const ABOUT_ALL: ReadonlySet<AlertCause> = new Set(['sync_paused', 'access_refused']);
export const subjectKindOf = (cause: AlertCause): Alert['subjectKind'] =>
  ABOUT_ALL.has(cause) ? 'program' : ABOUT_TEAMS.has(cause) ? 'team' : 'competitor';

/** An id holds coach and cause, so that ownership is decided before anything is read. */
const alertIdOf = (coachId: string, cause: AlertCause): string => `${coachId}.${cause}`;

export function parseAlertId(id: string): { readonly coachId: string; readonly cause: AlertCause } | null {
  const dot = id.lastIndexOf('.');
  const cause = ALERT_CAUSES.find((one) => one === id.slice(dot + 1));
  return dot < 1 || cause === undefined ? null : { coachId: id.slice(0, dot), cause };
}

const later = (iso: string, ms: number): string => new Date(Date.parse(iso) + ms).toISOString();
const HOUR_MS = 3_600_000;

/** When what a competitor needs began; the record's last change is the latest that it can have been. */
function needSince(
  need: Need,
  competitor: Competitor,
  lastSolveAt: string | null,
  inactiveDays: number,
): string {
  const { platform, updatedAt } = competitor;
  if (need === 'refused') return platform.refusal?.at ?? updatedAt;
  if (need === 'signIn') return platform.onboardedAt ?? updatedAt;
  const seen = lastActiveAt({ lastLoginAt: platform.lastLoginAt, lastSolveAt });
  return need === 'idle' && seen !== null ? later(seen, idleAfterMs(inactiveDays)) : updatedAt;
}

function addTo(found: Found, cause: AlertCause, subject: Subject): void {
  const subjects = found.get(cause);
  if (subjects === undefined) found.set(cause, [subject]);
  else subjects.push(subject);
}

function findPeople(input: AlertInput, found: Found, people: readonly Competitor[]): void {
  const solves = new Map(input.facts.stats.map((stats) => [stats.competitorId, stats.lastSolveAt]));
  const reads = new Map(input.facts.syncStates.map((state) => [state.competitorId, state.lastReadAt]));
  const add = (cause: AlertCause, { id, firstName: name }: Competitor, since: string | null) =>
    addTo(found, cause, { id, name, since });
  for (const competitor of people) {
    const { id, active, platform } = competitor;
    const lastSolveAt = solves.get(id) ?? null;
    const late = input.lateIds.has(id);
    const hold = onHold(competitor);
    const need = needOf({
      active,
      status: competitorStatus(competitor),
      onHold: hold,
      ...platform,
      lastSolveAt,
      late,
      inactiveDays: input.inactiveDays,
      now: input.now,
    });
    if (need !== null) {
      add(CAUSE_OF[need], competitor, needSince(need, competitor, lastSolveAt, input.inactiveDays));
    } else if (active && NOT_APPROVED.has(platform.accountStatus ?? '')) {
      const cause = platform.accountStatus === 'denied' ? 'account_denied' : 'not_approved';
      add(cause, competitor, platform.onboardedAt);
    }
    // While reads are suspended, that is the alert; everybody's being late follows from it.
    if (late && input.suspension === null) {
      const readAt = reads.get(id) ?? null;
      add(
        'stale_sync',
        competitor,
        readAt === null ? platform.onboardedAt : later(readAt, input.slaHours * HOUR_MS),
      );
    }
  }
}

/** What the team's badge and its drift note say, so that alerts and the Teams page never differ. */
function findTeams({ facts }: AlertInput, found: Found, teams: readonly Team[]): void {
  const people = new Map(facts.competitors.map((competitor) => [competitor.id, competitor]));
  const entriesOf = createEntriesOf(facts.rosters);
  const add = (cause: AlertCause, { id, name }: Team, since: string | null) =>
    addTo(found, cause, { id, name, since });
  for (const team of teams) {
    if (team.wantedState === 'deleted') continue;
    const entries = entriesOf(team);
    const { badge, drift } = teamToView(team, { people, entries });
    if (badge.state === 'error') {
      const failures = [team.sync.failure, ...[...entries.values()].map(({ failure }) => failure)].filter(
        (failure) => failure !== null,
      );
      const mine = failures.some(({ code }) => natureOf(code) !== 'later');
      add(mine ? 'team_sync_failed' : 'team_sync_late', team, earliest(failures.map(({ at }) => at)));
    }
    if (drift !== null && team.recreate === null) add('team_drift', team, team.updatedAt);
  }
}

const earliest = (times: readonly (string | null)[]): string | null =>
  times.reduce((first, at) => (first === null || (at !== null && at < first) ? at : first), null);

/** What is the case for one coach now, by cause. */
function findAlerts(input: AlertInput, people: readonly Competitor[], teams: readonly Team[]): Found {
  const found: Found = new Map();
  findPeople(input, found, people);
  findTeams(input, found, teams);
  if (input.suspension === 'off' && people.length > 0) found.set('sync_paused', []);
  if (input.suspension === 'blocked' && people.length > 0) found.set('access_refused', []);
  return found;
}

/** Whether it is put away: not for anybody new. */
export function isSnoozed(
  record: AlertRecord | undefined,
  subjectIds: readonly string[],
  now: Date,
): boolean {
  const snooze = record?.closedAt === null ? record.snooze : null;
  if (snooze === null || Date.parse(snooze.until) <= now.getTime()) return false;
  const known = new Set(snooze.subjectIds);
  return subjectIds.every((id) => known.has(id));
}

interface AlertAbout {
  readonly coachId: string;
  readonly cause: AlertCause;
  readonly since: string;
  /** How many people or teams. */
  readonly about: number;
  /** Of them, or of the first ones. */
  readonly subjectIds: readonly string[];
  readonly names: readonly string[];
  readonly inactiveDays: number;
}

/** What the alert looks like while it is open. */
export function createAlert(alert: AlertAbout): Alert {
  const { coachId, cause, since, about, subjectIds, names, inactiveDays } = alert;
  const kind = subjectKindOf(cause);
  const [only = null] = about === 1 ? subjectIds : [];
  return {
    id: alertIdOf(coachId, cause),
    coachId,
    cause,
    actor: actorOf(cause),
    subjectKind: kind,
    subjectIds: [...subjectIds],
    since,
    ...wordsOf(cause, about, names, inactiveDays),
    action: {
      code: ACTIONS[cause],
      target: only === null || kind === 'program' ? null : { kind, id: only },
    },
    snoozedUntil: null,
  };
}

/** What waits for the coach comes first. */
const byActor = (a: Alert, b: Alert): number => (a.actor === b.actor ? 0 : a.actor === 'coach' ? -1 : 1);

/**
 * Every alert there is, from the facts: the brief, the list of alerts and the competitors' "Needs me" all come from
 * here. *Needs me* is the open ones whose actor is the coach.
 */
export function evaluateAlerts(input: AlertInput): AlertEvaluation {
  const { facts, inactiveDays, now } = input;
  const at = now.toISOString();
  const open: Alert[] = [];
  const snoozed: Alert[] = [];
  const changes: AlertRecord[] = [];
  const people = Map.groupBy(facts.competitors, ({ coachId }) => coachId);
  const teams = Map.groupBy(facts.teams, ({ coachId }) => coachId);
  const records = Map.groupBy(facts.alertRecords, ({ coachId }) => coachId);
  for (const coachId of new Set([...people.keys(), ...teams.keys(), ...records.keys()])) {
    const found = findAlerts(input, people.get(coachId) ?? [], teams.get(coachId) ?? []);
    const recordOf = new Map((records.get(coachId) ?? []).map((record) => [record.cause, record]));
    for (const cause of ALERT_CAUSES) {
      const subjects = found.get(cause);
      const record = recordOf.get(cause);
      if (subjects === undefined) {
        if (record?.closedAt === null) {
          changes.push({ ...record, version: record.version + 1, closedAt: at, snooze: null });
        }
        continue;
      }
      const opened = record?.closedAt === null ? record : undefined;
      if (opened === undefined) {
        const version = (record?.version ?? 0) + 1;
        changes.push({ coachId, cause, version, openedAt: at, closedAt: null, snooze: null });
      }
      const subjectIds = subjects.map(({ id }) => id);
      const put = isSnoozed(record, subjectIds, now);
      const since = earliest(subjects.map((subject) => subject.since)) ?? opened?.openedAt ?? at;
      const names = subjects.map(({ name }) => name);
      const alert = createAlert({
        coachId,
        cause,
        since,
        about: subjects.length,
        subjectIds,
        names,
        inactiveDays,
      });
      if (put) snoozed.push({ ...alert, snoozedUntil: opened?.snooze?.until ?? null });
      else open.push(alert);
    }
  }
  return { open: open.toSorted(byActor), snoozed: snoozed.toSorted(byActor), changes };
}
