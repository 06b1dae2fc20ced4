import { expect, test } from 'vitest';
import { ApiError, type ApiFailure } from '#web/shared/api/api-error.ts';
import { createKeyRing } from '#web/shared/api/idempotency-key.ts';

const failed = (failure: ApiFailure) => new ApiError({ failure, message: 'A sentence.' });

function ring() {
  let last = 0;
  return createKeyRing(() => `key ${(last += 1)}`);
}

test('every act has a key of its own', () => {
  const keys = ring();
  expect(keys.current()).toBe('key 1');
  keys.settle();
  expect(keys.current()).toBe('key 2');
});

test.each<ApiFailure>(['timeout', 'unreachable', 'offline'])(
  '%s: the next try carries the same key',
  (failure) => {
    const keys = ring();
    keys.current();
    keys.settle(failed(failure));
    expect(keys.current()).toBe('key 1');
  },
);

test.each<ApiFailure>(['refused', 'signed-out', 'garbled'])('%s: the next try is a new act', (failure) => {
  const keys = ring();
  keys.current();
  keys.settle(failed(failure));
  expect(keys.current()).toBe('key 2');
});
