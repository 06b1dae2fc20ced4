import * as z from 'zod';
import { teamCreateSchema, userCreateSchema } from '#shared/game-platform/vendor-contract.ts';
import type { GamePlatformModel } from './model.ts';
import { PlatformRefusal, type ValidationDetail } from './platform-refusal.ts';

/** The vendor's endpoints: what they take, do and answer, apart from HTTP. */

export interface PlatformCall {
  readonly query: URLSearchParams;
  /** The parsed JSON body; undefined when there was none. */
  readonly body: unknown;
}

export interface PlatformAnswer {
  readonly status: number;
  readonly body: unknown;
}

interface Endpoint {
  readonly open?: true;
  readonly answer: (model: GamePlatformModel, call: PlatformCall) => PlatformAnswer;
}

const userIdBody = z.object({ syned_user_id: z.string().min(1) });
const teamIdBody = z.object({ syned_team_id: z.string().min(1) });

/** `METHOD /path` below the base URL → what it does. Note the 201 of a read. */
export const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  'GET /': {
    open: true,
    answer: () => ({ status: 200, body: { service: 'MetaCTF integration API', version: 'v1', docs: null } }),
  },
  'GET /users': {
    answer: (model, { query }) => ({
      status: 201,
      body: model.platform.user(required(query, 'syned_user_id')),
    }),
  },
  'POST /users': {
    answer: (model, { body }) => ({
      status: 201,
      body: model.platform.createUser(valid(userCreateSchema, body)),
    }),
  },
  'POST /teams': {
    answer: (model, { body }) => ({
      status: 201,
      body: model.platform.createTeam(valid(teamCreateSchema, body)),
    }),
  },
  'POST /teams/delete': {
    answer: (model, { body }) => ({
      status: 200,
      body: model.platform.deleteTeam(valid(teamIdBody, body).syned_team_id),
    }),
  },
  'POST /users/assign_team': {
    answer: (model, { body }) => {
      const wanted = valid(userIdBody.extend(teamIdBody.shape), body);
      return { status: 201, body: model.platform.assignTeam(wanted.syned_user_id, wanted.syned_team_id) };
    },
  },
  'POST /users/delete_assignment': {
    answer: (model, { body }) => ({
      status: 200,
      body: model.platform.deleteAssignment(valid(userIdBody, body).syned_user_id),
    }),
  },
  'GET /users/get_team_assignments': {
    answer: (model, { query }) => ({
      status: 200,
      body: model.platform.teamAssignments(query.get('syned_team_id') ?? undefined),
    }),
  },
  'GET /scores/get_odl_scores': {
    answer: (model, { query }) => ({
      status: 200,
      body: model.platform.odlScores(required(query, 'syned_user_id'), wholeNumber(query, 'after_time_unix')),
    }),
  },
  'GET /scores/get_flash_ctf_progress': {
    answer: (model, { query }) => ({
      status: 200,
      body: model.platform.flashCtfProgress(required(query, 'syned_user_id')),
    }),
  },
  'POST /auth/send_password_reset_email': {
    answer: (model, { body }) => {
      const { passwordReset } = model.settings;
      if (passwordReset !== 'offered') {
        throw passwordReset === 'not_found'
          ? new PlatformRefusal(404, 'Not Found')
          : new PlatformRefusal(405, 'Method Not Allowed');
      }
      return { status: 200, body: model.platform.sendPasswordReset(valid(userIdBody, body).syned_user_id) };
    },
  },
};

/** Status of the answer to a call that no endpoint takes. */
export function refusalOfUnknown(path: string): PlatformRefusal {
  const known = Object.keys(ENDPOINTS).some((endpoint) => endpoint.split(' ')[1] === path);
  return known ? new PlatformRefusal(405, 'Method Not Allowed') : new PlatformRefusal(404, 'Not Found');
}

function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null) {
    throw new PlatformRefusal(422, [{ loc: ['query', name], msg: 'Field required', type: 'missing' }]);
  }
  return value;
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null) {
    return undefined;
  }
  if (!/^-?\d+$/.test(value)) {
    const msg = 'Input should be a valid integer, unable to parse string as an integer';
    throw new PlatformRefusal(422, [{ loc: ['query', name], msg, type: 'int_parsing' }]);
  }
  return Number(value);
}

function valid<T>(schema: z.ZodType<T>, body: unknown): T {
  if (body === undefined) {
    throw new PlatformRefusal(422, [{ loc: ['body'], msg: 'Field required', type: 'missing' }]);
  }
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    throw new PlatformRefusal(
      422,
      parsed.error.issues.map((issue) => validationDetail(issue, body)),
    );
  }
  return parsed.data;
}

/** A zod issue in the form of the vendor's framework. */
function validationDetail(issue: z.core.$ZodIssue, body: unknown): ValidationDetail {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const loc = ['body', ...path];
  const field = path[0];
  const missing = field !== undefined && typeof body === 'object' && body !== null && !(field in body);
  if (missing) {
    return { loc, msg: 'Field required', type: 'missing' };
  }
  switch (issue.code) {
    case 'too_small':
      return { loc, msg: 'String should have at least 1 character', type: 'string_too_short' };
    case 'invalid_value':
      return { loc, msg: `Input should be ${issue.values.map(String).join(' or ')}`, type: 'enum' };
    case 'invalid_format':
      return { loc, msg: 'value is not a valid email address', type: 'value_error' };
    default:
      return { loc, msg: 'Input should be a valid string', type: 'string_type' };
  }
}
