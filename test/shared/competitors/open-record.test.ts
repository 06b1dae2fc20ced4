import { expect, test } from 'vitest';
import * as z from 'zod';
import { competitorRowSchema, competitorViewSchema } from '#shared/competitors/contract.ts';
import { createOpenRecord } from '#shared/competitors/privacy/open-record.ts';
import { ROUTES } from '#shared/http/routes.ts';
import { routeKeyOf, type Route } from '#shared/kernel/contract.ts';
import { aCompetitor } from '#test/support/competitors.ts';

const ACTOR = { sub: 'sub-1', actingAs: null, requestId: 'req-1' };
const opener = (logRead: () => Promise<void>) =>
  createOpenRecord({
    relatedRecordsOf: () => Promise.resolve([]),
    slaHours: () => Promise.resolve(8),
    inactiveDays: () => Promise.resolve(14),
    now: () => new Date('2026-11-19T20:00:00.000Z'),
    logRead,
  });

test('a record is answered whole, and its reader noted before', async () => {
  const noted: string[] = [];
  const record = await opener(() => Promise.resolve(void noted.push('read')))(aCompetitor(), ACTOR);
  expect(competitorViewSchema.parse(record)).toEqual(record);
  expect(record.guardianEmail).toBe('ada@example.org');
  expect(noted).toEqual(['read']);
});

test('whoever cannot be noted sees nothing', async () => {
  const open = opener(() => Promise.reject(new Error('The table does not answer.')));
  await expect(open(aCompetitor(), ACTOR)).rejects.toThrow('The table does not answer.');
});

/** Of a guardian, or a way to reach somebody. */
const CONTACT = /guardian|schoolEmail|mediaRelease|participationAgreement|consentWithdrawn/;
const answerOf = ({ success }: Route): string =>
  success.schema === undefined
    ? ''
    : JSON.stringify(z.toJSONSchema(success.schema, { io: 'output', unrepresentable: 'any' }));

test('no other route answers contact data than those that open a record, or export it', () => {
  const telling = ROUTES.filter((route) => CONTACT.test(answerOf(route))).map(routeKeyOf);
  expect(telling.toSorted()).toEqual([
    'GET /api/competitors/{id}',
    'GET /api/competitors/{id}/export',
    'PATCH /api/competitors/{id}',
    'POST /api/competitors',
    'POST /api/game-platform/competitors/{id}',
    'POST /api/game-platform/competitors/{id}/link',
  ]);
  expect(Object.keys(competitorRowSchema.shape).filter((name) => /email|adult/i.test(name))).toEqual([]);
});
