import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import type { Activity } from '#shared/audit/activity.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import type { Competitor } from '#shared/competitors/competitor.ts';
import { createGamePlatformClient } from '#shared/game-platform/client.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Job } from '#shared/jobs/job.ts';
import { createLog } from '#shared/kernel/log.ts';
import {
  dayItem,
  flashEventItem,
  flashResultItem,
  solveItem,
  statsItem,
  syncStateItem,
} from '#shared/score-sync/score-items.ts';
import { firstSyncState, type Solve } from '#shared/score-sync/score-records.ts';
import type { Table } from '#shared/table/table.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import type { Simulator } from '#test/game-platform-simulator/index.ts';
import type { DemoUser } from '../sign-ins/demo-people.ts';
import { historyOf, READ_EVERY_MS } from './demo-history.ts';
import { demoProgram } from './demo-program.ts';
import { enrol } from './enrol.ts';
import { putAll } from './put-all.ts';

/** What the demo data is made with. It may run again after a crash, so it must put the same rows each time. */
export interface SeedContext {
  readonly table: Table;
  readonly users: readonly DemoUser[];
  readonly simulator: Simulator;
  /** What the simulator takes as its bearer token. */
  readonly gamePlatformToken: string;
  readonly timeZone: string;
  readonly now: () => Date;
  readonly onLog: (message: string) => void;
}

/** The stand-in for DynamoDB writes one transaction at a time; more people at once would only wait. */
const PEOPLE_AT_ONCE = 3;

/** The platform's view of a person, by the product's own client, and what reading them would have left behind. */
async function onPlatform(competitor: Competitor, platform: GamePlatform, lastRead: Date, timeZone: string) {
  const user = await platform.getUser(competitor.id);
  if (user === null) throw new Error(`The simulator does not know ${competitor.id}.`);
  const lastLogin = user.last_login_unix_timestamp;
  const known: Competitor = {
    ...competitor,
    platform: {
      ...competitor.platform,
      userId: user.metactf_user_id,
      username: user.metactf_username,
      accountStatus: user.metactf_user_status,
      lastLoginAt: typeof lastLogin === 'number' ? new Date(lastLogin * 1_000).toISOString() : null,
      checkedAt: lastRead.toISOString(),
    },
  };
  if (user.metactf_user_status !== 'approved') return { known, history: null };
  const odl = await platform.getOdlScores(competitor.id);
  const flash = await platform.getFlashCtfProgress(competitor.id);
  return { known, history: historyOf(competitor, { odl, flash }, lastRead, timeZone) };
}

export interface DemoSize {
  /** Only the first of the program's coaches, with their people. @default all twelve */
  readonly coaches?: number;
}

/** Invented coaches, teams and competitors with three months behind them, on the simulator and in the table. */
export const createSeedDemo =
  ({ coaches }: DemoSize = {}) =>
  (context: SeedContext): Promise<void> =>
    seedDemo(context, coaches);

async function seedDemo(
  { table, simulator, gamePlatformToken, timeZone, now, onLog }: SeedContext,
  coachCount: number | undefined,
): Promise<void> {
  const startedAt = now();
  const { model } = simulator;
  const program = demoProgram(model.seed, startedAt, coachCount);
  enrol(program, model);

  const platform = createGamePlatformClient({
    baseUrl: simulator.url,
    caller: 'demo',
    token: { current: async () => gamePlatformToken, replace: async () => gamePlatformToken },
    log: createLog(() => {}),
  });
  const { coaches } = createIdentityRepository(table);
  const teams = createTeamRepository(table);
  const competitors = createCompetitorRepository(table);
  for (const coach of program.coaches) await coaches.put(coach);
  for (const team of program.teams) await teams.put(team);
  const rosters = createRosterRepository(table);
  for (const entry of program.rosters) await rosters.put(entry);

  const lastRead = new Date(Math.floor(startedAt.getTime() / READ_EVERY_MS) * READ_EVERY_MS);
  const solves: Solve[] = [];
  const waiting = [...program.competitors];
  let read = 0;
  const worker = async () => {
    for (let person = waiting.shift(); person !== undefined; person = waiting.shift()) {
      if (person.gamePlatformId === null) {
        await competitors.put(person);
        continue;
      }
      const { known, history } = await onPlatform(person, platform, lastRead, timeZone);
      await competitors.put(known);
      const subject = { competitorId: person.id, coachId: person.coachId, gamePlatformId: person.id };
      if (history === null) {
        if (person.active) await putAll(table, [syncStateItem(firstSyncState(subject))]);
        continue;
      }
      read += 1;
      solves.push(...history.solves);
      await putAll(table, [
        ...history.solves.map(solveItem),
        ...history.days.map(dayItem),
        ...history.flashResults.map(flashResultItem),
        ...history.flashEvents.map(flashEventItem),
        statsItem(history.stats),
        // Who is deactivated is not read.
        ...(person.active ? [syncStateItem(history.syncState)] : []),
      ]);
    }
  };
  await Promise.all(Array.from({ length: PEOPLE_AT_ONCE }, worker));

  const activity = createActivityRepository(table);
  const lines = await Promise.all(
    demoActivity(program.competitors, solves, startedAt).map(async (line) =>
      line.kind === 'member_added' ? activity.appendTeamEdit(line) : [await activity.appendTransaction(line)],
    ),
  );
  await putAll(
    table,
    lines.flat().map(({ Put }) => Put?.Item ?? {}),
  );

  const jobs = createJobRepository(table);
  for (const run of demoRuns(solves, read, lastRead)) await jobs.create(run);
  onLog(
    `${program.coaches.length} coaches, ${program.teams.length} teams, ${program.competitors.length} competitors, ` +
      `${solves.length} solves of three months.`,
  );
}

