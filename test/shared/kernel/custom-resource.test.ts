import { describe, expect, test } from 'vitest';
import { answerCustomResource } from '#shared/kernel/custom-resource.ts';
import { recordingLog } from './recording-log.ts';

const event = {
  RequestType: 'Create',
  ResponseURL: 'https://answers.example.com/signed?x=1',
  StackId: 'stack-1',
  RequestId: 'request-1',
  LogicalResourceId: 'SystemSchedules',
  ResourceType: 'AWS::CloudFormation::CustomResource',
  ResourceProperties: {},
};

function answers(statuses: readonly number[] = [200]) {
  const sent: { body: Record<string, unknown> }[] = [];
  let tries = 0;
  const fetchStandIn: typeof fetch = (_, init) => {
    const status = statuses[Math.min(tries, statuses.length - 1)] ?? 200;
    tries += 1;
    sent.push({ body: JSON.parse(init?.body as string) as Record<string, unknown> });
    return Promise.resolve(new Response('', { status }));
  };
  return { sent, fetch: fetchStandIn, log: recordingLog().log };
}

const refuse = () => Promise.reject(new TypeError('no group'));
const hang = () => new Promise<void>(() => undefined);

describe('a custom resource answers CloudFormation', () => {
  test('SUCCESS with a physical id that stays the same', async () => {
    const deps = answers();
    await answerCustomResource({ ...deps, act: () => Promise.resolve() }, event, 60_000);
    await answerCustomResource(
      { ...deps, act: () => Promise.resolve() },
      { ...event, RequestType: 'Update', PhysicalResourceId: 'SystemSchedules' },
      60_000,
    );
    expect(
      deps.sent.map(({ body }) => [body['Status'], body['PhysicalResourceId'], body['RequestId']]),
    ).toEqual([
      ['SUCCESS', 'SystemSchedules', 'request-1'],
      ['SUCCESS', 'SystemSchedules', 'request-1'],
    ]);
  });

  test('FAILED with the reason when it cannot be done', async () => {
    const deps = answers();
    await answerCustomResource({ ...deps, act: refuse }, event, 60_000);
    expect(deps.sent).toMatchObject([{ body: { Status: 'FAILED', Reason: 'TypeError: no group' } }]);
  });

  test('FAILED before the time is over, when it takes too long', async () => {
    const deps = answers();
    await answerCustomResource({ ...deps, act: hang }, event, 10_020);
    expect(deps.sent).toMatchObject([{ body: { Status: 'FAILED' } }]);
  });

  test('again, when the answer was not taken', async () => {
    const deps = answers([500, 500, 200]);
    await answerCustomResource({ ...deps, act: () => Promise.resolve() }, event, 60_000);
    expect(deps.sent).toHaveLength(3);
  });
});
