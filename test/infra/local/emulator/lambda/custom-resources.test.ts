import { describe, expect, it } from 'vitest';
import type { FunctionResource } from '#infra/local/emulator/deployment.ts';
import { runCustomResources, type PhysicalIds } from '#infra/local/emulator/lambda/custom-resources.ts';
import type { InvocationOutcome } from '#infra/local/emulator/lambda/function-instance.ts';

const functionArn = 'arn:aws:lambda:us-east-1:111122223333:function:seeder';

interface Request {
  readonly ResponseURL: string;
  readonly [field: string]: unknown;
}

function run(
  handle: (event: Request) => Promise<unknown>,
  known: PhysicalIds = {},
  functions: readonly FunctionResource[] = [],
) {
  return runCustomResources({
    known,
    deployment: {
      region: 'us-east-1',
      accountId: '111122223333',
      stage: 'dev',
      functions,
      customResources: [
        {
          logicalId: 'Seeding',
          type: 'Custom::Seeding',
          functionArn,
          properties: { Names: ['a'], Count: 2, On: true },
        },
      ],
    },
    runner: {
      async invoke(_arn, event): Promise<InvocationOutcome> {
        return { kind: 'result', payload: JSON.stringify(await handle(event as Request)) ?? 'null' };
      },
    },
  });
}

const answer = (event: Request, body: unknown) =>
  fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(body) });

describe('a custom resource', () => {
  it('is created the first time, with every scalar as text, and keeps its physical id', async () => {
    let seen: Request | undefined;
    const ids = await run(async (event) => {
      seen = event;
      await answer(event, { Status: 'SUCCESS', PhysicalResourceId: 'thing-1' });
    });
    expect(ids).toEqual({ Seeding: 'thing-1' });
    expect(seen).toMatchObject({
      RequestType: 'Create',
      LogicalResourceId: 'Seeding',
      ResourceType: 'Custom::Seeding',
      ResourceProperties: { Names: ['a'], Count: '2', On: 'true' },
    });
    expect(seen).not.toHaveProperty('PhysicalResourceId');
  });

  it('is updated at every later start', async () => {
    let seen: Request | undefined;
    await run(
      async (event) => {
        seen = event;
        await answer(event, { Status: 'SUCCESS', PhysicalResourceId: 'thing-1' });
      },
      { Seeding: 'thing-1' },
    );
    expect(seen).toMatchObject({ RequestType: 'Update', PhysicalResourceId: 'thing-1' });
  });

  it.each([
    [
      'answers FAILED',
      (event: Request) => answer(event, { Status: 'FAILED', Reason: 'no table', PhysicalResourceId: 'x' }),
      'failed: no table',
    ],
    [
      'answers nonsense',
      (event: Request) => answer(event, { Status: 'MAYBE' }),
      'is not one that CloudFormation takes',
    ],
    ['never answers', () => Promise.resolve(), 'ended without an answer to ResponseURL'],
  ])('that %s stops the start', async (_what, handle, problem) => {
    await expect(run(async (event) => void (await handle(event)))).rejects.toThrow(problem);
  });

  it('behind CDK’s provider framework is called without the framework', async () => {
    const provider = {
      arn: functionArn,
      handler: 'framework.onEvent',
      environment: { USER_ON_EVENT_FUNCTION_ARN: 'arn:aws:lambda:us-east-1:111122223333:function:own' },
    } as unknown as FunctionResource;
    expect(await run(async () => ({ PhysicalResourceId: 'own-1' }), {}, [provider])).toEqual({
      Seeding: 'own-1',
    });
  });
});
