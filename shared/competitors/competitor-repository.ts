import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  beginsWith,
  between,
  condition,
  equals,
  notExists,
  query,
  type Condition,
} from '#shared/table/expressions.ts';
import { indexKeys, INDEXES, keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  batchGetAll,
  putIf,
  queryAll,
  queryPage,
  transactWrite,
  TransactionRefusedError,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';
import { competitorSchema, type Competitor } from './competitor.ts';
import { searchNames } from './name-search.ts';
import { notErased, tombstoneItems, type Tombstone } from './privacy/erasure-repository.ts';
import { OwnError } from '#shared/kernel/errors.ts';

const TYPE = 'competitor';
const PREFIX = 'COMP#';

/** The record was changed since it was read, or is gone. */
export class CompetitorChangedError extends OwnError {
  override readonly name = 'CompetitorChangedError';
  constructor(readonly competitorId: string) {
    super(`Competitor ${competitorId} was changed in the meantime.`);
  }
}

interface NameFound {
  readonly competitorId: string;
  readonly order: 'last' | 'first';
  /** Holds the name: for the body of an answer, never for a URL or a log. */
  readonly position: string;
}

export interface CompetitorRepository {
  /** `consistent`: sees every write that was answered before; otherwise a moment old, at half the cost. */
  readonly byId: (
    competitorId: string,
    options?: { readonly consistent?: boolean },
  ) => Promise<Competitor | undefined>;
  readonly byPlatformId: (gamePlatformId: string) => Promise<Competitor | undefined>;
  /** All competitors of a coach by id; from the index, so a moment old. */
  readonly ofCoach: (coachId: string) => AsyncGenerator<Competitor>;
  /** How many competitors a coach has; from the index, so a moment old. */
  readonly countOfCoach: (coachId: string) => Promise<number>;
  /** At most `limit` competitors of a coach whose ids come after `afterId`, by id. Fewer: there are no more. */
  readonly pageOfCoach: (
    coachId: string,
    page: { readonly limit: number; readonly afterId: string | null },
  ) => Promise<Competitor[]>;
  /** With `also`: all or nothing. Refused for an id that is taken (CompetitorChangedError) or was erased. */
  readonly create: (competitor: Competitor, also?: readonly TransactItem[]) => Promise<void>;
  /** The same as parts of a transaction. */
  readonly createItems: (competitor: Competitor) => TransactItem[];
  /**
   * Writes the record if the stored one still has version `competitor.version - 1`. With `also`: all or nothing.
   * @throws CompetitorChangedError
   */
  readonly update: (competitor: Competitor, also?: readonly TransactItem[]) => Promise<void>;
  /**
   * The same of a record whose name has not changed: the rows that a search finds it by stay, and alone it is one write.
   * @throws CompetitorChangedError
   */
  readonly updateAccount: (competitor: Competitor, also: readonly TransactItem[]) => Promise<void>;
  /** The same as parts of a transaction. */
  readonly updateItems: (competitor: Competitor) => TransactItem[];
  /**
   * Takes the record and its names away and leaves a tombstone, if the stored version is this one; all or nothing.
   * @throws CompetitorChangedError
   */
  readonly erase: (
    competitor: Competitor,
    tombstone: Tombstone,
    also: readonly TransactItem[],
  ) => Promise<void>;
  /**
   * Rows of people whose name, in one of its two orders, begins with this (normalised, not empty), by name; from the
   * index, so a moment old. `after`: the position of the last one seen.
   */
  readonly byNamePrefix: (
    prefix: string,
    page: { readonly limit: number; readonly after: string | null },
  ) => Promise<{ readonly found: readonly NameFound[]; readonly end: boolean }>;
  readonly byIds: (
    competitorIds: readonly string[],
    options?: { readonly consistent?: boolean },
  ) => Promise<ReadonlyMap<string, Competitor>>;
  /** Writes the record whatever is there; for data that is laid down before anybody uses it. */
  readonly put: (competitor: Competitor) => Promise<void>;
}

function toItem(competitor: Competitor): Record<string, unknown> {
  return {
    ...keys.competitor(competitor.id),
    ...indexKeys.competitorOfCoach(competitor.coachId, competitor.id),
    ...(competitor.gamePlatformId === null
      ? {}
      : indexKeys.competitorByPlatformId(competitor.gamePlatformId)),
    type: TYPE,
    ...competitor,
  };
}

/** The rows that the search over everybody finds a person by; they change with the record and go with the partition. */
function nameItems(competitor: Competitor): Record<string, unknown>[] {
  const { id, coachId } = competitor;
  const names = searchNames(competitor);
  const row = (order: 'last' | 'first') => ({
    ...keys.competitorName(id, order),
    ...indexKeys.nameByPrefix(names[order], order, id),
    type: 'name',
    competitorId: id,
    coachId,
  });
  return [row('last'), row('first')];
}

const toCompetitor = (item: Readonly<Record<string, unknown>>): Competitor =>
  parseRow(competitorSchema, TYPE, item);

/** The stored record is the one before this. */
const replaces = ({ version }: Competitor): Condition => equals('version', version - 1);

/** The competitor's own write is the first of the transaction, so its refusal is reason 0. */
async function unlessChanged(competitorId: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof TransactionRefusedError && error.reasons[0] === 'ConditionalCheckFailed') {
      throw new CompetitorChangedError(competitorId);
    }
    throw error;
  }
}

