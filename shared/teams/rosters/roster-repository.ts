import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Competitor } from '#shared/competitors/competitor.ts';
import {
  beginsWith,
  equals,
  exists,
  lessThan,
  query,
  setAll,
  update,
  type AttributeValue,
} from '#shared/table/expressions.ts';
import { indexKeys, keys } from '#shared/table/keys.ts';
import { batchGetAll, queryAll, type Table, type TransactItem } from '#shared/table/table.ts';
import {
  createRosterEntryUpdates,
  PENDING,
  ROSTER_ENTRY,
  sameDesiredState,
  SETTLE,
  SETTLED,
  toRosterEntry,
} from './roster-entry-update.ts';
import { desiredStateReached, type RosterEntry } from './roster-entry.ts';
import { createRosterRepairs, type RosterRepairs } from './roster-repairs.ts';

const PREFIX = 'ROSTER#';

export interface RosterRepository extends RosterRepairs {
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
    edit: { readonly at: string; readonly by: string; readonly finalRead?: boolean },
  ) => TransactItem;
  /** To be written with a new account, or the end of a hold: a team that was chosen before is due now. */
  readonly accountTransaction: (
    competitor: Pick<Competitor, 'id' | 'coachId' | 'teamId'>,
    at: string,
  ) => TransactItem;
  /** To be written with a profile that comes to another coach and keeps its team. Of an entry that is there. */
  readonly ownerTransaction: (competitor: Pick<Competitor, 'id' | 'coachId'>) => TransactItem;
  /** Entries that wait for the platform, due or not, whoever's they are. */
  readonly allPending: () => AsyncGenerator<RosterEntry>;
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

