import type { Deployment } from '../../deployment.ts';
import { stringField, UnknownOperationError, type Requirement } from '../access/requirement.ts';
import type { ResourceNames } from '../access/resource-names.ts';
import { AwsError, inXml, jsonAnswer, xmlAnswer } from '../gateway/aws-answer.ts';
import type { StandIn } from '../gateway/dispatcher.ts';

/** As `cdk bootstrap` of today leaves it. */
const BOOTSTRAP_PARAMETER = '/cdk-bootstrap/hnb659fds/version';
const BOOTSTRAP_VERSION = '30';
/** AWS's own quota of an account that was never raised or lowered. */
const CONCURRENT_EXECUTIONS = 1_000;

const only =
  (operation: string, requirement: (body: unknown) => Requirement): StandIn['access'] =>
  (asked, body) => {
    if (asked !== operation) throw new UnknownOperationError(asked);
    return [requirement(body)];
  };

/** Who calls: `aws sts get-caller-identity`. */
export const createSts = ({ accountId }: Deployment): StandIn => ({
  // Nobody needs a permission for it (Service Authorization Reference, AWS STS).
  access: (operation) => {
    if (operation !== 'GetCallerIdentity') throw new UnknownOperationError(operation);
    return [];
  },
  answer: ({ caller }) => {
    const arn =
      caller.kind === 'operator'
        ? `arn:aws:iam::${accountId}:user/${caller.name}`
        : `arn:aws:sts::${accountId}:assumed-role/${caller.role.name}/${caller.name}`;
    return xmlAnswer(
      'sts',
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        `<Arn>${inXml(arn)}</Arn><UserId>AIDA${accountId}</UserId><Account>${accountId}</Account>` +
        '</GetCallerIdentityResult></GetCallerIdentityResponse>',
    );
  },
});

/** The one parameter that an account has which was prepared for CDK. */
export const createSsm = (names: ResourceNames): StandIn => ({
  access: only('GetParameter', (body) => ({
    action: 'ssm:GetParameter',
    resource: names.arn('ssm', `parameter${stringField(body, 'Name') ?? ''}`),
  })),
  answer: ({ body }) => {
    if (stringField(body, 'Name') !== BOOTSTRAP_PARAMETER) throw new AwsError('ParameterNotFound', '');
    const parameter = { Name: BOOTSTRAP_PARAMETER, Type: 'String', Value: BOOTSTRAP_VERSION, Version: 1 };
    return jsonAnswer('ssm', { Parameter: parameter });
  },
});

/** How many functions the account may run at once. */
export const createLambda = ({ functions }: Deployment): StandIn => ({
  access: only('GetAccountSettings', () => ({ action: 'lambda:GetAccountSettings', resource: '*' })),
  answer: () =>
    jsonAnswer('lambda', {
      AccountLimit: {
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: CONCURRENT_EXECUTIONS,
        TotalCodeSize: 80_530_636_800,
        UnreservedConcurrentExecutions: CONCURRENT_EXECUTIONS,
      },
      AccountUsage: { FunctionCount: functions.length, TotalCodeSize: 0 },
    }),
});

/** @param fillIn puts the secrets in that the template refers to, as CloudFormation does when it deploys */
export function createCloudFront({ distribution }: Deployment, fillIn: (text: string) => string): StandIn {
  const { id, comment, url } = distribution;
  const headers = Object.entries(distribution.apiOriginHeaders).map(
    ([name, value]) =>
      `<OriginCustomHeader><HeaderName>${inXml(name)}</HeaderName>` +
      `<HeaderValue>${inXml(fillIn(value))}</HeaderValue></OriginCustomHeader>`,
  );
  const origin =
    '<Origin><Id>api</Id><DomainName>api</DomainName><CustomHeaders>' +
    `<Quantity>${headers.length}</Quantity><Items>${headers.join('')}</Items></CustomHeaders></Origin>`;
  const summary =
    `<DistributionSummary><Id>${id}</Id><Status>Deployed</Status><DomainName>${inXml(new URL(url).host)}</DomainName>` +
    `<Origins><Quantity>1</Quantity><Items>${origin}</Items></Origins>` +
    `<Comment>${inXml(comment)}</Comment><Enabled>true</Enabled></DistributionSummary>`;
  return {
    access: only('ListDistributions', () => ({ action: 'cloudfront:ListDistributions', resource: '*' })),
    answer: () =>
      xmlAnswer(
        'cloudfront',
        '<DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Marker></Marker>' +
          '<MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>1</Quantity>' +
          `<Items>${summary}</Items></DistributionList>`,
      ),
  };
}

/** Who gets a topic's messages; everybody has confirmed. */
export const createSns = ({ topics, accountId }: Deployment): StandIn => ({
  access: only('ListSubscriptionsByTopic', (body) => ({
    action: 'sns:ListSubscriptionsByTopic',
    resource: stringField(body, 'TopicArn') ?? '',
  })),
  answer: ({ body }) => {
    const topic = topics.find(({ arn }) => arn === stringField(body, 'TopicArn'));
    if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
    const members = topic.emails.map(
      (email, index) =>
        `<member><TopicArn>${topic.arn}</TopicArn><Protocol>email</Protocol><Owner>${accountId}</Owner>` +
        `<SubscriptionArn>${topic.arn}:${String(index).padStart(8, '0')}</SubscriptionArn>` +
        `<Endpoint>${inXml(email)}</Endpoint></member>`,
    );
    return xmlAnswer(
      'sns',
      '<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">' +
        `<ListSubscriptionsByTopicResult><Subscriptions>${members.join('')}</Subscriptions>` +
        '</ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>',
    );
  },
});
