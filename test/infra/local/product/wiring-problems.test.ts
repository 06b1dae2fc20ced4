import { describe, expect, it } from 'vitest';
import type { Route } from '#shared/kernel/contract.ts';
import { wiringProblems } from '#infra/local/product/wiring-problems.ts';

const routes: readonly Pick<Route, 'method' | 'path'>[] = [{ method: 'GET', path: '/api/x' }];
const functionArn = 'arn:aws:lambda:us-east-1:111122223333:function:worker';
const queueArn = 'arn:aws:sqs:us-east-1:111122223333:work';

const queue = {
  name: 'work',
  arn: queueArn,
  url: '',
  keyArn: undefined,
  visibilityTimeoutSeconds: 30,
  retentionSeconds: 60,
  receiveWaitSeconds: 0,
  redrive: { deadLetterArn: `${queueArn}-dead`, maxReceiveCount: 3 },
  policy: [],
};
const source = {
  functionArn,
  queueArn,
  enabled: true,
  batchSize: 1,
  batchingWindowSeconds: 0,
  reportBatchItemFailures: true,
  maximumConcurrency: 2,
};
const whole = {
  functions: [
    {
      logicalId: 'Worker',
      name: 'worker',
      arn: functionArn,
      path: 'App/Worker',
      codeDirectory: '',
      handler: '',
      timeoutSeconds: 3,
      memoryMb: 128,
      tracing: false,
      logLevel: undefined,
      environment: {},
      roleArn: '',
    },
  ],
  queues: [queue, { ...queue, name: 'dead', arn: `${queueArn}-dead`, redrive: undefined }],
  eventSources: [source],
  httpApi: {
    id: 'a',
    arn: 'arn',
    routes: [{ key: 'GET /api/x', functionArn, authorizer: undefined, scopes: [] }],
  },
};

describe('what would deploy and then do nothing', () => {
  it('is nothing in a whole app', () => {
    expect(wiringProblems(whole, routes)).toEqual([]);
  });

  it('is a route that no template has', () => {
    expect(wiringProblems({ ...whole, httpApi: { ...whole.httpApi, routes: [] } }, routes)).toEqual([
      'The route "GET /api/x" is in shared/http/routes.ts, but no AWS::ApiGatewayV2::Route has it.',
    ]);
  });

  it.each([
    ['none', []],
    ['a disabled one', [{ ...source, enabled: false }]],
    ['one of another queue', [{ ...source, queueArn: 'other' }]],
    ['one for a function that is not there', [{ ...source, functionArn: 'other' }]],
  ])('is a work queue whose event source is %s', (_what, eventSources) => {
    expect(wiringProblems({ ...whole, eventSources }, routes)).toEqual([
      'Nothing receives from the queue work: no enabled AWS::Lambda::EventSourceMapping names it.',
    ]);
  });
});
