import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { API_FUNCTIONS, type ApiFunctionName } from '#shared/kernel/contract.ts';
import { QUEUES, type QueueName } from '#shared/jobs/task-definition.ts';
import { DEAD_LETTER_SOURCES } from '#shared/dead-letters/contract.ts';
import type { BuiltAssets } from '../built-assets.ts';
import type { AlarmDefinition } from '../constructs/alarm-definition.ts';
import { createAppClient } from '../constructs/app-client.ts';
import {
  grantDeadLetters,
  grantMeasure,
  grantMetrics,
  grantReadExports,
  grantReadSecret,
  grantSend,
  grantSignIns,
  grantTable,
  type TableUse,
} from '../constructs/grants.ts';
import { ProductApi } from '../constructs/product-api.ts';
import { ProductFunction } from '../constructs/product-function.ts';
import { SiteFiles } from '../constructs/site-files.ts';
import { Site } from '../constructs/site.ts';
import { exportBucketName, loginHost } from '../names.ts';
import type { StageSettings } from '../stages.ts';
import type { DataStack } from './data-stack.ts';
import { deadLettersVariable, type SyncStack } from './sync-stack.ts';

interface WebStackProps extends StackProps {
  readonly stage: StageSettings;
  readonly data: DataStack;
  readonly sync: SyncStack;
  readonly assets: BuiltAssets;
}

interface ApiFunctionUse {
  readonly description: string;
  readonly table: TableUse | undefined;
  readonly callsVendor: boolean;
  readonly tracer?: boolean;
  readonly sendsTo: readonly QueueName[];
}

