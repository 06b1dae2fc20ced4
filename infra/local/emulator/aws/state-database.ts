import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** JSON documents by collection and key, written through to disk. */
export interface Documents {
  get(collection: string, key: string): unknown;
  /** In the order of their keys. */
  list(collection: string): readonly { readonly key: string; readonly value: unknown }[];
  put(collection: string, key: string, value: unknown): void;
  delete(collection: string, key: string): void;
}

/**
 * One SQLite file for everything the stand-ins keep, locked for as long as it is open, so that two stacks never share
 * a state folder; the lock dies with the process. Writes of one tick become one transaction, committed before the
 * event loop goes on, so that what was answered is on disk and a message that moves between queues is in one of them.
 * Survives `kill -9` (WAL without a flush per commit), not a power cut.
 */
export class StateDatabase implements Documents {
  readonly #database: DatabaseSync;
  readonly #get: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  #inTransaction = false;

  /** @throws {Error} when another process has the folder open */
  constructor(directory: string) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#database = new DatabaseSync(join(directory, 'aws.db'));
    try {
      this.#database.exec(`
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS documents (
          collection TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (collection, key)
        ) WITHOUT ROWID;
        BEGIN IMMEDIATE; COMMIT;
      `);
    } catch (error) {
      this.#database.close();
      throw new Error(`${directory} is in use by another local stack, or cannot be written.`, {
        cause: error,
      });
    }
    this.#get = this.#database.prepare('SELECT json FROM documents WHERE collection = ? AND key = ?');
    this.#list = this.#database.prepare('SELECT key, json FROM documents WHERE collection = ? ORDER BY key');
    this.#put = this.#database.prepare(
      'INSERT OR REPLACE INTO documents (collection, key, json) VALUES (?, ?, ?)',
    );
    this.#delete = this.#database.prepare('DELETE FROM documents WHERE collection = ? AND key = ?');
  }

  /** For stand-ins that keep tables of their own. Call {@link write} before each change. */
  get sql(): DatabaseSync {
    return this.#database;
  }

  /** Opens the transaction of this tick, unless it is open. */
  write(): void {
    if (this.#inTransaction) return;
    this.#database.exec('BEGIN');
    this.#inTransaction = true;
    queueMicrotask(() => {
      this.commit();
    });
  }

  /** Commits what this tick has written so far. */
  commit(): void {
    if (!this.#inTransaction) return;
    this.#inTransaction = false;
    this.#database.exec('COMMIT');
  }

  get(collection: string, key: string): unknown {
    const row = this.#get.get(collection, key);
    return row === undefined ? undefined : parseJson(row['json']);
  }

  list(collection: string): readonly { readonly key: string; readonly value: unknown }[] {
    return this.#list
      .all(collection)
      .map((row) => ({ key: String(row['key']), value: parseJson(row['json']) }));
  }

  put(collection: string, key: string, value: unknown): void {
    this.write();
    this.#put.run(collection, key, JSON.stringify(value));
  }

  delete(collection: string, key: string): void {
    this.write();
    this.#delete.run(collection, key);
  }

  close(): void {
    if (!this.#database.isOpen) return;
    this.commit();
    this.#database.close();
  }
}

function parseJson(text: unknown): unknown {
  const value: unknown = JSON.parse(String(text));
  return value;
}
