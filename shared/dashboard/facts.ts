import type { AlertRecord } from '#shared/alerts/alert-record.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type {
  CompetitorDay,
  CompetitorStats,
  FlashResult,
  SyncState,
} from '#shared/score-sync/score-records.ts';
import type { RosterEntry } from '#shared/teams/rosters/roster-entry.ts';
import type { Team } from '#shared/teams/team.ts';

/** What the table holds of one coach's people, read for one dashboard. */
export interface CoachFacts {
  readonly competitors: readonly Competitor[];
  readonly teams: readonly Team[];
  readonly stats: readonly CompetitorStats[];
  /** Days of the period and of the one before. */
  readonly days: readonly CompetitorDay[];
  /** Results in events that began in the period's last month or the month before. */
  readonly flashResults: readonly FlashResult[];
  readonly syncStates: readonly SyncState[];
  /** When each solve that was stored lately was stored. */
  readonly solvesStoredAt: readonly string[];
  readonly rosterEntries: readonly RosterEntry[];
  /** Which alerts are open and which are put away. */
  readonly alertRecords: readonly AlertRecord[];
}

export const NO_FACTS: CoachFacts = {
  competitors: [],
  teams: [],
  stats: [],
  days: [],
  flashResults: [],
  syncStates: [],
  solvesStoredAt: [],
  rosterEntries: [],
  alertRecords: [],
};

/** The facts of several coaches as one. */
export const mergeFacts = (parts: readonly CoachFacts[]): CoachFacts => ({
  competitors: parts.flatMap((part) => part.competitors),
  teams: parts.flatMap((part) => part.teams),
  stats: parts.flatMap((part) => part.stats),
  days: parts.flatMap((part) => part.days),
  flashResults: parts.flatMap((part) => part.flashResults),
  syncStates: parts.flatMap((part) => part.syncStates),
  solvesStoredAt: parts.flatMap((part) => part.solvesStoredAt),
  rosterEntries: parts.flatMap((part) => part.rosterEntries),
  alertRecords: parts.flatMap((part) => part.alertRecords),
});

/** Only one division's competitors and teams, and what belongs to them. */
export function narrowToDivision(facts: CoachFacts, division: string | null): CoachFacts {
  if (division === null) return facts;
  const competitors = facts.competitors.filter((competitor) => competitor.division === division);
  const ids = new Set(competitors.map((competitor) => competitor.id));
  const ofThem = <T extends { readonly competitorId: string }>(rows: readonly T[]): T[] =>
    rows.filter((row) => ids.has(row.competitorId));
  return {
    ...facts,
    competitors,
    teams: facts.teams.filter((team) => team.division === division),
    stats: ofThem(facts.stats),
    days: ofThem(facts.days),
    flashResults: ofThem(facts.flashResults),
    syncStates: ofThem(facts.syncStates),
  };
}
