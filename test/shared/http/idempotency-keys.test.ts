import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { ApiCall } from '#shared/http/api-call.ts';
import type { ApiReply } from '#shared/http/api-types.ts';
import { createIdempotency } from '#shared/http/idempotency-keys.ts';
import type { Caller } from '#shared/identity/caller.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import { setAll, update } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { recordingLog } from '../kernel/recording-log.ts';
import { COACH } from './http-events.ts';

const newTable = useTestTables();

interface Sent {
  readonly routeKey: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly rawBody: string | undefined;
  readonly caller: Caller;
  readonly remainingMs: () => number;
}

const request = (parts: Partial<Sent> & { readonly key?: string } = {}): ApiCall => {
  const { key, caller = COACH, remainingMs = () => 10_000, ...event } = parts;
  const call = new ApiCall(
    {
      routeKey: 'POST /api/competitors',
      requestId: 'req-1',
      params: {},
      query: {},
      headers: key === undefined ? {} : { 'idempotency-key': key },
      claims: undefined,
      rawBody: '{"a":1}',
      rawBytes: undefined,
      ...event,
    },
    'req-1',
    remainingMs,
    recordingLog().log,
  );
  call.caller = caller;
  return call;
};

async function setUp() {
  const table = await newTable();
  const world = { nowMs: Date.parse('2026-11-24T07:00:00Z'), runs: 0, ids: new Set<string | undefined>() };
  const claim = createIdempotency({ table, now: () => new Date(world.nowMs) });
  /** As the middleware does it around a handler. */
  const idempotency = async (
    call: ApiCall,
    handle: (call: ApiCall) => Promise<ApiReply>,
  ): Promise<ApiReply> => {
    const found = await claim(call);
    if (found === undefined) return handle(call);
    if ('replay' in found) return found.replay;
    call.idempotencyId = found.idempotencyId;
    try {
      const reply = await handle(call);
      await found.settle(reply, undefined);
      return reply;
    } catch (error) {
      await found.settle(undefined, error);
      throw error;
    }
  };
  const create = (made: ApiCall) => {
    world.runs += 1;
    world.ids.add(made.idempotencyId);
    return Promise.resolve({ status: 201, body: { id: `cmp_${world.runs}` }, headers: { etag: '"1"' } });
  };
  return { table, world, idempotency, create };
}

const refuse = () => Promise.reject(new DomainError('invalid', 'VALIDATION_FAILED', 'No.'));

