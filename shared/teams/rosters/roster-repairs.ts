import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { notErased } from '#shared/competitors/privacy/erasure-repository.ts';
import { condition, equals, exists, notExists, or, type AttributeValue } from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import { retryOnConflict, transactIfStill, type Table, type TransactItem } from '#shared/table/table.ts';
import { createRosterEntryUpdates, ROSTER_ENTRY } from './roster-entry-update.ts';
import type { RosterEntry } from './roster-entry.ts';

type SeenEntry = Pick<RosterEntry, 'wantedAt' | 'wantedTeamId' | 'confirmedTeamId' | 'doubtTeamId'>;

interface Observation {
  readonly competitorId: string;
  readonly coachId: string;
  /** Where the platform has them. */
  readonly thereTeamId: string | null;
  readonly seen: SeenEntry | null;
  readonly planId: string;
  readonly at: Date;
}

export interface RosterRepairs {
  /**
   * To be written with the deletion of a person who has an account: what is left of their entry are ids, and it waits
   * for the platform to take them off. Refused when there is no entry.
   */
  readonly eraseTransaction: (competitorId: string, gamePlatformId: string, at: string) => TransactItem;
  readonly removeErased: (competitorId: string) => Promise<void>;
  /**
   * Puts down where the platform really has somebody, if the entry still says what was `seen` (null: there is none), so
   * that the difference to what is wanted is driven like any edit. Where an edit is still under way it is put down as a
   * doubt, for the worker to ask about itself. False when the entry says something else by now.
   */
  readonly repair: (observation: Observation) => Promise<boolean>;
  /** The same for somebody who is taken off their team here as well, to be written with the competitor. */
  readonly repairTransaction: (observation: Observation & { readonly seen: SeenEntry }) => TransactItem;
  /** The same for an erased person whom the platform still has on a team; ids alone. */
  readonly repairErased: (observation: Observation, platformId: string) => Promise<boolean>;
}

/** An entry for somebody who never had one, and is wanted nowhere. */
const firstSeen = ({ competitorId, coachId, thereTeamId, planId, at }: Observation): RosterEntry => ({
  competitorId,
  coachId,
  wantedTeamId: null,
  wantedAt: at.toISOString(),
  editedBy: 'reconciliation',
  confirmedTeamId: thereTeamId,
  confirmedAt: null,
  doubtTeamId: null,
  failure: null,
  attempts: 0,
  notBefore: null,
  lastEditSeconds: null,
  closedWish: at.toISOString(),
  repairedBy: planId,
  erasedPlatformId: null,
});

/** What reconciliation and erasure change in roster entries. */
export function createRosterRepairs(table: Table): RosterRepairs {
  const { updateOf, held } = createRosterEntryUpdates(table);

  /** The entry as it was seen, with what was found and what else is to change. */
  const repairUpdate = (
    { competitorId, thereTeamId, planId, at }: Observation,
    seen: SeenEntry,
    also: Readonly<Record<string, AttributeValue>>,
  ) => {
    const settled = seen.wantedTeamId === seen.confirmedTeamId && seen.doubtTeamId === null;
    const before: Readonly<Record<string, string | null>> = seen;
    return updateOf(
      competitorId,
      {
        ...(settled
          ? { confirmedTeamId: thereTeamId, closedWish: seen.wantedAt }
          : { doubtTeamId: thereTeamId }),
        repairedBy: planId,
        failure: null,
        attempts: 0,
        notBefore: null,
        ...also,
        ...indexKeys.rosterPending(at.toISOString(), competitorId),
      },
      {
        when: Object.entries(before).map(([field, value]) =>
          value === null ? or(notExists(field), equals(field, null)) : equals(field, value),
        ),
      },
    );
  };

  const putFirst = (entry: RosterEntry): TransactItem => ({
    Put: {
      TableName: table.name,
      Item: {
        ...keys.rosterEntry(entry.competitorId),
        ...indexKeys.rosterOfCoach(entry.coachId, entry.competitorId),
        ...indexKeys.rosterPending(entry.wantedAt, entry.competitorId),
        type: ROSTER_ENTRY,
        ...entry,
      },
      ...condition(notExists('pk')),
    },
  });

  return {
    eraseTransaction: (competitorId, gamePlatformId, at) => ({
      Update: updateOf(competitorId, {
        wantedTeamId: null,
        wantedAt: at,
        editedBy: 'erasure',
        closedWish: at,
        erasedPlatformId: gamePlatformId,
        failure: null,
        attempts: 0,
        notBefore: null,
        lastEditSeconds: null,
        ...indexKeys.rosterPending(at, competitorId),
      }),
    }),

    async removeErased(competitorId) {
      try {
        await retryOnConflict(() =>
          table.client.send(
            new DeleteCommand({
              TableName: table.name,
              Key: keys.rosterEntry(competitorId),
              ...condition(exists('erasedPlatformId')),
            }),
          ),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    repair: (observation) =>
      observation.seen === null
        ? transactIfStill(table, [
            putFirst(firstSeen(observation)),
            notErased(table, observation.competitorId),
          ])
        : held(repairUpdate(observation, observation.seen, {})),

    repairTransaction: (observation) => {
      const at = observation.at.toISOString();
      const also = { wantedTeamId: null, wantedAt: at, closedWish: at, editedBy: 'reconciliation' };
      return { Update: repairUpdate(observation, observation.seen, also) };
    },

    repairErased: (observation, platformId) =>
      transactIfStill(table, [
        putFirst({ ...firstSeen(observation), editedBy: 'erasure', erasedPlatformId: platformId }),
      ]),
  };
}
