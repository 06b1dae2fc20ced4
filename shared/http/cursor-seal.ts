import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CursorSeal } from './middleware/cursors.ts';
import { KEEP_MS, LOOK_AGAIN_MS, type OriginSecret } from './origin-secret.ts';
import { OwnError } from '#shared/kernel/errors.ts';

const MAC_BYTES = 16;

const macOf = (key: Buffer, cursor: string, binding: string): Buffer =>
  createHmac('sha256', key)
    .update(JSON.stringify(['cursor', cursor, binding]))
    .digest()
    .subarray(0, MAC_BYTES);

/** Seals with a keyed digest (HMAC-SHA-256, RFC 2104, cut to 128 bits) under the secret that CloudFront and the API share. */
export function createCursorSeal(secret: OriginSecret): CursorSeal {
  return {
    async seal(cursor, binding) {
      const [key] = await secret(KEEP_MS);
      if (key === undefined) throw new OwnError('There is no secret to seal a cursor with.');
      return `${cursor}.${macOf(key, cursor, binding).toString('base64url')}`;
    },
    async open(sealed, binding) {
      const dot = sealed.lastIndexOf('.');
      const cursor = sealed.slice(0, dot);
      const mac = Buffer.from(sealed.slice(dot + 1), 'base64url');
      if (dot === -1 || mac.length !== MAC_BYTES) return undefined;
      const fits = (keys: readonly Buffer[]): boolean =>
        keys.some((key) => timingSafeEqual(macOf(key, cursor, binding), mac));
      return fits(await secret(KEEP_MS)) || fits(await secret(LOOK_AGAIN_MS)) ? cursor : undefined;
    },
  };
}
