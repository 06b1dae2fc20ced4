import {
  solveHistorySchema,
  solveSchema,
  type Solve,
  type SolveHistory,
} from '#shared/score-sync/score-records.ts';
import { beginsWith, equals, query } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { queryPage, type Table } from '#shared/table/table.ts';
import { MOST_SOLVES } from './contract.ts';

/** Changes of solves read for one card. */
const MOST_CHANGES = 1_000;

export interface ReportCardRepository {
  /** Withdrawn ones included. `complete`: there are no more than are given. */
  solvesOf(competitorId: string): Promise<{ readonly solves: readonly Solve[]; readonly complete: boolean }>;
  /** Oldest first. */
  changesOf(competitorId: string): Promise<readonly SolveHistory[]>;
}

export function createReportCardRepository(table: Table): ReportCardRepository {
  const rows = (competitorId: string, prefix: string, limit: number) =>
    queryPage(table, query(equals('pk', keys.competitorPartition(competitorId)), beginsWith('sk', prefix)), {
      limit,
      after: undefined,
    });
  return {
    async solvesOf(competitorId) {
      const found = await rows(competitorId, 'SOLVE#', MOST_SOLVES + 1);
      return {
        solves: found.slice(0, MOST_SOLVES).map((row) => parseRow(solveSchema, 'solve', row)),
        complete: found.length <= MOST_SOLVES,
      };
    },

    async changesOf(competitorId) {
      const found = await rows(competitorId, 'SOLVEHIST#', MOST_CHANGES);
      return found.map((row) => parseRow(solveHistorySchema, 'solve_history', row));
    },
  };
}