/** Which function may do what; grants and environment both follow from it. */
const API_FUNCTION_USES: Readonly<Record<ApiFunctionName, ApiFunctionUse>> = {
  'public-api': {
    description: 'Health, sign-in configuration, the OpenAPI document, and "not found"',
    table: undefined,
    callsVendor: false,
    sendsTo: [],
  },
  'competitors-api': {
    description: 'Competitors and who is signed in',
    table: {
      items: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
      queries: ['table', 'gsi1', 'gsi2'],
    },
    callsVendor: false,
    sendsTo: ['work'],
  },
  'onboarding-api': {
    description: 'Puts competitors on the game platform',
    table: {
      items: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
      queries: ['gsi1', 'gsi2'],
    },
    callsVendor: true,
    tracer: true,
    sendsTo: ['roster', 'work'],
  },
  'teams-api': {
    description: 'Teams and who is on them',
    table: {
      items: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'],
      queries: ['table', 'gsi1'],
    },
    callsVendor: false,
    sendsTo: ['roster', 'work'],
  },
  'dashboard-api': {
    description: "The dashboard's numbers, alerts, and report cards",
    table: {
      items: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'],
      queries: ['table', 'gsi1', 'gsi2'],
    },
    callsVendor: false,
    sendsTo: ['work'],
  },
  'jobs-api': {
    description: 'Jobs',
    table: {
      items: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'],
      queries: ['table', 'gsi1', 'gsi2'],
    },
    callsVendor: false,
    sendsTo: ['work'],
  },
  'coaches-api': {
    description: 'Coaches with their sign-ins',
    table: { items: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'], queries: ['table', 'gsi1'] },
    callsVendor: false,
    sendsTo: [],
  },
  'settings-api': {
    description: 'Settings, the processing switch, and the audit log',
    table: {
      items: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'],
      queries: ['table', 'gsi1', 'gsi2'],
    },
    callsVendor: false,
    sendsTo: [],
  },
  'dead-letters-api': {
    description: 'Queues, their dead letters, and records that could not be read',
    table: { items: ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'], queries: ['gsi1', 'gsi2'] },
    callsVendor: false,
    sendsTo: ['work'],
  },
  'schedules-api': {
    description: 'Schedules, and what they start',
    table: { items: ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'], queries: ['table'] },
    callsVendor: false,
    sendsTo: ['work'],
  },
};

/** A file of more bytes becomes a job: Lambda's answer ends at 6 MB, the escaping of its text included. */
const LARGEST_ANSWER = { EXPORT_ANSWER_BYTES: '5000000' };

/** What the administration of coaches does with the user pool. */
const SIGN_IN_ACTIONS = [
  'AdminAddUserToGroup',
  'AdminCreateUser',
  'AdminDisableUser',
  'AdminEnableUser',
  'AdminGetUser',
  'AdminListGroupsForUser',
  'AdminUserGlobalSignOut',
] as const;

/**
 * Everything a browser reaches: app client, API, site, distribution and firewall. They are one stack because each
 * needs another's address: the client the distribution's, the distribution the API's, the API's authorizer the client.
 */
export class WebStack extends Stack {
  readonly api: ProductApi;
  readonly functions: Readonly<Record<ApiFunctionName, ProductFunction>>;
  readonly site: Site;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: WebStackProps) {
    super(scope, id, { ...props, terminationProtection: props.stage.established });
    const { stage, data } = props;

    this.api = new ProductApi(this, 'Api', { stage, encryptionKey: data.key });
    this.site = new Site(this, 'Site', { stage, apiHost: this.api.host });
    const client = createAppClient(this, 'AppClient', {
      stage,
      userPool: data.signIn.userPool,
      siteUrl: this.site.url,
    });
    const signIn = {
      IDLE_SIGN_OUT_MINUTES: String(stage.idleSignOutMinutes),
      SIGN_IN_ISSUER: data.signIn.issuer,
      SIGN_IN_CLIENT_ID: client.userPoolClientId,
      SIGN_IN_LOGIN_URL: `https://${loginHost(stage)}`,
    };
    this.functions = {
      'public-api': this.apiFunction('public-api', props, signIn),
      'competitors-api': this.apiFunction('competitors-api', props, LARGEST_ANSWER),
      'onboarding-api': this.apiFunction('onboarding-api', props),
      'teams-api': this.apiFunction('teams-api', props),
      'dashboard-api': this.apiFunction('dashboard-api', props, LARGEST_ANSWER),
      'jobs-api': this.apiFunction('jobs-api', props, { EXPORT_BUCKET_NAME: exportBucketName(stage) }),
      'coaches-api': this.apiFunction('coaches-api', props, {
        USER_POOL_ID: data.signIn.userPool.userPoolId,
      }),
      'settings-api': this.apiFunction('settings-api', props),
      'dead-letters-api': this.apiFunction('dead-letters-api', props, this.queueAddresses(props.sync)),
      'schedules-api': this.apiFunction('schedules-api', props, props.sync.schedules.environment),
    };
    this.openQueues(this.functions['dead-letters-api'], props);
    grantReadExports(this.functions['jobs-api'], stage, data.key);
    props.sync.schedules.grantManage(this.functions['schedules-api']);
    grantSignIns(this.functions['coaches-api'], data.signIn.userPool, SIGN_IN_ACTIONS);
    this.api.addRoutes({ functions: this.functions, issuer: data.signIn.issuer, client });
    new SiteFiles(this, 'SiteFiles', {
      stage,
      encryptionKey: data.key,
      directory: props.assets.siteDirectory,
      bucket: this.site.bucket,
    });
    this.alarms = [...this.api.alarms, ...API_FUNCTIONS.flatMap((name) => this.functions[name].alarms)];
    new CfnOutput(this, 'SiteUrl', { value: this.site.url, description: 'Where coaches and admins sign in' });
  }

  /** Where all queues and dead letters are; those that a function sends to it knows anyway. */
  private queueAddresses({ workers, deadLetters }: SyncStack): Readonly<Record<string, string>> {
    return Object.fromEntries([
      ...QUEUES.map((name) => [`${name.toUpperCase()}_QUEUE_URL`, workers[name].queue.queueUrl]),
      ...DEAD_LETTER_SOURCES.map((source) => [deadLettersVariable(source), deadLetters[source].queueUrl]),
    ]);
  }

  private openQueues(reader: ProductFunction, { data, sync }: WebStackProps): void {
    for (const name of QUEUES) grantMeasure(reader, sync.workers[name].queue);
    grantMetrics(reader);
    for (const source of DEAD_LETTER_SOURCES) {
      grantDeadLetters(reader, sync.deadLetters[source], data.key);
      grantMeasure(reader, sync.deadLetters[source]);
    }
  }

  private apiFunction(
    name: ApiFunctionName,
    { stage, data, sync, assets }: WebStackProps,
    environment: Readonly<Record<string, string>> = {},
  ): ProductFunction {
    const use = API_FUNCTION_USES[name];
    const made = new ProductFunction(this, pascalCase(name), {
      stage,
      assets,
      encryptionKey: data.key,
      name,
      description: use.description,
      // API Gateway waits for 29 s; the function must be able to say that it is too late before that.
      timeout: Duration.seconds(28),
      memoryMb: 1024,
      ...(use.tracer === undefined ? {} : { tracer: use.tracer }),
      environment: {
        ORIGIN_VERIFY_SECRET_ARN: data.originSecret.secretArn,
        ...(use.table === undefined ? {} : { TABLE_NAME: stage.tableName }),
        ...(use.callsVendor
          ? {
              GAME_PLATFORM_API_BASE_URL: stage.gamePlatformApiBaseUrl,
              GAME_PLATFORM_TOKEN_SECRET_ARN: data.gamePlatformToken.secretArn,
            }
          : {}),
        ...Object.fromEntries(
          use.sendsTo.map((queue) => [
            `${queue.toUpperCase()}_QUEUE_URL`,
            sync.workers[queue].queue.queueUrl,
          ]),
        ),
        ...environment,
      },
      errors: { noticedBy: 'An invocation that fails is a 5xx of the API, which has an alarm.' },
    });
    grantReadSecret(made, data.originSecret, data.key);
    if (use.table !== undefined) grantTable(made, stage, data.key, use.table);
    if (use.callsVendor) grantReadSecret(made, data.gamePlatformToken, data.key);
    for (const queue of use.sendsTo) grantSend(made, sync.workers[queue].queue, data.key);
    return made;
  }
}

const pascalCase = (name: string): string =>
  name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
