import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Competitor } from '../competitors/competitor.ts';
import { rosterEntrySchema, wishClosed, type RosterEntry } from '../rosters/roster-entry.ts';
import { notErased } from './erasure-repository.ts';
import { indexKeys, INDEXES, keys, PARTITION_KEY } from './keys.ts';
import { parseRow } from './row.ts';
import {
  batchGetAll,
  queryAll,
  retryOnConflict,
  transactIfStill,
  type Table,
  type TransactItem,
} from './table.ts';

const TYPE = 'roster_entry';
const PREFIX = 'ROSTER#';

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

export interface RosterRepository {
  /** Consistent. */
  readonly byId: (competitorId: string) => Promise<RosterEntry | undefined>;
  /** By competitor id, consistent; people who never were on a team are left out. */
  readonly ofCompetitors: (ids: readonly string[]) => Promise<ReadonlyMap<string, RosterEntry>>;
  /** From the index, so a moment old. */
  readonly ofCoach: (coachId: string) => Promise<RosterEntry[]>;
  /**
   * The wish, to be written with the competitor's `teamId`. It waits for the platform at once if there is an account,
   * else from the account on (see `accountTransaction`).
   */
  readonly wantTransaction: (
    competitor: Pick<Competitor, 'id' | 'coachId' | 'teamId' | 'gamePlatformId'>,
    edit: { readonly at: string; readonly by: string },
  ) => TransactItem;
  /** To be written with a new account: a team that was chosen before is due now. */
  readonly accountTransaction: (
    competitor: Pick<Competitor, 'id' | 'coachId' | 'teamId'>,
    at: string,
  ) => TransactItem;
  readonly put: (entry: RosterEntry) => Promise<void>;

  /** Before a call that puts the competitor on this team or takes them off it. False: the entry is gone. */
  readonly doubt: (entry: RosterEntry, teamId: string) => Promise<boolean>;
  /**
   * What the platform is known to have. `closed` when that is what `entry` wanted and nobody edited since, with the
   * seconds that the edit took, null when it was confirmed before; `open` when there is more to do; `gone` when the
   * entry is.
   */
  readonly confirm: (
    entry: RosterEntry,
    teamId: string | null,
    at: Date,
  ) => Promise<
    { readonly kind: 'closed'; readonly seconds: number | null } | { readonly kind: 'open' | 'gone' }
  >;
  /** Closes an entry that still waits though all of it is as wanted. Does nothing when somebody edited since. */
  readonly settle: (entry: RosterEntry) => Promise<void>;
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
  /** An entry that is settled is to be looked at now. Does nothing when it waits already, or is gone. */
  readonly wake: (competitorId: string, now: Date) => Promise<void>;
  /** False when somebody edited since, or the entry is gone: the failure is then of no interest. */
  readonly saveFailure: (
    entry: RosterEntry,
    failure: Pick<RosterEntry, 'failure' | 'attempts' | 'notBefore'>,
    due: string,
  ) => Promise<boolean>;
  /** "Try now": forgets failures and waiting times; for who is not settled. */
  readonly hurry: (entry: RosterEntry, now: Date) => Promise<boolean>;
  /** Entries that wait for the platform and are due, oldest first. */
  readonly pendingDue: (now: Date) => AsyncGenerator<RosterEntry>;
  /** To be looked at again at `due`. False when it was settled, edited or is gone since. */
  readonly postpone: (entry: RosterEntry, due: string) => Promise<boolean>;
}

const toEntry = (item: Readonly<Record<string, unknown>>): RosterEntry =>
  parseRow(rosterEntrySchema, TYPE, item);

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

