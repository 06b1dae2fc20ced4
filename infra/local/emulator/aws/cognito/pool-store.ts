import type { Documents } from '../state-database.ts';

/**
 * cognito-local's data store over the state database, in place of its JSON files, which a crash while writing leaves
 * half written. A tree two levels deep: `Options`, `Users/<name>`, `Groups/<name>`, `Clients/<id>`.
 */
export class PoolStore {
  readonly #documents: Documents;
  readonly #collection: string;
  readonly #tree: Record<string, unknown>;

  constructor(documents: Documents, id: string, defaults: Readonly<Record<string, unknown>>) {
    this.#documents = documents;
    this.#collection = `cognito/${id}`;
    this.#tree = structuredClone({ ...defaults });
    for (const { key, value } of documents.list(this.#collection)) {
      const [first = '', ...rest] = key.split('/');
      this.#place(rest.length === 0 ? [first] : [first, rest.join('/')], revived(value));
    }
  }

  getRoot(): Promise<unknown> {
    return Promise.resolve(this.#tree);
  }

  get(_context: unknown, key: string | readonly string[], defaultValue?: unknown): Promise<unknown> {
    let value: unknown = this.#tree;
    for (const part of pathOf(key)) value = isTree(value) ? value[part] : undefined;
    return Promise.resolve(value ?? defaultValue ?? null);
  }

  set(_context: unknown, key: string | readonly string[], value: unknown): Promise<void> {
    const path = pathOf(key);
    this.#place(path, value);
    this.#documents.put(this.#collection, path.join('/'), value);
    return Promise.resolve();
  }

  delete(_context: unknown, key: string | readonly string[]): Promise<void> {
    const path = pathOf(key);
    const [first = '', second] = path;
    if (second === undefined) delete this.#tree[first];
    else if (isTree(this.#tree[first])) delete this.#tree[first][second];
    this.#documents.delete(this.#collection, path.join('/'));
    return Promise.resolve();
  }

  #place(path: readonly string[], value: unknown): void {
    const [first = '', second] = path;
    if (second === undefined) {
      this.#tree[first] = value;
      return;
    }
    const branch = this.#tree[first];
    this.#tree[first] = { ...(isTree(branch) ? branch : {}), [second]: value };
  }
}

function pathOf(key: string | readonly string[]): readonly string[] {
  return typeof key === 'string' ? [key] : key;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** cognito-local expects dates wherever a name ends with `Date`. */
function revived(value: unknown): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(value), (key: string, part: unknown) =>
    key.endsWith('Date') && typeof part === 'string' ? new Date(part) : part,
  );
  return copy;
}
