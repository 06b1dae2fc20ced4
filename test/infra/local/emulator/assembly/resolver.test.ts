import { describe, expect, it } from 'vitest';
import { resolveIn, stackOf } from './hand-made-stacks.ts';

const main = stackOf('Main', {
  Parameters: { Size: { Type: 'Number', Default: 3 }, Bare: { Type: 'String' } },
  Mappings: { Regions: { 'us-east-1': { short: 'use1' } } },
  Conditions: {
    IsBig: { 'Fn::Equals': [{ Ref: 'Size' }, '3'] },
    IsSmall: { 'Fn::Not': [{ Condition: 'IsBig' }] },
    Both: { 'Fn::And': [{ Condition: 'IsBig' }, { Condition: 'IsSmall' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsBig' }, { Condition: 'IsSmall' }] },
  },
  Resources: {
    Work: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: { 'Fn::Join': ['-', ['work', { Ref: 'Size' }]] } },
    },
    Rows: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'rows' } },
    Absent: { Type: 'AWS::SQS::Queue', Condition: 'IsSmall' },
    Nameless: { Type: 'AWS::SQS::Queue' },
    Odd: { Type: 'AWS::Odd::Thing' },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'app/token' } },
    Circle: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::GetAtt': ['Circle', 'QueueName'] } } },
  },
});
const other = stackOf('Other', {
  Resources: { Rows: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'theirs' } } },
  Outputs: {
    Exported: {
      Value: { 'Fn::GetAtt': ['Rows', 'Arn'] },
      Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Rows' } },
    },
    Weak: { Value: { Ref: 'Rows' } },
  },
});
const stacks = [main, other];