const ofCoachQuery = (coachId: string) =>
  query(equals('gsi1pk', indexKeys.competitorOfCoach(coachId, '').gsi1pk), beginsWith('gsi1sk', PREFIX));

export function createCompetitorRepository(table: Table): CompetitorRepository {
  const putInput = (competitor: Competitor, when: Condition) => ({
    TableName: table.name,
    Item: toItem(competitor),
    ...condition(when),
  });
  const putItems = (competitor: Competitor, when: Condition): TransactItem[] => [
    { Put: putInput(competitor, when) },
    ...nameItems(competitor).map((Item) => ({ Put: { TableName: table.name, Item } })),
  ];
  const createItems = (competitor: Competitor) => putItems(competitor, notExists('pk'));
  const updateItems = (competitor: Competitor) => putItems(competitor, replaces(competitor));

  return {
    createItems,
    updateItems,

    async byId(competitorId, options = {}) {
      const { Item: item } = await table.client.send(
        new GetCommand({
          TableName: table.name,
          Key: keys.competitor(competitorId),
          ConsistentRead: options.consistent ?? false,
        }),
      );
      return item === undefined ? undefined : toCompetitor(item);
    },

    async byPlatformId(gamePlatformId) {
      const { gsi2pk, gsi2sk } = indexKeys.competitorByPlatformId(gamePlatformId);
      const { Items: items = [] } = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          ...query(equals('gsi2pk', gsi2pk), equals('gsi2sk', gsi2sk)),
          Limit: 1,
        }),
      );
      const [item] = items;
      return item === undefined ? undefined : toCompetitor(item);
    },

    async *ofCoach(coachId) {
      for await (const item of queryAll(table, ofCoachQuery(coachId))) yield toCompetitor(item);
    },

    async countOfCoach(coachId) {
      let count = 0;
      let start: Record<string, unknown> | undefined;
      do {
        const page = await table.client.send(
          new QueryCommand({
            ...ofCoachQuery(coachId),
            TableName: table.name,
            Select: 'COUNT',
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        );
        count += page.Count ?? 0;
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
      return count;
    },

    async pageOfCoach(coachId, { limit, afterId }) {
      // A position by value: it stays good when the competitor it names is gone.
      const after =
        afterId === null
          ? undefined
          : { ...keys.competitor(afterId), ...indexKeys.competitorOfCoach(coachId, afterId) };
      return (await queryPage(table, ofCoachQuery(coachId), { limit, after })).map(toCompetitor);
    },

    create: (competitor, also = []) =>
      unlessChanged(competitor.id, () =>
        transactWrite(table, [...createItems(competitor), ...also, notErased(table, competitor.id)]),
      ),

    erase: (competitor, tombstone, also) =>
      unlessChanged(competitor.id, () =>
        transactWrite(table, [
          {
            Delete: {
              TableName: table.name,
              Key: keys.competitor(competitor.id),
              ...condition(equals('version', competitor.version)),
            },
          },
          ...tombstoneItems(tombstone).map((Item) => ({ Put: { TableName: table.name, Item } })),
          ...(['last', 'first'] as const).map((order) => ({
            Delete: { TableName: table.name, Key: keys.competitorName(competitor.id, order) },
          })),
          ...also,
        ]),
      ),

    update: (competitor, also = []) =>
      unlessChanged(competitor.id, () => transactWrite(table, [...updateItems(competitor), ...also])),

    async updateAccount(competitor, also) {
      const input = putInput(competitor, replaces(competitor));
      if (also.length > 0)
        return unlessChanged(competitor.id, () => transactWrite(table, [{ Put: input }, ...also]));
      if (!(await putIf(table, input))) throw new CompetitorChangedError(competitor.id);
    },

    async put(competitor) {
      const items = [toItem(competitor), ...nameItems(competitor)];
      await transactWrite(
        table,
        items.map((Item) => ({ Put: { TableName: table.name, Item } })),
      );
    },

    async byNamePrefix(prefix, { limit, after }) {
      const page = await table.client.send(
        new QueryCommand({
          TableName: table.name,
          ...query(
            equals('gsi2pk', indexKeys.nameByPrefix(prefix, 'first', '').gsi2pk),
            after === null
              ? beginsWith('gsi2sk', prefix)
              : between('gsi2sk', `${after}\u0001`, `${prefix}\u{10ffff}`),
          ),
          Limit: limit,
        }),
      );
      // Never through `parseRow`: its errors name the key, and this key holds a name.
      const found = (page.Items ?? []).map((item) => ({
        competitorId: String(item['competitorId']),
        order: item['sk'] === keys.competitorName('', 'last').sk ? ('last' as const) : ('first' as const),
        position: String(item[INDEXES.gsi2.sortKey]),
      }));
      return { found, end: page.LastEvaluatedKey === undefined };
    },

    async byIds(competitorIds, options = {}) {
      const items = await batchGetAll(table, competitorIds.map(keys.competitor), options);
      return new Map(items.map((item) => [String(item['id']), toCompetitor(item)]));
    },
  };
}
