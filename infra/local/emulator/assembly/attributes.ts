import { createHash } from 'node:crypto';

/** One resource as its attributes see it. */
export interface AttributeSubject {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
  readonly logicalId: string;
  /** A resolved text property; undefined when the template does not give it. */
  text(property: string): string | undefined;
}

type Attribute = (subject: AttributeSubject) => string;

interface TypeAttributes {
  /** What `Ref` gives. */
  readonly ref: Attribute;
  /** What `Fn::GetAtt` gives, by attribute. */
  readonly attributes: Readonly<Record<string, Attribute>>;
}

const named =
  (property: string): Attribute =>
  (subject) =>
    subject.text(property) ?? generatedName(subject.stackName, subject.logicalId);

const id =
  (length: number, prefix = ''): Attribute =>
  (subject) =>
    prefix + stableId(length, subject.stackName, subject.logicalId);

const arn =
  (service: string, resource: Attribute): Attribute =>
  (subject) =>
    `arn:aws:${service}:${subject.region}:${subject.accountId}:${resource(subject)}`;

const globalArn =
  (service: string, resource: Attribute): Attribute =>
  (subject) =>
    `arn:aws:${service}::${subject.accountId}:${resource(subject)}`;

const within =
  (prefix: string, name: Attribute, suffix = ''): Attribute =>
  (subject) =>
    prefix + name(subject) + suffix;

const functionName = named('FunctionName');
const roleName = named('RoleName');
const queueName = named('QueueName');
const tableName = named('TableName');
const logGroupName = named('LogGroupName');
const groupName = named('Name');
const topicName = named('TopicName');
const alarmName = named('AlarmName');
const bucketName: Attribute = (subject) => named('BucketName')(subject).toLowerCase().slice(0, 63);
const userPoolId: Attribute = (subject) =>
  `${subject.region}_${stableId(9, subject.stackName, subject.logicalId)}`;
const userPoolHost: Attribute = (subject) =>
  `cognito-idp.${subject.region}.amazonaws.com/${userPoolId(subject)}`;
const keyId: Attribute = (subject) => stableUuid(subject.stackName, subject.logicalId);
const apiId = id(10);
const distributionId: Attribute = (subject) =>
  `E${stableId(13, subject.stackName, subject.logicalId).toUpperCase()}`;
const webAclId: Attribute = (subject) => stableUuid(subject.stackName, subject.logicalId);
const secretName = named('Name');
/** Secrets Manager ends the ARN with six letters of its own. */
const secretArn = arn('secretsmanager', (subject) => {
  const name = secretName(subject);
  return `secret:${name}-${stableId(6, name)}`;
});
const cloudFrontFunctionArn = globalArn('cloudfront', within('function/', groupName));
const managedPolicyArn = globalArn('iam', within('policy/', named('ManagedPolicyName')));

const table: TypeAttributes = {
  ref: tableName,
  attributes: {
    Arn: arn('dynamodb', within('table/', tableName)),
    TableId: keyId,
  },
};

const plainId = (length: number, ...names: readonly string[]): TypeAttributes => ({
  ref: id(length),
  attributes: Object.fromEntries(names.map((name) => [name, id(length)])),
});

