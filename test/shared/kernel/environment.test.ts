import * as z from 'zod';
import { expect, it } from 'vitest';
import { EnvironmentError, readEnvironment } from '#shared/kernel/environment.ts';

const schema = z.object({
  TABLE_NAME: z.string().min(1),
  BASE_URL: z.url(),
  SPEED: z.coerce.number().default(1),
});

it('reads variables through the schema', () => {
  const source = { TABLE_NAME: 'main', BASE_URL: 'https://api.example.org', OTHER: 'x' };
  expect(readEnvironment(schema, source)).toEqual({
    TABLE_NAME: 'main',
    BASE_URL: 'https://api.example.org',
    SPEED: 1,
  });
});

const readBadly = () => readEnvironment(schema, { BASE_URL: 'secret-looking', SPEED: 'fast' });

it('names every bad variable, and no value', () => {
  expect(readBadly).toThrow(EnvironmentError);
  expect(readBadly).toThrow(/^Bad environment: TABLE_NAME \(missing\); BASE_URL \(.+\); SPEED \(.+\)$/);
  expect(readBadly).not.toThrow(/secret-looking|fast/);
});
