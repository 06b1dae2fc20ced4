import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import { acknowledge } from './acknowledge.ts';
import type { Severity } from './alarm-definition.ts';

interface AlarmTopicProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly severity: Severity;
}

/** Where the alarms of a severity go. Whoever gets the emails confirms the subscription once. */
export function createAlarmTopic(scope: Construct, id: string, props: AlarmTopicProps): Topic {
  const { stage, severity } = props;
  const topic = new Topic(scope, id, {
    topicName: physicalName(stage, `alarms-${severity}`),
    displayName: `Coach Dashboard ${stage.name}, ${severity}`,
    masterKey: props.encryptionKey,
    enforceSSL: true,
  });
  // A policy of our own replaces the default one, which would have let the account's alarms publish.
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AlarmsOfThisAccount',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'aws:SourceAccount': stage.account } },
    }),
  );
  topic.addSubscription(new EmailSubscription(stage.alarmMail[severity]));
  acknowledge(
    topic,
    'Serverless-SNSRedrivePolicy',
    'SNS keeps no undelivered emails; the alarm stays on in CloudWatch and on the dashboard.',
  );
  return topic;
}
