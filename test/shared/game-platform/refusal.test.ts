import { describe, expect, it } from 'vitest';
import { readRefusal } from '#shared/game-platform/refusal.ts';

const says = (detail: string) => ({ detail });
const NO_JSON = undefined;

describe('what a refusal means', () => {
  it.each([
    // The token
    ['getUser', 401, says('Invalid token'), 'TOKEN_REFUSED', true],
    ['createUser', 401, NO_JSON, 'TOKEN_REFUSED', true],
    ['getOdlScores', 403, says('Not authenticated'), 'TOKEN_REFUSED', true],
    ['createTeam', 403, says('Invalid token'), 'TOKEN_REFUSED', true],
    ['assignTeam', 403, says('Bad API key'), 'TOKEN_REFUSED', true],
    ['getUser', 403, says('Forbidden'), 'TOKEN_REFUSED', true],
    ['getTeamAssignments', 403, NO_JSON, 'TOKEN_REFUSED', true],
    // Approval
    ['getOdlScores', 403, says('User is not approved'), 'NOT_APPROVED', true],
    ['getFlashCtfProgress', 403, says('Account pending review'), 'NOT_APPROVED', true],
    ['getOdlScores', 403, says('Forbidden'), 'NOT_APPROVED', false],
    ['getOdlScores', 403, NO_JSON, 'NOT_APPROVED', false],
    ['assignTeam', 403, says('Forbidden'), 'REFUSED', false],
    ['deleteTeam', 403, NO_JSON, 'REFUSED', false],
    // Unknown
    ['getUser', 404, says('User not found'), 'USER_UNKNOWN', true],
    ['getUser', 404, says('Not Found'), 'USER_UNKNOWN', false],
    ['getUser', 404, NO_JSON, 'USER_UNKNOWN', false],
    ['getOdlScores', 404, says('User not found'), 'USER_UNKNOWN', true],
    ['getOdlScores', 404, says('Not Found'), 'USER_UNKNOWN', false],
    ['createTeam', 404, says('Coach not found'), 'USER_UNKNOWN', true],
    ['assignTeam', 404, says('User not found'), 'USER_UNKNOWN', true],
    ['assignTeam', 404, says('Team not found'), 'NOT_FOUND', true],
    ['assignTeam', 404, says('Not Found'), 'NOT_FOUND', false],
    ['deleteTeam', 404, says('Team not found'), 'NOT_FOUND', true],
    ['deleteAssignment', 404, says('Assignment not found'), 'NOT_FOUND', true],
    ['deleteTeam', 404, NO_JSON, 'NOT_FOUND', false],
    ['getTeamAssignments', 405, says('Method Not Allowed'), 'NOT_FOUND', true],
    // Password reset
    ['sendPasswordReset', 404, says('User not found'), 'USER_UNKNOWN', true],
    ['sendPasswordReset', 404, says('Not Found'), 'NOT_OFFERED', false],
    ['sendPasswordReset', 405, says('Method Not Allowed'), 'NOT_OFFERED', true],
    ['sendPasswordReset', 501, NO_JSON, 'NOT_OFFERED', true],
    // Exists
    ['createUser', 400, says('User with this syned_user_id already exists'), 'ALREADY_EXISTS', true],
    ['createUser', 409, NO_JSON, 'ALREADY_EXISTS', true],
    ['createUser', 422, says('Email already registered'), 'ALREADY_EXISTS', true],
    ['createTeam', 409, says('Team exists'), 'ALREADY_EXISTS', true],
    ['assignTeam', 400, says('User is already assigned to another team'), 'REFUSED', true],
    ['assignTeam', 409, says('Already assigned'), 'REFUSED', true],
    ['deleteTeam', 400, says('Team still has members'), 'REFUSED', true],
    ['deleteTeam', 409, NO_JSON, 'REFUSED', true],
    // Anything else
    ['createUser', 400, says('Bad Request'), 'REFUSED', true],
    ['getOdlScores', 418, NO_JSON, 'REFUSED', true],
    ['getOdlScores', 408, NO_JSON, 'TIMED_OUT', true],
    ['getOdlScores', 429, says('Too Many Requests'), 'THROTTLED', true],
    ['createUser', 425, NO_JSON, 'THROTTLED', true],
    ['getOdlScores', 500, says('Internal Server Error'), 'UNAVAILABLE', true],
    ['createUser', 502, NO_JSON, 'UNAVAILABLE', true],
    ['getUser', 503, NO_JSON, 'UNAVAILABLE', true],
    ['getUser', 599, NO_JSON, 'UNAVAILABLE', true],
    ['getUser', 302, NO_JSON, 'BAD_ANSWER', true],
  ] as const)('%s %i %j → %s (sure: %s)', (endpoint, status, body, code, sure) => {
    expect(readRefusal(endpoint, status, body)).toEqual({ code, sure });
  });

  it('names the refused fields, and nothing that is not a field name', () => {
    const body = {
      detail: [
        { loc: ['body', 'email'], msg: 'jane@ is not valid', type: 'value_error' },
        { loc: ['body', 'email'], msg: 'again', type: 'value_error' },
        { loc: ['query', 'syned_user_id'], msg: 'required', type: 'missing' },
        { loc: ['body', 'members', 3, 'Jane Doe <jane@example.org>'], msg: 'what', type: 'x' },
      ],
    };
    expect(readRefusal('createUser', 422, body)).toEqual({
      code: 'VALIDATION_REFUSED',
      sure: true,
      fields: ['email', 'syned_user_id', 'members.3.*'],
    });
    expect(readRefusal('createUser', 422, 'nonsense')).toMatchObject({
      code: 'VALIDATION_REFUSED',
      fields: [],
    });
  });
});
