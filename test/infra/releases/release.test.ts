import { describe, expect, it } from 'vitest';
import type { RawTemplate } from '../support/template-values.ts';
import { lostBetween, missingFor, recordRelease } from './release.ts';

const ACCOUNT = '111111111111';

const DATA: RawTemplate = {
  Resources: {
    Table1: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'people',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'gsi1pk', AttributeType: 'S' },
        ],
      },
    },
    Files1: { Type: 'AWS::S3::Bucket', Properties: { BucketName: `files-${ACCOUNT}` } },
    Queue1: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work', VisibilityTimeout: 30 } },
    Role1: { Type: 'AWS::IAM::Role', Properties: {} },
  },
  Outputs: {
    QueueArn: { Value: { 'Fn::GetAtt': ['Queue1', 'Arn'] }, Export: { Name: 'Data:QueueArn' } },
    Unused: { Value: 'x', Export: { Name: 'Data:Unused' } },
    KeyArn: { Value: { 'Fn::GetAtt': ['Key1', 'Arn'] } },
  },
};
const WEB: RawTemplate = {
  Resources: {
    Function1: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Environment: { QUEUE: { 'Fn::ImportValue': 'Data:QueueArn' } },
        KmsKeyArn: { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'KeyArn' } },
      },
    },
  },
};

const release = (data: RawTemplate, web: RawTemplate = WEB, account = ACCOUNT) =>
  recordRelease(
    [
      { name: 'Data', template: data },
      { name: 'Web', template: web },
    ],
    account,
  );
const withOutputs = (Outputs: RawTemplate['Outputs']): RawTemplate => ({ ...DATA, Outputs: { ...Outputs } });
const withResource = (id: string, change: Readonly<Record<string, unknown>>): RawTemplate => {
  const resource = DATA.Resources[id]!;
  const Properties = { ...resource.Properties, ...change };
  return { ...DATA, Resources: { ...DATA.Resources, [id]: { ...resource, Properties } } };
};
const without = (id: string): RawTemplate => ({
  ...DATA,
  Resources: Object.fromEntries(Object.entries(DATA.Resources).filter(([name]) => name !== id)),
});
const today = release(DATA);

describe('what stacks of one release take from another', () => {
  it('is all there when nothing changed, in either direction', () => {
    expect(missingFor(today, release(DATA))).toEqual([]);
  });

  it('lacks an export that was removed while somebody imports it', () => {
    const { Unused, KeyArn } = DATA.Outputs!;
    expect(missingFor(today, release(withOutputs({ Unused: Unused!, KeyArn: KeyArn! })))).toEqual([
      'The export Data:QueueArn is imported and not there.',
    ]);
  });

  it('lacks an export whose value changed while somebody imports it', () => {
    const changed = { Value: { 'Fn::GetAtt': ['Queue2', 'Arn'] }, Export: { Name: 'Data:QueueArn' } };
    expect(missingFor(today, release(withOutputs({ ...DATA.Outputs, QueueArn: changed })))).toEqual([
      'The export Data:QueueArn is imported and has another value.',
    ]);
  });

  it('does not need an export that nobody imports', () => {
    const { QueueArn, KeyArn } = DATA.Outputs!;
    expect(missingFor(today, release(withOutputs({ QueueArn: QueueArn!, KeyArn: KeyArn! })))).toEqual([]);
  });

  it('lacks an output that is read when the stack is deployed, but may find another value in it', () => {
    const { QueueArn } = DATA.Outputs!;
    expect(missingFor(today, release(withOutputs({ QueueArn: QueueArn! })))).toEqual([
      'The output Data.KeyArn is read and not there.',
    ]);
    const moved = { Value: { 'Fn::GetAtt': ['Key2', 'Arn'] } };
    expect(missingFor(today, release(withOutputs({ ...DATA.Outputs, KeyArn: moved })))).toEqual([]);
  });

  it('shows in the other direction what a release added, which nobody of the older one gives', () => {
    const added = { ...DATA.Outputs, New: { Value: 'x', Export: { Name: 'Data:New' } } };
    const Function2 = {
      Type: 'AWS::Lambda::Function',
      Properties: { Environment: { NEW: { 'Fn::ImportValue': 'Data:New' } } },
    };
    const newer = release(withOutputs(added), { Resources: { ...WEB.Resources, Function2 } });
    expect(missingFor(today, newer)).toEqual([]);
    expect(missingFor(newer, today)).toEqual(['The export Data:New is imported and not there.']);
  });
});

const lostWith = (data: RawTemplate) => lostBetween(today, release(data));

const index = (name: string, key: string) => ({ IndexName: name, KeySchema: [{ AttributeName: key }] });
const withIndexes = (...GlobalSecondaryIndexes: readonly unknown[]) =>
  release(withResource('Table1', { GlobalSecondaryIndexes }));

describe('what is lost between two releases', () => {
  it('is nothing when only what can change in place did, or something was added', () => {
    expect(lostWith(withResource('Queue1', { VisibilityTimeout: 60 }))).toEqual([]);
    expect(lostWith(without('Role1'))).toEqual([]);
    expect(
      lostWith({ ...DATA, Resources: { ...DATA.Resources, Queue2: { Type: 'AWS::SQS::Queue' } } }),
    ).toEqual([]);
  });

  it('is a table with another name, or with another key', () => {
    expect(lostWith(withResource('Table1', { TableName: 'humans' }))).toEqual([
      'Data: Table1 (AWS::DynamoDB::Table) has another TableName.',
    ]);
    expect(
      lostWith(
        withResource('Table1', {
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' }],
        }),
      ),
    ).toEqual([
      'Data: Table1 (AWS::DynamoDB::Table) has another AttributeDefinitions.pk.',
      'Data: Table1 (AWS::DynamoDB::Table) has another KeySchema.',
    ]);
  });

  it('is no table whose indexes come and go', () => {
    const AttributeDefinitions = [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'gsi2pk', AttributeType: 'S' },
    ];
    expect(lostWith(withResource('Table1', { AttributeDefinitions }))).toEqual([]);
  });

  it('is a deployment that makes two indexes, or another one under the name of an index, at once', () => {
    const older = withIndexes(index('one', 'a'));
    expect(lostBetween(older, withIndexes(index('one', 'a'), index('two', 'b')))).toEqual([]);
    for (const newer of [
      withIndexes(index('one', 'a'), index('two', 'b'), index('three', 'c')),
      withIndexes(index('one', 'b')),
    ])
      expect(lostBetween(older, newer)).toEqual([
        'Data: Table1 makes and takes away 2 indexes: one in a deployment.',
      ]);
  });

  it('is a queue that got a property which only another queue can have', () => {
    expect(lostWith(withResource('Queue1', { FifoQueue: true }))).toEqual([
      'Data: Queue1 (AWS::SQS::Queue) has another FifoQueue.',
    ]);
  });

  it('is a resource whose construct was renamed or moved, and one that was removed', () => {
    const moved = { ...without('Files1'), Outputs: DATA.Outputs! };
    const renamed = { ...moved, Resources: { ...moved.Resources, Files2: DATA.Resources['Files1']! } };
    for (const data of [moved, renamed])
      expect(lostWith(data)).toEqual(['Data: Files1 (AWS::S3::Bucket) is gone, or has another logical id.']);
  });

  it('is nothing when a stage moved to its own account before its first deployment', () => {
    const elsewhere = withResource('Files1', { BucketName: 'files-482915730164' });
    expect(lostBetween(today, release(elsewhere, WEB, '482915730164'))).toEqual([]);
  });
});