const ACTIVITY_DAYS = 30;

/** What the last month's additions, joined teams and reads would have left in the activity log. */
function demoActivity(people: readonly Competitor[], solves: readonly Solve[], now: Date): Activity[] {
  const since = new Date(now.getTime() - ACTIVITY_DAYS * 86_400_000).toISOString();
  const lines: Activity[] = [];
  const add = (line: Omit<Activity, 'id'>) => {
    if (line.at >= since && line.at <= now.toISOString()) {
      const name = `${line.kind}-${line.competitorId}-${line.at}`;
      lines.push({ id: `act-demo-${name.replaceAll(/[^a-z0-9]/gi, '')}`, ...line });
    }
  };
  for (const { id: competitorId, coachId, teamId, teamJoinedAt, platform } of people) {
    const about = { coachId, competitorId, actor: 'user:demo' };
    if (platform.onboardedAt !== null)
      add({ ...about, kind: 'competitor_onboarded', at: platform.onboardedAt, details: {} });
    if (teamId !== null && teamJoinedAt !== null)
      add({ ...about, kind: 'member_added', at: teamJoinedAt, details: { teamId } });
  }
  for (const found of Map.groupBy(solves, (solve) => `${solve.competitorId} ${solve.storedAt}`).values()) {
    const [first] = found;
    if (first === undefined) continue;
    const odl = found.filter((solve) => solve.source === 'odl').length;
    add({
      coachId: first.coachId,
      competitorId: first.competitorId,
      actor: 'job:demo',
      kind: 'solves_stored',
      at: first.storedAt,
      details: { odl, ctf: found.length - odl },
    });
  }
  return lines;
}

const RUNS = 47;
const TOOK_MS = 14_000;

/** The score-sync jobs of the last day that belong to the demo's history, oldest first. */
function demoRuns(solves: readonly Solve[], competitors: number, lastRead: Date): Job[] {
  const readers = Map.groupBy(solves, (solve) => Date.parse(solve.storedAt));
  return Array.from({ length: RUNS }, (_, index): Job => {
    const at = lastRead.getTime() - (RUNS - 1 - index) * READ_EVERY_MS;
    const synced = new Set((readers.get(at) ?? []).map((solve) => solve.competitorId)).size;
    const createdAt = new Date(at).toISOString();
    return {
      id: `job-demo-${createdAt.replaceAll(/[^0-9]/g, '').slice(0, 12)}`,
      taskType: 'game_platform_sync',
      status: 'succeeded',
      startedBy: 'schedule:score-sync',
      payload: {},
      createdAt,
      notBefore: null,
      startedAt: createdAt,
      finishedAt: new Date(at + TOOK_MS).toISOString(),
      attempts: 1,
      planned: true,
      planCursor: null,
      parts: 0,
      partsDone: 0,
      partsFailed: 0,
      done: competitors,
      total: competitors,
      counts: { total: competitors, synced, skipped: competitors - synced, failed: 0 },
      error: null,
    };
  });
}
