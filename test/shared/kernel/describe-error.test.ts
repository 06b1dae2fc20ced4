import { UsernameExistsException } from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { describeError } from '#shared/kernel/describe-error.ts';
import { OwnError } from '#shared/kernel/errors.ts';

const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('describeError', () => {
  it('drops the message of a JSON error, which quotes what it could not read', () => {
    const described = describeError(thrownBy(() => JSON.parse('Jane Doe')));
    expect(described.name).toBe('SyntaxError');
    expect(JSON.stringify(described)).not.toContain('Jane');
  });

  it('names path and code of a failed parse, without the value', () => {
    const error = thrownBy(() => z.object({ email: z.email() }).parse({ email: 'jane at example' }));
    const described = describeError(error);
    expect(described.issues).toEqual(['email: invalid_format']);
    expect(JSON.stringify(described)).not.toContain('jane');
  });

  it('cuts email addresses out of our own messages', () => {
    const described = describeError(new OwnError('No account for jane.doe@example.org.'));
    expect(described.message).toBe('No account for [email]');
  });

  it('keeps code, stack without message, and causes', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const described = describeError(new OwnError('outer', { cause }));
    expect(described).toMatchObject({ name: 'Error', message: 'outer', cause: { code: 'ECONNREFUSED' } });
    expect(described.stack).toMatch(/^\s+at /);
    expect(described.stack).not.toContain('outer');
  });

  it('keeps no message of a foreign error, wherever it is in the chain of causes', () => {
    const sdk = Object.assign(
      new UsernameExistsException({
        message: 'User Jane Doe exists\n    at Jane Doe (file:///x/Jane.ts:1:1)',
        $metadata: { httpStatusCode: 400, requestId: 'aws-1' },
      }),
      { code: 'ECONNRESET' },
    );
    const between = new TypeError('fetch failed for Jane Doe', { cause: sdk });
    const described = describeError(new OwnError('The sign-in was not made.', { cause: between }));
    expect(JSON.stringify(described)).not.toContain('Jane');
    expect(described).toMatchObject({
      message: 'The sign-in was not made.',
      cause: {
        name: 'TypeError',
        cause: {
          name: 'UsernameExistsException',
          code: 'ECONNRESET',
          stack: expect.stringMatching(/^\s+at /),
        },
      },
    });
    expect(describeError(new Error('Jane Doe')).message).toBeUndefined();
  });

  it('keeps what foreign errors in an aggregate said out of it', () => {
    const error = new AggregateError([new Error('Jane Doe')], 'Jane Doe', { cause: new Error('Jane Doe') });
    expect(JSON.stringify(describeError(error))).not.toContain('Jane');
  });

  it('takes anything that can be thrown', () => {
    expect(describeError('Jane')).toEqual({ name: 'string' });
    expect(describeError(null)).toEqual({ name: 'object' });
  });

  it('ends at a chain of causes that loops', () => {
    const error = new Error('loop');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).length).toBeLessThan(20_000);
  });
});
