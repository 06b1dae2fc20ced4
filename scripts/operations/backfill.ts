import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { physicalName } from '#infra/names.ts';
import { BY_OPERATOR } from '#shared/audit/actor.ts';
import { createCompetitorRepository } from '#shared/competitors/competitor-repository.ts';
import { createDynamoStart } from '#shared/composition/start-jobs.ts';
import { createJobRepository, type JobRepository } from '#shared/jobs/job-repository.ts';
import type { Job } from '#shared/jobs/job.ts';
import { createQueueSender } from '#shared/jobs/queue-sender.ts';
import { idSchema, MAX_IDS } from '#shared/jobs/task-definition.ts';
import { decodeText } from '#shared/kernel/csv/decode-text.ts';
import { CsvFaultError, detectSeparator, readCsv } from '#shared/kernel/csv/read-csv.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { printPlan, type Given, type StageCommand, type World } from './command.ts';
import { tableOf, type StageAccess } from './stage-access.ts';
import { StoppedError } from './stopped.ts';

const COLUMNS = ['competitorId', 'platformUserId'] as const;
type Column = (typeof COLUMNS)[number];

export type KnownAccount = Readonly<Record<Column, string>> & {
  /** Of the file, from 1. */
  readonly line: number;
};

export interface KnownAccounts {
  readonly rows: readonly KnownAccount[];
  /** What is wrong, each with its line and column. */
  readonly problems: readonly string[];
}

const FAULTS: Readonly<Record<CsvFaultError['fault'], string>> = {
  QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  TEXT_AFTER_QUOTE: 'text follows a closed quote',
};

/** Rows of a CSV file with the columns competitorId and platformUserId, in any order. Never tells what a cell holds. */
export function readKnownAccounts(bytes: Uint8Array): KnownAccounts {
  const { text } = decodeText(bytes);
  const rows: KnownAccount[] = [];
  const problems: string[] = [];
  const seen: Readonly<Record<Column, Map<string, number>>> = {
    competitorId: new Map(),
    platformUserId: new Map(),
  };
  let header: readonly string[] | undefined;
  try {
    for (const { line, cells } of readCsv(text, detectSeparator(text))) {
      if (header === undefined) {
        header = cells.map((cell) => cell.trim().toLowerCase());
        for (const column of COLUMNS)
          if (!header.includes(column.toLowerCase()))
            problems.push(`line ${line}: the column ${column} is missing`);
        if (problems.length > 0) return { rows, problems };
        continue;
      }
      const names = header;
      const cell = (column: Column): string => (cells[names.indexOf(column.toLowerCase())] ?? '').trim();
      const row = { line, competitorId: cell('competitorId'), platformUserId: cell('platformUserId') };
      const wrong = COLUMNS.flatMap((column) => {
        const value = row[column];
        const before = seen[column].get(value);
        if (value === '') return [`line ${line}, ${column}: is empty`];
        if (!idSchema.safeParse(value).success)
          return [`line ${line}, ${column}: is no id (letters, digits and _ . : # -, up to 100)`];
        seen[column].set(value, before ?? line);
        return before === undefined ? [] : [`line ${line}, ${column}: is in line ${before} already`];
      });
      problems.push(...wrong);
      if (wrong.length === 0) rows.push(row);
    }
  } catch (error) {
    if (!(error instanceof CsvFaultError)) throw error;
    problems.push(`line ${error.line}: ${FAULTS[error.fault]}`);
  }
  if (rows.length === 0 && problems.length === 0) problems.push('line 1: the file has no rows');
  return { rows, problems };
}

const SHOWN = 20;

function refuse(problems: readonly string[], { print }: World): void {
  if (problems.length === 0) return;
  for (const one of problems.slice(0, SHOWN)) print(`  ${one}`);
  if (problems.length > SHOWN) print(`  and ${problems.length - SHOWN} more`);
  throw new StoppedError(
    `${problems.length === 1 ? 'One thing in the file is' : `${problems.length} things in the file are`} wrong.`,
    'Mend them in the file and run this again. Nothing was started.',
  );
}

async function readFileOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch {
    throw new StoppedError(`The file ${path} cannot be read.`, 'Check its name, then run this again.');
  }
}

/** The same rows and options make the same jobs: a run that broke off goes on with those of the one before. */
export function jobIdsOf(rows: readonly KnownAccount[], given: Pick<Given, 'flag'>): readonly string[] {
  const options = [given.flag('dry-run'), given.flag('accept-days')];
  const ids = rows.map(({ competitorId, platformUserId }) => [competitorId, platformUserId]);
  const digest = createHash('sha256')
    .update(JSON.stringify([options, ids]))
    .digest('hex')
    .slice(0, 16);
  const jobs = Math.ceil(rows.length / MAX_IDS);
  return Array.from({ length: jobs }, (_, index) => `backfill-${digest}-${index + 1}`);
}

const ASKED_EVERY_MS = 2_000;
/** It goes on without anybody watching; after this, nobody watches. */
const WATCHED_FOR_MS = 30 * 60_000;

