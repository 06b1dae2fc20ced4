import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GamePlatformError } from '#shared/game-platform/game-platform-error.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import { describeError } from '#shared/kernel/describe-error.ts';
import { CALLS } from './client-calls.ts';
import { MARK, markTexts } from './mark-texts.ts';
import { NEW_TEAM, NEW_USER, SCORES, scriptedPlatform, USER } from './scripted-platform.ts';

const constants = (record: object) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, fc.constant<unknown>(value)]));

describe('what is written down', () => {
  it('a line per attempt, with ids, status and time', async () => {
    const { client, lines, metrics } = scriptedPlatform([{ status: 503 }, { status: 200, body: SCORES }]);
    await client.getOdlScores('cmp_1');
    expect(lines).toEqual([
      {
        level: 'warn',
        message: 'game platform call',
        fields: expect.objectContaining({
          endpoint: 'getOdlScores',
          synedUserId: 'cmp_1',
          status: 503,
          ms: 0,
          attempt: 1,
          code: 'UNAVAILABLE',
        }),
      },
      {
        level: 'info',
        message: 'game platform call',
        fields: expect.objectContaining({ endpoint: 'getOdlScores', status: 200, attempt: 2 }),
      },
    ]);
    expect(metrics).toEqual([['GamePlatformServerError', 1]]);
  });

  it('holds no id that a person typed, in a line or an error', async () => {
    const { client, lines } = scriptedPlatform([
      { status: 200, body: SCORES },
      { status: 404 },
      { status: 503 },
    ]);
    const error: unknown = await client
      .getUser('jane.doe', { typedId: true })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GamePlatformError);
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify([lines, describeError(error), error])).not.toContain('jane.doe');
  });

  it('never holds a text of what was sent or answered, nor the token', async () => {
    const names = Object.keys(CALLS);
    const person = { first_name: `${MARK}River`, last_name: `${MARK}Lee`, preferred_username: `${MARK}rl` };
    const secretCalls = {
      ...CALLS,
      createUser: (client: GamePlatform) => client.createUser({ ...NEW_USER, ...person }),
      createTeam: (client: GamePlatform) => client.createTeam({ ...NEW_TEAM, team_name: `${MARK}Byte Club` }),
    };
    const marked = fc.string().map((text) => `${MARK}${text}`);
    const answer = fc.oneof(
      fc.jsonValue().map(markTexts),
      fc.string().map((detail) => ({ detail: `${MARK}${detail}` })),
      fc
        .string()
        .map((msg) => ({ detail: [{ loc: ['body', `${MARK}${msg}`], msg: `${MARK}${msg}`, type: 'x' }] })),
      fc.string().map((text) => `${MARK}${text}`),
      fc.record({ ...constants(SCORES), category_points: fc.dictionary(marked, fc.string()) }),
      fc.record({ ...constants(USER), syned_user_id: marked }),
    );
    const status = fc.oneof(
      fc.constantFrom(200, 201, 400, 401, 403, 404, 409, 422, 429, 500, 503),
      fc.integer({ min: 200, max: 599 }),
    );
    const step = fc.record({ status, body: answer });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        step.filter((made) => ![204, 205, 304].includes(made.status)),
        async (name, made) => {
          const platform = scriptedPlatform(Array.from({ length: 12 }, () => made));
          platform.tokens.current = ['secret-token'];
          const error: unknown = await Object.entries(secretCalls)
            .find(([called]) => called === name)![1](platform.client)
            .then(
              () => undefined,
              (reason: unknown) => reason,
            );
          const told =
            error instanceof GamePlatformError ? [error.message, error.context, String(error.cause)] : [];
          const text = JSON.stringify([platform.lines, told]);
          expect(text).not.toContain(MARK);
          expect(text).not.toContain('secret-');
          expect(text).not.toContain('river.lee@example.org');
          expect(error === undefined || error instanceof GamePlatformError).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });
});
