import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { addDays, dayOf } from '#shared/kernel/days.ts';
import {
  dayItem,
  flashResultItem,
  solveItem,
  statsItem,
  syncStateItem,
} from '#shared/score-sync/score-items.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { rosterEntrySchema } from '#shared/teams/rosters/roster-entry.ts';
import { putAll } from '#infra/local/product/demo/put-all.ts';
import { randomFrom, type Random } from '#test/game-platform-simulator/random.ts';
import { aCoach, APPROVED_ACCOUNT } from '#test/support/competitors.ts';
import { aCompetitor, aDay, aFlashResult, aSolve, aSyncState, aTeam } from '#test/support/records.ts';

/** A program as it lies in the table after a quarter of a school year, put there row by row. */

const PER_COACH = 100;
const PER_TEAM = 5;
const DAYS = 90;
const DAY_MS = 86_400_000;
/** Sessions in a week: of a tenth, of three tenths, and of the others. */
const sessionsOf = (place: number): number => (place < 10 ? 5 : place < 40 ? 1 : 0.2);
const LINES_OF_COACH = 200;
const EVENTS = 3;
const DIVISIONS = ['high_school', 'high_school', 'middle_school'] as const;

export interface SeededProgram {
  readonly coachIds: readonly string[];
  /** Somebody of a coach, and one of their teams. */
  readonly personOf: (coachId: string) => string;
  readonly teamOf: (coachId: string) => string;
}

const numbered = (name: string, number: number): string => `${name}-${String(number).padStart(6, '0')}`;

interface Person {
  readonly competitor: Competitor;
  readonly sessions: number;
}

function peopleOf(coachId: string, first: number, count: number): Person[] {
  return Array.from({ length: count }, (_, place) => {
    const id = numbered('cmp', first + place);
    const teamId = numbered(`${coachId}-team`, Math.floor(place / PER_TEAM));
    const competitor = aCompetitor({
      id,
      coachId,
      gamePlatformId: id,
      division: DIVISIONS[Math.floor(place / PER_TEAM) % DIVISIONS.length] ?? null,
      teamId,
      teamJoinedAt: '2026-09-10T18:00:00.000Z',
      platform: { ...APPROVED_ACCOUNT, username: id },
    });
    return { competitor, sessions: sessionsOf(place % 100) };
  });
}

/** What reads of one person have left: days, results, and the solves of the last two days. */
function scoresOf({ competitor, sessions }: Person, today: string, now: number, random: Random) {
  const { id: competitorId, coachId } = competitor;
  const own = { competitorId, coachId };
  const items: Record<string, unknown>[] = [];
  let stored = 0;
  for (let ago = 0; ago < DAYS; ago += 1) {
    if (random() >= sessions / 7) continue;
    const solves = 1 + Math.floor(random() * 5);
    stored += solves;
    const day = addDays(today, -ago);
    const lastSolveAt = new Date(now - ago * DAY_MS).toISOString();
    items.push(dayItem(aDay({ ...own, day, odl: solves, odlPoints: solves * 100, lastSolveAt })));
    if (ago > 1) continue;
    for (let solveId = 0; solveId < solves; solveId += 1) {
      items.push(
        solveItem(
          aSolve({ ...own, solveId: ago * 10 + solveId, day, solvedAt: lastSolveAt, storedAt: lastSolveAt }),
        ),
      );
    }
  }
  for (let event = 0; event < EVENTS; event += 1) {
    if (random() >= 0.4) continue;
    const startsAt = new Date(now - (event * 30 + 5) * DAY_MS).toISOString();
    items.push(flashResultItem(aFlashResult({ ...own, eventId: `event_${event}`, startsAt })));
  }
  items.push(
    statsItem({
      ...own,
      storedOdl: stored,
      storedCtf: 0,
      storedOdlPoints: stored * 100,
      storedCtfPoints: 0,
      lastSolveAt: null,
      platform: null,
    }),
    syncStateItem(aSyncState({ ...own, lastReadAt: new Date(now - random() * 7_200_000).toISOString() })),
  );
  return items;
}

