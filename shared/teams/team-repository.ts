import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  and,
  beginsWith,
  condition,
  equals,
  exists,
  lessThan,
  notEquals,
  notExists,
  or,
  query,
  remove,
  setAll,
  update,
} from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  batchGetAll,
  queryAll,
  queryPage,
  retryOnConflict,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';
import { teamSchema, UNTRIED, type Team } from './team.ts';

const TYPE = 'team';
const PREFIX = 'TEAM#';

export interface TeamRepository {
  /** `consistent`: sees every write that was answered before. */
  readonly byId: (teamId: string, options?: { readonly consistent?: boolean }) => Promise<Team | undefined>;
  readonly byIds: (
    teamIds: readonly string[],
    options?: { readonly consistent?: boolean },
  ) => Promise<ReadonlyMap<string, Team>>;
  /** Names by id; teams that are gone are left out. */
  readonly namesOf: (teamIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** All teams of a coach by id; from the index, so a moment old. */
  readonly ofCoach: (coachId: string) => Promise<Team[]>;
  /** At most `limit` teams of a coach whose ids come after `afterId`, by id. Fewer: there are no more. */
  readonly pageOfCoach: (
    coachId: string,
    page: { readonly limit: number; readonly afterId: string | null },
  ) => Promise<Team[]>;
  /** A new team, waiting to be put on the platform. */
  readonly createTransaction: (team: Team) => TransactItem;
  /**
   * The fields that coaches decide on, if the stored version is still the one before. A team that is wanted deleted
   * leaves its coach's list and waits for the platform.
   */
  readonly changeTransaction: (team: Team) => TransactItem;
  /** The team under another coach, if the stored version is still the one before; the platform has nothing to do with it. */
  readonly ownerTransaction: (team: Team) => TransactItem;
  /** Asks for the team to be recreated, if it is still this version, on the platform, and nobody asked before. */
  readonly recreateTransaction: (team: Team, at: string) => TransactItem;
  /** Writes the record whatever is there; for data that is laid down before anybody uses it. */
  readonly put: (team: Team) => Promise<void>;

  /** The worker's own fields; false when the team is gone. `due`: when to look at it next; null: it is settled. */
  readonly saveProgress: (
    teamId: string,
    progress: Partial<Pick<Team, 'platform' | 'createSent' | 'recreate' | 'sync'>>,
    due: string | null | undefined,
  ) => Promise<boolean>;
  readonly remove: (teamId: string) => Promise<void>;
  /** Teams that wait for the platform and are due, oldest first. */
  readonly pendingDue: (now: Date) => AsyncGenerator<Team>;
}

const toItem = (team: Team): Record<string, unknown> => ({
  ...keys.team(team.id),
  ...(team.wantedState === 'present' ? indexKeys.teamOfCoach(team.coachId, team.id) : {}),
  type: TYPE,
  ...team,
});

const toTeam = (item: Readonly<Record<string, unknown>>): Team => parseRow(teamSchema, TYPE, item);

const NOT_RECREATED = or(notExists('recreate'), equals('recreate', null));

const ofCoachQuery = (coachId: string) =>
  query(equals('gsi1pk', indexKeys.teamOfCoach(coachId, '').gsi1pk), beginsWith('gsi1sk', PREFIX));

export function createTeamRepository(table: Table): TeamRepository {
  return {
    async byId(teamId, options = {}) {
      const { Item: item } = await table.client.send(
        new GetCommand({
          TableName: table.name,
          Key: keys.team(teamId),
          ConsistentRead: options.consistent ?? false,
        }),
      );
      return item === undefined ? undefined : toTeam(item);
    },

    async byIds(teamIds, options = {}) {
      const items = await batchGetAll(table, teamIds.map(keys.team), options);
      return new Map(items.map(toTeam).map((team) => [team.id, team]));
    },

    async namesOf(teamIds) {
      const items = await batchGetAll(table, teamIds.map(keys.team));
      return new Map(items.map(toTeam).map((team) => [team.id, team.name]));
    },

    async ofCoach(coachId) {
      const teams: Team[] = [];
      for await (const item of queryAll(table, ofCoachQuery(coachId))) teams.push(toTeam(item));
      return teams;
    },

    async pageOfCoach(coachId, { limit, afterId }) {
      const after =
        afterId === null ? undefined : { ...keys.team(afterId), ...indexKeys.teamOfCoach(coachId, afterId) };
      return (await queryPage(table, ofCoachQuery(coachId), { limit, after })).map(toTeam);
    },

    createTransaction: (team) => ({
      Put: {
        TableName: table.name,
        Item: { ...toItem(team), ...indexKeys.teamPending(team.createdAt, team.id) },
        ...condition(notExists('pk')),
      },
    }),

    changeTransaction: (team) => {
      const { name, affiliation, division, members, wantedState, updatedAt, version } = team;
      const decided = { name, affiliation, division, members, wantedState, updatedAt, version };
      const untried = wantedState === 'deleted' || team.platform === null || team.recreate !== null;
      return {
        Update: {
          TableName: table.name,
          Key: keys.team(team.id),
          ...update(
            [
              setAll(decided),
              // Something new to try: at once, whatever became of earlier tries.
              untried
                ? setAll({ ...indexKeys.teamPending(updatedAt, team.id), sync: UNTRIED.sync })
                : undefined,
              wantedState === 'deleted' ? remove('gsi1pk', 'gsi1sk') : undefined,
            ],
            { when: equals('version', version - 1) },
          ),
        },
      };
    },

    ownerTransaction: ({ id, coachId, updatedAt, version }) => ({
      Update: {
        TableName: table.name,
        Key: keys.team(id),
        ...update([setAll({ coachId, updatedAt, version, ...indexKeys.teamOfCoach(coachId, id) })], {
          when: and(equals('version', version - 1), equals('wantedState', 'present')),
        }),
      },
    }),

    recreateTransaction: (team, at) => ({
      Update: {
        TableName: table.name,
        Key: keys.team(team.id),
        ...update(
          [
            setAll({
              recreate: { requestedAt: at },
              sync: UNTRIED.sync,
              ...indexKeys.teamPending(at, team.id),
            }),
          ],
          { when: and(equals('version', team.version), notEquals('platform', null), NOT_RECREATED) },
        ),
      },
    }),

    async put(team) {
      await table.client.send(new PutCommand({ TableName: table.name, Item: toItem(team) }));
    },

    async saveProgress(teamId, progress, due) {
      const settled = due === null;
      try {
        await retryOnConflict(() =>
          table.client.send(
            new UpdateCommand({
              TableName: table.name,
              Key: keys.team(teamId),
              ...update(
                [
                  setAll(progress),
                  typeof due === 'string' ? setAll(indexKeys.teamPending(due, teamId)) : undefined,
                  settled ? remove('gsi2pk', 'gsi2sk') : undefined,
                ],
                {
                  // A deletion, or the desired state to have it recreated, that came in between has to stay in the index.
                  when: settled
                    ? and(exists('pk'), notEquals('wantedState', 'deleted'), NOT_RECREATED)
                    : exists('pk'),
                },
              ),
            }),
          ),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async remove(teamId) {
      await retryOnConflict(() =>
        table.client.send(new DeleteCommand({ TableName: table.name, Key: keys.team(teamId) })),
      );
    },

    async *pendingDue(now) {
      const { gsi2pk } = indexKeys.teamPending('', '');
      const items = queryAll(table, query(equals('gsi2pk', gsi2pk), lessThan('gsi2sk', now.toISOString())));
      for await (const item of items) yield toTeam(item);
    },
  };
}
