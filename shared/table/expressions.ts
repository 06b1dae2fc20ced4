/**
 * Builds the expressions of DynamoDB's commands with their names and values. Functions such as `equals` and `set` make
 * parts; `query`, `condition` and `update` make of parts what is spread into the input of one command. One of them per
 * command: a second one would take the place of the first one's names and values.
 *
 * Every attribute gets a placeholder, so that reserved words need no care, and a name is never read as a path: an
 * attribute inside maps is given as a list of names. There is nothing here that DynamoDB lacks, and of what it has only
 * what the repositories use. It refuses an expression of more than 4 KB and an update with a path twice.
 */
import { INDEXES, type PARTITION_KEY, type SORT_KEY } from './keys.ts';

/** An attribute, or one inside maps: `['counts', 'added']`. */
type Path = string | readonly [string, string, ...string[]];

/** What an attribute can be set to or compared with; `undefined` would leave a placeholder without a value. */
export type AttributeValue = string | number | boolean | object | null;

interface Placeholders {
  readonly name: (path: Path) => string;
  readonly value: (value: AttributeValue) => string;
}
type Render = (placeholders: Placeholders) => string;

/** Holds or does not hold for an item. */
export interface Condition {
  readonly test: Render;
  /** Needs parentheses inside another one. */
  readonly compound?: boolean;
}

/** The types know attribute and operator, so that a query takes none but those it can take. */
interface Comparison<P extends Path, Operator extends string> extends Condition {
  readonly path: P;
  readonly operator: Operator;
}

export interface Change {
  readonly clause: 'SET' | 'REMOVE' | 'ADD';
  readonly action: Render;
}

class OtherAttribute {
  constructor(readonly path: Path) {}
}

/** Instead of a value: compares with what another attribute of the item holds. */
export const attribute = (path: Path): AttributeValue => new OtherAttribute(path);

const comparison =
  <const Operator extends string>(operator: Operator) =>
  <const P extends Path>(path: P, value: AttributeValue): Comparison<P, Operator> => ({
    path,
    operator,
    test: (placeholders) => `${placeholders.name(path)} ${operator} ${placeholders.value(value)}`,
  });

export const equals = comparison('=');
/** Holds also where the attribute is missing. */
export const notEquals = comparison('<>');
export const lessThan = comparison('<');
export const atMost = comparison('<=');
export const greaterThan = comparison('>');

/** Both ends are in it. */
export const between = <const P extends Path>(
  path: P,
  from: AttributeValue,
  to: AttributeValue,
): Comparison<P, 'between'> => ({
  path,
  operator: 'between',
  test: ({ name, value }) => `${name(path)} BETWEEN ${value(from)} AND ${value(to)}`,
});

export const beginsWith = <const P extends Path>(path: P, prefix: string): Comparison<P, 'beginsWith'> => ({
  path,
  operator: 'beginsWith',
  test: ({ name, value }) => `begins_with(${name(path)}, ${value(prefix)})`,
});

/** At most 100 values. */
export const isOneOf = (path: Path, values: readonly [AttributeValue, ...AttributeValue[]]): Condition => ({
  test: ({ name, value }) => `${name(path)} IN (${values.map(value).join(', ')})`,
});

/** An attribute that holds null exists. */
export const exists = (path: Path): Condition => ({ test: ({ name }) => `attribute_exists(${name(path)})` });

export const notExists = (path: Path): Condition => ({
  test: ({ name }) => `attribute_not_exists(${name(path)})`,
});

const joined =
  (word: 'AND' | 'OR') =>
  (first: Condition, ...others: readonly (Condition | undefined)[]): Condition => {
    const parts = [first, ...others.filter((other) => other !== undefined)];
    const inside = (part: Condition, placeholders: Placeholders) =>
      part.compound === true ? `(${part.test(placeholders)})` : part.test(placeholders);
    return parts.length === 1
      ? first
      : {
          compound: true,
          test: (placeholders) => parts.map((part) => inside(part, placeholders)).join(` ${word} `),
        };
  };

/** Parts that are undefined fall away; the first is always there, so that nothing passes for a condition. */
export const and = joined('AND');
/** As `and`. */
export const or = joined('OR');

const assign = (path: Path, to: Render): Change => ({
  clause: 'SET',
  action: (placeholders) => `${placeholders.name(path)} = ${to(placeholders)}`,
});

export const set = (path: Path, to: AttributeValue): Change => assign(path, ({ value }) => value(to));

/** Several attributes, none of them inside another; those that are undefined are left alone. */
export const setAll = (attributes: Readonly<Record<string, AttributeValue | undefined>>): readonly Change[] =>
  Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [set(name, value)]));

