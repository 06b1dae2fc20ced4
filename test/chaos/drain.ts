import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createTeamRepository } from '#shared/teams/team-repository.ts';
import { jobPartMessageSchema, jobPartSchema } from '#shared/jobs/job.ts';
import { MAX_PART_ATTEMPTS } from '#shared/jobs/work-part.ts';
import { beginEdit } from './edits.ts';
import type { Edit } from './history.ts';
import type { Program } from './program.ts';
import { SCHEDULES } from './history.ts';
import type { DeadLetter } from './queues.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Whoever is read at all has been read within this time. */
const SLA = 8.2 * HOUR;
const EVER = new Date('2030-01-01T00:00:00.000Z');

/** What is still on its way, in words. */
async function openWork(world: World): Promise<string[]> {
  const { table, queues } = world;
  const open: string[] = Object.entries(queues.waiting).flatMap(([queue, messages]) =>
    messages.map(({ body }) => `${queue}: ${body}`),
  );
  for (const state of ['pending', 'running'] as const)
    for await (const job of createJobRepository(table).inState(state)) open.push(`${state} ${job.id}`);
  for await (const team of createTeamRepository(table).pendingDue(EVER)) open.push(team.id);
  for await (const entry of createRosterRepository(table).pendingDue(EVER)) open.push(entry.competitorId);
  return open;
}

const attemptsSchema = jobPartSchema.pick({ jobId: true, part: true, status: true, attempts: true });

/**
 * Parts that used up their attempts while things went wrong, and of which a message is still under way: it ends as a dead
 * letter by right, only later than those that an admin redrives when the faults stop.
 */
async function usedUp(world: World): Promise<(letter: DeadLetter) => boolean> {
  const parts = new Set(
    (await world.rows()).flatMap((row) => {
      if (row['type'] !== 'job_part') return [];
      const { jobId, part, status, attempts } = attemptsSchema.parse(row);
      const isUsedUp = status === 'failed' || (status === 'pending' && attempts >= MAX_PART_ATTEMPTS);
      return isUsedUp ? [`${jobId}#${part}`] : [];
    }),
  );
  return ({ body }) => {
    const { data } = jobPartMessageSchema.safeParse(JSON.parse(body));
    return data !== undefined && parts.has(`${data.jobId}#${data.part}`);
  };
}

async function insist(world: World, program: Program, edit: Edit): Promise<void> {
  await world.together([await beginEdit(world, program, edit, undefined)]);
}

const fireAll = async (world: World, names: readonly string[]): Promise<void> => {
  for (const name of names) world.fire(name);
  await world.deliverAll();
};

/** Everything of these minutes: time goes by, the schedules fire, the workers work. */
async function round(world: World, ms: number, names: readonly string[]): Promise<void> {
  await world.turns.pass(ms);
  await fireAll(world, names);
}

/** Rounds until everybody was read: one, unless they are read in batches by turns. */
async function roundsForAll({ table }: World, { people }: Program): Promise<number> {
  const { settings } = await createSettingsRepository(table).syncSettings();
  const { batching, batchSize, adaptive, prioritisation } = settings;
  return batching && !adaptive.on && !prioritisation.on ? Math.ceil(people.length / batchSize) : 1;
}

const DISPATCH = ['job-dispatcher'];
const READS = ['job-dispatcher', 'score-sync', 'totals-sweep', 'flash-ctf-sync'];
const MOST_ROUNDS = 60;

/** A day without faults before it begins: everybody is read, everybody's team is made. */
export async function settle(world: World): Promise<void> {
  await fireAll(world, READS);
  await round(world, 2 * MINUTE, DISPATCH);
}

/**
 * Faults stop, whoever is away comes back, time passes and the schedules go on, until nothing waits any more; a Flash
 * CTF has closed by then. Answers what never came to an end.
 */
export async function drain(world: World, program: Program, old: boolean): Promise<string[]> {
  // Sessions that have begun go on; nobody sits down any more.
  world.vendor.model.setSpeed(0);
  world.vendor.faults.clear();
  world.troubled.left = 0;
  world.queues.troubles = [];
  const { processing } = await createSettingsRepository(world.table).processing();
  if (!processing.enabled) await insist(world, program, { act: 'processing', on: true });
  for (const [index, id] of program.people.entries()) {
    const competitor = await createCompetitorRepository(world.table).byId(id, { consistent: true });
    if (competitor?.active === false) await insist(world, program, { act: 'toggle', person: index });
  }
  const wasUsedUp = await usedUp(world);
  world.queues.redrive();
  await world.deliverAll();
  for (const minutes of [1, 7]) await round(world, minutes * MINUTE, DISPATCH);
  // By then everything that the platform hid has shown, and whoever is read at all is due.
  await round(world, Math.max(SLA, program.quietFrom * 1_000 - world.turns.now), [
    ...READS,
    'profile-refresh',
  ]);
  // Once more for what was held, and once for what that brought about; in batches until everybody's turn has come.
  const rounds = 1 + (await roundsForAll(world, program));
  for (let left = rounds; left > 0; left -= 1) await round(world, 31 * MINUTE, READS);
  const event = program.event;
  if (event !== undefined) {
    const closing = (event.end + 3_600) * 1_000 + 48 * HOUR;
    for (const after of [0.1, 1])
      await round(world, Math.max(MINUTE, closing + after * HOUR - world.turns.now), READS);
  }
  await round(world, 10 * MINUTE, ['job-dispatcher', 'roster-reconcile']);
  if (old) {
    for (const minutes of [1, 20]) {
      await world.turns.pass(minutes * MINUTE);
      await insist(world, program, {
        act: 'job',
        taskType: 'game_platform_sync',
        payload: { full: true },
      });
      await world.deliverAll();
    }
    await round(world, MINUTE, READS);
  }
  let open = await openWork(world);
  for (let left = MOST_ROUNDS; open.length > 0 && left > 0; left -= 1) {
    await round(
      world,
      left > MOST_ROUNDS - 10 ? MINUTE : 20 * MINUTE,
      left % 3 === 0 ? Object.keys(SCHEDULES) : DISPATCH,
    );
    open = await openWork(world);
  }
  world.queues.redrive(wasUsedUp);
  await world.deliverAll();
  return open;
}
