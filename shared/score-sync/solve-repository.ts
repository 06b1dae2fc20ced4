import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import type { Activity } from '#shared/audit/activity.ts';
import { erasedMeanwhile, notErased, unlessErased } from '#shared/competitors/privacy/erasure-repository.ts';
import {
  add,
  beginsWith,
  condition,
  equals,
  notExists,
  query,
  remove,
  setAll,
  setIfAbsent,
  update,
  type AttributeValue,
} from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  batchGetAll,
  lostRace,
  queryAll,
  transactWrite,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';
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
import { createSolveAudit, type SolveAudit } from './solve-audit-repository.ts';
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

export interface SolveRepository extends SolveAudit {
  /**
   * Stores what is not stored yet, each solve in one transaction with the counters it moves; what is stored stays as
   * it is. Any number of callers at once, or a crash between two transactions, counts nothing twice.
   */
  store(subject: Subject, solves: readonly Solve[], options: StoreOptions): Promise<StoreResult>;
  /** Consistent: what a job's earlier attempt found is seen by the next. */
  statsOf(competitorIds: readonly string[]): Promise<ReadonlyMap<string, CompetitorStats>>;
  /** What the platform last said, beside our own counters, which are left alone; and what comparing them came to. */
  savePlatformTotals(
    subject: Subject,
    totals: NonNullable<CompetitorStats['platform']>,
    comparison?: Comparison,
  ): Promise<void>;
  /** Has the totals read by the next sweep. */
  flagTotals(subject: Subject, mark: string): Promise<void>;
  /** Flash CTF challenges solved in a month, `YYYY-MM`. */
  ctfSolvedIn(competitorId: string, month: string): Promise<number>;
}

export interface Comparison {
  readonly audit: NonNullable<CompetitorStats['audit']>;
  /** Null: there is no difference, or it is explained. */
  readonly drift: NonNullable<CompetitorStats['drift']> | null;
  /** Nothing waits for a second read any more. */
  readonly nothingHeld: boolean;
  /** The read before a removal from a team, ISO 8601. */
  readonly leftTeamAt?: string;
}

const COUNTERS = ['storedOdl', 'storedCtf', 'storedOdlPoints', 'storedCtfPoints'] as const;

/** The newest solve of each row that a set of solves moves; null: the row exists without one; undefined: no row. */
interface LastSolves {
  stats: string | null | undefined;
  readonly days: Map<string, string>;
}

const newest = (read: string | null | undefined, delta: CounterDelta): string =>
  (read ?? '') > delta.lastSolveAt ? (read ?? delta.lastSolveAt) : delta.lastSolveAt;

