import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { documentClientOf } from '#shared/table/table.ts';

const client = () => new DynamoDBClient({ region: 'us-east-1' });
const stepsOf = ({ middlewareStack }: Pick<DynamoDBClient, 'middlewareStack'>) =>
  middlewareStack.identify().join('\n');

describe('The client of the table', () => {
  it('has every step of the SDK but its logging, whose walk through large answers nobody reads', () => {
    expect(stepsOf(client())).toMatch(/^loggerMiddleware/m);
    const steps = stepsOf(client()).split('\n');
    expect(stepsOf(documentClientOf(client())).split('\n')).toEqual(
      steps.filter((step) => !step.startsWith('loggerMiddleware')),
    );
  });
});
