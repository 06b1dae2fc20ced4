import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  and,
  beginsWith,
  between,
  condition,
  equals,
  exists,
  notExists,
  query,
  set,
  setAll,
  update,
} from '#shared/table/expressions.ts';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import {
  queryAll,
  transactIfStill,
  transactWrite,
  TransactionRefusedError,
  type Table,
  type TransactItem,
} from '#shared/table/table.ts';
import {
  actingSchema,
  coachSchema,
  identitySchema,
  type Acting,
  type Coach,
  type CoachInput,
  type Identity,
} from './identity.ts';

export interface IdentityRepository {
  readonly identities: {
    /** Consistent: a sign-in that was switched off is off from the next request on. */
    readonly bySub: (sub: string) => Promise<Identity | undefined>;
    readonly put: (identity: Identity) => Promise<void>;
    /** Who has no coach profile; false when the sign-in is somebody's already. All or nothing. */
    readonly create: (identity: Identity, also: readonly TransactItem[]) => Promise<boolean>;
  };
  readonly acting: {
    /** Consistent: what was ended is over from the next request on. */
    readonly byId: (sub: string, id: string) => Promise<Acting | undefined>;
    readonly start: (acting: Acting, also: readonly TransactItem[]) => Promise<void>;
    /** False when it has ended before, or never began. */
    readonly end: (
      acting: Pick<Acting, 'sub' | 'id'>,
      at: string,
      also: readonly TransactItem[],
    ) => Promise<boolean>;
  };
  readonly coaches: {
    /** Consistent, for the same reason. */
    readonly byId: (coachId: string) => Promise<Coach | undefined>;
    /** All coaches by id. */
    readonly all: () => Promise<Coach[]>;
    /** At most `limit` coaches whose ids are not before `fromId`, by id. */
    readonly page: (page: { readonly limit: number; readonly fromId: string | null }) => Promise<Coach[]>;
    readonly put: (coach: CoachInput) => Promise<void>;
    /** The coach and their sign-in, all or nothing; false when that sign-in belongs to somebody already. */
    readonly create: (coach: Coach, identity: Identity, also: readonly TransactItem[]) => Promise<boolean>;
    /** Writes these fields and no others, so that two who change different ones do not undo each other. */
    readonly change: (
      coachId: string,
      fields: Partial<Pick<Coach, 'name' | 'school' | 'enabled' | 'features'>>,
      also: readonly TransactItem[],
    ) => Promise<void>;
    /** Keeps the id of the coach's own platform account; an id that is there already stays. */
    readonly confirmPlatformAccount: (coachId: string, gamePlatformId: string) => Promise<void>;
  };
}

/** The audit log keeps the start and the end; the row only serves the requests in between. */
const ACTING_KEPT_SECONDS = 2 * 86_400;

const identityItem = (identity: Identity) => ({
  ...keys.identity(identity.sub),
  type: 'identity',
  ...identity,
});

const toCoach = (item: Readonly<Record<string, unknown>>): Coach => parseRow(coachSchema, 'coach', item);

export function createIdentityRepository(table: Table): IdentityRepository {
  const get = async (key: { readonly pk: string; readonly sk: string }) => {
    const { Item: item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
    );
    return item;
  };
  const put = async (item: Record<string, unknown>) => {
    await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
  };

  return {
    identities: {
      async bySub(sub) {
        const item = await get(keys.identity(sub));
        return item === undefined ? undefined : parseRow(identitySchema, 'identity', item);
      },
      put: (identity) => put(identityItem(identity)),
      create: (identity, also) =>
        transactIfStill(table, [
          { Put: { TableName: table.name, Item: identityItem(identity), ...condition(notExists('pk')) } },
          ...also,
        ]),
    },
    acting: {
      async byId(sub, id) {
        const item = await get(keys.acting(sub, id));
        return item === undefined ? undefined : parseRow(actingSchema, 'acting', item);
      },
      async start(acting, also) {
        const expires = Math.ceil(Date.parse(acting.endsAt) / 1_000) + ACTING_KEPT_SECONDS;
        const Item = {
          ...keys.acting(acting.sub, acting.id),
          type: 'acting',
          ...acting,
          [TTL_ATTRIBUTE]: expires,
        };
        await transactWrite(table, [{ Put: { TableName: table.name, Item } }, ...also]);
      },
      end: (acting, at, also) =>
        transactIfStill(table, [
          {
            Update: {
              TableName: table.name,
              Key: keys.acting(acting.sub, acting.id),
              ...update([set('endedAt', at)], { when: and(exists('pk'), equals('endedAt', null)) }),
            },
          },
          ...also,
        ]),
    },
    coaches: {
      async byId(coachId) {
        const item = await get(keys.coach(coachId));
        return item === undefined ? undefined : toCoach(item);
      },
      async all() {
        const coaches: Coach[] = [];
        const { pk, skPrefix } = keys.coaches;
        const items = queryAll(table, query(equals('pk', pk), beginsWith('sk', skPrefix)));
        for await (const item of items) coaches.push(toCoach(item));
        return coaches;
      },
      async page({ limit, fromId }) {
        const page = await table.client.send(
          new QueryCommand({
            TableName: table.name,
            ...query(
              equals('pk', keys.coaches.pk),
              // Ids are ASCII, and the tilde sorts behind all of it.
              between('sk', keys.coach(fromId ?? '').sk, keys.coach('~').sk),
            ),
            Limit: limit,
          }),
        );
        return (page.Items ?? []).map(toCoach);
      },
      put: (coach) => put({ ...keys.coach(coach.id), type: 'coach', ...coach }),
      async create(coach, identity, also) {
        const rows = [identityItem(identity), { ...keys.coach(coach.id), type: 'coach', ...coach }];
        try {
          await transactWrite(table, [
            ...rows.map((Item) => ({
              Put: { TableName: table.name, Item, ...condition(notExists('pk')) },
            })),
            ...also,
          ]);
          return true;
        } catch (error) {
          if (error instanceof TransactionRefusedError && error.reasons[0] === 'ConditionalCheckFailed')
            return false;
          throw error;
        }
      },
      async change(coachId, fields, also) {
        await transactWrite(table, [
          {
            Update: {
              TableName: table.name,
              Key: keys.coach(coachId),
              ...update([setAll(fields)], { when: exists('pk') }),
            },
          },
          ...also,
        ]);
      },
      async confirmPlatformAccount(coachId, gamePlatformId) {
        try {
          await table.client.send(
            new UpdateCommand({
              TableName: table.name,
              Key: keys.coach(coachId),
              ...update([set('gamePlatformId', gamePlatformId)], {
                when: and(exists('pk'), equals('gamePlatformId', null)),
              }),
            }),
          );
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      },
    },
  };
}
