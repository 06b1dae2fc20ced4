import { FIRST_ROTATION } from '#shared/score-sync/policy/batch-rotation.ts';
import type { Habit } from '#shared/score-sync/policy/reading-habit.ts';
import { firstSyncState } from '#shared/score-sync/score-records.ts';
import { packHabit } from '#shared/score-sync/sync-memory.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createPolicyRepository } from '#shared/score-sync/policy-repository.ts';
import { createRoundRepository } from '#shared/score-sync/round-repository.ts';
import { syncStateItem } from '#shared/score-sync/score-items.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { startSimulator, type Simulator } from '#test/game-platform-simulator/index.ts';
import { unitOf } from '#test/game-platform-simulator/random.ts';
import { aCompetitor, APPROVED_ACCOUNT } from '#test/support/competitors.ts';
import { adaptive } from '../policy/policies.ts';
import type { Observed, PolicyRun } from '../policy/run-policy.ts';
import { lastAccess, ROUND, type TrueSolve, type World } from '../policy/world.ts';
import { TOKEN, type Stand } from './stand.ts';

/** The program of a simulated day: the simulator's people, read for four weeks by the policy in memory. */

const DAY = 86_400;
const COACHES = 20;
const coachOf = (index: number): string => `coach_${index % COACHES}`;

/** The pure policy, run over the rounds before a moment; what it reads is taken off `unseen`. */
export function warmUp(
  world: World,
  callsPerDay: number,
  until: number,
): { readonly policy: PolicyRun; readonly unseen: readonly TrueSolve[][] } {
  const policy = adaptive(world, callsPerDay);
  const unseen = world.competitors.map(({ solves }) => [...solves]);
  for (let now = world.from; now < until; now += ROUND) readRound(world, policy, unseen, now);
  return { policy, unseen };
}

/** One round of a policy; answers how many people it read, and how long the solves that they showed had waited. */
export function readRound(
  { competitors, access }: World,
  policy: Pick<PolicyRun, 'choose' | 'observe'>,
  unseen: readonly TrueSolve[][],
  now: number,
): { readonly reads: number; readonly waits: readonly number[] } {
  const chosen = policy.choose(now);
  const waits: number[] = [];
  for (const index of chosen) {
    const solves = unseen[index] ?? [];
    const shown = solves.splice(0, solves.filter(({ at }) => at <= now).length);
    waits.push(...shown.map(({ at }) => now - at));
    const competitor = competitors[index];
    const accessAt = competitor === undefined ? 0 : lastAccess(competitor, access, now);
    policy.observe(index, now, shown, accessAt);
  }
  return { reads: chosen.length, waits };
}

/** The simulator with the world's people and the world's seed, so that both solve at the same times. */
export async function startWorldsPlatform(seed: number, world: World): Promise<Simulator> {
  const simulator = await startSimulator({ seed, token: TOKEN });
  for (const { id, teamId, profile } of world.competitors) {
    simulator.model.enrol({
      synedUserId: id,
      firstName: 'Mira',
      lastName: id,
      email: `${id}@example.org`,
      teamId,
      profile,
      enrolledAt: world.from,
      status: 'approved',
    });
  }
  return simulator;
}

/** Competitors whose accounts were looked at some time in the last day, none of them read yet. */
export async function putPeople(stand: Stand, world: World, now: Date): Promise<void> {
  const competitors = createCompetitorRepository(stand.table);
  for (const [index, { id, teamId }] of world.competitors.entries()) {
    const checkedAt = new Date(now.getTime() - unitOf('checked', id) * DAY * 1_000).toISOString();
    await competitors.put(
      aCompetitor({
        id,
        coachId: coachOf(index),
        email: `${id}@example.org`,
        teamId,
        teamJoinedAt: checkedAt,
        gamePlatformId: id,
        platform: { ...APPROVED_ACCOUNT, checkedAt, lastLoginAt: null },
      }),
    );
  }
  await stand.put(
    world.competitors.map(({ id, teamId }, index) => ({
      ...syncStateItem(firstSyncState({ competitorId: id, coachId: coachOf(index), gamePlatformId: id })),
      teamId,
    })),
  );
}

/** Puts down what the policy observed in memory, as if its reads had been the product's. */
export async function putMemory(
  stand: Stand,
  world: World,
  { habits, program, ledger, teamShare }: Observed,
): Promise<void> {
  const ids = world.competitors.map(({ id }) => id);
  const { table } = stand;
  const known = await createSyncStateRepository(table).byIds(ids);
  const items = ids.flatMap((id, index) => {
    const state = known.get(id);
    const habit: Habit | undefined = habits[index];
    if (state === undefined || habit === undefined) return [];
    const lastReadAt = new Date(habit.readAt * 1_000).toISOString();
    return [syncStateItem({ ...state, habit: packHabit(habit), lastReadAt })];
  });
  await stand.put(items);
  const policy = createPolicyRepository(table);
  await policy.replaceObserved(program, await policy.observed());
  await createRoundRepository(table).save({
    version: 1,
    jobId: 'job_warm-up',
    at: new Date().toISOString(),
    competitors: ids.length,
    tiers: null,
    rotation: { before: FIRST_ROTATION, through: null, after: FIRST_ROTATION },
    ledger: { before: ledger, after: ledger },
    teamShare: { before: teamShare, after: teamShare },
  });
}
