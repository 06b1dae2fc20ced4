import { timingSafeEqual } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { StopPartError } from '#shared/jobs/each-subject.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import {
  and,
  condition,
  equals,
  exists,
  lessThan,
  notExists,
  or,
  set,
  setAll,
  setIfAbsent,
  update,
} from '#shared/table/expressions.ts';
import { keys, TTL_ATTRIBUTE } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import { putIf, retryOnConflict, transactWrite, type Table, type TransactItem } from '#shared/table/table.ts';
import { weeklyChoiceSchema, type WeeklyChoice } from './contract.ts';

export interface NoticeRepository {
  readonly choiceOf: (coachId: string) => Promise<WeeklyChoice>;
  /** What the coach wants, and the token of their emails: made when it is first needed, the same ever after. */
  readonly recipient: (coachId: string) => Promise<{ readonly weekly: WeeklyChoice; readonly token: string }>;
  /** With its entry in the audit log, or not at all. */
  readonly choose: (coachId: string, weekly: WeeklyChoice, audit: TransactItem) => Promise<void>;
  /** Whether the token is that of the coach's emails. */
  readonly fits: (coachId: string, token: string) => Promise<boolean>;
  /**
   * Takes an email on. `sent`: it has gone out; `busy`: somebody is at it right now.
   */
  readonly claim: (to: string, name: string, now: Date) => Promise<'claimed' | 'sent' | 'busy'>;
  readonly markSent: (to: string, name: string, now: Date) => Promise<void>;
  /** Gives an email back that could not be sent. */
  readonly giveBack: (to: string, name: string) => Promise<void>;
  /** Since when it has been so, this look included; with `holds` false it is forgotten. */
  readonly watch: (what: string, holds: boolean, now: Date) => Promise<string | null>;
}

const CHOICE = 'notice_choice';
const SENT = 'notice';
/** Longer than a worker lives: whoever took an email on before has died. */
const CLAIM_MS = 120_000;
const KEPT_SECONDS = 400 * 86_400;

const choiceSchema = z.object({
  weekly: weeklyChoiceSchema.default('always'),
  token: z.string().optional(),
});

const expiresAfter = (now: Date): number => Math.ceil(now.getTime() / 1_000) + KEPT_SECONDS;

/**
 * Does what `send` does once for an email's name, however often it is asked. `send` answers false when there is nothing
 * to say after all. Between SES taking an email and the table knowing of it a crash sends it a second time, two minutes
 * later: better than not at all.
 *
 * @throws StopPartError busy, while somebody else is at it
 */
export async function sendOnce(
  notices: Pick<NoticeRepository, 'claim' | 'markSent' | 'giveBack'>,
  { to, name, now }: { readonly to: string; readonly name: string; readonly now: Clock },
  send: () => Promise<boolean>,
): Promise<'sent' | 'sent_before' | 'nothing_to_say'> {
  const claim = await notices.claim(to, name, now());
  if (claim === 'sent') return 'sent_before';
  if (claim === 'busy') throw new StopPartError('busy');
  let isSent: boolean;
  try {
    isSent = await send();
  } catch (error) {
    // Whoever comes next may try at once.
    await notices.giveBack(to, name).catch(() => undefined);
    throw error;
  }
  if (!isSent) {
    await notices.giveBack(to, name);
    return 'nothing_to_say';
  }
  await notices.markSent(to, name, now());
  return 'sent';
}

/** @param newToken 128 bits that nobody can guess, 22 characters */
export function createNoticeRepository(table: Table, newToken: () => string): NoticeRepository {
  async function get(key: { readonly pk: string; readonly sk: string }) {
    const { Item: item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
    );
    return item;
  }
  async function choice(coachId: string): Promise<z.output<typeof choiceSchema>> {
    const item = await get(keys.noticeChoice(coachId));
    return item === undefined ? { weekly: 'always' } : parseRow(choiceSchema, CHOICE, item);
  }

  return {
    choiceOf: async (coachId) => (await choice(coachId)).weekly,

    async recipient(coachId) {
      const known = await choice(coachId);
      if (known.token !== undefined) return { weekly: known.weekly, token: known.token };
      const answer = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keys.noticeChoice(coachId),
          ...update([set('type', CHOICE), set('coachId', coachId), setIfAbsent('token', newToken())]),
          ReturnValues: 'ALL_NEW',
        }),
      );
      const made = parseRow(choiceSchema.required(), CHOICE, { weekly: 'always', ...answer.Attributes });
      return { weekly: made.weekly, token: made.token };
    },

    async choose(coachId, weekly, audit) {
      await transactWrite(table, [
        {
          Update: {
            TableName: table.name,
            Key: keys.noticeChoice(coachId),
            ...update([setAll({ type: CHOICE, coachId, weekly })]),
          },
        },
        audit,
      ]);
    },

    async fits(coachId, token) {
      const known = Buffer.from((await choice(coachId)).token ?? '');
      const given = Buffer.from(token);
      return known.length > 0 && known.length === given.length && timingSafeEqual(known, given);
    },

    async claim(to, name, now) {
      const stale = new Date(now.getTime() - CLAIM_MS).toISOString();
      const claimed = await putIf(table, {
        Item: {
          ...keys.notice(to, name),
          type: SENT,
          state: 'sending',
          at: now.toISOString(),
          [TTL_ATTRIBUTE]: expiresAfter(now),
        },
        ...condition(or(notExists('pk'), and(equals('state', 'sending'), lessThan('at', stale)))),
      });
      if (claimed) return 'claimed';
      return (await get(keys.notice(to, name)))?.['state'] === 'sent' ? 'sent' : 'busy';
    },

    async markSent(to, name, now) {
      await retryOnConflict(() =>
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keys.notice(to, name),
            ...update([
              setAll({
                type: SENT,
                state: 'sent',
                at: now.toISOString(),
                [TTL_ATTRIBUTE]: expiresAfter(now),
              }),
            ]),
          }),
        ),
      );
    },

    async giveBack(to, name) {
      try {
        await table.client.send(
          new DeleteCommand({
            TableName: table.name,
            Key: keys.notice(to, name),
            ...condition(equals('state', 'sending')),
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },

    async watch(what, holds, now) {
      const Key = keys.noticeWatch(what);
      if (!holds) {
        // Most looks find nothing: a read is cheaper than a write that takes nothing away.
        if ((await get(Key)) === undefined) return null;
        await table.client
          .send(new DeleteCommand({ TableName: table.name, Key, ...condition(exists('pk')) }))
          .catch((error: unknown) => {
            if (!(error instanceof ConditionalCheckFailedException)) throw error;
          });
        return null;
      }
      const since = (await get(Key))?.['since'];
      if (typeof since === 'string') return since;
      const at = now.toISOString();
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key,
          ...update([set('type', 'notice_watch'), setIfAbsent('since', at)]),
        }),
      );
      return at;
    },
  };
}