describe('Idempotency-Key', () => {
  it('is not needed', async () => {
    const { idempotency, create, world } = await setUp();
    await idempotency(request(), create);
    await idempotency(request(), create);
    expect(world.runs).toBe(2);
    expect([...world.ids]).toEqual([undefined]);
  });

  it('gives a repeated request the first one’s answer', async () => {
    const { idempotency, create, world } = await setUp();
    const first = await idempotency(request({ key: 'k1' }), create);
    const second = await idempotency(request({ key: 'k1' }), create);
    expect(first).toEqual({ status: 201, body: { id: 'cmp_1' }, headers: { etag: '"1"' } });
    expect(second).toEqual({ ...first, headers: { etag: '"1"', 'idempotency-replayed': 'true' } });
    expect(world.runs).toBe(1);
  });

  it.each([
    [
      'a record',
      { id: 'cmp_1', firstName: 'Erasmus', guardianEmail: 'erasmus@example.org' },
      { id: 'cmp_1' },
      { location: '/api/competitors/cmp_1', etag: '"1"' },
    ],
    ['a job', { jobId: 'job_1', said: 'Erasmus' }, { jobId: 'job_1' }, { location: '/api/jobs/job_1' }],
    ['anything else', { sent: true, to: 'erasmus@example.org' }, undefined, {}],
  ])(
    'of an answer with %s keeps the status and the id, and nothing it said',
    async (_, body, kept, headers) => {
      const { table, idempotency } = await setUp();
      const said = { ...headers, 'content-disposition': 'attachment; filename="Erasmus.csv"' };
      const handle = () => Promise.resolve({ status: 202, body, headers: said });
      await idempotency(request({ key: 'k1' }), handle);
      const rows = await itemsOf(table, keys.idempotency(COACH.sub, 'k1').pk);
      expect(JSON.stringify(rows)).not.toMatch(/erasmus/i);
      expect(await idempotency(request({ key: 'k1' }), handle)).toEqual({
        status: 202,
        body: kept,
        headers: { ...headers, 'idempotency-replayed': 'true' },
      });
    },
  );

  it('is kept per person and for 24 hours', async () => {
    const { idempotency, create, world } = await setUp();
    await idempotency(request({ key: 'k1' }), create);
    await idempotency(request({ key: 'k1', caller: { ...COACH, sub: 'sub-9' } }), create);
    expect(world.runs).toBe(2);
    world.nowMs += 24 * 3_600_000 - 1_000;
    await idempotency(request({ key: 'k1' }), create);
    expect(world.runs).toBe(2);
    world.nowMs += 2_000;
    await idempotency(request({ key: 'k1' }), create);
    expect(world.runs).toBe(3);
  });

  it.each([
    ['another body', { rawBody: '{"a":2}' }],
    ['another route', { routeKey: 'POST /api/admin/jobs' }],
    ['another path', { params: { id: 'cmp_2' } }],
    ['another query', { query: { coachId: 'coach_2' } }],
    ['another coach acted as', { caller: { ...COACH, actingAs: 'coach_2' } }],
  ])('is refused with %s', async (_, parts) => {
    const { idempotency, create, world } = await setUp();
    await idempotency(request({ key: 'k1' }), create);
    await expect(idempotency(request({ key: 'k1', ...parts }), create)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(world.runs).toBe(1);
  });

  it.each(['', ' ', 'ü', 'x'.repeat(256)])('of the form %j is malformed', async (key) => {
    const { idempotency, create } = await setUp();
    await expect(idempotency(request({ key }), create)).rejects.toMatchObject({
      kind: 'malformed',
      code: 'BAD_IDEMPOTENCY_KEY',
    });
  });

  it('runs one of many that come at once; the others are told to wait or get its answer', async () => {
    const { idempotency, create, world } = await setUp();
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => idempotency(request({ key: 'k1' }), create)),
    );
    expect(world.runs).toBe(1);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    expect(refused.every((code) => code === 'IDEMPOTENCY_KEY_IN_USE')).toBe(true);
    expect(refused.length).toBeLessThan(8);
  });

  it('is free again after a refusal, for another body too', async () => {
    const { idempotency, create, world } = await setUp();
    await expect(idempotency(request({ key: 'k1', rawBody: '{}' }), refuse)).rejects.toMatchObject({
      kind: 'invalid',
    });
    await idempotency(request({ key: 'k1' }), create);
    expect(world.runs).toBe(1);
  });

  it('after a failure lets the same request run again under the same id, and no other', async () => {
    const { idempotency, create, world } = await setUp();
    const ids: (string | undefined)[] = [];
    const breakDown = (made: ApiCall) => {
      ids.push(made.idempotencyId);
      return Promise.reject(new Error('half-way'));
    };
    await expect(idempotency(request({ key: 'k1' }), breakDown)).rejects.toThrow('half-way');
    world.nowMs += 1;
    await expect(idempotency(request({ key: 'k1', rawBody: '{}' }), create)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    await idempotency(request({ key: 'k1' }), create);
    expect([...world.ids]).toEqual(ids);
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it('whose owner died is in use until the owner cannot be alive any more', async () => {
    const { table, idempotency, create, world } = await setUp();
    await idempotency(request({ key: 'k1', remainingMs: () => 5_000 }), create);
    // As a process that was killed between its work and its answer leaves the row.
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keys.idempotency(COACH.sub, 'k1'),
        ...update([setAll({ answer: null, lockedUntil: world.nowMs + 5_000 })]),
      }),
    );
    await expect(idempotency(request({ key: 'k1' }), create)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'IDEMPOTENCY_KEY_IN_USE',
      extra: { retryAfterSeconds: 1 },
    });
    world.nowMs += 5_001;
    await idempotency(request({ key: 'k1' }), create);
    expect(world.runs).toBe(2);
  });

  it('leaves a row that the table deletes after its day', async () => {
    const { table, idempotency, create, world } = await setUp();
    await idempotency(request({ key: 'k1' }), create);
    const rows = await itemsOf(table, keys.idempotency(COACH.sub, 'k1').pk);
    expect(rows).toMatchObject([{ type: 'idempotency', expiresAt: world.nowMs / 1_000 + 86_400 }]);
  });
});
