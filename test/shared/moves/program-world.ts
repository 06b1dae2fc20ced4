import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { isRead } from '#shared/competitors/consent.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { TaskPayload } from '#shared/jobs/task-definition.ts';
import type { JobOf, PartOutcome, PartWorker } from '#shared/jobs/work-part.ts';
import { chunks } from '#shared/kernel/at-once.ts';
import {
  dayItem,
  flashResultItem,
  solveItem,
  statsItem,
  syncStateItem,
} from '#shared/score-sync/score-items.ts';
import { emptyStats } from '#shared/score-sync/counters.ts';
import { keys } from '#shared/table/keys.ts';
import { BATCH_PUT_ITEMS, batchPut, queryAll, type Table } from '#shared/table/table.ts';
import { equals, query } from '#shared/table/expressions.ts';
import { rosterEntrySchema } from '#shared/teams/rosters/roster-entry.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import type { Team } from '#shared/teams/team.ts';
import { recordingLog } from '#test/shared/kernel/recording-log.ts';
import { aCoach } from '#test/support/competitors.ts';
import { itemsOf } from '#test/support/dynamodb.ts';
import {
  aCompetitor,
  aDay,
  aFlashResult,
  aJobPart,
  aNewcomer,
  aSolve,
  aSyncState,
  aTeam,
} from '#test/support/records.ts';

export const NOW = new Date('2026-11-25T18:00:00.000Z');
export const FROM = 'coa_a';
export const TO = 'coa_b';

/** A person with everything that a person may have: solves that stand and one taken back, days, a Flash CTF, a team. */
function rowsOfPerson(person: Competitor): Record<string, unknown>[] {
  const of = { competitorId: person.id, coachId: person.coachId };
  if (person.gamePlatformId === null) return [];
  const solves = [1, 2, 3].map((solveId) => aSolve({ ...of, solveId }));
  return [
    ...solves.map(solveItem),
    solveItem(aSolve({ ...of, solveId: 9, revokedAt: NOW.toISOString() })),
    dayItem(aDay({ ...of, odl: 3, odlPoints: 300 })),
    flashResultItem(aFlashResult(of)),
    statsItem({
      ...emptyStats(of),
      storedOdl: 3,
      storedOdlPoints: 300,
      lastSolveAt: '2026-11-20T23:00:00.000Z',
    }),
    ...(isRead(person) ? [syncStateItem(aSyncState({ ...of, gamePlatformId: person.gamePlatformId }))] : []),
  ];
}

export const aMember = (team: string, over: Partial<Competitor> = {}) =>
  aCompetitor({
    coachId: FROM,
    teamId: team,
    teamJoinedAt: '2026-09-05T18:00:00.000Z',
    gamePlatformId: over.id ?? 'cmp_1',
    ...over,
  });

/** Two coaches, and these people and teams of the first one, on the platform as wanted. */
export async function layDown(
  table: Table,
  people: readonly Competitor[],
  teams: readonly Partial<Team>[] = [],
): Promise<void> {
  const { coaches } = createIdentityRepository(table);
  await coaches.put(aCoach({ id: FROM, name: 'Ada' }));
  await coaches.put(aCoach({ id: TO, name: 'Ben' }));
  const competitors = createCompetitorRepository(table);
  for (const some of chunks(people, 16)) await Promise.all(some.map((one) => competitors.put(one)));
  const items = people.flatMap(rowsOfPerson);
  for (const some of chunks(items, BATCH_PUT_ITEMS)) await batchPut(table, some);
  const repository = createTeamRepository(table);
  for (const team of teams) {
    const members = people.flatMap(({ id, teamId }) => (teamId === team.id ? [id] : []));
    await repository.put(aTeam({ coachId: FROM, members, ...team }));
  }
  const rosters = createRosterRepository(table);
  for (const { id, coachId, teamId } of people) {
    if (teamId === null) continue;
    const at = '2026-09-05T18:00:00.000Z';
    const wanted = { competitorId: id, coachId, wantedTeamId: teamId, wantedAt: at, editedBy: 'ada' };
    await rosters.put(rosterEntrySchema.parse({ ...wanted, confirmedTeamId: teamId, confirmedAt: at }));
  }
}

export const aPersonWithoutAccount = (over: Partial<Competitor> = {}) =>
  aNewcomer({ coachId: FROM, ...over });

const job = <P extends TaskPayload>(id: string, taskType: string, payload: P): JobOf<P> => {
  const made: Omit<Job, 'payload'> = {
    id,
    taskType,
    status: 'running',
    startedBy: 'user:ines',
    actingAs: null,
    createdAt: NOW.toISOString(),
    notBefore: null,
    startedAt: NOW.toISOString(),
    finishedAt: null,
    attempts: 1,
    planned: true,
    planCursor: null,
    parts: 1,
    partsDone: 0,
    partsFailed: 0,
    done: 0,
    total: 0,
    counts: {},
    error: null,
  };
  return { ...made, payload };
};

/** One run of a part, as a worker’s invocation would make it. */
export function workOn<P extends TaskPayload>(
  worker: PartWorker<P>,
  { id, taskType, payload }: { readonly id: string; readonly taskType: string; readonly payload: P },
  subjects: readonly string[],
  remainingMs: () => number = () => 600_000,
): Promise<PartOutcome> {
  const part = aJobPart({ jobId: id, taskType, subjects: [...subjects], attempts: 1 });
  const { log } = recordingLog();
  return worker(job(id, taskType, payload), part, { remainingMs, log, lastAttempt: false });
}

const WHATEVER = new Set(['updatedAt', 'at', 'id', 'wantedAt', 'gsi2sk', 'changes', 'teamJoinedAt']);
const settled = (row: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !WHATEVER.has(name)));

/** All that is stored of people, teams and a job’s rows, but for times; and what both coaches were told, counted. */
export async function pictureOf(
  table: Table,
  people: readonly string[],
  teams: readonly string[],
  jobId: string,
): Promise<unknown> {
  const rows: unknown[] = [];
  for (const id of people) {
    rows.push((await itemsOf(table, keys.competitorPartition(id))).map(settled));
    const { pk, sk } = keys.syncState(id);
    rows.push((await itemsOf(table, pk)).filter((row) => row['sk'] === sk).map(settled));
  }
  for (const id of teams) rows.push((await itemsOf(table, keys.team(id).pk)).map(settled));
  const outcomes: unknown[] = [];
  for await (const row of queryAll(table, query(equals('pk', keys.jobPartition(jobId)))))
    outcomes.push([row['subject'], row['outcome'], row['detail']]);
  return { rows, outcomes, told: await toldOf(table) };
}

/** Lines of activity and audit entries, counted by what they say. */
export async function toldOf(table: Table): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  for (const coachId of [FROM, TO])
    for await (const row of queryAll(table, query(equals('pk', keys.activity(coachId, '', '').pk))))
      count(`${coachId} ${String(row['kind'])}`);
  const day = NOW.toISOString().slice(0, 10);
  for await (const row of queryAll(table, query(equals('pk', keys.audit(day, '', '').pk))))
    count(`audit ${String(row['coachId'])} ${String(row['action'])}`);
  return counts;
}