describe('intrinsic functions', () => {
  it.each([
    ['text as it is', 'plain', 'plain'],
    ['numbers and booleans as they are', [1, true, null], [1, true, null]],
    ['Ref of a parameter', { Ref: 'Size' }, 3],
    ['Ref of a queue: its URL', { Ref: 'Work' }, 'https://sqs.us-east-1.amazonaws.com/111122223333/work-3'],
    ['Ref of a table: its name', { Ref: 'Rows' }, 'rows'],
    [
      'Ref of pseudo parameters',
      [{ Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }],
      ['us-east-1', '111122223333'],
    ],
    [
      'the partition, suffix and stack',
      [{ Ref: 'AWS::Partition' }, { Ref: 'AWS::URLSuffix' }, { Ref: 'AWS::StackName' }],
      ['aws', 'amazonaws.com', 'Main'],
    ],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Work', 'Arn'] }, 'arn:aws:sqs:us-east-1:111122223333:work-3'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Rows.Arn' }, 'arn:aws:dynamodb:us-east-1:111122223333:table/rows'],
    ['Join', { 'Fn::Join': ['/', ['a', { Ref: 'Size' }, 'c']] }, 'a/3/c'],
    [
      'Sub with text only',
      { 'Fn::Sub': '${Work.QueueName} in ${AWS::Region}, ${!Literal}' },
      'work-3 in us-east-1, ${Literal}',
    ],
    ['Sub with variables', { 'Fn::Sub': ['${X}/${Rows}', { X: { Ref: 'Size' } }] }, '3/rows'],
    ['Select and Split', { 'Fn::Select': [2, { 'Fn::Split': ['/', 'https://host/path'] }] }, 'host'],
    ['FindInMap', { 'Fn::FindInMap': ['Regions', { Ref: 'AWS::Region' }, 'short'] }, 'use1'],
    ['If, true', { 'Fn::If': ['IsBig', 'yes', 'no'] }, 'yes'],
    ['If, false', { 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
    ['If over Or', { 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
    ['Base64', { 'Fn::Base64': 'abc' }, 'YWJj'],
    ['ToJsonString', { 'Fn::ToJsonString': { table: { Ref: 'Rows' } } }, '{"table":"rows"}'],
    [
      'ImportValue',
      { 'Fn::ImportValue': 'Other:Rows' },
      'arn:aws:dynamodb:us-east-1:111122223333:table/theirs',
    ],
    [
      'GetStackOutput (a weak reference)',
      { 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'Weak' } },
      'theirs',
    ],
    ['deep within objects', { a: { b: [{ Ref: 'Rows' }] } }, { a: { b: ['rows'] } }],
    ['NoValue inside an object', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    ['NoValue inside a list', ['a', { Ref: 'AWS::NoValue' }], ['a']],
    ['NoValue at the top', { Ref: 'AWS::NoValue' }, undefined],
    [
      'a policy Condition, which is no condition of the template',
      { Condition: { Bool: { x: 'y' } } },
      { Condition: { Bool: { x: 'y' } } },
    ],
  ])('resolves %s', (_what, value, expected) => {
    expect(resolveIn(stacks, value)).toEqual(expected);
  });

  it('makes up the same name for a nameless resource every time', () => {
    const name = resolveIn(stacks, { 'Fn::GetAtt': ['Nameless', 'QueueName'] });
    expect(name).toMatch(/^Main-Nameless-[A-Z0-9]{12}$/);
    expect(resolveIn(stacks, { 'Fn::GetAtt': ['Nameless', 'QueueName'] })).toBe(name);
  });

  it.each([
    [
      'a resource that is not there',
      { Ref: 'Missing' },
      'refers to Missing, but the stack has no resource Missing.',
    ],
    [
      'an attribute of one that is not there',
      { 'Fn::GetAtt': ['Missing', 'Arn'] },
      'refers to Missing.Arn, but the stack has no resource Missing.',
    ],
    [
      'a resource whose condition does not hold',
      { Ref: 'Absent' },
      'refers to Absent, but the stack has no resource Absent.',
    ],
    [
      'an attribute that the type does not have',
      { 'Fn::GetAtt': ['Work', 'Colour'] },
      'refers to Work.Colour, which a AWS::SQS::Queue does not have here.',
    ],
    [
      'a type that cannot be referred to',
      { Ref: 'Odd' },
      'refers to Odd, which a AWS::Odd::Thing does not have here.',
    ],
    ['a parameter without a value', { Ref: 'Bare' }, 'refers to the parameter Bare, which has no default.'],
    [
      'an import that nobody exports',
      { 'Fn::ImportValue': 'Nobody' },
      'imports Nobody, which no stack exports.',
    ],
    [
      'an output that is not there',
      { 'Fn::GetStackOutput': { StackName: 'Other', OutputName: 'No' } },
      'reads the output No of Other, which is not there.',
    ],
    [
      'a mapping that is not there',
      { 'Fn::FindInMap': ['Regions', 'eu-west-1', 'short'] },
      'looks up Regions.eu-west-1.short, which is not in the mappings.',
    ],
    ['an item that is not there', { 'Fn::Select': [4, ['a']] }, 'selects item 4, which is not there.'],
    [
      'an unknown function',
      { 'Fn::Cidr': ['10.0.0.0/8', 2] },
      'uses Fn::Cidr, which the local stack cannot resolve.',
    ],
  ])('names stack, resource and property for %s', (_what, value, problem) => {
    expect(() => resolveIn(stacks, { deep: value })).toThrow(
      `Main: Subject (Properties.Value.deep) ${problem}`,
    );
  });

  it('notices a circle', () => {
    expect(() => resolveIn(stacks, { Ref: 'Circle' })).toThrow('refers to Circle.QueueName in a circle');
  });
});

describe('dynamic references to secrets', () => {
  const reference = {
    'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Secret' }, ':SecretString:::}}']],
  };
  const arn = resolveIn(stacks, { Ref: 'Secret' });

  it('stay as they are before the secrets exist', () => {
    expect(resolveIn(stacks, reference)).toBe(`{{resolve:secretsmanager:${String(arn)}:SecretString:::}}`);
  });

  it('become the value of the secret that they name', () => {
    const asked: string[] = [];
    const value = resolveIn(stacks, { a: reference }, (name) => {
      asked.push(name);
      return 'the value';
    });
    expect(value).toEqual({ a: 'the value' });
    expect(asked).toEqual([arn]);
  });

  it('take one field of a JSON secret', () => {
    expect(
      resolveIn(stacks, '{{resolve:secretsmanager:app/db:SecretString:user}}', () => '{"user":"u"}'),
    ).toBe('u');
  });

  it('name the secret that has no value', () => {
    expect(() => resolveIn(stacks, '{{resolve:secretsmanager:app/db}}', () => undefined)).toThrow(
      'Main: Subject (Properties.Value) needs the value of the secret app/db, which has none.',
    );
  });
});
