import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { BY_OPERATOR } from '#shared/audit/actor.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import {
  createErasureRepository,
  listTombstones,
  tombstoneItems,
  type Tombstone,
} from '#shared/competitors/privacy/erasure-repository.ts';
import { createErasureWorker } from '#shared/competitors/privacy/erasure-worker.ts';
import {
  createDynamoErase,
  createDynamoErasure,
  createDynamoPersonRepository,
} from '#shared/composition/erasure.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { createLog } from '#shared/kernel/log.ts';
import type { Table } from '#shared/table/table.ts';
import { printPlan, type StageCommand } from './command.ts';
import { operatorEntry } from './operator-entry.ts';
import { tableOf } from './stage-access.ts';
import { StoppedError, UsageError } from './stopped.ts';

/** What became of the tombstones. */
export interface Replayed {
  /** People whom the restore had brought back, and who are erased again. */
  readonly erasedAgain: number;
  /** Erased before the point of the restore, or not yet here at that time. */
  readonly notThere: number;
}

const ATTEMPTS = 4;

/** Whether somebody erased is in a table, by their profile. */
export async function isBack(to: Table, { competitorId }: Tombstone): Promise<boolean> {
  return (await createCompetitorRepository(to).byId(competitorId, { consistent: true })) !== undefined;
}

/**
 * Erases on one table who was erased on another, under the time of that erasure. Bears any number of runs.
 *
 * @throws {StoppedError} when somebody is still there afterwards
 */
export async function replayErasures(from: Table, to: Table, now: Clock): Promise<Replayed> {
  let erasedAgain = 0;
  let notThere = 0;
  for await (const tombstone of listTombstones(from)) {
    if (await isBack(to, tombstone)) {
      await eraseAgain(to, tombstone, now);
      erasedAgain += 1;
    } else {
      // Nothing late may make them anew, wherever their erasure stood at the point of the restore.
      for (const Item of tombstoneItems(tombstone))
        await to.client.send(new PutCommand({ TableName: to.name, Item }));
      notThere += 1;
    }
    await removeRest(to, tombstone, now);
    await confirmGone(to, tombstone);
  }
  return { erasedAgain, notThere };
}

async function eraseAgain(to: Table, tombstone: Tombstone, now: Clock): Promise<void> {
  const competitors = createCompetitorRepository(to);
  const erase = createDynamoErase(to);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const competitor = await competitors.byId(tombstone.competitorId, { consistent: true });
    if (competitor === undefined) return;
    const records = {
      tombstone: { ...tombstone, gamePlatformId: tombstone.gamePlatformId ?? competitor.gamePlatformId },
      job: newJob(tombstone.jobId, erasureOf(tombstone), now()),
      audit: operatorEntry('replay-erasures', {
        at: now().toISOString(),
        action: 'competitor.erase',
        subject: tombstone.competitorId,
        coachId: competitor.coachId,
      }),
    };
    if (await erase(competitor, records)) return;
  }
  throw new StoppedError(
    `The record of ${tombstone.competitorId} was changed again and again.`,
    'Switch processing off and let nobody use the table, then run this again.',
  );
}

const erasureOf = ({ competitorId, coachId }: Tombstone) => ({
  taskType: 'privacy_erasure',
  payload: { competitorId, coachId },
  startedBy: BY_OPERATOR,
});

/** What the job does, here and now: the table may be used only after that. */
async function removeRest(to: Table, tombstone: Tombstone, now: Clock): Promise<void> {
  const { competitorId, coachId, jobId } = tombstone;
  const work = createErasureWorker(createDynamoErasure(to, now));
  await work(
    { ...newJob(jobId, erasureOf(tombstone), now()), payload: { competitorId, coachId } },
    {
      jobId,
      part: 1,
      taskType: 'privacy_erasure',
      status: 'pending',
      subjects: [competitorId],
      attempts: 1,
      sentAt: null,
      claimedUntil: null,
      startedAt: null,
      finishedAt: null,
      counts: {},
      error: null,
    },
    { remainingMs: () => Number.POSITIVE_INFINITY, log: createLog(() => undefined), lastAttempt: true },
  );
}

/** The tombstone stays, and the entry of ids by which the person is taken off their team on the platform. */
const STAYS: ReadonlySet<unknown> = new Set(['tombstone', 'roster_entry']);

async function confirmGone(to: Table, { competitorId }: Tombstone): Promise<void> {
  const rows = createDynamoPersonRepository(to);
  const hasTombstone = (await createErasureRepository(to, rows).tombstone(competitorId)) !== undefined;
  let left = 0;
  for await (const row of rows.ownRows(competitorId)) if (!STAYS.has(row['type'])) left += 1;
  if (hasTombstone && left === 0) return;
  throw new StoppedError(
    `${competitorId} is not gone: ${hasTombstone ? `${left} rows are left` : 'there is no tombstone'}.`,
    'Do not use the table yet. Run this again; if it stays, tell the developers.',
  );
}

export const replayErasuresCommand: StageCommand = {
  name: 'replay-erasures',
  usage: '<stage> --from <old table> --to <restored table> [--yes]',
  about: [
    'Erases on a restored table who was erased on the old one: a restore brings them back. Run it before the restored',
    'table is used, with processing off. It may run again at any time.',
    'Without --yes it only says whom it would erase, by number.',
  ],
  options: { from: { type: 'string' }, to: { type: 'string' } },
  run: async (access, given, world) => {
    const [fromName, toName] = [given.text('from'), given.text('to')];
    if (fromName === undefined || toName === undefined)
      throw new UsageError('--from and --to name the two tables.');
    if (fromName === toName) throw new UsageError('--from and --to are the same table.');
    const [from, to] = [tableOf(access, fromName), tableOf(access, toName)];
    if (!given.yes) {
      let all = 0;
      let back = 0;
      for await (const tombstone of listTombstones(from)) {
        all += 1;
        if (await isBack(to, tombstone)) back += 1;
      }
      return printPlan(world, [
        `go through ${all} ${all === 1 ? 'erasure' : 'erasures'} of ${fromName}`,
        `erase ${back} of these people again on ${toName}`,
      ]);
    }
    const { erasedAgain, notThere } = await replayErasures(from, to, world.now);
    world.print(
      `  done     ${erasedAgain} erased again, ${notThere} were not there; each is gone, and cannot come back`,
    );
    return true;
  },
};
