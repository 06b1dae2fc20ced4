import { describe, expect, it } from 'vitest';
import { STAGES } from '#infra/stages.ts';
import { StoppedError } from '../../../scripts/operations/stopped.ts';
import { deployStage, stacksOf } from '../../../scripts/operations/deploy.ts';

const access = {
  name: 'staging',
  stage: STAGES.staging,
  local: undefined,
  settings: {
    region: 'us-east-1',
    maxAttempts: 1,
    requestHandler: { requestTimeout: 1, connectionTimeout: 1, throwOnRequestTimeout: true },
  },
};

const run = async (
  over: {
    readonly ready?: boolean;
    readonly yes?: boolean;
    readonly answer?: string;
    readonly failing?: 'diff' | 'deploy';
  } = {},
) => {
  const steps: string[] = [];
  const { ready = true, yes = false, answer, failing } = over;
  const outcome = await deployStage(
    {
      preflight: () => {
        steps.push('preflight');
        return Promise.resolve(ready);
      },
      smoke: (_access, given) => {
        steps.push(given.yes ? 'smoke with an alarm' : 'smoke');
        return Promise.resolve(true);
      },
    },
    access,
    { positionals: [], yes, text: () => undefined, flag: () => false },
    {
      print: () => undefined,
      ask: answer === undefined ? undefined : () => Promise.resolve(answer),
      readInput: () => Promise.resolve(''),
      runProgram: (program, args) => {
        steps.push([program, ...args].join(' '));
        return Promise.resolve(args[0] === failing ? 1 : 0);
      },
      now: () => new Date(0),
      sleep: () => Promise.resolve(),
    },
  ).catch((error: unknown) => error);
  return { steps, outcome };
};

describe('a deployment', () => {
  const DIFF = 'cdk diff -c stage=staging -c deploy=true';
  const DEPLOY = `cdk deploy ${stacksOf('staging').join(' ')} --require-approval never -c stage=staging -c deploy=true`;

  it('deploys what the others need first', () => {
    expect(stacksOf('staging')).toEqual([
      'CoachDashboard-staging-Data',
      'CoachDashboard-staging-Sync',
      'CoachDashboard-staging-Web',
      'CoachDashboard-staging-Observability',
    ]);
  });

  it.each([
    ['with --yes', { yes: true }],
    ['after its name was typed', { answer: ' staging\n' }],
  ])('checks, shows, deploys and tries the stage %s', async (_, over) => {
    const { steps, outcome } = await run(over);
    expect(outcome).toBe(true);
    expect(steps).toEqual(['preflight', DIFF, DEPLOY, 'smoke with an alarm']);
  });

  it.each([
    ['without a terminal', {}],
    ['when something else was typed', { answer: 'yes' }],
  ])('shows the plan and stops %s', async (_, over) => {
    const { steps, outcome } = await run(over);
    expect(outcome).toBe(true);
    expect(steps).toEqual(['preflight', DIFF]);
  });

  it.each([
    ['the stage is not ready', { ready: false }, ['preflight']],
    ['the difference cannot be told', { failing: 'diff' as const }, ['preflight', DIFF]],
    ['CloudFormation fails', { failing: 'deploy' as const }, ['preflight', DIFF, DEPLOY]],
  ])('stops with what to do when %s', async (_, over, expected) => {
    const { steps, outcome } = await run({ yes: true, ...over });
    expect(outcome).toBeInstanceOf(StoppedError);
    expect(steps).toEqual(expected);
  });
});
