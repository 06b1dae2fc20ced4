import { move, plan, row } from '#test/web/roster-plan.ts';
import { leftOut, planCsv } from '#web/features/teams/roster-plan/plan-csv.ts';
import { expect, test } from 'vitest';

test('the file has a line per change and per unknown user, and runs no formula', () => {
  const file = planCsv({
    rows: [
      move('m', { name: '=HYPERLINK("x")' }),
      row('1', { name: null, heldBy: 'tiny_team', state: 'held' }),
    ],
    unknown: [{ platformUserId: '@gp_u', platformTeamId: null }],
  });
  const lines = file.split('\r\n');
  expect(lines[0]).toContain('Action,Competitor,');
  expect(lines[1]).toContain(`"'=HYPERLINK(""x"")"`);
  expect(lines[1]).toContain('Harbor Hex,Root Cellar,wrong_team,640,no');
  expect(lines[2]).toContain('remove,,1,coach-01,Harbor Hex,,not_on_roster,640,no,tiny_team,held');
  expect(lines[3]).toBe(`unknown,,,,,,,,,,,'@gp_u,`);
  expect(new Set(lines.slice(0, 4).map((line) => line.split(',').length))).toEqual(new Set([13]));
});

test('what the page cannot list is counted', () => {
  expect(leftOut(plan())).toBe(1);
  const { counts } = plan();
  expect(leftOut(plan({ counts: { ...counts, add: 301, unknownUsers: 1 } }))).toBe(300);
});
