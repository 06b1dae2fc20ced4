import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import type { Resource, SynthesizedStage } from '../support/synthesized-stage.ts';
import { FUNCTION_NAMES } from '../support/placeholder-assets.ts';

const functionSchema = z.object({
  Runtime: z.string(),
  Architectures: z.array(z.string()),
  MemorySize: z.number(),
  Timeout: z.number(),
  Handler: z.string(),
  Role: z.string(),
  LoggingConfig: z.object({
    LogGroup: z.string(),
    LogFormat: z.string(),
    ApplicationLogLevel: z.string(),
  }),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

const COMMON = [
  'APP_VERSION',
  'NODE_OPTIONS',
  'POWERTOOLS_LOG_LEVEL',
  'POWERTOOLS_METRICS_NAMESPACE',
  'POWERTOOLS_SERVICE_NAME',
  'PROGRAMME_TIME_ZONE',
  'STAGE',
];
const VENDOR = ['GAME_PLATFORM_API_BASE_URL', 'GAME_PLATFORM_TOKEN_SECRET_ARN'];
const TRACER = {
  POWERTOOLS_TRACER_CAPTURE_RESPONSE: 'false',
  POWERTOOLS_TRACER_CAPTURE_ERROR: 'false',
  POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS: 'false',
  AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
};
const TRACER_NAMES = Object.keys(TRACER);
const API = 'ORIGIN_VERIFY_SECRET_ARN';
const DEAD_LETTERS = ['ROSTER', 'SYNC', 'WORK', 'SCHEDULER'].map((source) => `${source}_DEAD_LETTERS_URL`);

/** Where the stage sends emails. */
const NOTICES = ['NOTICE_FROM', 'NOTICE_ADMINS', 'SITE_URL'];

/** What each function is told on top of what all are told. */
const SCHEDULES = [
  'SCHEDULE_GROUP_NAME',
  'SCHEDULE_ROLE_ARN',
  'SCHEDULE_TARGET_QUEUE_ARN',
  'SCHEDULE_DEAD_LETTER_QUEUE_ARN',
];
const ENVIRONMENT: Readonly<Record<(typeof FUNCTION_NAMES)[number], readonly string[]>> = {
  'public-api': [API, 'IDLE_SIGN_OUT_MINUTES', 'SIGN_IN_ISSUER', 'SIGN_IN_CLIENT_ID', 'SIGN_IN_LOGIN_URL'],
  'competitors-api': [API, 'TABLE_NAME', 'WORK_QUEUE_URL', 'EXPORT_ANSWER_BYTES'],
  'onboarding-api': [API, 'TABLE_NAME', ...VENDOR, ...TRACER_NAMES, 'ROSTER_QUEUE_URL', 'WORK_QUEUE_URL'],
  'teams-api': [API, 'TABLE_NAME', 'ROSTER_QUEUE_URL', 'WORK_QUEUE_URL'],
  'dashboard-api': [API, 'TABLE_NAME', 'WORK_QUEUE_URL', 'EXPORT_ANSWER_BYTES'],
  'jobs-api': [API, 'TABLE_NAME', 'WORK_QUEUE_URL', 'EXPORT_BUCKET_NAME'],
  'coaches-api': [API, 'TABLE_NAME', 'USER_POOL_ID'],
  'settings-api': [API, 'TABLE_NAME'],
  'dead-letters-api': [
    API,
    'TABLE_NAME',
    'ROSTER_QUEUE_URL',
    'SYNC_QUEUE_URL',
    'WORK_QUEUE_URL',
    ...DEAD_LETTERS,
  ],
  'roster-worker': ['TABLE_NAME', ...VENDOR, ...TRACER_NAMES, 'ROSTER_QUEUE_URL'],
  'sync-worker': ['TABLE_NAME', ...VENDOR, ...TRACER_NAMES, 'ROSTER_QUEUE_URL', 'SYNC_QUEUE_URL'],
  'work-worker': [
    'TABLE_NAME',
    ...TRACER_NAMES,
    'ROSTER_QUEUE_URL',
    'SYNC_QUEUE_URL',
    'WORK_QUEUE_URL',
    'EXPORT_BUCKET_NAME',
    ...NOTICES,
    ...DEAD_LETTERS,
  ],
  'schedules-api': [API, 'TABLE_NAME', 'WORK_QUEUE_URL', ...SCHEDULES],
  'schedule-seeder': SCHEDULES,
};

/** CDK's helper that copies the site's files; CDK chooses what it runs on. */
export const isCdkMade = ({ path }: Resource): boolean => path.includes('Custom::CDKBucketDeployment');

/** How a policy names the role of a function. */
const roleIdOf = ({ Role }: Resource['properties']): string => `<${String(Role).replace(/^.*:role\//, '')}>`;

export function functions(stage: SynthesizedStage): void {
  const nameOf = (name: string) => `coach-dashboard-${stage.name}-${name}`;
  const ours = () => stage.ofType('AWS::Lambda::Function').filter((resource) => !isCdkMade(resource));

  it('are exactly those of the product, and one that CDK brings to copy the site', () => {
    expect(
      ours()
        .map(({ properties }) => String(properties['FunctionName']))
        .toSorted(),
    ).toEqual(FUNCTION_NAMES.map(nameOf).toSorted());
    expect(stage.ofType('AWS::Lambda::Function').filter(isCdkMade)).toHaveLength(1);
  });

  it('run on Node 24 and arm64, with memory, time-out and log group of their own', () => {
    const logGroups = stage.ofType('AWS::Logs::LogGroup');
    for (const { path, properties } of ours()) {
      const parsed = functionSchema.parse(properties);
      expect(parsed, path).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
      expect(parsed.MemorySize, path).toBeGreaterThanOrEqual(256);
      expect(parsed.Timeout, path).toBeGreaterThan(3);
      expect(
        logGroups.some(({ id }) => parsed.LoggingConfig.LogGroup === `<${id}>`),
        path,
      ).toBe(true);
    }
    const roles = ours().map(({ properties }) => properties['Role']);
    expect(new Set(roles).size).toBe(roles.length);
  });

  it('come after the rights of their role, without which their event source would be refused', () => {
    for (const { id, stack, path, properties } of ours()) {
      const template = stage.stacks.find(({ name }) => name === stack)?.template;
      const policies = stage.resources.filter(
        ({ type, properties: { Roles } }) =>
          type === 'AWS::IAM::Policy' && JSON.stringify(Roles) === JSON.stringify([roleIdOf(properties)]),
      );
      expect(policies.length, path).toBeGreaterThan(0);
      expect(template?.Resources[id]?.DependsOn, path).toEqual(
        expect.arrayContaining(policies.map((policy) => policy.id)),
      );
    }
  });

  it('let lines at INFO through, where metrics are', () => {
    for (const { path, properties } of ours()) {
      const { LoggingConfig, Environment } = functionSchema.parse(properties);
      expect(LoggingConfig, path).toMatchObject({ LogFormat: 'JSON' });
      for (const level of [LoggingConfig.ApplicationLogLevel, Environment.Variables['POWERTOOLS_LOG_LEVEL']])
        expect(['TRACE', 'DEBUG', 'INFO'], path).toContain(level);
    }
  });

  it.each(FUNCTION_NAMES)('tells %s what it needs and nothing more', (name) => {
    const found = ours().find(({ properties }) => properties['FunctionName'] === nameOf(name));
    const { Variables } = functionSchema.parse(found?.properties).Environment;
    const sends = stage.settings.noticeMail !== undefined;
    const own = ENVIRONMENT[name].filter((variable) => sends || !NOTICES.includes(variable));
    expect(Object.keys(Variables).toSorted()).toEqual([...COMMON, ...own].toSorted());
    expect(Variables).toMatchObject({
      STAGE: stage.name,
      PROGRAMME_TIME_ZONE: 'America/Los_Angeles',
      POWERTOOLS_SERVICE_NAME: `coach-dashboard-${stage.name}`,
      POWERTOOLS_METRICS_NAMESPACE: 'CoachDashboard',
    });
  });

  it('know the bucket of exports by its name, and what one answer holds', () => {
    for (const name of ['jobs-api', 'work-worker', 'dashboard-api', 'competitors-api']) {
      const found = ours().find(({ properties }) => properties['FunctionName'] === nameOf(name));
      const { Variables } = functionSchema.parse(found?.properties).Environment;
      expect([Variables['EXPORT_BUCKET_NAME'], Variables['EXPORT_ANSWER_BYTES']], name).toContainEqual(
        name === 'jobs-api' || name === 'work-worker'
          ? `${nameOf('exports')}-${stage.settings.account}`
          : '5000000',
      );
    }
  });

  it('have the tracer’s settings where their bundle has the tracer, and a trace from Lambda everywhere', () => {
    for (const name of FUNCTION_NAMES) {
      const found = ours().find(({ properties }) => properties['FunctionName'] === nameOf(name));
      expect(found?.properties, name).toMatchObject({ TracingConfig: { Mode: 'Active' } });
      const { Variables } = functionSchema.parse(found?.properties).Environment;
      const settings = Object.entries(Variables).filter(([variable]) => TRACER_NAMES.includes(variable));
      const entry = readFileSync(`functions/${name}/${name}.lambda.ts`, 'utf8');
      expect(Object.fromEntries(settings), name).toEqual(entry.includes('createTracing()') ? TRACER : {});
    }
  });

  it('keep their logs for as long as the stage says, encrypted where they may tell about people', () => {
    const key = stage.only('AWS::KMS::Key').arn;
    for (const { path, properties } of stage.ofType('AWS::Logs::LogGroup')) {
      expect(properties, path).toMatchObject({ RetentionInDays: stage.settings.logRetentionDays });
      const ofTheEdge = String(properties['LogGroupName']).startsWith('aws-waf-logs-');
      expect(properties['KmsKeyId'], path).toBe(ofTheEdge ? undefined : key);
    }
  });
}
