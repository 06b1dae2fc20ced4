import type { SynthesizedStack } from '../support/synthesized-stage.ts';

/** What one stack of a release gives to other stacks, takes from them, and keeps. */
export interface ReleasedStack {
  /** Values by the names of exports. */
  readonly exports: Readonly<Record<string, string>>;
  /** Outputs without an export, by `<stack>.<output>`. */
  readonly outputs: readonly string[];
  readonly imports: readonly string[];
  /** Outputs of other stacks. */
  readonly reads: readonly string[];
  readonly keeps: Readonly<Record<string, KeptResource>>;
}

interface KeptResource {
  readonly type: string;
  /** Properties whose change makes CloudFormation replace the resource, or fail. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Of a table, which takes one new or one gone in a deployment. */
  readonly indexes?: readonly string[];
}

/** Stacks by their names. */
export type Release = Readonly<Record<string, ReleasedStack>>;

/**
 * Types that something is lost with, and the properties that "Update requires: Replacement" is said of in the
 * CloudFormation reference, with those that refuse a change or make a new value of it.
 */
const KEEPS: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudFront::Distribution': [],
  'AWS::Cognito::UserPool': ['AliasAttributes', 'Schema', 'UsernameAttributes', 'UsernameConfiguration'],
  'AWS::Cognito::UserPoolClient': ['GenerateSecret'],
  'AWS::Cognito::UserPoolGroup': ['GroupName'],
  'AWS::DynamoDB::Table': ['AttributeDefinitions', 'KeySchema', 'LocalSecondaryIndexes', 'TableName'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SNS::Topic': ['FifoTopic', 'TopicName'],
  'AWS::SQS::Queue': ['FifoQueue', 'QueueName'],
  // Another way of making its value makes another value.
  'AWS::SecretsManager::Secret': ['GenerateSecretString', 'Name'],
  // Schedules that admins made are in it.
  'AWS::Scheduler::ScheduleGroup': ['Name'],
};

/** Lists that may grow and shrink, while what stays in them stays as it is; by what an entry is named with. */
const ENTRY_NAMES: Readonly<Record<string, string>> = {
  AttributeDefinitions: 'AttributeName',
  Schema: 'Name',
};

/** @param account the stage's, which is no part of a release */
export function recordRelease(
  stacks: readonly Pick<SynthesizedStack, 'name' | 'template'>[],
  account: string,
): Release {
  const text = (value: unknown): string => JSON.stringify(value).replaceAll(account, '<account>');
  return Object.fromEntries(
    stacks.map(({ name, template }): [string, ReleasedStack] => {
      const outputs = Object.entries(template.Outputs ?? {});
      const taken = [...referencesIn(template.Resources)];
      return [
        name,
        {
          exports: Object.fromEntries(
            outputs.flatMap(([, { Value, Export }]) =>
              Export === undefined ? [] : [[Export.Name, text(Value)] as const],
            ),
          ),
          outputs: outputs.flatMap(([output, { Export }]) =>
            Export === undefined ? [`${name}.${output}`] : [],
          ),
          imports: unique(taken.filter(({ kind }) => kind === 'import')),
          reads: unique(taken.filter(({ kind }) => kind === 'read')),
          keeps: Object.fromEntries(
            Object.entries(template.Resources).flatMap(([id, { Type, Properties = {} }]) => {
              const fixed = KEEPS[Type];
              if (fixed === undefined) return [];
              const { GlobalSecondaryIndexes: indexes } = Properties;
              return [
                [
                  id,
                  {
                    type: Type,
                    fixed: fixedOf(Properties, fixed, text),
                    ...(Array.isArray(indexes) ? { indexes: indexes.map(text) } : {}),
                  },
                ],
              ];
            }),
          ),
        },
      ];
    }),
  );
}

interface Reference {
  readonly kind: 'import' | 'read';
  readonly name: string;
}

const unique = (references: readonly Reference[]): readonly string[] =>
  [...new Set(references.map(({ name }) => name))].toSorted();

function* referencesIn(value: unknown): Generator<Reference> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'Fn::ImportValue') yield { kind: 'import', name: String(item) };
    else if (key === 'Fn::GetStackOutput') {
      const { StackName, OutputName } = item as { readonly StackName: string; readonly OutputName: string };
      yield { kind: 'read', name: `${StackName}.${OutputName}` };
    } else yield* referencesIn(item);
  }
}

function fixedOf(
  properties: Readonly<Record<string, unknown>>,
  names: readonly string[],
  text: (value: unknown) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = properties[name];
      const entryName = ENTRY_NAMES[name];
      if (value === undefined) return [];
      if (entryName === undefined || !Array.isArray(value)) return [[name, text(value)]];
      return value.map((entry: Readonly<Record<string, unknown>>) => [
        `${name}.${String(entry[entryName])}`,
        text(entry),
      ]);
    }),
  );
}

/**
 * What stacks of one release could not take from those of another: while a release is deployed, stacks of the older one
 * stand beside producers of the newer one; the other way round when it is taken back in the same order.
 */
export function missingFor(takers: Release, givers: Release): readonly string[] {
  const ofTakers = Object.values(takers);
  const ofGivers = Object.values(givers);
  const before: Readonly<Record<string, string>> = Object.assign(
    {},
    ...ofTakers.map((stack) => stack.exports),
  );
  const now: Readonly<Record<string, string>> = Object.assign({}, ...ofGivers.map((stack) => stack.exports));
  const outputs = new Set(ofGivers.flatMap((stack) => stack.outputs));
  return [...new Set(ofTakers.flatMap((stack) => stack.imports))]
    .flatMap((name) => {
      if (now[name] === undefined) return [`The export ${name} is imported and not there.`];
      return now[name] === before[name] ? [] : [`The export ${name} is imported and has another value.`];
    })
    .concat(
      [...new Set(ofTakers.flatMap((stack) => stack.reads))]
        .filter((name) => !outputs.has(name))
        .map((name) => `The output ${name} is read and not there.`),
    );
}

/** Resources of the older release that the newer one would replace, take away with what is in them, or fail at. */
export function lostBetween(older: Release, newer: Release): readonly string[] {
  return Object.entries(older).flatMap(([stack, { keeps }]) =>
    Object.entries(keeps).flatMap(([id, was]) => {
      const is = newer[stack]?.keeps[id];
      if (is === undefined) return [`${stack}: ${id} (${was.type}) is gone, or has another logical id.`];
      if (is.type !== was.type) return [`${stack}: ${id} was a ${was.type} and is a ${is.type}.`];
      const indexes = notIn(was.indexes, is.indexes) + notIn(is.indexes, was.indexes);
      const changed = changesOf(was.fixed, is.fixed).map(
        (name) => `${stack}: ${id} (${was.type}) has another ${name}.`,
      );
      return indexes > 1
        ? changed.concat(`${stack}: ${id} makes and takes away ${indexes} indexes: one in a deployment.`)
        : changed;
    }),
  );
}

/** Of a list whose entries come and go. */
const isEntry = (name: string): boolean => name.includes('.');

const notIn = (some: readonly string[] = [], others: readonly string[] = []): number =>
  some.filter((one) => !others.includes(one)).length;

function changesOf(
  was: Readonly<Record<string, string>>,
  is: Readonly<Record<string, string>>,
): readonly string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) =>
      was[name] !== is[name] && !(isEntry(name) && (was[name] === undefined || is[name] === undefined)),
  );
}