/** Everything that the CDK app may refer to, with the forms that AWS gives. Other types cannot be referred to. */
const TYPES: Readonly<Record<string, TypeAttributes>> = {
  'AWS::ApiGatewayV2::Api': {
    ref: apiId,
    attributes: {
      ApiId: apiId,
      ApiEndpoint: (subject) => `https://${apiId(subject)}.execute-api.${subject.region}.amazonaws.com`,
    },
  },
  'AWS::ApiGatewayV2::Authorizer': plainId(6, 'AuthorizerId'),
  'AWS::ApiGatewayV2::Integration': plainId(7, 'IntegrationId'),
  'AWS::ApiGatewayV2::Route': plainId(7, 'RouteId'),
  'AWS::ApiGatewayV2::Stage': { ref: named('StageName'), attributes: {} },
  'AWS::CloudFront::CachePolicy': plainId(20, 'Id'),
  'AWS::CloudFront::Distribution': {
    ref: distributionId,
    attributes: { Id: distributionId, DomainName: within('', id(13, 'd'), '.cloudfront.net') },
  },
  'AWS::CloudFront::Function': {
    ref: cloudFrontFunctionArn,
    attributes: { FunctionARN: cloudFrontFunctionArn, 'FunctionMetadata.FunctionARN': cloudFrontFunctionArn },
  },
  'AWS::CloudFront::OriginAccessControl': plainId(13, 'Id'),
  'AWS::CloudFront::OriginRequestPolicy': plainId(20, 'Id'),
  'AWS::CloudFront::ResponseHeadersPolicy': plainId(20, 'Id'),
  'AWS::CloudWatch::Alarm': {
    ref: alarmName,
    attributes: { Arn: arn('cloudwatch', within('alarm:', alarmName)) },
  },
  'AWS::CloudWatch::CompositeAlarm': {
    ref: alarmName,
    attributes: { Arn: arn('cloudwatch', within('alarm:', alarmName)) },
  },
  'AWS::Cognito::UserPool': {
    ref: userPoolId,
    attributes: {
      Arn: arn('cognito-idp', within('userpool/', userPoolId)),
      ProviderName: userPoolHost,
      ProviderURL: within('https://', userPoolHost),
      UserPoolId: userPoolId,
    },
  },
  'AWS::Cognito::UserPoolClient': {
    ref: id(26),
    attributes: { ClientId: id(26), Name: named('ClientName') },
  },
  'AWS::Cognito::UserPoolDomain': { ref: named('Domain'), attributes: {} },
  'AWS::Cognito::UserPoolGroup': { ref: named('GroupName'), attributes: {} },
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::IAM::ManagedPolicy': { ref: managedPolicyArn, attributes: { PolicyArn: managedPolicyArn } },
  'AWS::IAM::Policy': { ref: named('PolicyName'), attributes: {} },
  'AWS::IAM::Role': {
    ref: roleName,
    attributes: { Arn: globalArn('iam', within('role/', roleName)), RoleId: id(20, 'A') },
  },
  'AWS::KMS::Alias': { ref: named('AliasName'), attributes: {} },
  'AWS::KMS::Key': { ref: keyId, attributes: { Arn: arn('kms', within('key/', keyId)), KeyId: keyId } },
  'AWS::Lambda::EventSourceMapping': { ref: keyId, attributes: { Id: keyId } },
  'AWS::Lambda::Function': {
    ref: functionName,
    attributes: { Arn: arn('lambda', within('function:', functionName)) },
  },
  'AWS::Lambda::LayerVersion': { ref: arn('lambda', within('layer:', groupName, ':1')), attributes: {} },
  'AWS::Logs::LogGroup': {
    ref: logGroupName,
    attributes: { Arn: arn('logs', within('log-group:', logGroupName, ':*')) },
  },
  'AWS::S3::Bucket': {
    ref: bucketName,
    attributes: {
      Arn: within('arn:aws:s3:::', bucketName),
      DomainName: within('', bucketName, '.s3.amazonaws.com'),
      RegionalDomainName: (subject) => `${bucketName(subject)}.s3.${subject.region}.amazonaws.com`,
    },
  },
  'AWS::SNS::Topic': {
    ref: arn('sns', topicName),
    attributes: { TopicArn: arn('sns', topicName), TopicName: topicName },
  },
  'AWS::SQS::Queue': {
    ref: (subject) =>
      `https://sqs.${subject.region}.amazonaws.com/${subject.accountId}/${queueName(subject)}`,
    attributes: {
      Arn: arn('sqs', queueName),
      QueueName: queueName,
      QueueUrl: (subject) =>
        `https://sqs.${subject.region}.amazonaws.com/${subject.accountId}/${queueName(subject)}`,
    },
  },
  'AWS::Scheduler::ScheduleGroup': {
    ref: groupName,
    attributes: { Arn: arn('scheduler', within('schedule-group/', groupName)) },
  },
  'AWS::SecretsManager::Secret': { ref: secretArn, attributes: { Id: secretArn } },
  'AWS::WAFv2::WebACL': {
    ref: (subject) => [named('Name')(subject), webAclId(subject), subject.text('Scope') ?? ''].join('|'),
    attributes: {
      Id: webAclId,
      Arn: (subject) => {
        const scope = subject.text('Scope') === 'CLOUDFRONT' ? 'global' : 'regional';
        return arn('wafv2', within(`${scope}/webacl/`, named('Name'), `/${webAclId(subject)}`))(subject);
      },
    },
  },
};

/** What `Ref` (attribute undefined) or `Fn::GetAtt` gives; undefined when this type has no such value. */
export function attributeOf(
  type: string,
  attribute: string | undefined,
  subject: AttributeSubject,
): string | undefined {
  const known = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (known === undefined) return undefined;
  if (attribute === undefined) return known.ref(subject);
  return Object.hasOwn(known.attributes, attribute) ? known.attributes[attribute]?.(subject) : undefined;
}

/** Stable letters and digits for one resource: the same template gives the same ids at every start. */
function stableId(length: number, ...parts: readonly string[]): string {
  let digest = '';
  for (let round = 0; digest.length < length; round += 1) {
    const bytes = createHash('sha256')
      .update([String(round), ...parts].join('\0'))
      .digest('hex');
    digest += BigInt(`0x${bytes}`).toString(36);
  }
  return digest.slice(0, length);
}

/** A key id is a UUID. */
function stableUuid(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(parts.join('\0')).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

const MAX_NAME_LENGTH = 64;

/** The name that CloudFormation makes up for a resource without one: `<stack>-<logical id>-<letters>`. */
function generatedName(stackName: string, logicalId: string): string {
  const suffix = stableId(12, stackName, logicalId).toUpperCase();
  const room = MAX_NAME_LENGTH - suffix.length - 1;
  return `${`${stackName}-${logicalId}`.slice(0, room)}-${suffix}`;
}
