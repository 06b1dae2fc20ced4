import { describe, expect, test, vi } from 'vitest';
import { idempotency, type Claim, type Idempotency } from '#shared/http/middleware/idempotency.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { COACH } from '../http-events.ts';
import { runThrough, servedGet, servedPost } from './run-through.ts';

type Settle = Extract<Claim, { idempotencyId: string }>['settle'];

const claiming = (claim: Claim | undefined) => vi.fn<Idempotency>(() => Promise.resolve(claim));
const settling = () => vi.fn<Settle>(() => Promise.resolve());
const write = { served: servedPost(), caller: COACH };

describe('before', () => {
  test.each([
    ['a read', { ...write, served: servedGet() }],
    ['a read that is sent as a POST', { ...write, served: servedPost({ rate: 'read' }) }],
    ['a call without a caller', { ...write, caller: undefined }],
  ])('%s claims nothing', async (_, found) => {
    const claim = claiming(undefined);
    const { handled } = await runThrough(idempotency(claim), { found });
    expect(claim).not.toHaveBeenCalled();
    expect(handled).toBeDefined();
  });

  test('a write of a function without idempotency passes', async () => {
    const { handled } = await runThrough(idempotency(undefined), { found: write });
    expect(handled?.idempotencyId).toBeUndefined();
  });

  test('a write without a key passes without an id', async () => {
    const { handled } = await runThrough(idempotency(claiming(undefined)), { found: write });
    expect(handled?.idempotencyId).toBeUndefined();
    expect(handled?.settle).toBeUndefined();
  });

  test('a first write is handled under the id of its key', async () => {
    const { handled } = await runThrough(
      idempotency(claiming({ idempotencyId: 'id-1', settle: settling() })),
      { found: write },
    );
    expect(handled?.idempotencyId).toBe('id-1');
  });

  test('a repeated write carries the earlier answer and settles nothing', async () => {
    const replay = { status: 201, body: { id: 'thing_1' } };
    const { reply, handled } = await runThrough(idempotency(claiming({ replay })), { found: write });
    expect(handled?.replay).toBe(replay);
    expect(handled?.settle).toBeUndefined();
    expect(reply.statusCode).toBe(201);
  });

  test('a key that is refused is the answer and runs no handler', async () => {
    const refusal = new DomainError('conflict', 'IN_PROGRESS', 'The first one is still at work.');
    const { code, handled } = await runThrough(
      idempotency(() => Promise.reject(refusal)),
      { found: write },
    );
    expect(code).toBe('IN_PROGRESS');
    expect(handled).toBeUndefined();
  });
});

test('after: the reply is kept under the key', async () => {
  const settle = settling();
  await runThrough(idempotency(claiming({ idempotencyId: 'id-1', settle })), { found: write });
  expect(settle).toHaveBeenCalledExactlyOnceWith({ status: 200, body: { done: true } }, undefined);
});

describe('onError', () => {
  const failure = new Error('the handler failed');
  const handle = () => Promise.reject(failure);

  test('the failure is settled once', async () => {
    const settle = settling();
    const { reply } = await runThrough(idempotency(claiming({ idempotencyId: 'id-1', settle })), {
      found: write,
      handle,
    });
    expect(settle).toHaveBeenCalledExactlyOnceWith(undefined, failure);
    expect(reply.statusCode).toBe(500);
  });

  test('settling that fails does not hide what went wrong first', async () => {
    const refusal = new DomainError('conflict', 'ALREADY_THERE', 'It is there already.');
    const { code, lines } = await runThrough(
      idempotency(claiming({ idempotencyId: 'id-1', settle: () => Promise.reject(new Error('table away')) })),
      { found: write, handle: () => Promise.reject(refusal) },
    );
    expect(code).toBe('ALREADY_THERE');
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'idempotency key not settled'],
      ['info', 'request refused'],
    ]);
  });

  test('a failure of a write without a key settles nothing', async () => {
    const { reply, lines } = await runThrough(idempotency(claiming(undefined)), { found: write, handle });
    expect(reply.statusCode).toBe(500);
    expect(lines.map(({ message }) => message)).toEqual(['request failed']);
  });
});
