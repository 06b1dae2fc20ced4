import { badge, member, team } from '#test/web/teams.ts';
import { recreateProgress, recreateRefusal, recreateSteps } from '#web/features/teams/recreate-labels.ts';
import { ApiError } from '#web/shared/api/api-error.ts';
import { describe, expect, it, test } from 'vitest';

const drift = {
  fields: ['name' as const],
  platform: { name: 'Packet Foxes', division: 'high_school', affiliation: 'Cedar Hollow School' },
};
const waiting = badge({ state: 'pending' });

test('what will happen is said in order', () => {
  const members = [member('1'), member('2')];
  expect(recreateSteps(team('a', { name: 'Null Pointers', drift, members }))).toEqual([
    '2 members are taken off Packet Foxes. Solves and totals are read first.',
    'Packet Foxes is deleted on the platform.',
    'It is created again as Null Pointers.',
    'Both are put back.',
  ]);
  expect(recreateSteps(team('a', { drift }))).toHaveLength(3);
  expect(recreateSteps(team('a', { drift, members: [member('1')] })).at(-1)).toBe('The member is put back.');
});

describe('how far it is follows the badges', () => {
  const members = [member('1'), member('2', { badge: waiting })];
  it('the old team is still there', () => {
    expect(recreateProgress(team('a', { badge: waiting, drift, members })).text).toMatch(
      /old team is deleted/,
    );
  });
  it('members are coming back', () => {
    expect(recreateProgress(team('a', { badge: waiting, members })).text).toBe(
      'The team is created again; 1 of 2 members is back on it.',
    );
    expect(recreateProgress(team('a', { badge: waiting })).text).toBe('The team is being created again.');
  });
  it('done, or held up', () => {
    expect(recreateProgress(team('a')).tone).toBe('ok');
    expect(recreateProgress(team('a', { badge: badge({ state: 'error' }), drift })).tone).toBe('warning');
  });
});

const refused = (code: string) =>
  recreateRefusal(new ApiError({ failure: 'refused', message: 'As the server says.', code, status: 409 }));

test('a refusal says why in words', () => {
  expect(refused('EVENT_RUNNING').title).toBe('Not during a Flash CTF');
  expect(refused('NO_DRIFT').title).toBe('Nothing to recreate');
  expect(refused('OTHER').text).toBe('As the server says.');
  const lost = new ApiError({ failure: 'timeout', message: 'The server took too long to answer.' });
  expect(recreateRefusal(lost).text).toMatch(/It is safe to try again/);
  expect(recreateRefusal(new Error('x')).title).toBe('Not recreated');
});
