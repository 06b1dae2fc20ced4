import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Table } from '#shared/table/table.ts';

/**
 * Finds people in what leaves the product's functions. Nobody lists the people: they are collected from wherever a stack
 * keeps them (rows of coaches and competitors when it starts and when it ends, accounts of the simulator) and from what
 * a test sends. Whoever was made by a form of the browser and erased before the end is not known.
 */

/** Rows that hold what people typed in, by type. All others hold ids (`docs/data-model.md`). */
const MAY_NAME_PEOPLE: ReadonlySet<string> = new Set([
  'competitor',
  'name',
  'coach',
  'identity',
  'team',
  'import',
  'import_chunk',
]);

const text = z.string().nullish().catch(undefined);
/** Whatever fields of a row, a request or an account name somebody. */
const personSchema = z.looseObject({
  firstName: text,
  lastName: text,
  name: text,
  guardianName: text,
  email: text,
  schoolEmail: text,
  guardianEmail: text,
  platform: z.looseObject({ username: text }).nullish().catch(undefined),
  username: text,
});

/** Shorter last names are too often a word, a code or a part of an id. */
const LAST_NAME_LETTERS = 5;
const USERNAME_LETTERS = 6;

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const wordsOf = (of: string): string[] => of.toLowerCase().match(WORD) ?? [];

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let sources: string | undefined;
const ownSources = (): string =>
  (sources ??= globSync('{shared,functions}/**/*.ts', { cwd: ROOT })
    .map((file) => readFileSync(`${ROOT}/${file}`, 'utf8'))
    .join('\n'));
let vocabulary: ReadonlySet<string> | undefined;
/** Words of the product's own code: in a log, a last name that is one of them tells nothing. */
const ownWords = (): ReadonlySet<string> =>
  (vocabulary ??= new Set(wordsOf(ownSources().replaceAll(/([a-z])([A-Z])/g, '$1 $2'))));

export interface Leak {
  /** Where it was: `log`, `trace`, `message`, `row job`. */
  readonly where: string;
  readonly what: string;
}

/** A test's own address anywhere, whoever it belongs to; but for the examples in the product's sentences. */
const TEST_ADDRESS = /[\w.+-]+@(?:[\w-]+\.)*(?:example(?:\.(?:com|org|net|edu))?|test|invalid)\b/giu;

export class PersonalData {
  readonly #needles = new Map<string, readonly string[]>();

  get size(): number {
    return this.#needles.size;
  }

  /** Whole names, addresses and user names as they are; a last name alone as a word that the product does not know. */
  note(record: unknown): void {
    const person = personSchema.safeParse(record).data;
    if (person === undefined) return;
    const { firstName, lastName, name, guardianName, email, schoolEmail, guardianEmail } = person;
    if (firstName && lastName) {
      this.#add(`${firstName} ${lastName}`);
      this.#add(`${lastName}, ${firstName}`);
    }
    if (lastName && lastName.length >= LAST_NAME_LETTERS) this.#addWord(lastName);
    for (const whole of [name, guardianName]) if (whole && wordsOf(whole).length > 1) this.#add(whole);
    for (const address of [email, schoolEmail, guardianEmail]) if (address?.includes('@')) this.#add(address);
    const username = person.platform?.username ?? person.username;
    if (username && username.length >= USERNAME_LETTERS) this.#addWord(username);
  }

  #add(whole: string): void {
    const words = wordsOf(whole);
    if (words.length > 0) this.#needles.set(whole.toLowerCase(), words);
  }

  #addWord(word: string): void {
    const words = wordsOf(word);
    if (!words.every((one) => ownWords().has(one))) this.#add(word);
  }

  /** Each person that is in one of the texts, once for each kind of place. */
  find(texts: ReadonlyMap<string, readonly string[]>): Leak[] {
    return [...texts].flatMap(([where, lines]) => {
      // Most needles have a word that is nowhere, so that few have to be looked for in the whole text.
      const words = new Set(lines.flatMap(wordsOf));
      const whole = lines.join('\n').toLowerCase();
      const known = [...this.#needles]
        .filter(([needle, parts]) => parts.every((part) => words.has(part)) && standsAlone(whole, needle))
        .map(([needle]) => needle);
      const addresses = [...new Set(whole.match(TEST_ADDRESS) ?? [])];
      const others = addresses.filter((address) => !ownSources().includes(address));
      return [...new Set([...known, ...others])].map((what) => ({ where, what }));
    });
  }
}

const LETTER = /[\p{L}\p{M}\p{N}]/u;
/** Whether it is there as words of its own, not as a part of a longer one. */
function standsAlone(whole: string, needle: string): boolean {
  for (let at = whole.indexOf(needle); at !== -1; at = whole.indexOf(needle, at + 1)) {
    const [before, after] = [whole.charAt(at - 1), whole.charAt(at + needle.length)];
    if (!LETTER.test(before) && !LETTER.test(after)) return true;
  }
  return false;
}

/** Every row of a table. */
export async function allRows({ client, name }: Table): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({
        TableName: name,
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    rows.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return rows;
}

/** Whom the rows name. */
export function notePeople(people: PersonalData, rows: readonly Readonly<Record<string, unknown>>[]): void {
  for (const row of rows) {
    if (['competitor', 'coach', 'identity'].includes(String(row['type']))) people.note(row);
  }
}

/** The rows that must not name anybody, as texts by their type. */
export function namelessRows(rows: readonly Readonly<Record<string, unknown>>[]): Map<string, string[]> {
  const texts = new Map<string, string[]>();
  for (const row of rows) {
    const type = String(row['type']);
    if (MAY_NAME_PEOPLE.has(type)) continue;
    const key = `row ${type}`;
    const lines = texts.get(key) ?? [];
    lines.push(JSON.stringify(row));
    texts.set(key, lines);
  }
  return texts;
}
