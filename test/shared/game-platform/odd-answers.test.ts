import { describe, expect, it } from 'vitest';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import { failureOf } from './client-calls.ts';
import { FLASH_CTF, NEW_TEAM, NEW_USER, SCORES, scriptedPlatform, SOLVE, USER } from './scripted-platform.ts';

/** What the vendor may send in place of a field. `text` is for fields that hold text. */
const ODD = {
  missing: undefined,
  null: null,
  'of another type': { nested: true },
  'out of range': -(2 ** 60),
  'text that is not well formed': 'half \uD83D',
} as const;
type Oddity = keyof typeof ODD;
const ODDITIES = Object.keys(ODD) as Oddity[];

const without = (record: object, field: string, oddity: Oddity): Record<string, unknown> => ({
  ...record,
  [field]: ODD[oddity],
});
const asked = async <T>(body: unknown, call: (client: GamePlatform) => Promise<T>) => {
  const step = { status: 201, body };
  return call(scriptedPlatform([step, step, step]).client);
};
const table = (fields: readonly string[]) =>
  fields.flatMap((field) => ODDITIES.map((oddity) => [field, oddity] as const));

/** Fields that hold text take any text. */
const TEXTS = new Set([
  'metactf_username',
  'metactf_user_status',
  'metactf_coach_id',
  'team_name',
  'division',
  'affiliation',
  'challenge_title',
  'challenge_category',
  'flash_ctf_name',
  'event_id',
  'syned_team_id',
]);
/** Numbers that may be anything but are whole and exact; the vendor may leave these out. */
const LEFT_OUT = new Set([
  'last_accessed_unix_timestamp',
  'last_login_unix_timestamp',
  'flash_ctf_time_end_unix',
  'event_id',
  'syned_user_id',
]);
const isOdd = (field: string, oddity: Oddity): boolean => {
  if (TEXTS.has(field) && oddity === 'text that is not well formed') return false;
  return !(LEFT_OUT.has(field) && (oddity === 'missing' || oddity === 'null'));
};

describe('scores of which one part is odd', () => {
  const parts = [
    'metactf_user_id',
    'total_challenges_solved',
    'total_points',
    'last_accessed_unix_timestamp',
    'category_points',
  ];

  it.each(table(parts))('%s is %s: the solves are kept, and the part is set aside', async (field, oddity) => {
    const scores = await asked(without(SCORES, field, oddity), (client) => client.getOdlScores('cmp_1'));
    expect(scores.challenge_solves).toEqual(SCORES.challenge_solves);
    expect(scores.unparsed).toEqual([]);
    const told = scores.odd?.issues.map(({ path }) => path.split('.')[0]) ?? [];
    expect([...new Set(told)]).toEqual(isOdd(field, oddity) ? [field] : []);
    const others = Object.entries(SCORES).filter(([name]) => name !== field);
    expect(scores).toMatchObject(Object.fromEntries(others));
  });

  it.each(ODDITIES)('challenge_solves is %s: without the solves nothing can be used', async (oddity) => {
    const failure = failureOf(
      asked(without(SCORES, 'challenge_solves', oddity), (client) => client.getOdlScores('cmp_1')),
    );
    expect(await failure).toMatchObject({ code: 'BAD_ANSWER', context: { fields: ['challenge_solves'] } });
  });

  it.each(['missing', 'null', 'of another type', 'out of range'] as const)(
    'syned_user_id is %s: it names nobody else, and is kept',
    async (oddity) => {
      const body = without(SCORES, 'syned_user_id', oddity);
      const scores = await asked(body, (client) => client.getOdlScores('cmp_1'));
      expect(scores.challenge_solves).toHaveLength(2);
    },
  );

  it('syned_user_id is another text, well formed or not: it is somebody else’s answer', async () => {
    const body = without(SCORES, 'syned_user_id', 'text that is not well formed');
    expect(await failureOf(asked(body, (client) => client.getOdlScores('cmp_1')))).toMatchObject({
      code: 'BAD_ANSWER',
    });
  });

  it('one category is odd: the points of the others are kept', async () => {
    const body = { ...SCORES, category_points: { crypto: 200, web: null, forensics: '7' } };
    const scores = await asked(body, (client) => client.getOdlScores('cmp_1'));
    expect(scores.category_points).toEqual({ crypto: 200 });
    expect(scores.odd?.issues).toMatchObject([
      { path: 'category_points.web' },
      { path: 'category_points.forensics' },
    ]);
  });

  it.each(table(Object.keys(SOLVE)))(
    'a solve’s %s is %s: the other solves are kept, the odd one is set aside',
    async (field, oddity) => {
      const odd = without(SOLVE, field, oddity);
      const body = { ...SCORES, challenge_solves: [odd, { ...SOLVE, challenge_solve_id: 2 }] };
      const scores = await asked(body, (client) => client.getOdlScores('cmp_1'));
      expect(scores.challenge_solves.at(-1)).toMatchObject({ challenge_solve_id: 2 });
      expect(scores.unparsed.map(({ index }) => index)).toEqual(isOdd(field, oddity) ? [0] : []);
      expect(scores.odd).toBeUndefined();
    },
  );
});

