import { describe, expect, it } from 'vitest';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import { mapFlashProgress, mapOdlScores } from '#shared/score-sync/solve-mapping.ts';
import { FLASH_CTF, NEW_TEAM, SCORES, scriptedPlatform, SOLVE, USER } from './scripted-platform.ts';

const HALF = '\uD83D';
const EMOJI = '😀';
/** A text that is cut between the halves of its emoji when only units are counted. */
const cutting = (units: number) => `${'x'.repeat(units - 1)}${EMOJI}${'y'.repeat(2_000)}`;

const ask = async <T>(body: unknown, call: (client: GamePlatform) => Promise<T>) =>
  call(scriptedPlatform([{ status: 201, body }]).client);

/** Every text in a value, keys included. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key].concat(textsOf(inner)));
}
const expectMended = (value: unknown) => {
  const texts = textsOf(value);
  expect(texts.filter((text) => !text.isWellFormed() || text.length > 300)).toHaveLength(0);
};

const spoiled = (text: string) => ({
  solve: {
    ...SOLVE,
    challenge_title: text,
    challenge_category: text,
    nist_nice_work_roles: Array.from({ length: 200 }, () => text),
  },
  user: { ...USER, metactf_username: text, metactf_user_status: text },
  team: {
    metactf_team_id: 7,
    metactf_coach_id: text,
    syned_team_id: 'team_1',
    team_name: text,
    division: text,
    affiliation: text,
  },
});

describe.each([
  ['half a character', `Glass ${HALF} Harbour`],
  ['a text that is cut in a character at 100', cutting(100)],
  ['a text that is cut in a character at 300', cutting(300)],
  ['a text that is cut in a character at 200', cutting(200)],
])('the platform sends %s', (_kind, text) => {
  const { solve, user, team } = spoiled(text);

  it('in scores: the solve is kept, its texts whole', async () => {
    const body = { ...SCORES, category_points: { [text]: 200, crypto: 1 }, challenge_solves: [solve] };
    const scores = await ask(body, (client) => client.getOdlScores('cmp_1'));
    expectMended(scores);
    expect(scores.challenge_solves[0]?.nist_nice_work_roles).toHaveLength(50);
    expect(Object.values(scores.category_points)).toEqual([200, 1]);
    const context = { timeZone: 'America/Los_Angeles', readAt: '2026-11-24T18:00:00.000Z' };
    const mapped = mapOdlScores({ competitorId: 'cmp_1', coachId: 'coach_1' }, context, scores);
    expect(mapped.solves).toHaveLength(1);
  });

  it('in Flash CTFs: event and solves are kept, their texts whole', async () => {
    const flash = { ...FLASH_CTF, flash_ctf_name: text, event_id: text, challenge_solves: [solve] };
    const body = { syned_user_id: 'cmp_1', flash_ctfs: [flash] };
    const progress = await ask(body, (client) => client.getFlashCtfProgress('cmp_1'));
    expectMended(progress);
    const context = { timeZone: 'America/Los_Angeles', readAt: '2026-11-24T18:00:00.000Z' };
    const mapped = mapFlashProgress({ competitorId: 'cmp_1', coachId: 'coach_1' }, context, progress);
    expectMended([mapped.solves, mapped.events, mapped.results]);
    expect(mapped.events).toHaveLength(1);
  });

  it('in accounts, teams and assignments: they are kept, their texts whole', async () => {
    expectMended(await ask(user, (client) => client.getUser('cmp_1')));
    expectMended(await ask(team, (client) => client.createTeam(NEW_TEAM)));
    const assignments = [{ syned_user_id: text, syned_team_id: text }];
    const listed = await ask({ assignments, total_count: 1 }, (client) => client.getTeamAssignments());
    expect(listed.assignments).toHaveLength(1);
    expectMended(listed);
  });
});

it('an id that begins like one of ours and goes on is not taken for ours', async () => {
  const id = 'u'.repeat(150);
  const assignments = [{ syned_user_id: `${id}x`, syned_team_id: 'team_1' }];
  const listed = await ask({ assignments, total_count: 1 }, (client) => client.getTeamAssignments());
  expect(listed.assignments[0]?.syned_user_id).not.toBe(id);
});