/** Leaves alone what is there. */
export const setIfAbsent = (path: Path, to: AttributeValue): Change =>
  assign(path, ({ name, value }) => `if_not_exists(${name(path)}, ${value(to)})`);

/** Counts from 0 where there is no number yet; the map around it has to be there. */
export const increment = (path: Path, by: number): Change =>
  assign(path, ({ name, value }) => `if_not_exists(${name(path)}, ${value(0)}) + ${value(by)}`);

/** The same for an attribute that is not inside a map; the item need not be there. */
export const add = (name: string, by: number): Change => ({
  clause: 'ADD',
  action: (placeholders) => `${placeholders.name(name)} ${placeholders.value(by)}`,
});

export const remove = (...paths: readonly [Path, ...Path[]]): Change => ({
  clause: 'REMOVE',
  action: ({ name }) => paths.map(name).join(', '),
});

/** One placeholder for each key, however often it is asked for. */
function placeholdersOf<Key>(make: (key: Key, index: number) => string) {
  const made = new Map<Key, string>();
  return {
    of: (key: Key): string => {
      const placeholder = made.get(key) ?? make(key, made.size);
      made.set(key, placeholder);
      return placeholder;
    },
    keys: () => Object.fromEntries([...made].map(([key, placeholder]) => [placeholder, key])),
  };
}

/** A name that can be its own placeholder; the others' begin with an underscore, so that no two are alike. */
const SPEAKING = /^[A-Za-z]\w{0,99}$/;

/** Expressions with exactly the names and values that they use: DynamoDB refuses more as well as less. */
function withPlaceholders<Expressions extends object>(write: (placeholders: Placeholders) => Expressions) {
  const names = placeholdersOf<string>((name, index) => (SPEAKING.test(name) ? `#${name}` : `#_${index}`));
  const values = placeholdersOf<AttributeValue>((_value, index) => `:v${index}`);
  const name = (path: Path) => [path].flat().map(names.of).join('.');
  const expressions = write({
    name,
    value: (value) => (value instanceof OtherAttribute ? name(value.path) : values.of(value)),
  });
  const used = values.keys();
  return {
    ...expressions,
    ExpressionAttributeNames: names.keys(),
    ...(Object.keys(used).length === 0 ? {} : { ExpressionAttributeValues: used }),
  };
}

type KeyPair =
  | { readonly partitionKey: typeof PARTITION_KEY; readonly sortKey: typeof SORT_KEY }
  | (typeof INDEXES)[keyof typeof INDEXES];
type PartitionKey = KeyPair['partitionKey'];
type SortKeyOf<P extends PartitionKey> = Extract<KeyPair, { readonly partitionKey: P }>['sortKey'];
type SortOperator = '=' | '<' | '<=' | '>' | 'between' | 'beginsWith';

/**
 * For a query, of the index whose partition key is compared. `filter` sorts out what was read and paid for already;
 * without `fields` items are whole.
 */
export const query = <P extends PartitionKey>(
  partition: Comparison<P, '='>,
  sort?: Comparison<SortKeyOf<P>, SortOperator>,
  { filter, fields }: { readonly filter?: Condition; readonly fields?: readonly string[] } = {},
) => {
  const index = Object.values(INDEXES).find(({ partitionKey }) => partitionKey === partition.path);
  return withPlaceholders((placeholders) => ({
    ...(index === undefined ? {} : { IndexName: index.name }),
    KeyConditionExpression: (sort === undefined ? partition : and(partition, sort)).test(placeholders),
    ...(filter === undefined ? {} : { FilterExpression: filter.test(placeholders) }),
    ...(fields === undefined ? {} : { ProjectionExpression: fields.map(placeholders.name).join(', ') }),
  }));
};

/** For a put, a deletion or a check: it is refused when the condition does not hold for the item there is. */
export const condition = (when: Condition) =>
  withPlaceholders((placeholders) => ({ ConditionExpression: when.test(placeholders) }));

/** For an update; changes that are undefined fall away, and DynamoDB refuses an update without any. */
export const update = (
  changes: readonly (Change | readonly Change[] | undefined)[],
  { when }: { readonly when?: Condition | undefined } = {},
) =>
  withPlaceholders((placeholders) => {
    const all = changes.flat().filter((change) => change !== undefined);
    const clauses = [...Map.groupBy(all, ({ clause }) => clause)].map(
      ([clause, those]) => `${clause} ${those.map(({ action }) => action(placeholders)).join(', ')}`,
    );
    return {
      UpdateExpression: clauses.join(' '),
      ...(when === undefined ? {} : { ConditionExpression: when.test(placeholders) }),
    };
  });