const askFlash = (flash: object) =>
  asked({ syned_user_id: 'cmp_1', flash_ctfs: [flash, FLASH_CTF] }, (client) =>
    client.getFlashCtfProgress('cmp_1'),
  );

describe('Flash CTFs of which one part is odd', () => {
  it.each(
    table([
      'flash_ctf_time_end_unix',
      'event_id',
      'challenges_solved',
      'points_earned',
      'max_points_possible',
      'rank',
    ]),
  )('%s is %s: the event and its solves are kept', async (field, oddity) => {
    // Any whole number may be the platform's id of an event.
    const value = field === 'event_id' && oddity === 'out of range' ? 2 ** 60 : ODD[oddity];
    const { flash_ctfs, unparsed } = await askFlash({ ...FLASH_CTF, [field]: value });
    expect(unparsed).toEqual([]);
    expect(flash_ctfs.map((event) => event.challenge_solves)).toEqual([[SOLVE], [SOLVE]]);
    expect(flash_ctfs.map((event) => event.odd !== undefined)).toEqual([isOdd(field, oddity), false]);
  });

  it.each(ODDITIES)(
    'challenge_solves is %s: its figures are kept, and its solves set aside',
    async (oddity) => {
      const { flash_ctfs } = await askFlash(without(FLASH_CTF, 'challenge_solves', oddity));
      expect(flash_ctfs).toMatchObject([
        { rank: 12, points_earned: 100, challenge_solves: [], unparsed: [{ index: 0 }] },
        { challenge_solves: [SOLVE], unparsed: [] },
      ]);
    },
  );

  it.each(table(['flash_ctf_name', 'flash_ctf_time_start_unix']))(
    '%s is %s: without it nobody can say which event it is, and that one is set aside',
    async (field, oddity) => {
      const { flash_ctfs, unparsed } = await askFlash(without(FLASH_CTF, field, oddity));
      const odd = isOdd(field, oddity);
      expect(unparsed).toHaveLength(odd ? 1 : 0);
      expect(flash_ctfs).toHaveLength(odd ? 1 : 2);
    },
  );

  it.each(ODDITIES)('flash_ctfs is %s: without the events nothing can be used', async (oddity) => {
    const body = { syned_user_id: 'cmp_1', flash_ctfs: ODD[oddity] };
    const failure = failureOf(asked(body, (client) => client.getFlashCtfProgress('cmp_1')));
    expect(await failure).toMatchObject({ code: 'BAD_ANSWER', context: { fields: ['flash_ctfs'] } });
  });
});

