import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import {
  CompetitorChangedError,
  createCompetitorRepository,
} from '#shared/competitors/competitor-repository.ts';
import type { ProfileRefreshDeps } from '#shared/onboarding/profile-refresh-worker.ts';
import { totalsDueItem } from '#shared/score-sync/score-items.ts';
import { createSyncStateRepository } from '#shared/score-sync/sync-state-repository.ts';
import { equals, set, update } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { retryOnConflict, type Table } from '#shared/table/table.ts';

/** What refreshing accounts needs of the table. */
export function createDynamoProfileRefresh(
  table: Table,
): Pick<ProfileRefreshDeps, 'competitorsByIds' | 'competitorById' | 'save' | 'mendTeams' | 'noteChecked'> {
  const competitors = createCompetitorRepository(table);
  const activities = createActivityRepository(table);
  const syncStates = createSyncStateRepository(table);
  return {
    competitorsByIds: competitors.byIds,
    competitorById: (id) => competitors.byId(id, { consistent: true }),

    async save(competitor, { activity, totalsDue }) {
      try {
        await competitors.updateAccount(competitor, [
          ...(activity === null ? [] : [await activities.appendTransaction(activity)]),
          ...(totalsDue === null ? [] : [{ Put: { TableName: table.name, Item: totalsDueItem(totalsDue) } }]),
        ]);
        return true;
      } catch (error) {
        if (error instanceof CompetitorChangedError) return false;
        throw error;
      }
    },

    async mendTeams(people) {
      const states = await syncStates.byIds(people.map(({ id }) => id));
      for (const { id, teamId } of people) {
        const copy = states.get(id)?.teamId ?? null;
        if (states.has(id) && copy !== teamId) await syncStates.followTeam(id, teamId);
      }
    },

    async noteChecked({ id, version }, at) {
      try {
        await retryOnConflict(() =>
          table.client.send(
            new UpdateCommand({
              TableName: table.name,
              Key: keys.competitor(id),
              ...update([set(['platform', 'checkedAt'], at)], { when: equals('version', version) }),
            }),
          ),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