export function createRosterRepository(table: Table): RosterRepository {
  const { updateOf, held } = createRosterEntryUpdates(table);

  /** An edit may be the first of its entry, so there is no condition: the competitor's own write has one. */
  const upsert = (
    competitor: Pick<Competitor, 'id' | 'coachId'>,
    fields: Readonly<Record<string, AttributeValue>>,
    pending: boolean,
  ): TransactItem => {
    const all = {
      type: ROSTER_ENTRY,
      competitorId: competitor.id,
      coachId: competitor.coachId,
      ...indexKeys.rosterOfCoach(competitor.coachId, competitor.id),
      failure: null,
      attempts: 0,
      notBefore: null,
      finalRead: false,
      ...fields,
    };
    return {
      Update: {
        TableName: table.name,
        Key: keys.rosterEntry(competitor.id),
        ...update([setAll(all), pending ? undefined : SETTLE]),
      },
    };
  };

  /** Says on the team when somebody was last confirmed to be off it; a team that is gone says nothing. */
  const noteLeft = (teamId: string, at: string): Promise<boolean> =>
    held({
      TableName: table.name,
      Key: keys.team(teamId),
      ...update([setAll({ memberLeftAt: at })], { when: exists('pk') }),
    });

  return {
    ...createRosterRepairs(table),

    async byId(competitorId) {
      const { Item: item } = await table.client.send(
        new GetCommand({
          TableName: table.name,
          Key: keys.rosterEntry(competitorId),
          ConsistentRead: true,
        }),
      );
      return item === undefined ? undefined : toRosterEntry(item);
    },

    async ofCompetitors(ids) {
      const items = await batchGetAll(table, ids.map(keys.rosterEntry), { consistent: true });
      return new Map(items.map(toRosterEntry).map((entry) => [entry.competitorId, entry]));
    },

    async ofCoach(coachId) {
      const entries: RosterEntry[] = [];
      const items = queryAll(
        table,
        query(equals('gsi1pk', indexKeys.rosterOfCoach(coachId, '').gsi1pk), beginsWith('gsi1sk', PREFIX)),
      );
      for await (const item of items) entries.push(toRosterEntry(item));
      return entries;
    },

    wantTransaction: (competitor, { at, by, finalRead = false }) => {
      const pending = competitor.gamePlatformId !== null;
      return upsert(
        competitor,
        {
          wantedTeamId: competitor.teamId,
          wantedAt: at,
          editedBy: by,
          finalRead,
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

    ownerTransaction: ({ id, coachId }) => ({
      Update: updateOf(id, { coachId, ...indexKeys.rosterOfCoach(coachId, id) }),
    }),

    async *allPending() {
      const items = queryAll(table, query(equals('gsi2pk', indexKeys.rosterPending('', '').gsi2pk)));
      for await (const item of items) yield toRosterEntry(item);
    },

    async put(entry) {
      const { competitorId, coachId } = entry;
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...keys.rosterEntry(competitorId),
            ...indexKeys.rosterOfCoach(coachId, competitorId),
            type: ROSTER_ENTRY,
            ...entry,
          },
        }),
      );
    },

    doubt: (entry, teamId) =>
      held(
        updateOf(entry.competitorId, {
          doubtTeamId: teamId,
          ...(desiredStateReached(entry) ? { closedWish: entry.wantedAt } : {}),
        }),
      ),

    async wake(competitorId, now) {
      await held(
        updateOf(competitorId, indexKeys.rosterPending(now.toISOString(), competitorId), {
          when: [SETTLED],
        }),
      );
    },

    async confirm(entry, teamId, at) {
      const { competitorId } = entry;
      // First, so that a crash in between costs a second write and not the time.
      for (const left of new Set([entry.confirmedTeamId, entry.doubtTeamId]))
        if (left !== null && left !== teamId) await noteLeft(left, at.toISOString());
      const known = { confirmedTeamId: teamId, confirmedAt: at.toISOString(), doubtTeamId: null };
      if (teamId === entry.wantedTeamId) {
        const seconds = Math.max(0, at.getTime() - Date.parse(entry.wantedAt)) / 1000;
        const again = desiredStateReached(entry);
        const closing = {
          ...known,
          failure: null,
          attempts: 0,
          notBefore: null,
          closedWish: entry.wantedAt,
          ...(again ? {} : { lastEditSeconds: seconds }),
        };
        if (await held(updateOf(competitorId, closing, { settled: true, when: [sameDesiredState(entry)] }))) {
          return { kind: 'closed', seconds: again ? null : seconds };
        }
      }
      if (await held(updateOf(competitorId, known, { when: [sameDesiredState(entry)] })))
        return { kind: 'open' };
      // Somebody edited meanwhile: what is known is older than the new desired state, so it must not pass for its confirmation.
      const older = { ...known, confirmedAt: entry.wantedAt };
      return { kind: (await held(updateOf(competitorId, older))) ? 'open' : 'gone' };
    },

    async settle(entry) {
      // A reconciliation may have put down something else meanwhile, which is no new desired state.
      const asWanted = [equals('confirmedTeamId', entry.wantedTeamId), equals('doubtTeamId', null)];
      await held(
        updateOf(
          entry.competitorId,
          { attempts: 0 },
          { settled: true, when: [sameDesiredState(entry), PENDING, ...asWanted] },
        ),
      );
    },

    saveFailure: (entry, failure, due) =>
      held(
        updateOf(
          entry.competitorId,
          { ...failure, ...indexKeys.rosterPending(due, entry.competitorId) },
          { when: [sameDesiredState(entry)] },
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
          { when: [sameDesiredState(entry), PENDING] },
        ),
      ),

    async *pendingDue(now) {
      const { gsi2pk } = indexKeys.rosterPending('', '');
      const items = queryAll(table, query(equals('gsi2pk', gsi2pk), lessThan('gsi2sk', now.toISOString())));
      for await (const item of items) yield toRosterEntry(item);
    },

    postpone: (entry, due) =>
      held(
        updateOf(entry.competitorId, indexKeys.rosterPending(due, entry.competitorId), {
          when: [sameDesiredState(entry), PENDING],
        }),
      ),
  };
}
