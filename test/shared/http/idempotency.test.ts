import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { AuthenticatedRequest } from '#shared/http/api-handler.ts';
import { createIdempotency } from '#shared/http/idempotency.ts';
import { ProblemError } from '#shared/kernel/errors.ts';
import { keys } from '#shared/table/keys.ts';
import { itemsOf, useTestTables } from '#test/support/dynamodb.ts';
import { recordingLog } from '../kernel/recording-log.ts';
import { COACH } from './http-events.ts';

const newTable = useTestTables();

const request = (
  parts: Partial<AuthenticatedRequest> & { readonly key?: string } = {},
): AuthenticatedRequest => ({
  routeKey: 'POST /api/competitors',
  params: {},
  query: {},
  headers: parts.key === undefined ? {} : { 'idempotency-key': parts.key },
  body: undefined,
  rawBody: '{"a":1}',
  requestId: 'req-1',
  remainingMs: () => 10_000,
  log: recordingLog().log,
  caller: COACH,
  ...parts,
});

async function setUp() {
  const table = await newTable();
  const world = { nowMs: Date.parse('2026-11-24T07:00:00Z'), runs: 0, ids: new Set<string | undefined>() };
  const idempotency = createIdempotency({ table, now: () => new Date(world.nowMs) });
  const create = (made: AuthenticatedRequest) => {
    world.runs += 1;
    world.ids.add(made.idempotencyId);
    return Promise.resolve({ status: 201, body: { id: `cmp_${world.runs}` }, headers: { etag: '"1"' } });
  };
  return { table, world, idempotency, create };
}

const refuse = () => Promise.reject(new ProblemError(422, 'VALIDATION_FAILED', 'No.'));

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
      status: 422,
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(world.runs).toBe(1);
  });

  it.each(['', ' ', 'ü', 'x'.repeat(256)])('of the form %j is malformed', async (key) => {
    const { idempotency, create } = await setUp();
    await expect(idempotency(request({ key }), create)).rejects.toMatchObject({
      status: 400,
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
      status: 422,
    });
    await idempotency(request({ key: 'k1' }), create);
    expect(world.runs).toBe(1);
  });

  it('after a failure lets the same request run again under the same id, and no other', async () => {
    const { idempotency, create, world } = await setUp();
    const ids: (string | undefined)[] = [];
    const breakDown = (made: AuthenticatedRequest) => {
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
        UpdateExpression: 'SET answer = :none, lockedUntil = :until',
        ExpressionAttributeValues: { ':none': null, ':until': world.nowMs + 5_000 },
      }),
    );
    await expect(idempotency(request({ key: 'k1' }), create)).rejects.toMatchObject({
      status: 409,
      code: 'IDEMPOTENCY_KEY_IN_USE',
      extra: { headers: { 'retry-after': '1' } },
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