function rosterItem({ id: competitorId, coachId, teamId }: Competitor) {
  const at = '2026-09-10T18:00:00.000Z';
  const entry = rosterEntrySchema.parse({
    competitorId,
    coachId,
    wantedTeamId: teamId,
    wantedAt: at,
    editedBy: 'bench',
    confirmedTeamId: teamId,
    confirmedAt: at,
    closedWish: at,
    updatedAt: at,
    createdAt: at,
  });
  return {
    ...keys.rosterEntry(competitorId),
    ...indexKeys.rosterOfCoach(coachId, competitorId),
    type: 'roster_entry',
    ...entry,
  };
}

async function linesOf(
  table: Table,
  coachId: string,
  people: readonly Person[],
  now: number,
  random: Random,
) {
  const activity = createActivityRepository(table);
  const lines = Array.from({ length: LINES_OF_COACH }, async (_, index) => {
    const competitorId = people[index % people.length]?.competitor.id ?? null;
    const line = {
      id: numbered('act', index),
      coachId,
      at: new Date(now - random() * DAYS * DAY_MS).toISOString(),
      actor: 'job:bench',
      competitorId,
    } as const;
    return index % 4 === 0
      ? activity.appendTeamEdit({ ...line, kind: 'member_added', details: { teamId: 'team' } })
      : [await activity.appendTransaction({ ...line, kind: 'solves_stored', details: { odl: 1, ctf: 0 } })];
  });
  return (await Promise.all(lines)).flatMap((items) => items.map(({ Put }) => Put?.Item ?? {}));
}

/** The same for the same seed and moment. */
export async function seedProgram(
  table: Table,
  { competitors, seed, timeZone }: { competitors: number; seed: number; timeZone: string },
): Promise<SeededProgram> {
  const random = randomFrom(seed);
  const now = Date.now();
  const today = dayOf(new Date(now).toISOString(), timeZone);
  const { coaches, identities } = createIdentityRepository(table);
  const createdAt = '2026-09-01T18:00:00.000Z';
  const person = { email: 'x@example.org', enabled: true, createdAt };
  const coachIds = Array.from({ length: Math.ceil(competitors / PER_COACH) }, (_, index) =>
    numbered('coach', index),
  );
  for (const [index, coachId] of coachIds.entries()) {
    const count = Math.min(PER_COACH, competitors - index * PER_COACH);
    const people = peopleOf(coachId, index * PER_COACH, count);
    const teams = Map.groupBy(people, ({ competitor }) => competitor.teamId ?? '');
    await coaches.put(aCoach({ id: coachId, name: `Coach ${index}`, school: `School ${index}` }));
    await identities.put({ ...person, sub: coachId, name: `Coach ${index}`, role: 'coach', coachId });
    await putAll(table, [
      ...Array.from(teams, ([id, members]) => ({
        ...keys.team(id),
        ...indexKeys.teamOfCoach(coachId, id),
        type: 'team',
        ...aTeam({
          id,
          coachId,
          name: `Team ${id.slice(-2)}`,
          division: members[0]?.competitor.division ?? 'high_school',
          members: members.map(({ competitor }) => competitor.id),
        }),
      })),
      ...people.flatMap((one) => [
        {
          ...keys.competitor(one.competitor.id),
          ...indexKeys.competitorOfCoach(coachId, one.competitor.id),
          ...indexKeys.competitorByPlatformId(one.competitor.id),
          type: 'competitor',
          ...one.competitor,
        },
        rosterItem(one.competitor),
        ...scoresOf(one, today, now, random),
      ]),
      ...(await linesOf(table, coachId, people, now, random)),
    ]);
  }
  await identities.put({ ...person, sub: 'admin', name: 'Admin', role: 'admin', coachId: null });
  const jobs = createJobRepository(table);
  for (let ago = 0; ago < 288; ago += 1) {
    const at = new Date(now - ago * 300_000).toISOString();
    await jobs.create({
      id: numbered('job', ago),
      taskType: 'game_platform_sync',
      status: 'succeeded',
      startedBy: 'schedule:score-sync',
      payload: { due: true },
      createdAt: at,
      notBefore: null,
      startedAt: at,
      finishedAt: at,
      attempts: 1,
      planned: true,
      planCursor: null,
      parts: 1,
      partsDone: 1,
      partsFailed: 0,
      done: 100,
      total: 100,
      counts: { total: 100, synced: 1, skipped: 99 },
      error: null,
    });
  }
  return {
    coachIds,
    personOf: (coachId) => numbered('cmp', coachIds.indexOf(coachId) * PER_COACH),
    teamOf: (coachId) => numbered(`${coachId}-team`, 0),
  };
}