describe('accounts of which one part is odd', () => {
  const calls: Readonly<Record<string, (client: GamePlatform) => Promise<unknown>>> = {
    getUser: (client) => client.getUser('cmp_1'),
    createUser: (client) => client.createUser(NEW_USER),
  };
  const parts = ['metactf_user_id', 'metactf_username', 'metactf_user_status', 'last_login_unix_timestamp'];
  const cases = Object.keys(calls).flatMap((name) =>
    table(parts).map(([field, oddity]) => [name, field, oddity] as const),
  );

  it.each(cases)('%s: %s is %s: the account is known all the same', async (name, field, oddity) => {
    const user = await asked(without(USER, field, oddity), calls[name]!);
    expect(user).toMatchObject({ syned_user_id: 'cmp_1' });
    expect(user).toMatchObject(isOdd(field, oddity) ? { [field]: null } : {});
  });

  it.each(ODDITIES)('syned_user_id is %s: without it nobody knows whose account it is', async (oddity) => {
    const body = without(USER, 'syned_user_id', oddity);
    for (const call of Object.values(calls)) {
      expect(await failureOf(asked(body, call))).toMatchObject({ code: 'BAD_ANSWER' });
    }
  });
});

describe('a team that was made, of which one part is odd', () => {
  const team = {
    metactf_team_id: 7,
    metactf_coach_id: '9',
    syned_team_id: 'team_1',
    team_name: 'Byte Club',
    division: 'high_school',
    affiliation: 'Example High',
  };

  const cases = table(Object.keys(team)).filter(
    // It would name another one.
    ([field, oddity]) => field !== 'syned_team_id' || oddity !== 'text that is not well formed',
  );
  it.each(cases)('%s is %s: it is made', async (field, oddity) => {
    const call = asked(without(team, field, oddity), (client) => client.createTeam(NEW_TEAM));
    const expected = field === 'metactf_team_id' ? null : 7;
    expect(await call).toMatchObject({ metactf_team_id: expected });
  });
});

describe('assignments of which one is odd', () => {
  const known = { syned_user_id: 'cmp_1', syned_team_id: 'team_1' };
  const ask = (one: unknown) =>
    asked({ assignments: [known, one], total_count: 2 }, (client) => client.getTeamAssignments());

  it.each(ODDITIES)('its syned_user_id is %s: that one is set aside', async (oddity) => {
    const { assignments, unparsed, unplaced } = await ask(without(known, 'syned_user_id', oddity));
    const text = oddity === 'text that is not well formed';
    expect(assignments).toHaveLength(text ? 2 : 1);
    expect(unparsed).toHaveLength(text ? 0 : 1);
    expect(unplaced).toEqual([]);
  });

  it.each(ODDITIES)('its syned_team_id is %s: on none, or set aside with the user named', async (oddity) => {
    const { assignments, unparsed, unplaced } = await ask({
      ...without(known, 'syned_team_id', oddity),
      syned_user_id: 'cmp_2',
    });
    const odd = oddity === 'of another type' || oddity === 'out of range';
    expect(assignments).toHaveLength(odd ? 1 : 2);
    expect(unparsed).toHaveLength(odd ? 1 : 0);
    expect(unplaced).toEqual(odd ? ['cmp_2'] : []);
  });

  it('no record at all is set aside', async () => {
    expect(await ask(null)).toMatchObject({ assignments: [known], unparsed: [{ index: 1 }], unplaced: [] });
  });

  it.each(table(['assignments', 'total_count']))(
    '%s is %s: without it a list that was cut short would look like a whole one',
    async (field, oddity) => {
      const body = without({ assignments: [known], total_count: 1 }, field, oddity);
      expect(await failureOf(asked(body, (client) => client.getTeamAssignments()))).toMatchObject({
        code: 'BAD_ANSWER',
      });
    },
  );
});

it('what was set aside is logged by its place and counted, never with its text', async () => {
  const body = { ...USER, metactf_username: { name: 'River Lee' } };
  const { client, lines } = scriptedPlatform([{ status: 201, body }]);
  await client.getUser('cmp_1');
  expect(lines.find(({ message }) => message === 'game platform answer set aside in part')).toMatchObject({
    fields: { endpoint: 'getUser', synedUserId: 'cmp_1', records: 1, fields: ['metactf_username'] },
  });
  expect(JSON.stringify(lines)).not.toContain('River');
});
