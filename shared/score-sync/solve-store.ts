import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import type { Activity } from '#shared/audit/activity.ts';
import { erasedMeanwhile, notErased } from '#shared/competitors/privacy/erasure-repository.ts';
import {
  add,
  and,
  condition,
  equals,
  notExists,
  setAll,
  update,
  type AttributeValue,
  type Condition,
} from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { batchGetAll, lostRace, transactWrite, type Table, type TransactItem } from '#shared/table/table.ts';
import { counterDeltas, type CounterDelta } from './counters.ts';
import { monthUpdate, restatements } from './restated-months.ts';
import { solveItem, totalsDueItem } from './score-items.ts';
import {
  competitorDaySchema,
  competitorStatsSchema,
  solveSchema,
  type CompetitorStats,
  type Solve,
} from './score-records.ts';
import { differs } from './solve-audit.ts';
import { solveKey, type Subject } from './solve-mapping.ts';

/** 32 solves, at most as many days and months, totals, flag, a line of activity, the look for a tombstone: 100 of 100. */
const SOLVES_PER_TRANSACTION = 32;
/** Only a second worker on the same competitor makes a transaction refused; each round sees what it stored. */
const STORE_ATTEMPTS = 5;

export interface StoreOptions {
  /** A solve found already stored at this time or later counts as stored by the caller: it was its earlier attempt. */
  readonly since: string;
  /** What reads them; a row that its audit changed is its own earlier attempt. */
  readonly jobId: string;
  /** Months before this one, `YYYY-MM`, have ended and are marked when changed; null: mark none. */
  readonly openMonth: string | null;
  /** Flag the competitor's totals for a new reading, under this mark; null: do not. */
  readonly totalsMark: string | null;
  /** The line for the coach's timeline, written with the first of the new solves; null: none. */
  readonly activity: ((added: { readonly odl: number; readonly ctf: number }) => Activity) | null;
}

export interface StoreResult {
  /** How many are new. */
  readonly stored: number;
  /** Whether a solve that was stored before is another one now, or was changed by this job: it wants an audit. */
  readonly differs: boolean;
  /** Those of the solves that were stored before, as they are stored. */
  readonly known: readonly Solve[];
  /** Those that this call stored. */
  readonly added: readonly Solve[];
}

/** The newest solve of each row that a set of solves moves; null: the row exists without one; undefined: no row. */
interface LastSolves {
  /** Whose rows they are: what the totals say, which a move to another coach changes first. */
  readonly coachId: string;
  stats: string | null | undefined;
  readonly days: Map<string, string>;
}

const newest = (read: string | null | undefined, delta: CounterDelta): string =>
  (read ?? '') > delta.lastSolveAt ? (read ?? delta.lastSolveAt) : delta.lastSolveAt;

async function knownOf(
  table: Table,
  solves: readonly Solve[],
  consistent: boolean,
): Promise<Map<string, Solve>> {
  const items = await batchGetAll(
    table,
    solves.map((solve) => keys.solve(solve.competitorId, solve.source, solve.eventId, solve.solveId)),
    { consistent },
  );
  return new Map(
    items.map((item) => {
      const solve = parseRow(solveSchema, 'solve', item);
      return [solveKey(solve), solve];
    }),
  );
}

async function lastSolvesOf(table: Table, subject: Subject, days: readonly string[]): Promise<LastSolves> {
  const items = await batchGetAll(
    table,
    [
      keys.competitorStats(subject.competitorId),
      ...days.map((day) => keys.competitorDay(subject.competitorId, day)),
    ],
    { consistent: true },
  );
  let stats: CompetitorStats | undefined;
  const lastOfDays = new Map<string, string>();
  for (const item of items) {
    if (item['type'] === 'stats') stats = parseRow(competitorStatsSchema, 'stats', item);
    else {
      const day = parseRow(competitorDaySchema, 'day', item);
      lastOfDays.set(day.day, day.lastSolveAt);
    }
  }
  return { coachId: stats?.coachId ?? subject.coachId, stats: stats?.lastSolveAt, days: lastOfDays };
}

/** Adds to four counters and moves `lastSolveAt`, provided that it is what was read. */
function counterUpdate(
  table: Table,
  key: { readonly pk: string; readonly sk: string },
  fields: Readonly<Record<string, AttributeValue>>,
  counters: Readonly<Record<string, number>>,
  lastSolveAt: string,
  read: string | null | undefined,
  stillOf?: Condition,
): TransactItem {
  return {
    Update: {
      TableName: table.name,
      Key: key,
      ...update(
        [setAll({ ...fields, lastSolveAt }), Object.entries(counters).map(([name, by]) => add(name, by))],
        { when: read === undefined ? notExists('pk') : and(equals('lastSolveAt', read), stillOf) },
      ),
    },
  };
}