export function createRosterRepository(table: Table): RosterRepository {
  /** SET of the fields, REMOVE of the pending index; names and values made of the fields. */
  const updateOf = (
    competitorId: string,
    set: Readonly<Record<string, unknown>>,
    options: {
      readonly settled?: boolean;
      readonly sameWish?: RosterEntry;
      readonly pending?: boolean;
      readonly settledOnly?: boolean;
    } = {},
  ) => {
    const { gsi2 } = INDEXES;
    const conditions = ['attribute_exists(#pk)'];
    const names: Record<string, string> = { '#pk': PARTITION_KEY };
    const values: Record<string, unknown> = {};
    if (options.sameWish !== undefined) {
      conditions.push('#wantedAt = :wasWantedAt and #wantedTeamId = :wasWanted');
      Object.assign(names, { '#wantedAt': 'wantedAt', '#wantedTeamId': 'wantedTeamId' });
      values[':wasWantedAt'] = options.sameWish.wantedAt;
      values[':wasWanted'] = options.sameWish.wantedTeamId;
    }
    if (options.pending === true) {
      conditions.push('attribute_exists(#pending)');
      names['#pending'] = gsi2.partitionKey;
    }
    if (options.settledOnly === true) {
      conditions.push('attribute_not_exists(#pending)');
      names['#pending'] = gsi2.partitionKey;
    }
    for (const [field, value] of Object.entries(set)) {
      names[`#${field}`] = field;
      values[`:${field}`] = value;
    }
    const sets = Object.keys(set)
      .map((field) => `#${field} = :${field}`)
      .join(', ');
    const remove = options.settled === true ? ` REMOVE ${gsi2.partitionKey}, ${gsi2.sortKey}` : '';
    return {
      TableName: table.name,
      Key: keys.rosterEntry(competitorId),
      ConditionExpression: conditions.join(' and '),
      UpdateExpression: `SET ${sets}${remove}`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    };
  };

  const held = async (input: ReturnType<typeof updateOf>): Promise<boolean> => {
    try {
      await retryOnConflict(() => table.client.send(new UpdateCommand(input)));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  /** An edit may be the first of its entry, so there is no condition: the competitor's own write has one. */
  const upsert = (
    competitor: Pick<Competitor, 'id' | 'coachId'>,
    set: Readonly<Record<string, unknown>>,
    pending: boolean,
  ): TransactItem => {
    const all = {
      type: TYPE,
      competitorId: competitor.id,
      coachId: competitor.coachId,
      ...indexKeys.rosterOfCoach(competitor.coachId, competitor.id),
      failure: null,
      attempts: 0,
      notBefore: null,
      ...set,
    };
    const { ConditionExpression: _none, ...update } = updateOf(competitor.id, all, { settled: !pending });
    const { '#pk': _unused, ...names } = update.ExpressionAttributeNames;
    return { Update: { ...update, ExpressionAttributeNames: names } };
  };

  /** The entry as it was seen, with what was found and what else is to change. */
  const repairUpdate = (
    { competitorId, thereTeamId, planId, at }: Observation,
    seen: SeenEntry,
    also: Readonly<Record<string, unknown>>,
  ) => {
    const settled = seen.wantedTeamId === seen.confirmedTeamId && seen.doubtTeamId === null;
    const update = updateOf(competitorId, {
      ...(settled
        ? { confirmedTeamId: thereTeamId, closedWish: seen.wantedAt }
        : { doubtTeamId: thereTeamId }),
      repairedBy: planId,
      failure: null,
      attempts: 0,
      notBefore: null,
      ...also,
      ...indexKeys.rosterPending(at.toISOString(), competitorId),
    });
    const before: Readonly<Record<string, string | null>> = seen;
    const conditions = Object.entries(before).map(([field, value]) =>
      value === null ? `(attribute_not_exists(#${field}) or #${field} = :none)` : `#${field} = :was_${field}`,
    );
    return {
      ...update,
      ConditionExpression: [update.ConditionExpression, ...conditions].join(' and '),
      ExpressionAttributeNames: {
        ...update.ExpressionAttributeNames,
        ...Object.fromEntries(Object.keys(before).map((field) => [`#${field}`, field])),
      },
      ExpressionAttributeValues: {
        ...update.ExpressionAttributeValues,
        ':none': null,
        ...Object.fromEntries(
          Object.entries(before).flatMap(([field, value]) =>
            value === null ? [] : [[`:was_${field}`, value]],
          ),
        ),
      },
    };
  };

  const putFirst = (entry: RosterEntry): TransactItem => ({
    Put: {
      TableName: table.name,
      Item: {
        ...keys.rosterEntry(entry.competitorId),
        ...indexKeys.rosterOfCoach(entry.coachId, entry.competitorId),
        ...indexKeys.rosterPending(entry.wantedAt, entry.competitorId),
        type: TYPE,
        ...entry,
      },
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': PARTITION_KEY },
    },
  });

  return {
    async byId(competitorId) {
      const { Item: item } = await table.client.send(
        new GetCommand({
          TableName: table.name,
          Key: keys.rosterEntry(competitorId),
          ConsistentRead: true,
        }),
      );
      return item === undefined ? undefined : toEntry(item);
    },

    async ofCompetitors(ids) {
      const items = await batchGetAll(table, ids.map(keys.rosterEntry), { consistent: true });
      return new Map(items.map(toEntry).map((entry) => [entry.competitorId, entry]));
    },

    async ofCoach(coachId) {
      const entries: RosterEntry[] = [];
      const query = queryAll(table, {
        IndexName: INDEXES.gsi1.name,
        KeyConditionExpression: '#pk = :pk and begins_with(#sk, :prefix)',
        ExpressionAttributeNames: { '#pk': INDEXES.gsi1.partitionKey, '#sk': INDEXES.gsi1.sortKey },
        ExpressionAttributeValues: { ':pk': indexKeys.rosterOfCoach(coachId, '').gsi1pk, ':prefix': PREFIX },
      });
      for await (const item of query) entries.push(toEntry(item));
      return entries;
    },

    wantTransaction: (competitor, { at, by }) => {
      const pending = competitor.gamePlatformId !== null;
      return upsert(
        competitor,
        {
          wantedTeamId: competitor.teamId,
          wantedAt: at,
          editedBy: by,
          ...(pending ? indexKeys.rosterPending(at, competitor.id) : {}),
        },
        pending,
      );
    },

    accountTransaction: (competitor, at) =>
      upsert(
        competitor,
        {
          wantedTeamId: competitor.teamId,
          wantedAt: at,
          editedBy: 'onboarding',
          ...indexKeys.rosterPending(at, competitor.id),
        },
        true,
      ),

    async put(entry) {
      const { competitorId, coachId } = entry;
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...keys.rosterEntry(competitorId),
            ...indexKeys.rosterOfCoach(coachId, competitorId),
            type: TYPE,
            ...entry,
          },
        }),
      );
    },

    doubt: (entry, teamId) =>
      held(
        updateOf(entry.competitorId, {
          doubtTeamId: teamId,
          ...(wishClosed(entry) ? { closedWish: entry.wantedAt } : {}),
        }),
      ),

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
              ConditionExpression: 'attribute_exists(#erased)',
              ExpressionAttributeNames: { '#erased': 'erasedPlatformId' },
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

    async wake(competitorId, now) {
      await held(
        updateOf(competitorId, indexKeys.rosterPending(now.toISOString(), competitorId), {
          settledOnly: true,
        }),
      );
    },

    async confirm(entry, teamId, at) {
      const { competitorId } = entry;
      const known = { confirmedTeamId: teamId, confirmedAt: at.toISOString(), doubtTeamId: null };
      if (teamId === entry.wantedTeamId) {
        const seconds = Math.max(0, at.getTime() - Date.parse(entry.wantedAt)) / 1000;
        const again = wishClosed(entry);
        const closing = {
          ...known,
          failure: null,
          attempts: 0,
          notBefore: null,
          closedWish: entry.wantedAt,
          ...(again ? {} : { lastEditSeconds: seconds }),
        };
        if (await held(updateOf(competitorId, closing, { settled: true, sameWish: entry }))) {
          return { kind: 'closed', seconds: again ? null : seconds };
        }
      }
      if (await held(updateOf(competitorId, known, { sameWish: entry }))) return { kind: 'open' };
      // Somebody edited meanwhile: what is known is older than the new wish, so it must not pass for its confirmation.
      const older = { ...known, confirmedAt: entry.wantedAt };
      return { kind: (await held(updateOf(competitorId, older))) ? 'open' : 'gone' };
    },

    async settle(entry) {
      const { ConditionExpression: still, ...update } = updateOf(
        entry.competitorId,
        { attempts: 0 },
        { settled: true, sameWish: entry, pending: true },
      );
      // A reconciliation may have put down something else meanwhile, which is no new wish.
      await held({
        ...update,
        ConditionExpression: `${still} and #confirmed = :wasWanted and #doubt = :none`,
        ExpressionAttributeNames: {
          ...update.ExpressionAttributeNames,
          '#confirmed': 'confirmedTeamId',
          '#doubt': 'doubtTeamId',
        },
        ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ':none': null },
      });
    },

    saveFailure: (entry, failure, due) =>
      held(
        updateOf(
          entry.competitorId,
          { ...failure, ...indexKeys.rosterPending(due, entry.competitorId) },
          { sameWish: entry },
        ),
      ),

    hurry: (entry, now) =>
      held(
        updateOf(
          entry.competitorId,
          {
            failure: null,
            attempts: 0,
            notBefore: null,
            ...indexKeys.rosterPending(now.toISOString(), entry.competitorId),
          },
          { sameWish: entry, pending: true },
        ),
      ),

    async *pendingDue(now) {
      const query = queryAll(table, {
        IndexName: INDEXES.gsi2.name,
        KeyConditionExpression: '#pk = :pk and #sk < :now',
        ExpressionAttributeNames: { '#pk': INDEXES.gsi2.partitionKey, '#sk': INDEXES.gsi2.sortKey },
        ExpressionAttributeValues: {
          ':pk': indexKeys.rosterPending('', '').gsi2pk,
          ':now': now.toISOString(),
        },
      });
      for await (const item of query) yield toEntry(item);
    },

    postpone: (entry, due) =>
      held(
        updateOf(entry.competitorId, indexKeys.rosterPending(due, entry.competitorId), {
          sameWish: entry,
          pending: true,
        }),
      ),
  };
}
