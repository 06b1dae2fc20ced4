import { notErased, unlessErased } from '#shared/competitors/privacy/erasure-repository.ts';
import {
  add,
  beginsWith,
  equals,
  exists,
  query,
  remove,
  setAll,
  setIfAbsent,
  update,
} from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  batchGetAll,
  queryAll,
  transactWrite,
  updateIf,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';
import { totalsDueItem } from './score-items.ts';
import {
  competitorDaySchema,
  competitorStatsSchema,
  type CompetitorStats,
  type Solve,
} from './score-records.ts';
import { createSolveAudit, type SolveAudit } from './solve-audit-repository.ts';
import type { Subject } from './solve-mapping.ts';
import { storeSolves, type StoreOptions, type StoreResult } from './solve-store.ts';

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
    /** Null: could not be read; what was read before stays. */
    totals: CompetitorStats['platform'],
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
  readonly nothingPending: boolean;
  /** The read before a removal from a team, ISO 8601. */
  readonly leftTeamAt?: string;
}

const COUNTERS = ['storedOdl', 'storedCtf', 'storedOdlPoints', 'storedCtfPoints'] as const;

export function createSolveRepository(table: Table): SolveRepository {
  return {
    ...createSolveAudit(table),

    store: (subject, solves, options) => storeSolves(table, subject, solves, options),

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
      const Key = keys.competitorStats(competitorId);
      const changes = [
        setIfAbsent('lastSolveAt', null),
        totals === null ? setIfAbsent('platform', null) : undefined,
        // Only a move changes whose totals they are.
        Object.entries({ ...indexKeys.statsOfCoach(coachId, competitorId), coachId }).map(([name, value]) =>
          setIfAbsent(name, value),
        ),
        setAll({
          platform: totals ?? undefined,
          type: 'stats',
          competitorId,
          audit: comparison?.audit,
          drift: comparison?.drift ?? undefined,
          leftTeamAt: comparison?.leftTeamAt,
        }),
        comparison?.drift === null ? remove('drift') : undefined,
        comparison?.nothingPending === true ? remove('heldOdl') : undefined,
        // Where there are none yet, they begin.
        COUNTERS.map((name) => add(name, 0)),
      ];
      // An erasure takes the row away, so that only what would make it anew has to look for a tombstone.
      if ((await updateIf(table, { Key, ...update(changes, { when: exists('pk') }) })) !== undefined) return;
      const save: TransactItem = { Update: { TableName: table.name, Key, ...update(changes) } };
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
