import type { AlertRecord } from '#shared/alerts/alert-record.ts';
import type { TeamEdit } from '#shared/audit/activity.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type {
  CompetitorDay,
  CompetitorStats,
  FlashResult,
  SyncState,
} from '#shared/score-sync/score-records.ts';
import type { RosterEntry } from '#shared/teams/rosters/roster-entry.ts';
import type { Team } from '#shared/teams/team.ts';

/** How things stand with one coach's people and teams, whatever the period: all that alerts are evaluated from. */
export interface PresentFacts {
  readonly competitors: readonly Competitor[];
  readonly teams: readonly Team[];
  readonly stats: readonly CompetitorStats[];
  readonly rosters: readonly RosterEntry[];
  readonly syncStates: readonly SyncState[];
  /** Which alerts are open and which are put away. */
  readonly alertRecords: readonly AlertRecord[];
}

/** What the table holds of one coach's people, read for one dashboard. */
export interface CoachFacts extends PresentFacts {
  /** Days of the period and of the one before, and of its last month and the month before that. */
  readonly days: readonly CompetitorDay[];
  /** Results in events that began in the period, or in its last month or the month before. */
  readonly flashResults: readonly FlashResult[];
  /** When each solve that was stored lately was stored. */
  readonly solvesStoredAt: readonly string[];
  /** Of the period, newest first; `teamEditsSince`: older ones were not read; null: these are all. */
  readonly teamEdits: readonly TeamEdit[];
  readonly teamEditsSince: string | null;
}

/** What the age of scores is told from. */
export type FreshnessFacts = Pick<CoachFacts, 'competitors' | 'syncStates' | 'solvesStoredAt'>;

export const NO_FACTS: CoachFacts = {
  competitors: [],
  teams: [],
  stats: [],
  days: [],
  flashResults: [],
  rosters: [],
  syncStates: [],
  solvesStoredAt: [],
  teamEdits: [],
  teamEditsSince: null,
  alertRecords: [],
};

/** The facts of several coaches as one. */
export const mergeFacts = (parts: readonly CoachFacts[]): CoachFacts => ({
  competitors: parts.flatMap((part) => part.competitors),
  teams: parts.flatMap((part) => part.teams),
  stats: parts.flatMap((part) => part.stats),
  days: parts.flatMap((part) => part.days),
  flashResults: parts.flatMap((part) => part.flashResults),
  rosters: parts.flatMap((part) => part.rosters),
  syncStates: parts.flatMap((part) => part.syncStates),
  solvesStoredAt: parts.flatMap((part) => part.solvesStoredAt),
  teamEdits: parts.flatMap((part) => part.teamEdits),
  teamEditsSince: parts.reduce<string | null>(
    (latest, { teamEditsSince: at }) => (at !== null && (latest === null || at > latest) ? at : latest),
    null,
  ),
  alertRecords: parts.flatMap((part) => part.alertRecords),
});

/** Only one division's competitors and teams, and what belongs to them. */
export function narrowToDivision(facts: CoachFacts, division: string | null): CoachFacts {
  if (division === null) return facts;
  const competitors = facts.competitors.filter((competitor) => competitor.division === division);
  const ids = new Set(competitors.map((competitor) => competitor.id));
  const ofThem = <T extends { readonly competitorId: string }>(rows: readonly T[]): T[] =>
    rows.filter((row) => ids.has(row.competitorId));
  const teams = facts.teams.filter((team) => team.division === division);
  const teamIds = new Set(teams.map((team) => team.id));
  return {
    ...facts,
    competitors,
    teams,
    teamEdits: facts.teamEdits.filter(({ competitorId, teamId }) =>
      competitorId === null ? teamId !== null && teamIds.has(teamId) : ids.has(competitorId),
    ),
    stats: ofThem(facts.stats),
    days: ofThem(facts.days),
    flashResults: ofThem(facts.flashResults),
    syncStates: ofThem(facts.syncStates),
  };
}
