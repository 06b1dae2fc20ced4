import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { between, equals, query } from '#shared/table/expressions.ts';
import { indexKeys, keys, PARTITION_KEY, SORT_KEY } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { queryPage, type Table, type TransactItem } from '#shared/table/table.ts';
import { activitySchema, teamEditSchema, type Activity, type TeamEdit } from './activity.ts';
import { keepDays, kept } from './retention.ts';
import { addDays } from '#shared/kernel/days.ts';

const TYPE = 'activity';
const EDIT_TYPE = 'team_edit';

const DAY_LENGTH = 'YYYY-MM-DD'.length;
/** Days that are looked at for one page of the program. */
const DAYS_OF_PAGE = 31;
/** Sorts behind every time. */
const LAST = '~';

type Within = {
  /** Only what happened from this instant on and before that one, ISO 8601. */
  readonly from: string;
  readonly to: string;
};

export interface ActivityPage {
  readonly items: readonly Activity[];
  /** Pass it as `before` to go on; null at the end. */
  readonly next: string | null;
}

export interface ActivityRepository {
  readonly append: (activity: Activity) => Promise<void>;
  /** The same as a part of a transaction. */
  readonly appendTransaction: (activity: Activity) => Promise<TransactItem>;
  /** Of a change of a team or of who is on it: the line, and the row by which such changes are counted. */
  readonly appendTeamEdit: (activity: Activity) => Promise<readonly TransactItem[]>;
  /** Changes of a coach's teams, newest first, at most `limit`; `more`: there are older ones. */
  readonly teamEditsOf: (
    coachId: string,
    options: { readonly limit: number; readonly within: Within },
  ) => Promise<{ readonly items: readonly TeamEdit[]; readonly more: boolean }>;
  /**
   * Of all coaches, newest first; `before` as below. Goes back a month at most: a page may be short or empty and still
   * have a `next`.
   */
  readonly ofProgram: (options: {
    readonly limit: number;
    readonly before?: string;
    readonly within?: Within;
    readonly now: Date;
  }) => Promise<ActivityPage>;
  /** Newest first. `before`: the position an earlier page ended with. */
  readonly ofCoach: (
    coachId: string,
    options: {
      readonly limit: number;
      readonly before?: string;
      readonly within?: Within;
    },
  ) => Promise<ActivityPage>;
}

/** Found by whom it is about, for their export and their erasure. */
const about = ({ competitorId, at, id }: Activity) =>
  competitorId === null ? {} : indexKeys.activityAbout(competitorId, at, id);

export function createActivityRepository(table: Table): ActivityRepository {
  const put = async (activity: Activity) => ({
    TableName: table.name,
    Item: {
      ...keys.activity(activity.coachId, activity.at, activity.id),
      ...about(activity),
      ...indexKeys.activityOfDay(activity.at.slice(0, DAY_LENGTH), activity.at, activity.id),
      ...(await kept(table, 'activity', activity.at)),
      type: TYPE,
      ...activity,
    },
  });
  const putEdit = async (activity: Activity) => {
    const { coachId, at, id, competitorId, details } = activity;
    const teamId = typeof details['teamId'] === 'string' ? details['teamId'] : null;
    const edit: TeamEdit = { at, competitorId, teamId };
    return {
      TableName: table.name,
      Item: {
        ...keys.teamEdit(coachId, at, id),
        ...about(activity),
        ...(await kept(table, 'activity', at)),
        type: EDIT_TYPE,
        ...edit,
      },
    };
  };
  return {
    async append(activity) {
      await table.client.send(new PutCommand(await put(activity)));
    },
    appendTransaction: async (activity) => ({ Put: await put(activity) }),
    appendTeamEdit: async (activity) => [{ Put: await put(activity) }, { Put: await putEdit(activity) }],
    async teamEditsOf(coachId, { limit, within }) {
      const { pk } = keys.teamEdit(coachId, '', '');
      const rows = await queryPage(
        table,
        { ...query(equals('pk', pk), between('sk', within.from, within.to)), ScanIndexForward: false },
        { limit: limit + 1, after: undefined },
      );
      return {
        items: rows.slice(0, limit).map((row) => parseRow(teamEditSchema, EDIT_TYPE, row)),
        more: rows.length > limit,
      };
    },
    async ofProgram({ limit, before, within, now }) {
      const end = [before, within?.to, LAST].reduce((a = LAST, b = LAST) => (a < b ? a : b)) ?? LAST;
      const newest = [end, now.toISOString()].reduce((a, b) => (a < b ? a : b)).slice(0, DAY_LENGTH);
      const { activity: days } = await keepDays(table);
      const oldest = (within?.from ?? addDays(now.toISOString().slice(0, DAY_LENGTH), -days)).slice(
        0,
        DAY_LENGTH,
      );
      const items: Activity[] = [];
      let day = newest;
      for (let back = 0; back < DAYS_OF_PAGE && day >= oldest; back += 1) {
        const { gsi2pk } = indexKeys.activityOfDay(day, '', '');
        const from = within !== undefined && within.from > day ? within.from : day;
        const rows = await queryPage(
          table,
          // Positions are never equal to a bound that is a time alone; the one that a page ended with is left out.
          { ...query(equals('gsi2pk', gsi2pk), between('gsi2sk', from, end)), ScanIndexForward: false },
          { limit: limit - items.length + 1, after: undefined },
        );
        items.push(
          ...rows
            .map((item) => parseRow(activitySchema, TYPE, item))
            .filter(({ at, id }) => `${at}#${id}` !== before)
            .slice(0, limit - items.length),
        );
        const last = items.at(-1);
        if (items.length === limit && last !== undefined) return { items, next: `${last.at}#${last.id}` };
        day = addDays(day, -1);
      }
      return { items, next: day < oldest ? null : `${addDays(day, 1)}T00:00:00.000Z#` };
    },
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
