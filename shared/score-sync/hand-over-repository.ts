import type { Competitor } from '#shared/competitors/competitor.ts';
import {
  add,
  and,
  equals,
  exists,
  notExists,
  query,
  set,
  setAll,
  setIfAbsent,
  update,
} from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import {
  batchGetAll,
  lostRace,
  queryAll,
  transactWrite,
  updateIf,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';

type Row = Readonly<Record<string, unknown>>;

export interface HandOverRepository {
  /**
   * What is written with the profile of somebody who comes to another coach: the totals and the sync state name that
   * coach from then on. Every write of scores is on the condition of the totals, so that a read that began before
   * cannot store anything under the coach before.
   */
  readonly headItems: (moved: Competitor) => Promise<TransactItem[]>;
  /**
   * Has the other rows of the scores follow, until none is left; false when `mayGoOn` ended it first. Any number of
   * callers, at once or one after the other, come to the same.
   */
  readonly followRows: (competitorId: string, coachId: string, mayGoOn: () => boolean) => Promise<boolean>;
}

/** A transaction takes 100 items; the totals go with each. */
const ROWS_PER_TRANSACTION = 90;
/** Only a read or another move of the same person makes one refused; each round sees what it left. */
const ATTEMPTS = 20;

/** Kinds of rows whose index says whose they are. The other rows of a person change with the profile. */
const FOLLOWING = new Set(['day', 'solve', 'solve_history', 'flash_result', 'restated_month']);

const changedOnce = add('changes', 1);

export function createHandOverRepository(table: Table): HandOverRepository {
  /** One row under its new coach, if it is what was read. */
  function followed(row: Row, coachId: string): TransactItem {
    const before = String(row['coachId']);
    const listed = row['gsi1pk'] === indexKeys.statsOfCoach(before, '').gsi1pk;
    const standing = row['gsi2pk'] === indexKeys.solveOfCoach(before, '', '').gsi2pk;
    return {
      Update: {
        TableName: table.name,
        Key: { pk: row['pk'], sk: row['sk'] },
        ...update(
          [
            setAll({
              coachId,
              gsi1pk: listed ? indexKeys.statsOfCoach(coachId, '').gsi1pk : undefined,
              gsi2pk: standing ? indexKeys.solveOfCoach(coachId, '', '').gsi2pk : undefined,
            }),
          ],
          // A solve that is taken back meanwhile leaves its index, and may not come back into it.
          { when: and(equals('coachId', before), standing ? exists('gsi2pk') : notExists('gsi2pk')) },
        ),
      },
    };
  }

  return {
    async headItems({ id, coachId, gamePlatformId }) {
      if (gamePlatformId === null) return [];
      const [state] = await batchGetAll(table, [keys.syncState(id)], { consistent: true });
      const totals: TransactItem = {
        Update: {
          TableName: table.name,
          Key: keys.competitorStats(id),
          ...update([
            setIfAbsent('platform', null),
            setIfAbsent('lastSolveAt', null),
            setAll({ ...indexKeys.statsOfCoach(coachId, id), type: 'stats', competitorId: id, coachId }),
            // Where there are no counters yet, they begin.
            ['storedOdl', 'storedCtf', 'storedOdlPoints', 'storedCtfPoints'].map((name) => add(name, 0)),
            changedOnce,
          ]),
        },
      };
      if (state === undefined) return [totals];
      const reading: TransactItem = {
        Update: {
          TableName: table.name,
          Key: keys.syncState(id),
          ...update([set('coachId', coachId)], { when: exists('gamePlatformId') }),
        },
      };
      return [totals, reading];
    },

    async followRows(competitorId, coachId, mayGoOn) {
      await updateIf(table, {
        Key: keys.totalsDue(competitorId),
        ...update([set('coachId', coachId)], { when: exists('pk') }),
      });
      for (let attempt = 1; ; attempt += 1) {
        const left: Row[] = [];
        let totals = false;
        const rows = queryAll(table, {
          ...query(equals('pk', keys.competitorPartition(competitorId))),
          ConsistentRead: true,
        });
        for await (const row of rows) {
          if (row['type'] === 'stats') totals = true;
          if (FOLLOWING.has(String(row['type'])) && row['coachId'] !== coachId) left.push(row);
        }
        if (left.length === 0) return true;
        try {
          for (let from = 0; from < left.length; from += ROWS_PER_TRANSACTION) {
            if (!mayGoOn()) return false;
            const some = left.slice(from, from + ROWS_PER_TRANSACTION);
            await transactWrite(table, [
              ...some.map((row) => followed(row, coachId)),
              // An audit that has read the rows before begins again.
              ...(totals
                ? [
                    {
                      Update: {
                        TableName: table.name,
                        Key: keys.competitorStats(competitorId),
                        ...update([changedOnce], { when: equals('coachId', coachId) }),
                      },
                    },
                  ]
                : []),
            ]);
          }
        } catch (error) {
          if (!lostRace(error) || attempt >= ATTEMPTS) throw error;
        }
      }
    },
  };
}
