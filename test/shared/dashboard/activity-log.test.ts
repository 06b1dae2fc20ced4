import { expect, it } from 'vitest';
import type { Activity } from '#shared/audit/activity.ts';
import { readActivity, type ActivityLogDeps, type ActivityRequest } from '#shared/dashboard/activity-log.ts';
import { aCompetitor, aTeam } from '#test/support/records.ts';

const line = (id: string, over: Partial<Activity> = {}): Activity => ({
  id,
  coachId: 'coach_1',
  at: `2026-11-20T10:0${id}:00.000Z`,
  kind: 'member_moved',
  actor: 'user:me',
  competitorId: 'cmp_1',
  details: { teamId: 'team_1', fromTeamId: 'team_2' },
  ...over,
});

const pageOf = (lines: readonly Activity[], limit: number, before?: string) => {
  const own = lines
    .filter((one) => before === undefined || `${one.at}#${one.id}` < before)
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const items = own.slice(0, limit);
  const last = items.at(-1);
  return { items, next: own.length > limit && last !== undefined ? `${last.at}#${last.id}` : null };
};

const depsOf = (lines: readonly Activity[]): ActivityLogDeps => ({
  pageOfCoach: async (coachId, { limit, before }) =>
    pageOf(
      lines.filter((one) => one.coachId === coachId),
      limit,
      before,
    ),
  pageOfProgram: async ({ limit, before }) => pageOf(lines, limit, before),
  competitorsById: async () => new Map([['cmp_1', aCompetitor()]]),
  teamsById: async () =>
    new Map([
      ['team_1', aTeam()],
      ['team_2', aTeam({ id: 'team_2', coachId: 'coach_2', division: 'middle_school' })],
    ]),
  dayOf: (iso) => iso.slice(0, 10),
});

const request = (over: Partial<ActivityRequest> = {}): ActivityRequest => ({
  coachId: 'coach_1',
  division: null,
  range: null,
  limit: 50,
  before: null,
  viewer: 'me',
  ...over,
});

it('a line names people and teams as they are called today, and none that belong to another coach', async () => {
  const { items } = await readActivity(depsOf([line('1')]), request());
  expect(items).toMatchObject([
    {
      by: 'you',
      competitor: { id: 'cmp_1', name: 'Amara Quill' },
      team: { id: 'team_1', name: 'Packet Foxes' },
      fromTeam: { id: 'team_2', name: null },
    },
  ]);
});

it('pages of all coaches together hold every line once, newest first', async () => {
  const lines = [line('1'), line('2', { coachId: 'coach_2' }), line('3'), line('4', { coachId: 'coach_2' })];
  const seen: string[] = [];
  let before: string | null = null;
  do {
    const page = await readActivity(depsOf(lines), request({ coachId: null, limit: 1, before }));
    seen.push(...page.items.map(({ id }) => id));
    before = page.next;
  } while (before !== null);
  expect(seen).toEqual(['4', '3', '2', '1']);
});

it('a division and a range of days leave out what is not theirs', async () => {
  const deps = depsOf([line('1'), line('2', { at: '2026-11-21T10:00:00.000Z' })]);
  const range = { from: '2026-11-20', to: '2026-11-20' };
  const ids = async (over: Partial<ActivityRequest>) =>
    (await readActivity(deps, request(over))).items.map(({ id }) => id);
  expect(await ids({ range })).toEqual(['1']);
  expect(await ids({ range, division: 'middle_school' })).toEqual([]);
  expect(await ids({ division: 'high_school' })).toEqual(['2', '1']);
});
