import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { between, equals, query } from '#shared/table/expressions.ts';
import { indexKeys, keys, PARTITION_KEY, SORT_KEY } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import type { Table, TransactItem } from '#shared/table/table.ts';
import { activitySchema, type Activity } from './activity.ts';
import { kept } from './retention.ts';

const TYPE = 'activity';

export interface ActivityPage {
  readonly items: readonly Activity[];
  /** Pass it as `before` to go on; null at the end. */
  readonly next: string | null;
}

export interface ActivityRepository {
  readonly append: (activity: Activity) => Promise<void>;
  /** The same as a part of a transaction. */
  readonly appendTransaction: (activity: Activity) => TransactItem;
  /** Newest first. `before`: the position an earlier page ended with. */
  readonly ofCoach: (
    coachId: string,
    options: {
      readonly limit: number;
      readonly before?: string;
      /** Only what happened from this instant on and before that one, ISO 8601. */
      readonly within?: { readonly from: string; readonly to: string };
    },
  ) => Promise<ActivityPage>;
}

export function createActivityRepository(table: Table): ActivityRepository {
  const put = (activity: Activity) => ({
    TableName: table.name,
    Item: {
      ...keys.activity(activity.coachId, activity.at, activity.id),
      ...(activity.competitorId === null
        ? {}
        : indexKeys.activityAbout(activity.competitorId, activity.at, activity.id)),
      ...kept(activity.at),
      type: TYPE,
      ...activity,
    },
  });
  return {
    async append(activity) {
      await table.client.send(new PutCommand(put(activity)));
    },
    appendTransaction: (activity) => ({ Put: put(activity) }),
    async ofCoach(coachId, { limit, before, within }) {
      const { pk } = keys.activity(coachId, '', '');
      const coach = equals('pk', pk);
      const page = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          ...(within === undefined ? query(coach) : query(coach, between('sk', within.from, within.to))),
          ScanIndexForward: false,
          Limit: limit,
          ...(before === undefined ? {} : { ExclusiveStartKey: { [PARTITION_KEY]: pk, [SORT_KEY]: before } }),
        }),
      );
      const next: unknown = page.LastEvaluatedKey?.[SORT_KEY];
      return {
        items: (page.Items ?? []).map((item) => parseRow(activitySchema, TYPE, item)),
        next: typeof next === 'string' ? next : null,
      };
    },
  };
}
