import type { StatementSync } from 'node:sqlite';
import * as z from 'zod';
import type { StateDatabase } from '../state-database.ts';
import type { FauxJournal, FauxMessage, FauxQueue } from './fauxqs.ts';

const SCHEMA = `
CREATE TABLE IF NOT EXISTS messages (
  message_id TEXT PRIMARY KEY,
  queue TEXT NOT NULL,
  message TEXT NOT NULL,
  receive_count INTEGER NOT NULL,
  first_receive INTEGER,
  receipt_handle TEXT,
  visible_at INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS messages_by_queue ON messages (queue);
`;

const rowSchema = z.object({
  message: z.string(),
  receive_count: z.number(),
  first_receive: z.number().nullable(),
  receipt_handle: z.string().nullable(),
  visible_at: z.number().nullable(),
});

const messageSchema = z.object({
  messageId: z.string(),
  body: z.string(),
  md5OfBody: z.string(),
  messageAttributes: z.record(z.string(), z.unknown()),
  md5OfMessageAttributes: z.string(),
  sentTimestamp: z.number(),
  delayUntil: z.number().optional(),
});

/** Every message with its receives and its visibility, on disk before the call is answered. */
export class QueueJournal implements FauxJournal {
  readonly #state: StateDatabase;
  readonly #onInsert: (message: FauxMessage) => void;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #inFlight: StatementSync;
  readonly #ready: StatementSync;
  readonly #purge: StatementSync;

  /** @param onInsert sees each message in the tick in which it enters a queue, before any receiver does */
  constructor(state: StateDatabase, onInsert: (message: FauxMessage) => void) {
    this.#state = state;
    this.#onInsert = onInsert;
    const { sql } = state;
    sql.exec(SCHEMA);
    this.#insert = sql.prepare(
      `INSERT OR REPLACE INTO messages (message_id, queue, message, receive_count, first_receive)
       VALUES (?, ?, ?, ?, ?)`,
    );
    this.#delete = sql.prepare('DELETE FROM messages WHERE message_id = ?');
    this.#inFlight = sql.prepare(
      `UPDATE messages SET receipt_handle = ?, visible_at = ?, receive_count = ?, first_receive = ? WHERE message_id = ?`,
    );
    this.#ready = sql.prepare(
      'UPDATE messages SET receipt_handle = NULL, visible_at = NULL WHERE message_id = ?',
    );
    this.#purge = sql.prepare('DELETE FROM messages WHERE queue = ?');
  }

  /** Queues come from the template at every start. */
  insertQueue(): void {}
  updateQueueAttributes(): void {}

  insertMessage(queue: string, message: FauxMessage): void {
    this.#onInsert(message);
    this.#state.write();
    const { approximateReceiveCount, approximateFirstReceiveTimestamp, ...kept } = message;
    this.#insert.run(
      message.messageId,
      queue,
      JSON.stringify(kept),
      approximateReceiveCount,
      approximateFirstReceiveTimestamp ?? null,
    );
  }

  deleteMessage(messageId: string): void {
    this.#state.write();
    this.#delete.run(messageId);
  }

  updateMessageInflight(
    messageId: string,
    receiptHandle: string,
    visibilityDeadline: number,
    receiveCount: number,
    firstReceive: number | undefined,
  ): void {
    this.#state.write();
    this.#inFlight.run(receiptHandle, visibilityDeadline, receiveCount, firstReceive ?? null, messageId);
  }

  updateMessageReady(messageId: string): void {
    this.#state.write();
    this.#ready.run(messageId);
  }

  deleteQueueMessages(queue: string): void {
    this.#state.write();
    this.#purge.run(queue);
  }

  /** Puts what was kept into the queue: in flight, delayed or visible, as the clock has it. */
  restore(queue: FauxQueue, now: number): void {
    const rows = this.#state.sql
      .prepare(
        `SELECT message, receive_count, first_receive, receipt_handle, visible_at FROM messages
         WHERE queue = ? ORDER BY json_extract(message, '$.sentTimestamp')`,
      )
      .all(queue.name);
    for (const row of rows) {
      const kept = rowSchema.parse(row);
      const message: FauxMessage = {
        ...messageSchema.parse(JSON.parse(kept.message)),
        approximateReceiveCount: kept.receive_count,
        approximateFirstReceiveTimestamp: kept.first_receive ?? undefined,
      };
      const receiptHandle = kept.receipt_handle;
      if (receiptHandle !== null && (kept.visible_at ?? 0) > now) {
        const visibilityDeadline = kept.visible_at ?? 0;
        queue.inflightMessages.set(receiptHandle, { message, receiptHandle, visibilityDeadline });
      } else if ((message.delayUntil ?? 0) > now) {
        queue.delayedMessages.push(message);
      } else {
        queue.messages.push(message);
      }
    }
  }
}
