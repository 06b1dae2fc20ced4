import { randomBytes } from 'node:crypto';
import { systemClock, type Clock } from './clock.ts';

/** Makes an id that is never made again, for example `newId('cmp')` → `cmp_01jd…`. */
export type NewId = (prefix: string) => string;

/** Crockford's base 32 in lower case: no `i`, `l`, `o` or `u`, in the order of its digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 10;
/** 80 random bits, as in a ULID. */
const RANDOM_BYTES = 10;

function encode(value: bigint, digits: number): string {
  let rest = value;
  let text = '';
  for (let digit = 0; digit < digits; digit += 1) {
    text = ALPHABET.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}

/** Ids as ULIDs with a prefix: they sort by the millisecond they were made in. */
export function createNewId(
  now: Clock = systemClock,
  random: (bytes: number) => Uint8Array = randomBytes,
): NewId {
  return (prefix) => {
    const noise = random(RANDOM_BYTES).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    return `${prefix}_${encode(BigInt(now().getTime()), TIME_DIGITS)}${encode(noise, (RANDOM_BYTES * 8) / 5)}`;
  };
}

export const newId: NewId = createNewId();
