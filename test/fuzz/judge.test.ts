import { describe, expect, it } from 'vitest';
import { competitorRoutes } from '#shared/competitors/contract.ts';
import { teamRoutes } from '#shared/teams/contract.ts';
import { judge } from './judge.ts';
import type { Answer } from './send.ts';
import type { Shot } from './shots.ts';

const NOT_FOUND = {
  type: 'about:blank',
  title: 'Not Found',
  status: 404,
  detail: 'There is nothing here, or it is not yours to see.',
  code: 'NOT_FOUND',
  requestId: 'req-1',
};

const shotOf = (route: Shot['route'], path: string, body?: string): Shot => ({
  index: 1,
  route,
  role: 'coach',
  viewer: 'coach-01',
  how: 'plain',
  sent: {
    method: route.method,
    path,
    headers: {},
    body: body === undefined ? undefined : Buffer.from(body),
  },
});
const READ = shotOf(teamRoutes.getTeam, '/api/teams/team_1');
const ERASE = shotOf(competitorRoutes.eraseCompetitor, '/api/competitors/cmp_1');

const ROSTER = shotOf(competitorRoutes.exportRoster, '/api/game-platform/exports/roster.csv');

const answer = (status: number, body: unknown, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers: {
    'content-type': status >= 400 ? 'application/problem+json' : 'application/json',
    'apigw-requestid': 'req-1',
    ...headers,
  },
  text: typeof body === 'string' ? body : JSON.stringify(body),
  ms: 1,
});

const kinds = (shot: Shot, of: Answer, foreign: readonly string[] = []): string[] =>
  judge(shot, of, { foreign: new Set(foreign) }).map(({ kind }) => kind);

const STARTED = { jobId: 'job_1', erased: [], notReachable: [] };

describe('The judge of answers', () => {
  it.each<[string, Shot, Answer]>([
    ['a refusal with code and request id', READ, answer(404, NOT_FOUND)],
    ['what the contract promises', ERASE, answer(202, STARTED)],
    ['a file', ROSTER, answer(200, 'a,b\r\n')],
    ['the job that prepares a file', ROSTER, answer(202, { jobId: 'job_1' })],
    [
      'the gateway’s own refusal',
      READ,
      answer(401, { message: 'Unauthorized' }, { 'content-type': 'application/json' }),
    ],
  ])('lets pass %s', (_, shot, of) => {
    expect(kinds(shot, of)).toEqual([]);
  });

  it.each<[string, Shot, Answer]>([
    ['no answer', READ, { status: 0, headers: {}, text: 'socket hang up', ms: 1 }],
    ['failure', READ, answer(500, { ...NOT_FOUND, status: 500, code: 'INTERNAL_ERROR' })],
    ['failure', READ, answer(503, { ...NOT_FOUND, status: 503, code: 'GAME_PLATFORM_PAUSED' })],
    [
      'no problem+json',
      READ,
      answer(500, { message: 'Internal Server Error' }, { 'content-type': 'application/json' }),
    ],
    ['no problem+json', READ, answer(422, { ...NOT_FOUND, code: undefined })],
    ['code not in the contract', READ, answer(409, { ...NOT_FOUND, status: 409, code: 'SOMETHING_ELSE' })],
    ['problem does not fit', READ, answer(404, { ...NOT_FOUND, status: 400 })],
    ['internals', READ, answer(404, { ...NOT_FOUND, detail: 'No row COMP#cmp_1' })],
    ['internals', READ, answer(404, { ...NOT_FOUND, detail: 'TypeError: x is not a function' })],
    ['status not in the contract', ERASE, answer(200, STARTED)],
    ['status not in the contract', ROSTER, answer(201, 'a,b')],
    ['answer breaks its schema', ROSTER, answer(202, {})],
    ['answer breaks its schema', ERASE, answer(202, { ...STARTED, jobId: 7 })],
    ['answer says more than its schema', ERASE, answer(202, { ...STARTED, guardianName: 'Somebody' })],
  ])('finds: %s', (kind, shot, of) => {
    expect(kinds(shot, of)).toContain(kind);
  });

  it('finds what is another coach’s, unless it was sent', () => {
    const told = answer(404, { ...NOT_FOUND, detail: 'That is Mira Okafor’s.' });
    expect(kinds(READ, told, ['Mira Okafor'])).toEqual(['another coach’s']);
    const sent = shotOf(teamRoutes.updateTeam, '/api/teams/team_1', '{"name":"Mira Okafor"}');
    expect(kinds(sent, told, ['Mira Okafor'])).toEqual([]);
  });
});