async function follow(jobs: JobRepository, job: Job, access: StageAccess, world: World): Promise<Job> {
  const settings = createSettingsRepository(tableOf(access));
  let now = job;
  let told = '';
  for (let waited = 0; now.finishedAt === null; waited += ASKED_EVERY_MS) {
    const progress = `${now.done} of ${now.total}`;
    if (progress !== told && now.planned) world.print(`  ${progress}`);
    told = progress;
    const { processing } = await settings.processing();
    if (!processing.enabled || waited >= WATCHED_FOR_MS)
      throw new StoppedError(
        processing.enabled ? `Job ${now.id} is still at work.` : `Job ${now.id} waits: processing is off.`,
        'Nothing is lost. Run this again to watch it, or see the jobs page.',
      );
    await world.sleep(ASKED_EVERY_MS);
    now = (await jobs.byId(job.id)) ?? now;
  }
  return now;
}

/** Outcomes that are nobody's business to look at. */
const FINE: ReadonlySet<string> = new Set(['takenOver', 'found', 'already']);

async function tellOutcome(jobs: JobRepository, job: Job, { print }: World): Promise<boolean> {
  print(`Job ${job.id}: ${job.status}${job.error === null ? '' : ` (${job.error})`}`);
  const reasons = new Map<string, { count: number; message: string | null; subjects: string[] }>();
  let after: string | null = null;
  for (let end = false; !end;) {
    const page: Awaited<ReturnType<JobRepository['pageOfRows']>> = await jobs.pageOfRows(job.id, {
      limit: 200,
      after,
    });
    for (const { outcome, message, subject } of page.rows) {
      const key = `${outcome} ${message ?? ''}`;
      const reason = reasons.get(key) ?? { count: 0, message, subjects: [] };
      reason.count += 1;
      if (!FINE.has(outcome) && reason.subjects.length < SHOWN) reason.subjects.push(subject);
      reasons.set(key, reason);
      after = subject;
    }
    end = page.end || page.rows.length === 0;
  }
  for (const [key, { count, message, subjects }] of reasons) {
    print(`  ${String(count).padStart(5)}  ${key.split(' ')[0]}${message === null ? '' : `: ${message}`}`);
    if (subjects.length > 0) print(`         ${subjects.join(' ')}${count > SHOWN ? ' …' : ''}`);
  }
  return job.status === 'succeeded';
}

async function queueSender({ stage, settings }: StageAccess) {
  const client = new SQSClient(settings);
  const { QueueUrl: work = '' } = await client.send(
    new GetQueueUrlCommand({ QueueName: physicalName(stage, 'work') }),
  );
  return createQueueSender({ work }, client);
}

export const backfill: StageCommand = {
  name: 'backfill',
  usage: '<stage> <file.csv> [--dry-run] [--accept-days] [--again] [--yes]',
  about: [
    'Takes over platform accounts by ids of an older system: a CSV file with the columns competitorId and',
    'platformUserId. The platform is asked about each; none is made. It is the job "Look for accounts on the platform".',
    '--dry-run looks and keeps nothing. --accept-days begins also when today’s calls are not enough.',
    '--again starts new jobs where this file was processed before. Without --yes it only says what it would do.',
  ],
  takes: 1,
  options: {
    'dry-run': { type: 'boolean', default: false },
    'accept-days': { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
  },
  run: async (access, given, world) => {
    const { rows, problems } = readKnownAccounts(await readFileOf(given.positionals[0] ?? ''));
    refuse(problems, world);
    const table = tableOf(access);
    const people = await createCompetitorRepository(table).byIds(
      rows.map(({ competitorId }) => competitorId),
    );
    refuse(
      rows.flatMap(({ line, competitorId }) =>
        people.has(competitorId) ? [] : [`line ${line}, competitorId: nobody has this id`],
      ),
      world,
    );
    const have = rows.filter(({ competitorId }) => people.get(competitorId)?.gamePlatformId !== null).length;
    const ids = jobIdsOf(rows, given);
    world.print(`${rows.length} rows are fine; ${have} of these people have an account here already.`);
    if (!given.yes)
      return printPlan(world, [
        `start ${ids.length === 1 ? 'one job' : `${ids.length} jobs`} of the type external_id_backfill${given.flag('dry-run') ? ', as a dry run' : ''}`,
        `ask the platform about ${rows.length - have} people, one call each`,
        'follow it and print the outcome by reason',
      ]);

    const jobs = createJobRepository(table);
    const start = createDynamoStart({ table, now: world.now, newId });
    const queues = await queueSender(access);
    let isWell = true;
    for (const [index, id] of ids.entries()) {
      const known = rows
        .slice(index * MAX_IDS, (index + 1) * MAX_IDS)
        .map(({ competitorId, platformUserId }) => ({ competitorId, platformUserId }));
      const job = await start(
        {
          taskType: 'external_id_backfill',
          payload: { known, dryRun: given.flag('dry-run'), acceptDays: given.flag('accept-days') },
          startedBy: BY_OPERATOR,
          ...(given.flag('again') ? {} : { idempotencyId: id }),
        },
        { sub: BY_OPERATOR, actingAs: null, requestId: 'backfill' },
      );
      if (job.finishedAt === null) {
        world.print(`Job ${job.id} (${index + 1} of ${ids.length}):`);
        // Lost or sent twice, it does no harm: the dispatcher takes the job up within a minute.
        await queues.sendWork({ kind: 'plan_job', jobId: job.id });
      } else world.print('This file was processed before; --again starts anew. What came of it:');
      isWell = (await tellOutcome(jobs, await follow(jobs, job, access, world), world)) && isWell;
    }
    return isWell;
  },
};
