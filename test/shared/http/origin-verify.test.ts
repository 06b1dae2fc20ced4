import { describe, expect, it } from 'vitest';
import { createOriginSecret } from '#shared/http/origin-secret.ts';
import { createOriginVerify } from '#shared/http/origin-verify.ts';
import { DomainError } from '#shared/kernel/errors.ts';
import type { SecretVersion } from '#shared/kernel/secret-reader.ts';

function setUp(secret: Partial<Record<SecretVersion, string>>) {
  const world = { secret, nowMs: 0, reads: 0, broken: false };
  const originSecret = createOriginSecret({
    secretArn: 'arn:secret',
    now: () => new Date(world.nowMs),
    readSecret: (_, version = 'AWSCURRENT') => {
      world.reads += 1;
      return world.broken
        ? Promise.reject(new Error('Secrets Manager is away'))
        : Promise.resolve(world.secret[version] ?? null);
    },
  });
  return { world, verify: createOriginVerify(originSecret) };
}

describe('origin check', () => {
  it('takes the current and the previous value, and nothing else', async () => {
    const { verify } = setUp({ AWSCURRENT: 'new', AWSPREVIOUS: 'old' });
    expect(await Promise.all(['new', 'old', 'other', '', undefined].map(verify))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('refuses everything while the secret has no value', async () => {
    const { verify } = setUp({});
    expect(await verify('')).toBe(false);
    expect(await verify('null')).toBe(false);
  });

  it('reads once for many requests and again after five minutes', async () => {
    const { world, verify } = setUp({ AWSCURRENT: 'new' });
    await Promise.all([verify('new'), verify('new'), verify('new')]);
    expect(world.reads).toBe(2);
    world.nowMs = 299_999;
    await verify('new');
    expect(world.reads).toBe(2);
    world.nowMs = 300_000;
    await verify('new');
    expect(world.reads).toBe(4);
  });

  it('notices a rotation at once, but strangers cannot make it read without end', async () => {
    const { world, verify } = setUp({ AWSCURRENT: 'first' });
    await verify('first');
    world.secret = { AWSCURRENT: 'second', AWSPREVIOUS: 'first' };
    world.nowMs = 30_000;
    expect(await verify('second')).toBe(true);
    const reads = world.reads;
    for (let count = 0; count < 50; count += 1) expect(await verify(`guess ${count}`)).toBe(false);
    expect(world.reads).toBe(reads);
  });

  it('goes on with what it knows while the secret cannot be read; knowing nothing, it answers 503', async () => {
    const { world, verify } = setUp({ AWSCURRENT: 'value' });
    world.broken = true;
    await expect(verify('value')).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'ORIGIN_CHECK_UNAVAILABLE',
    });
    await expect(verify('value')).rejects.toBeInstanceOf(DomainError);
    world.broken = false;
    expect(await verify('value')).toBe(true);
    world.broken = true;
    world.nowMs = 3_600_000;
    expect(await verify('value')).toBe(true);
    expect(await verify('other')).toBe(false);
  });
});
