import { putAll } from '#infra/local/product/demo/put-all.ts';
import { seedAtOnce } from '#test/support/seed-at-once.ts';
import type { SeedDemo } from '#infra/local/product/demo/seed-demo.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import type { CoachInput } from '#shared/identity/identity.ts';
import { rosterEntrySchema } from '#shared/teams/rosters/roster-entry.ts';
import { firstSyncState } from '#shared/score-sync/score-records.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { syncStateItem } from '#shared/score-sync/score-items.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { UNTRIED, type Team } from '#shared/teams/team.ts';
import type { GamePlatformModel } from '#test/game-platform-simulator/model.ts';
import { aCompetitor, APPROVED_ACCOUNT, NO_ACCOUNT } from '#test/support/competitors.ts';

/** Invented coaches with their teams and people, in the table and on the simulator. */

const PEOPLE_PER_COACH = 30;
const TEAMS_PER_COACH = 5;
/** Of each coach's people: without an account, on a team already, ready to be put on the platform. */
const LATE_PER_COACH = 3;
const AT_ONCE = 8;

export interface BenchPerson {
  readonly id: string;
  readonly coachId: string;
  /** What is wanted; null: on no team. */
  teamId: string | null;
  hasAccount: boolean;
}
export interface BenchPopulation {
  readonly coachIds: readonly string[];
  /** The teams of each coach. */
  readonly teams: ReadonlyMap<string, readonly string[]>;
  readonly people: readonly BenchPerson[];
}

const numbered = (prefix: string, number: number): string => `${prefix}-${String(number).padStart(6, '0')}`;

/** The same for the same number of people. Every other one with an account is on a team. */
export function population(competitors: number): BenchPopulation {
  const coachIds = Array.from({ length: Math.ceil(competitors / PEOPLE_PER_COACH) }, (_, index) =>
    numbered('coach-bench', index),
  );
  const teams = new Map(
    coachIds.map((coachId, coach) => [
      coachId,
      Array.from({ length: TEAMS_PER_COACH }, (_, index) =>
        numbered('team-bench', coach * TEAMS_PER_COACH + index),
      ),
    ]),
  );
  const people = Array.from({ length: competitors }, (_, index): BenchPerson => {
    const seat = index % PEOPLE_PER_COACH;
    const coachId = coachIds[Math.floor(index / PEOPLE_PER_COACH)] ?? '';
    const hasAccount = seat >= LATE_PER_COACH;
    const onTeam = !hasAccount || seat % 2 === 0;
    const teamId = teams.get(coachId)?.[seat % TEAMS_PER_COACH] ?? null;
    return { id: numbered('cmp-bench', index), coachId, teamId: onTeam ? teamId : null, hasAccount };
  });
  return { coachIds, teams, people };
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = items.values();
  const next = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

function coachOf(id: string, at: string): CoachInput {
  return {
    id,
    name: `Coach ${id}`,
    email: `${id}@example.org`,
    school: 'Harbor Middle School',
    enabled: true,
    gamePlatformId: id,
    createdAt: at,
  };
}

function teamOf(id: string, coachId: string, members: string[], at: string): Team {
  const named = { name: `Team ${id}`, affiliation: 'Harbor Middle School', division: 'high_school' } as const;
  return {
    id,
    version: 1,
    coachId,
    ...named,
    createdAt: at,
    updatedAt: at,
    members,
    ...UNTRIED,
    platform: { teamId: null, ...named, confirmedAt: at },
  };
}

const competitorOf = ({ id, coachId, teamId, hasAccount }: BenchPerson, at: string): Competitor =>
  aCompetitor({
    id,
    coachId,
    email: `${id}@example.org`,
    teamId,
    teamJoinedAt: teamId === null ? null : at,
    gamePlatformId: hasAccount ? id : null,
    platform: hasAccount ? APPROVED_ACCOUNT : NO_ACCOUNT,
  });

/** No id: those stand in logs, where nobody may be named. */
const surnameOf = (id: string): string => `Bench${id.replaceAll(/\W/g, '')}`;

/** Puts the population into the table and on the simulator, as if it had been confirmed an hour ago. */
export const seedPopulation = ({ coachIds, teams, people }: BenchPopulation): SeedDemo =>
  seedAtOnce(async ({ table, simulator, startedAt }) => {
    const enrolledAt = Math.floor(startedAt.getTime() / 1_000) - 3_600;
    const at = new Date(enrolledAt * 1_000).toISOString();
    const { model } = simulator;
    const { coaches } = createIdentityRepository(table);
    const teamRows = createTeamRepository(table);
    await each(coachIds, async (id) => {
      await coaches.put(coachOf(id, at));
      const person = {
        synedUserId: id,
        firstName: 'Coach',
        lastName: surnameOf(id),
        email: `${id}@example.org`,
      };
      model.enrol({ ...person, role: 'coach', enrolledAt, status: 'approved' });
    });
    const members = Map.groupBy(people, ({ teamId }) => teamId);
    await each(
      [...teams].flatMap(([coachId, ids]) => ids.map((id) => ({ coachId, id }))),
      async ({ coachId, id }) => {
        const team = teamOf(id, coachId, members.get(id)?.map((person) => person.id) ?? [], at);
        await teamRows.put(team);
        const { name, affiliation } = team;
        model.addTeam({ synedTeamId: id, coachId, name, affiliation, division: 'high_school' });
      },
    );
    await each(people, (person) => putPerson(table, model, person, enrolledAt));
  });

async function putPerson(
  table: Table,
  model: GamePlatformModel,
  person: BenchPerson,
  enrolledAt: number,
): Promise<void> {
  const { id, coachId, teamId, hasAccount } = person;
  const at = new Date(enrolledAt * 1_000).toISOString();
  await createCompetitorRepository(table).put(competitorOf(person, at));
  if (hasAccount) {
    model.enrol({
      synedUserId: id,
      firstName: 'Mira',
      lastName: surnameOf(id),
      email: `${id}@example.org`,
      coachId,
      ...(teamId === null ? {} : { teamId }),
      enrolledAt,
      status: 'approved',
    });
    await putAll(table, [syncStateItem(firstSyncState({ competitorId: id, coachId, gamePlatformId: id }))]);
  }
  if (teamId === null) return;
  const confirmed = hasAccount ? { confirmedTeamId: teamId, confirmedAt: at } : {};
  const entry = { competitorId: id, coachId, wantedTeamId: teamId, wantedAt: at, editedBy: 'bench' };
  await createRosterRepository(table).put(rosterEntrySchema.parse({ ...entry, ...confirmed }));
}
