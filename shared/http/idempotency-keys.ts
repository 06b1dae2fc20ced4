import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { newId, type NewId } from '#shared/kernel/ids.ts';
import {
  and,
  atMost,
  condition,
  equals,
  lessThan,
  notExists,
  or,
  setAll,
  update,
} from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { parseRow } from '#shared/table/row.ts';
import type { Table } from '#shared/table/table.ts';
import type { ApiReply } from './api-types.ts';
import { statusOf } from './http-reply.ts';
import type { Claim, Idempotency } from './middleware/idempotency.ts';

/** Seconds that an answer is kept and its key stands for one request. */
const KEEP_SECONDS = 24 * 3600;
const KEY = /^[\x21-\x7e]{1,255}$/;
const KEPT_HEADERS: ReadonlySet<string> = new Set(['location', 'etag']);

/** All that is kept of an answer: what else it said may be personal data, which an erasure could not reach here. */
const keptSchema = z.object({
  status: z.int(),
  body: z
    .union([z.object({ id: z.string() }), z.object({ jobId: z.string() })])
    .optional()
    .catch(undefined),
  headers: z
    .record(z.string(), z.string())
    .transform((all) => Object.fromEntries(Object.entries(all).filter(([name]) => KEPT_HEADERS.has(name))))
    .optional(),
});

const rowSchema = z.object({
  fingerprint: z.string(),
  /** Who works on it, or did. */
  owner: z.string(),
  /** Unix milliseconds; the owner cannot be alive after it. */
  lockedUntil: z.number(),
  /** Unix seconds; the table deletes late, so it is checked. */
  expiresAt: z.number(),
  /** JSON of what is kept of the answer; null until there is one. */
  answer: z.string().nullable(),
});

/**
 * A key is free when it was never used or its time is over; or when its owner died without an answer and the same
 * request comes again.
 *
 *   claim ──► in progress (lockedUntil) ──► answered (kept 24 h)
 *     ▲            │ refused: nothing was done, the key is free again
 *     └────────────┘ broken or died: only the same request may take over
 */
const isFree = (fingerprint: string, nowMs: number) =>
  or(
    notExists('pk'),
    atMost('expiresAt', Math.floor(nowMs / 1_000)),
    and(equals('answer', null), lessThan('lockedUntil', nowMs), equals('fingerprint', fingerprint)),
  );

const sha256 = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

const byName = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));

const inProgress = (): DomainError =>
  new DomainError(
    'conflict',
    'IDEMPOTENCY_KEY_IN_USE',
    'The same request is still being worked on. Ask again in a moment.',
    { retryAfterSeconds: 1 },
  );

/**
 * `Idempotency-Key` on writes: the first request under a key runs, later ones get its status and id for 24 hours. Kept
 * per person.
 */
export function createIdempotency(deps: {
  readonly table: Table;
  readonly now: Clock;
  readonly newId?: NewId;
}): Idempotency {
  const { table, now } = deps;
  const makeId = deps.newId ?? newId;

  const claim = async (
    key: Key,
    fingerprint: string,
    owner: string,
    remainingMs: number,
  ): Promise<boolean> => {
    const nowMs = now().getTime();
    try {
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...key,
            type: 'idempotency',
            fingerprint,
            owner,
            lockedUntil: nowMs + remainingMs,
            expiresAt: Math.floor(nowMs / 1_000) + KEEP_SECONDS,
            answer: null,
          },
          ...condition(isFree(fingerprint, nowMs)),
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  /** Sets what the owner leaves behind. Losing it to somebody who took over meanwhile does not matter. */
  const leave = async (
    key: Key,
    owner: string,
    { answer, expiresAt }: { readonly answer: string | null; readonly expiresAt?: number },
  ): Promise<void> => {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: key,
          ...update([setAll({ lockedUntil: 0, answer, expiresAt })], {
            when: equals('owner', owner),
          }),
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };

  /** What to say to a request whose key is taken; undefined when it became free meanwhile. */
  const earlierAnswer = async (key: Key, fingerprint: string): Promise<ApiReply | undefined> => {
    const { Item } = await table.client.send(
      new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const row = parseRow(rowSchema, 'idempotency', Item);
    if (row.expiresAt <= Math.floor(now().getTime() / 1_000)) return undefined;
    if (row.fingerprint !== fingerprint) {
      throw new DomainError(
        'invalid',
        'IDEMPOTENCY_KEY_REUSED',
        'This “Idempotency-Key” was used for another request. Take a new key for each request.',
      );
    }
    if (row.answer === null) {
      if (row.lockedUntil < now().getTime()) return undefined;
      throw inProgress();
    }
    const { status, body, headers } = keptSchema.parse(JSON.parse(row.answer));
    return { status, body, headers: { ...headers, 'idempotency-replayed': 'true' } };
  };

  /** Keeps what is kept of the answer for a day; a refusal that did nothing frees the key at once. */
  const settleAs =
    (key: Key, owner: string) =>
    async (reply: ApiReply | undefined, error: unknown): Promise<void> => {
      if (reply === undefined) {
        const nothingDone = error instanceof DomainError && statusOf(error) < 500;
        await leave(key, owner, { answer: null, ...(nothingDone ? { expiresAt: 0 } : {}) });
        return;
      }
      await leave(key, owner, { answer: JSON.stringify(keptSchema.parse(reply)) });
    };

  return async ({ event, caller, remainingMs }): Promise<Claim | undefined> => {
    const header = event.headers['idempotency-key'];
    if (header === undefined || caller === undefined) return undefined;
    if (!KEY.test(header)) {
      throw new DomainError(
        'malformed',
        'BAD_IDEMPOTENCY_KEY',
        '“Idempotency-Key” has to be 1 to 255 visible ASCII characters.',
      );
    }
    const { routeKey, params, query, rawBody } = event;
    const key = keys.idempotency(caller.sub, header);
    const fingerprint = sha256([caller.actingAs, routeKey, byName(params), byName(query), rawBody ?? '']);
    const idempotencyId = sha256([caller.sub, header, fingerprint]).slice(0, 32);
    const owner = makeId('try');
    for (let look = 1; look <= 3; look += 1) {
      if (await claim(key, fingerprint, owner, remainingMs())) {
        return { idempotencyId, settle: settleAs(key, owner) };
      }
      const replay = await earlierAnswer(key, fingerprint);
      if (replay !== undefined) return { replay };
    }
    throw inProgress();
  };
}

type Key = ReturnType<typeof keys.idempotency>;
