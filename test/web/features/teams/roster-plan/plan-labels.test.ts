import { addition, move, plan, row } from '#test/web/roster-plan.ts';
import {
  guardsApart,
  guardsSummary,
  planNote,
  pollPlanEvery,
  removalReasons,
  removalsOf,
  removalsSummary,
  scoreLabel,
  stateLabel,
  thenLabel,
} from '#web/features/teams/roster-plan/plan-labels.ts';
import { waitsForAdmin } from '#web/features/teams/roster-plan/roster-plan-query.ts';
import { describe, expect, it, test } from 'vitest';

describe('each removal says what becomes of the score', () => {
  it.each([
    ['a move', move('m', { points: 1420 }), '1,420 points stay with them here'],
    ['a removal', row('1'), '640 points kept as history'],
    [
      'a removal that empties the team',
      row('1', { emptiesTeam: true }),
      '640 points kept as history; the team there is left without any',
    ],
    ['somebody without solves', row('1', { points: null }), 'None: no solves'],
    ['an erased person', row('1', { why: 'erased', name: null }), 'Nothing is kept here: erased on request'],
  ])('%s', (_what, one, words) => expect(scoreLabel(one)).toBe(words));

  it('and where they are then', () => {
    expect(thenLabel(move('m'))).toBe('Root Cellar');
    expect(thenLabel(row('1'))).toBe('No team');
    expect(thenLabel(row('1', { emptiesTeam: true }))).toBe('No team; this one is empty');
  });
});

test('a row says how far it is, and whether somebody has to decide', () => {
  expect(stateLabel(row('1'))).toEqual({ tone: 'neutral', text: 'Planned' });
  expect(stateLabel(row('1', { state: 'held', heldBy: 'tiny_team' }))).toEqual({
    tone: 'error',
    text: 'Stopped',
  });
  expect(stateLabel(row('1', { state: 'held', heldBy: 'event_running' })).text).toBe('After the CTF');
  expect(stateLabel(row('1', { state: 'handed_over', heldBy: 'tiny_team' })).text).toBe('Scores first');
  expect(stateLabel(row('1', { state: 'done' })).tone).toBe('ok');
  expect(stateLabel(row('1', { state: 'changed' })).text).toBe('Left alone');
});

test('what waits for a decision is listed first; additions are no removals', () => {
  const rows = [addition('a'), move('m'), row('1'), row('2', { state: 'held', heldBy: 'mass_removal' })];
  expect(removalsOf(rows).map(({ competitorId }) => competitorId)).toEqual(['2', '1', 'm']);
});

test('removals are counted in words', () => {
  const { counts } = plan();
  expect(removalsSummary(counts)).toBe('4: 3 leave a team for good, 1 moves');
  expect(removalsSummary({ ...counts, remove: 0 })).toBe('1 moves');
  expect(removalsSummary({ ...counts, move: 0, remove: 0 })).toBe('none');
  expect(removalReasons([row('1'), row('2', { why: 'deactivated' }), move('m')])).toBe(
    '1 deactivated, 1 on no roster',
  );
  expect(removalReasons([addition('a')])).toBe('no one leaves for good');
});

test('the guards say how many stopped the plan', () => {
  expect(guardsSummary(plan().guards)).toBe('1 of 2 stopped the plan');
  expect(guardsSummary([{ guard: 'event_running', state: 'waiting', message: '' }])).toBe('1 of 1 waits');
  expect(guardsSummary([])).toBe('none stopped the plan');
});

test('guards that found something come first, those that passed are apart', () => {
  const [stopped, passed] = plan().guards;
  const noted = { guard: 'unknown_users', state: 'noted', message: '' } as const;
  expect(guardsApart([noted, ...plan().guards])).toEqual({ telling: [stopped, noted], passed: [passed] });
});

describe('the note on top says what has become of the plan', () => {
  it('stopped, with the safe part under way', () => {
    expect(planNote(plan())).toEqual({
      tone: 'error',
      title: '3 changes wait for you.',
      text: 'Harbor Hex would lose 3 of 3. The rest went ahead. 2 changes on the way: scores are read first, then the platform is told.',
    });
  });
  it('stopped before any change', () => {
    const counts = { ...plan().counts, add: 0, move: 0 };
    expect(planNote(plan({ counts })).title).toBe('Stopped before any change.');
  });
  it('stopped, after an admin released the safe part only', () => {
    const confirmed = {
      at: '2026-11-19T20:20:00.000Z',
      by: 'Ines',
      reason: 'closed',
      scope: 'safe' as const,
    };
    expect(planNote(plan({ confirmed })).text).toMatch(/3 changes stay stopped; compare again/);
  });
  it('held only until an event is over', () => {
    const guards = [{ guard: 'event_running', state: 'waiting', message: 'A Flash CTF is on.' }] as const;
    expect(planNote(plan({ guards: [...guards] }))).toMatchObject({
      tone: 'accent',
      title: '3 changes wait for the end of the Flash CTF.',
    });
  });
  it('in step, drawn only, handed over, out of date', () => {
    expect(planNote(plan({ status: 'in_step' })).tone).toBe('ok');
    expect(planNote(plan({ status: 'drawn' })).text).toBe(
      'Nothing was changed. 5 differences found; 3 would be stopped.',
    );
    expect(planNote(plan({ status: 'applied' })).tone).toBe('accent');
    const rows = [row('1', { state: 'done' }), row('2', { state: 'changed' })];
    expect(planNote(plan({ status: 'applied', rows }))).toEqual({
      tone: 'ok',
      title: 'Done.',
      text: 'The platform has confirmed what was handed over. 1 change was left alone: edited since, or different there.',
    });
    expect(planNote(plan({ status: 'outdated' })).title).toBe('Out of date.');
  });
});

test('a plan is read again soon while changes come true, then less often', () => {
  const at = Date.parse(plan().drawnAt);
  const settled = [row('1', { state: 'done' }), row('2', { state: 'held', heldBy: 'tiny_team' })];
  expect(pollPlanEvery(plan(), at + 5_000)).toBe(3_000);
  expect(pollPlanEvery(plan(), at + 3_600_000)).toBe(60_000);
  expect(pollPlanEvery(plan({ rows: settled }), at)).toBe(60_000);
  expect(pollPlanEvery(null, at)).toBe(60_000);
});

test('what was released is on the way before it is handed over; a trial is not', () => {
  const rows = [row('1', { state: 'planned' })];
  const confirmed = { at: '2026-11-19T20:20:00.000Z', by: 'Ines', reason: 'closed', scope: 'all' as const };
  expect(planNote(plan({ status: 'applied', rows, dryRun: true, confirmed })).text).toMatch(/^1 change on/);
  expect(pollPlanEvery(plan({ rows, dryRun: true }), 0)).toBe(60_000);
});

test('the navigation counts what waits for an admin, until one answered', () => {
  expect(waitsForAdmin(plan())).toBe(3);
  expect(waitsForAdmin(plan({ rows: [row('1', { state: 'held', heldBy: 'event_running' })] }))).toBe(0);
  expect(
    waitsForAdmin(
      plan({
        confirmed: { at: '2026-11-19T20:20:00.000Z', by: 'sub', reason: 'closed', scope: 'all' },
      }),
    ),
  ).toBe(0);
  expect(waitsForAdmin(undefined)).toBe(0);
});
