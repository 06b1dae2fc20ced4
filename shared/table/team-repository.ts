import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { teamSchema, type Team } from '../teams/team.ts';
import { indexKeys, INDEXES, keys } from './keys.ts';
import { parseRow } from './row.ts';
import { queryAll, type Table } from './table.ts';

const TYPE = 'team';
const PREFIX = 'TEAM#';

export interface TeamRepository {
  readonly byId: (teamId: string) => Promise<Team | undefined>;
  /** All teams of a coach by id; from the index, so a moment old. */
  readonly ofCoach: (coachId: string) => Promise<Team[]>;
  readonly put: (team: Team) => Promise<void>;
}

export function createTeamRepository(table: Table): TeamRepository {
  return {
    async byId(teamId) {
      const { Item: item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: keys.team(teamId) }),
      );
      return item === undefined ? undefined : parseRow(teamSchema, TYPE, item);
    },
    async ofCoach(coachId) {
      const teams: Team[] = [];
      const query = queryAll(table, {
        IndexName: INDEXES.gsi1.name,
        KeyConditionExpression: '#pk = :pk and begins_with(#sk, :prefix)',
        ExpressionAttributeNames: { '#pk': INDEXES.gsi1.partitionKey, '#sk': INDEXES.gsi1.sortKey },
        ExpressionAttributeValues: { ':pk': indexKeys.teamOfCoach(coachId, '').gsi1pk, ':prefix': PREFIX },
      });
      for await (const item of query) teams.push(parseRow(teamSchema, TYPE, item));
      return teams;
    },
    async put(team) {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...keys.team(team.id),
            ...indexKeys.teamOfCoach(team.coachId, team.id),
            type: TYPE,
            ...team,
          },
        }),
      );
    },
  };
}
