/** A CloudFormation template, as far as these tests read it. */
export interface RawTemplate {
  readonly Resources: Readonly<Record<string, RawResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>
  >;
}

export interface RawResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

/** A property that is a text, or what stands in for it. */
export const textOr = (value: unknown, otherwise: string): string =>
  typeof value === 'string' ? value : otherwise;

type Attribute = (id: string, properties: Readonly<Record<string, unknown>>, place: Place) => string;

/** ARNs and references as AWS forms them; what is not listed becomes `<logical id>` or `<logical id.attribute>`. */
const ARNS: Readonly<Record<string, Attribute>> = {
  'AWS::DynamoDB::Table': (_, { TableName }, { account, region }) =>
    `arn:aws:dynamodb:${region}:${account}:table/${String(TableName)}`,
  'AWS::SQS::Queue': (_, { QueueName }, { account, region }) =>
    `arn:aws:sqs:${region}:${account}:${String(QueueName)}`,
  'AWS::KMS::Key': (id, _, { account, region }) => `arn:aws:kms:${region}:${account}:key/${id}`,
  'AWS::SecretsManager::Secret': (_, { Name }, { account, region }) =>
    `arn:aws:secretsmanager:${region}:${account}:secret:${String(Name)}-a1B2c3`,
  'AWS::Lambda::Function': (id, { FunctionName }, { account, region }) =>
    `arn:aws:lambda:${region}:${account}:function:${textOr(FunctionName, id)}`,
  'AWS::IAM::Role': (id, _, { account }) => `arn:aws:iam::${account}:role/${id}`,
  'AWS::Logs::LogGroup': (_, { LogGroupName }, { account, region }) =>
    `arn:aws:logs:${region}:${account}:log-group:${String(LogGroupName)}:*`,
  'AWS::Cognito::UserPool': (id, _, { account, region }) =>
    `arn:aws:cognito-idp:${region}:${account}:userpool/${id}`,
  'AWS::S3::Bucket': (id, { BucketName }) => `arn:aws:s3:::${textOr(BucketName, id.toLowerCase())}`,
  'AWS::Scheduler::ScheduleGroup': (_, { Name }, { account, region }) =>
    `arn:aws:scheduler:${region}:${account}:schedule-group/${String(Name)}`,
  'AWS::SNS::Topic': (_, { TopicName }, { account, region }) =>
    `arn:aws:sns:${region}:${account}:${String(TopicName)}`,
  'AWS::WAFv2::WebACL': (id, _, { account, region }) =>
    `arn:aws:wafv2:${region}:${account}:global/webacl/${id}/${id}`,
};

const PSEUDO_PARAMETERS: Readonly<Record<string, (place: Place) => string>> = {
  'AWS::Partition': () => 'aws',
  'AWS::AccountId': ({ account }) => account,
  'AWS::Region': ({ region }) => region,
};

const REFERENCES: Readonly<Record<string, Attribute>> = {
  'AWS::DynamoDB::Table': (_, { TableName }) => String(TableName),
  'AWS::SQS::Queue': (_, { QueueName }, { account, region }) =>
    `https://sqs.${region}.amazonaws.com/${account}/${String(QueueName)}`,
  'AWS::Lambda::Function': (id, { FunctionName }) => textOr(FunctionName, id),
  'AWS::S3::Bucket': (id, { BucketName }) => textOr(BucketName, id.toLowerCase()),
  'AWS::SecretsManager::Secret': ARNS['AWS::SecretsManager::Secret']!,
  'AWS::SNS::Topic': ARNS['AWS::SNS::Topic']!,
};

/**
 * Replaces intrinsic functions by values, over all stacks of a stage.
 *
 * @throws {Error} for a function that is not known here, and for a reference to something that does not exist
 */
export function createResolver(templates: Readonly<Record<string, RawTemplate>>, place: Place) {
  const exported = new Map<string, { readonly stack: string; readonly value: unknown }>();
  for (const [stack, { Outputs = {} }] of Object.entries(templates)) {
    for (const { Value, Export } of Object.values(Outputs)) {
      if (Export !== undefined) exported.set(Export.Name, { stack, value: Value });
    }
  }

  const attribute = (stack: string, id: string, name: string): string => {
    const pseudo = PSEUDO_PARAMETERS[id];
    if (pseudo !== undefined) return pseudo(place);
    const resource = templates[stack]?.Resources[id];
    if (resource === undefined) throw new Error(`${stack} refers to ${id}, which it does not have.`);
    const known =
      name === 'Ref' ? REFERENCES[resource.Type] : name === 'Arn' ? ARNS[resource.Type] : undefined;
    return known?.(id, resource.Properties ?? {}, place) ?? (name === 'Ref' ? `<${id}>` : `<${id}.${name}>`);
  };

  const resolve = (stack: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => resolve(stack, item));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? ['', undefined];
    if (entries.length !== 1 || (name !== 'Ref' && !name.startsWith('Fn::'))) {
      return Object.fromEntries(entries.map(([key, item]) => [key, resolve(stack, item)]));
    }
    if (name === 'Ref') return attribute(stack, String(argument), 'Ref');
    if (name === 'Fn::GetAtt') {
      const [id, attributeName] = argument as [string, string];
      return attribute(stack, id, attributeName);
    }
    if (name === 'Fn::Join') {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => String(resolve(stack, part))).join(separator);
    }
    if (name === 'Fn::ImportValue') {
      const source = exported.get(String(argument));
      if (source === undefined)
        throw new Error(`${stack} imports ${String(argument)}, which nothing exports.`);
      return resolve(source.stack, source.value);
    }
    if (name === 'Fn::GetStackOutput') {
      const { StackName, OutputName } = argument as { StackName: string; OutputName: string };
      const output = templates[StackName]?.Outputs?.[OutputName];
      if (output === undefined)
        throw new Error(`${stack} reads ${OutputName} of ${StackName}, which does not give it.`);
      return resolve(StackName, output.Value);
    }
    throw new Error(`${stack} uses ${name}, which the tests do not know.`);
  };
  return resolve;
}
