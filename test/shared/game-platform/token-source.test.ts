import { describe, expect, it } from 'vitest';
import { createTokenSource } from '#shared/game-platform/token-source.ts';

function setUp(secret: string | null) {
  const world = { secret, reads: 0, nowMs: 0, broken: false };
  const source = createTokenSource({
    secretArn: 'arn:token',
    now: () => new Date(world.nowMs),
    readSecret: () => {
      world.reads += 1;
      return world.broken ? Promise.reject(new Error('away')) : Promise.resolve(world.secret);
    },
  });
  return { world, source };
}

describe('token source', () => {
  it('reads once for many calls', async () => {
    const { world, source } = setUp('token-1');
    expect(await Promise.all([source.current(), source.current()])).toEqual(['token-1', 'token-1']);
    await source.current();
    expect(world.reads).toBe(1);
  });

  it('finds a token that is put later within half a minute', async () => {
    const { world, source } = setUp(null);
    expect(await source.current()).toBeNull();
    world.secret = 'token-1';
    world.nowMs = 29_999;
    expect(await source.current()).toBeNull();
    world.nowMs = 30_000;
    expect(await source.current()).toBe('token-1');
  });

  it('reads again after a refusal, once for all who were refused', async () => {
    const { world, source } = setUp('token-1');
    await source.current();
    world.secret = 'token-2';
    expect(await Promise.all([source.replace('token-1'), source.replace('token-1')])).toEqual([
      'token-2',
      'token-2',
    ]);
    expect(await source.replace('token-1')).toBe('token-2');
    expect(world.reads).toBe(2);
    expect(await source.current()).toBe('token-2');
  });

  it('takes a value that no header can carry for none', async () => {
    expect(await setUp('two words').source.current()).toBeNull();
    expect(await setUp('line\nbreak').source.current()).toBeNull();
    expect(await setUp('').source.current()).toBeNull();
  });

  it('passes on that the secret cannot be read, and heals', async () => {
    const { world, source } = setUp('token-1');
    world.broken = true;
    await expect(source.current()).rejects.toThrow('away');
    world.broken = false;
    expect(await source.current()).toBe('token-1');
  });
});
