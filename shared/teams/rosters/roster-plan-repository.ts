import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { atMost, condition, equals, exists, notExists, or, set, update } from '#shared/table/expressions.ts';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { transactIfStill, type Table, type TransactItem } from '#shared/table/table.ts';
import {
  planRowSchema,
  rosterPlanRecordSchema,
  SHOWN_OF_EACH,
  type PlanRow,
  type RosterPlanRecord,
} from '../reconcile/roster-plan.ts';

/** The last plan, and the last answer of the platform that was trusted. */
export interface LatestPlan {
  readonly planId: string;
  readonly trusted: { readonly there: number; readonly confirmedHere: number } | null;
}

type Confirmation = NonNullable<RosterPlanRecord['confirmed']>;

export interface RosterPlanRepository {
  /** Consistent, both. */
  readonly byId: (planId: string) => Promise<RosterPlanRecord | undefined>;
  readonly latest: () => Promise<LatestPlan | undefined>;
  /** Rows in their order; `pieces`: only the first so many pieces. */
  readonly rowsOf: (plan: RosterPlanRecord, pieces?: number) => AsyncGenerator<PlanRow>;
  /** Keeps a plan and makes it the last one; false when a later one is there. Saving it again replaces it. */
  readonly save: (
    plan: Omit<RosterPlanRecord, 'pieces' | 'shownPieces'>,
    rows: readonly PlanRow[],
    trusted: LatestPlan['trusted'],
  ) => Promise<RosterPlanRecord | undefined>;
  /** Confirms the plan once, if it is the last one, with what else belongs to it; false when it is not. */
  readonly confirm: (
    planId: string,
    confirmation: Omit<Confirmation, 'carriedOutAt'>,
    also: readonly TransactItem[],
  ) => Promise<boolean>;
  readonly carriedOut: (planId: string, at: string) => Promise<void>;
}

/** Some 300 bytes each, and an item holds 400 KB. */
const ROWS_IN_PIECE = 500;
const KEPT_SECONDS = 90 * 24 * 3600;

const latestSchema = z.object({
  planId: z.string(),
  drawnAt: z.iso.datetime(),
  trusted: z.object({ there: z.int(), confirmedHere: z.int() }).nullable(),
});

/** Those to be shown first, the held ones first of all, so that a look at a plan reads a few pieces only. */
function inOrder(rows: readonly PlanRow[]): { readonly ordered: readonly PlanRow[]; readonly shown: number } {
  const heldFirst = rows.toSorted((a, b) => Number(b.heldBy !== null) - Number(a.heldBy !== null));
  const byAction = Map.groupBy(heldFirst, ({ action }) => action);
  const groups = (['remove', 'move', 'add'] as const).map((action) => byAction.get(action) ?? []);
  const shown = groups.flatMap((group) => group.slice(0, SHOWN_OF_EACH));
  return {
    ordered: [...shown, ...groups.flatMap((group) => group.slice(SHOWN_OF_EACH))],
    shown: shown.length,
  };
}

export function createRosterPlanRepository(table: Table): RosterPlanRepository {
  const get = async (Key: { readonly pk: string; readonly sk: string }) => {
    const answer = await table.client.send(
      new GetCommand({ TableName: table.name, Key, ConsistentRead: true }),
    );
    return answer.Item;
  };

  return {
    async byId(planId) {
      const item = await get(keys.rosterPlan(planId));
      return item === undefined ? undefined : parseRow(rosterPlanRecordSchema, 'roster_plan', item);
    },

    async latest() {
      const item = await get(keys.latestRosterPlan);
      return item === undefined ? undefined : parseRow(latestSchema, 'latest_roster_plan', item);
    },

    async *rowsOf(plan, pieces = plan.pieces) {
      for (let piece = 0; piece < pieces; piece += 1) {
        const item = await get(keys.rosterPlanPiece(plan.id, piece));
        yield* z.array(planRowSchema).parse(JSON.parse(String(item?.['rows'] ?? '[]')));
      }
    },

    async save(plan, rows, trusted) {
      const expiresAt = Math.floor(Date.parse(plan.drawnAt) / 1000) + KEPT_SECONDS;
      const { ordered, shown } = inOrder(rows);
      const pieces = Math.ceil(ordered.length / ROWS_IN_PIECE);
      for (let piece = 0; piece < pieces; piece += 1) {
        const own = ordered.slice(piece * ROWS_IN_PIECE, (piece + 1) * ROWS_IN_PIECE);
        const Item = {
          ...keys.rosterPlanPiece(plan.id, piece),
          type: 'roster_plan_rows',
          rows: JSON.stringify(own),
          [TTL_ATTRIBUTE]: expiresAt,
        };
        await table.client.send(new PutCommand({ TableName: table.name, Item }));
      }
      const record = { ...plan, pieces, shownPieces: Math.ceil(shown / ROWS_IN_PIECE) };
      // The head last, and only as the last plan: whoever finds it finds the whole of it.
      const saved = await transactIfStill(table, [
        {
          Put: {
            TableName: table.name,
            Item: {
              ...keys.rosterPlan(plan.id),
              type: 'roster_plan',
              ...record,
              [TTL_ATTRIBUTE]: expiresAt,
            },
          },
        },
        {
          Put: {
            TableName: table.name,
            Item: {
              ...keys.latestRosterPlan,
              type: 'latest_roster_plan',
              planId: plan.id,
              drawnAt: plan.drawnAt,
              trusted,
            },
            ...condition(or(notExists('pk'), atMost('drawnAt', plan.drawnAt))),
          },
        },
      ]);
      return saved ? record : undefined;
    },

    confirm: (planId, confirmation, also) =>
      transactIfStill(table, [
        {
          Update: {
            TableName: table.name,
            Key: keys.rosterPlan(planId),
            ...update([set('confirmed', { ...confirmation, carriedOutAt: null })], {
              when: equals('confirmed', null),
            }),
          },
        },
        {
          Update: {
            TableName: table.name,
            Key: keys.latestRosterPlan,
            ...update([set('confirmedAt', confirmation.at)], { when: equals('planId', planId) }),
          },
        },
        ...also,
      ]),

    async carriedOut(planId, at) {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.rosterPlan(planId),
          ...update([set(['confirmed', 'carriedOutAt'], at)], { when: exists(['confirmed', 'scope']) }),
        }),
      );
    },
  };
}