/** One transaction's worth of new solves; `last` is brought up to date for the next one. */
async function storeChunk(
  table: Table,
  { competitorId }: Subject,
  read: readonly Solve[],
  last: LastSolves,
  { openMonth, extra }: { readonly openMonth: string | null; readonly extra: readonly TransactItem[] },
): Promise<void> {
  const { coachId } = last;
  const subject = { competitorId, coachId };
  const chunk = read.map((solve) => ({ ...solve, coachId }));
  const deltas = counterDeltas(chunk);
  if (deltas === null) return;
  const statsLast = newest(last.stats, deltas.stats);
  const found = chunk.map((after) => ({ before: null, after }));
  const months = openMonth === null ? [] : [...restatements(found, openMonth)];
  const readAt = chunk.reduce((at, { storedAt }) => (storedAt > at ? storedAt : at), '');
  const dayLast = new Map([...deltas.days].map(([day, delta]) => [day, newest(last.days.get(day), delta)]));
  await transactWrite(table, [
    ...chunk.map((solve) => ({
      Put: {
        TableName: table.name,
        Item: solveItem(solve),
        ...condition(notExists('pk')),
      },
    })),
    counterUpdate(
      table,
      keys.competitorStats(competitorId),
      {
        ...indexKeys.statsOfCoach(coachId, competitorId),
        type: 'stats',
        competitorId,
        coachId,
        ...(last.stats === undefined ? { platform: null } : {}),
      },
      {
        storedOdl: deltas.stats.odl,
        storedCtf: deltas.stats.ctf,
        storedOdlPoints: deltas.stats.odlPoints,
        storedCtfPoints: deltas.stats.ctfPoints,
        changes: 1,
      },
      statsLast,
      last.stats,
      // Refused when the person was moved to another coach since.
      equals('coachId', coachId),
    ),
    ...[...deltas.days].map(([day, { odl, ctf, odlPoints, ctfPoints, lastSolveAt }]) =>
      counterUpdate(
        table,
        keys.competitorDay(competitorId, day),
        {
          ...indexKeys.dayOfCoach(coachId, day, competitorId),
          type: 'day',
          competitorId,
          coachId,
          day,
        },
        { odl, ctf, odlPoints, ctfPoints },
        dayLast.get(day) ?? lastSolveAt,
        last.days.get(day),
      ),
    ),
    ...months.map(([month, change]) => monthUpdate(table, subject, month, change, readAt)),
    ...extra,
    notErased(table, competitorId),
  ]);
  last.stats = statsLast;
  for (const [day, at] of dayLast) last.days.set(day, at);
}

/** The flag and the line of activity that go with new solves. */
async function companions(
  table: Table,
  { competitorId, coachId }: Subject,
  fresh: readonly Solve[],
  options: StoreOptions,
  first: boolean,
) {
  const items: TransactItem[] = [];
  if (options.totalsMark !== null) {
    const Item = totalsDueItem({ competitorId, coachId, mark: options.totalsMark });
    items.push({ Put: { TableName: table.name, Item } });
  }
  if (first && options.activity !== null) {
    const odl = fresh.filter((solve) => solve.source === 'odl').length;
    items.push(
      await createActivityRepository(table).appendTransaction({
        ...options.activity({ odl, ctf: fresh.length - odl }),
        coachId,
      }),
    );
  }
  return items;
}

/**
 * Stores what is not stored yet, each solve in one transaction with the counters it moves; what is stored stays as it is.
 * Any number of callers at once, or a crash between two transactions, counts nothing twice.
 */
export async function storeSolves(
  table: Table,
  subject: Subject,
  solves: readonly Solve[],
  options: StoreOptions,
): Promise<StoreResult> {
  const stored = new Set<string>();
  const added: Solve[] = [];
  let rows: ReadonlyMap<string, Solve> = new Map();
  let different = false;
  for (let attempt = 1; solves.length > 0; attempt += 1) {
    const known = await knownOf(table, solves, attempt > 1);
    rows = known;
    for (const [key, solve] of known) {
      if (solve.storedAt >= options.since && solve.change === undefined) stored.add(key);
    }
    different = solves.some((solve) => {
      const row = known.get(solveKey(solve));
      return row !== undefined && (differs(row, solve) || row.change?.jobId === options.jobId);
    });
    const fresh = solves
      .filter((solve) => !known.has(solveKey(solve)))
      .toSorted((a, b) => a.solvedAt.localeCompare(b.solvedAt));
    if (fresh.length === 0) break;
    const last = await lastSolvesOf(table, subject, [...new Set(fresh.map((solve) => solve.day))]);
    try {
      for (let from = 0; from < fresh.length; from += SOLVES_PER_TRANSACTION) {
        const chunk = fresh.slice(from, from + SOLVES_PER_TRANSACTION);
        await storeChunk(table, subject, chunk, last, {
          openMonth: options.openMonth,
          extra: await companions(table, { ...subject, coachId: last.coachId }, fresh, options, from === 0),
        });
        for (const solve of chunk) stored.add(solveKey(solve));
        added.push(...chunk);
      }
      break;
    } catch (error) {
      if (!lostRace(error)) throw error;
      // The last part asks whether the person was erased meanwhile; nothing is stored of them any more.
      if (erasedMeanwhile(error)) break;
      if (attempt >= STORE_ATTEMPTS) throw error;
    }
  }
  return { stored: stored.size, differs: different, known: [...rows.values()], added };
}
