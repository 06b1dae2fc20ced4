import { CloudFrontClient, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CognitoIdentityProviderClient,
  DescribeUserPoolDomainCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetAccountCommand, GetEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlarms } from '#infra/local/emulator/aws/cloudwatch/alarms.ts';
import { createAuthorizer } from '#infra/local/emulator/aws/iam/authorizer.ts';
import {
  ACCOUNT,
  clientConfig,
  KEY_ARN,
  makeDeployment,
  POOL_ID,
  roleArn,
  startTestStack,
  statement,
  TOPIC_ARN,
  type TestStack,
} from './deployment-fixture.ts';

describe('the account, as its operator asks about it', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startTestStack();
  });
  afterAll(() => stack.remove());
  const operator = () => clientConfig(stack.aws);

  it('says who calls', async () => {
    const asked = new GetCallerIdentityCommand({});
    expect(await new STSClient(operator()).send(asked)).toMatchObject({
      Account: ACCOUNT,
      Arn: `arn:aws:iam::${ACCOUNT}:user/operator`,
    });
    const worker = clientConfig(stack.aws, stack.aws.credentialsFor(roleArn('worker-role')));
    expect(await new STSClient(worker).send(asked)).toMatchObject({
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker-role/coaching-worker`,
    });
  });

  it('has one parameter, that of the bootstrap', async () => {
    const ssm = new SSMClient(operator());
    const { Parameter: found } = await ssm.send(
      new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }),
    );
    expect(Number(found?.Value)).toBeGreaterThan(0);
    await expect(ssm.send(new GetParameterCommand({ Name: '/other' }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
  });

  it('tells the quota of functions, and nobody without the right to ask', async () => {
    const asked = new GetAccountSettingsCommand({});
    const { AccountLimit: limit } = await new LambdaClient(operator()).send(asked);
    expect(limit?.ConcurrentExecutions).toBe(1_000);
    const worker = clientConfig(stack.aws, stack.aws.credentialsFor(roleArn('worker-role')));
    await expect(new LambdaClient(worker).send(asked)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(new CloudFrontClient(worker).send(new ListDistributionsCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('may send emails, from verified identities only', async () => {
    const ses = new SESv2Client(operator());
    expect(await ses.send(new GetAccountCommand({}))).toMatchObject({ ProductionAccessEnabled: true });
    await expect(
      ses.send(new GetEmailIdentityCommand({ EmailIdentity: 'example.com' })),
    ).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('knows its own login prefix, and nothing about another', async () => {
    const cognito = new CognitoIdentityProviderClient(operator());
    const domainOf = async (prefix: string) =>
      (await cognito.send(new DescribeUserPoolDomainCommand({ Domain: prefix }))).DomainDescription;
    expect(await domainOf('coaching')).toMatchObject({ UserPoolId: POOL_ID, AWSAccountId: ACCOUNT });
    expect(await domainOf('another')).toEqual({});
  });

  it('lists its distribution and the subscriptions of a topic', async () => {
    const { DistributionList: list } = await new CloudFrontClient(operator()).send(
      new ListDistributionsCommand({}),
    );
    expect(list?.Items).toMatchObject([
      { Id: 'E1COACHING', Comment: 'Coaching', DomainName: '127.0.0.1:5555', Enabled: true },
    ]);
    const sns = new SNSClient(operator());
    const { Subscriptions: subscriptions } = await sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC_ARN }),
    );
    expect(subscriptions).toMatchObject([{ Protocol: 'email', Endpoint: 'on-call@example.com' }]);
    await expect(
      sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: `${TOPIC_ARN}-2` })),
    ).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('sets an alarm off, and tells what became of its actions', async () => {
    const cloudwatch = new CloudWatchClient(operator());
    const set = (name: string) =>
      cloudwatch.send(
        new SetAlarmStateCommand({ AlarmName: name, StateValue: 'ALARM', StateReason: 'A trial' }),
      );
    await set('late');
    const { MetricAlarms: alarms } = await cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: ['late'] }),
    );
    expect(alarms).toMatchObject([{ StateValue: 'ALARM', AlarmActions: [TOPIC_ARN] }]);
    const { AlarmHistoryItems: items } = await cloudwatch.send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'late', HistoryItemType: 'Action' }),
    );
    expect(items?.map((item) => item.HistorySummary)).toEqual([
      expect.stringContaining(`Failed to execute action ${TOPIC_ARN}`),
    ]);
    await expect(set('nothing')).rejects.toMatchObject({ name: 'ResourceNotFound' });
    await expect(set('')).rejects.toThrow('Unknown alarm');
  });
});

const summary = (text: string) => ({
  AlarmHistoryItems: [expect.objectContaining({ HistorySummary: expect.stringContaining(text) })],
});

describe('an alarm that goes to an encrypted topic', () => {
  const cloudwatch = { Service: ['cloudwatch.amazonaws.com'] };
  const publish = statement({ principals: cloudwatch, actions: ['sns:Publish'], resources: [TOPIC_ARN] });
  const useKey = statement({
    principals: cloudwatch,
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
  });
  const outcome = (topic: readonly (typeof publish)[], key: readonly (typeof publish)[]): unknown => {
    const made = makeDeployment({ awsUrl: 'http://127.0.0.1:1', loginUrl: 'http://127.0.0.1:2' });
    const deployment = {
      ...made,
      topics: [{ arn: TOPIC_ARN, keyArn: KEY_ARN, policy: topic, emails: [] }],
      keys: [{ arn: KEY_ARN, policy: key }],
    };
    const kept = new Map<string, unknown>();
    const { SetAlarmState: set, DescribeAlarmHistory: history } = createAlarms({
      documents: {
        get: (_, name) => kept.get(name),
        list: () => [],
        put: (_, name, value) => void kept.set(name, value),
        delete: (_, name) => void kept.delete(name),
      },
      deployment,
      authorizer: createAuthorizer(deployment),
      now: Date.now,
    });
    set?.({ AlarmName: 'late', StateValue: 'ALARM', StateReason: 'A trial' });
    return history?.({ AlarmName: 'late', HistoryItemType: 'Action' });
  };
  it('reaches it when topic and key let CloudWatch in, and says which of them does not', () => {
    expect(outcome([publish], [useKey])).toEqual(summary('Successfully executed action'));
    expect(outcome([publish], [])).toEqual(summary('encryption key'));
    expect(outcome([], [useKey])).toEqual(summary('let CloudWatch publish'));
  });
});