export function createSolveRepository(table: Table): SolveRepository {
  const activities = createActivityRepository(table);

  async function knownOf(solves: readonly Solve[], consistent: boolean): Promise<Map<string, Solve>> {
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

  async function lastSolvesOf(subject: Subject, days: readonly string[]): Promise<LastSolves> {
    const items = await batchGetAll(
      table,
      [
        keys.competitorStats(subject.competitorId),
        ...days.map((day) => keys.competitorDay(subject.competitorId, day)),
      ],
      { consistent: true },
    );
    const last: LastSolves = { stats: undefined, days: new Map() };
    for (const item of items) {
      if (item['type'] === 'stats') last.stats = parseRow(competitorStatsSchema, 'stats', item).lastSolveAt;
      else {
        const day = parseRow(competitorDaySchema, 'day', item);
        last.days.set(day.day, day.lastSolveAt);
      }
    }
    return last;
  }

  /** Adds to four counters and moves `lastSolveAt`, provided that it is what was read. */
  function counterUpdate(
    key: { readonly pk: string; readonly sk: string },
    fields: Readonly<Record<string, AttributeValue>>,
    counters: Readonly<Record<string, number>>,
    lastSolveAt: string,
    read: string | null | undefined,
  ): TransactItem {
    return {
      Update: {
        TableName: table.name,
        Key: key,
        ...update(
          [setAll({ ...fields, lastSolveAt }), Object.entries(counters).map(([name, by]) => add(name, by))],
          { when: read === undefined ? notExists('pk') : equals('lastSolveAt', read) },
        ),
      },
    };
  }

  /** One transaction's worth of new solves; `last` is brought up to date for the next one. */
  async function storeChunk(
    subject: Subject,
    chunk: readonly Solve[],
    last: LastSolves,
    { openMonth, extra }: { readonly openMonth: string | null; readonly extra: readonly TransactItem[] },
  ): Promise<void> {
    const deltas = counterDeltas(chunk);
    if (deltas === null) return;
    const { competitorId, coachId } = subject;
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
      ),
      ...[...deltas.days].map(([day, { odl, ctf, odlPoints, ctfPoints, lastSolveAt }]) =>
        counterUpdate(
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
  function companions(subject: Subject, fresh: readonly Solve[], options: StoreOptions, first: boolean) {
    const { competitorId, coachId } = subject;
    const items: TransactItem[] = [];
    if (options.totalsMark !== null) {
      const Item = totalsDueItem({ competitorId, coachId, mark: options.totalsMark });
      items.push({ Put: { TableName: table.name, Item } });
    }
    if (first && options.activity !== null) {
      const odl = fresh.filter((solve) => solve.source === 'odl').length;
      items.push(activities.appendTransaction(options.activity({ odl, ctf: fresh.length - odl })));
    }
    return items;
  }

  const audit = createSolveAudit(table);
  return {
    ...audit,

    async store(subject, solves, options) {
      const stored = new Set<string>();
      const added: Solve[] = [];
      let rows: ReadonlyMap<string, Solve> = new Map();
      let different = false;
      for (let attempt = 1; solves.length > 0; attempt += 1) {
        const known = await knownOf(solves, attempt > 1);
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
        const last = await lastSolvesOf(subject, [...new Set(fresh.map((solve) => solve.day))]);
        try {
          for (let from = 0; from < fresh.length; from += SOLVES_PER_TRANSACTION) {
            const chunk = fresh.slice(from, from + SOLVES_PER_TRANSACTION);
            await storeChunk(subject, chunk, last, {
              openMonth: options.openMonth,
              extra: companions(subject, fresh, options, from === 0),
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
    },

    async statsOf(competitorIds) {
      const items = await batchGetAll(table, competitorIds.map(keys.competitorStats), { consistent: true });
      return new Map(
        items.map((item) => {
          const stats = parseRow(competitorStatsSchema, 'stats', item);
          return [stats.competitorId, stats];
        }),
      );
    },

    async savePlatformTotals({ competitorId, coachId }, totals, comparison) {
      const save: TransactItem = {
        Update: {
          TableName: table.name,
          Key: keys.competitorStats(competitorId),
          ...update([
            setIfAbsent('lastSolveAt', null),
            setAll({
              ...indexKeys.statsOfCoach(coachId, competitorId),
              platform: totals,
              type: 'stats',
              competitorId,
              coachId,
              audit: comparison?.audit,
              drift: comparison?.drift ?? undefined,
              leftTeamAt: comparison?.leftTeamAt,
            }),
            comparison?.drift === null ? remove('drift') : undefined,
            comparison?.nothingHeld === true ? remove('heldOdl') : undefined,
            // Where there are none yet, they begin.
            COUNTERS.map((name) => add(name, 0)),
          ]),
        },
      };
      await unlessErased(() => transactWrite(table, [save, notErased(table, competitorId)]));
    },

    async flagTotals({ competitorId, coachId }, mark) {
      const Item = totalsDueItem({ competitorId, coachId, mark });
      const put: TransactItem = { Put: { TableName: table.name, Item } };
      await unlessErased(() => transactWrite(table, [put, notErased(table, competitorId)]));
    },

    async ctfSolvedIn(competitorId, month) {
      let solved = 0;
      const { pk, sk } = keys.competitorDay(competitorId, month);
      const days = queryAll(table, query(equals('pk', pk), beginsWith('sk', sk)));
      for await (const item of days) solved += parseRow(competitorDaySchema, 'day', item).ctf;
      return solved;
    },
  };
}
