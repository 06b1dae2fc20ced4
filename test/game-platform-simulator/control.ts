import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { type Faults, faultSchema } from './faults.ts';
import { readBody } from './http.ts';
import type { GamePlatformModel } from './model.ts';
import { ACCOUNT_STATUSES } from './operations.ts';
import { PlatformRefusal } from './platform-refusal.ts';
import { PROFILES } from './population.ts';
import type { RequestLog } from './request-log.ts';
import { settingsChangeSchema } from './settings.ts';

/** The control endpoint, for tests and tools in other processes. JSON in, JSON out, below `/__control`. */

interface Parts {
  readonly model: GamePlatformModel;
  readonly faults: Faults;
  readonly requests: RequestLog;
}

const unix = z.int().nonnegative();
const refSchema = z.strictObject({
  source: z.enum(['odl', 'flash_ctf']),
  event: z.string().default(''),
  solveId: z.int(),
});
const userId = z.string().min(1);
const solveActionSchema = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('add'),
    synedUserId: userId,
    source: z.enum(['odl', 'flash_ctf']).exactOptional(),
    event: z.string().exactOptional(),
    at: unix.exactOptional(),
    visibleFrom: unix.exactOptional(),
    solve: z
      .strictObject({
        challenge_solve_id: z.int().exactOptional(),
        challenge_id: z.int().exactOptional(),
        challenge_title: z.string().exactOptional(),
        challenge_points: z.int().exactOptional(),
        challenge_category: z.string().exactOptional(),
        challenge_retired: z.boolean().exactOptional(),
        nist_nice_work_roles: z.array(z.string()).exactOptional(),
      })
      .exactOptional(),
  }),
  z.strictObject({ action: z.literal('revoke'), synedUserId: userId, ref: refSchema }),
  z.strictObject({ action: z.literal('delay'), synedUserId: userId, ref: refSchema, until: unix }),
  z.strictObject({ action: z.literal('reset'), synedUserId: userId }),
  z.strictObject({ action: z.literal('correct'), synedUserId: userId, ref: refSchema, points: z.int() }),
]);
const populationSchema = z.strictObject({
  users: z
    .array(
      z.strictObject({
        synedUserId: userId,
        firstName: z.string().min(1),
        lastName: z.string().min(1),
        email: z.email(),
        role: z.enum(['user', 'coach']).exactOptional(),
        coachId: z.string().exactOptional(),
        teamId: z.string().exactOptional(),
        profile: z.enum(PROFILES).exactOptional(),
        enrolledAt: unix,
        status: z.enum(ACCOUNT_STATUSES),
      }),
    )
    .default([]),
  teams: z
    .array(
      z.strictObject({
        synedTeamId: z.string().min(1),
        coachId: z.string().min(1),
        name: z.string().min(1),
        affiliation: z.string().min(1),
        division: z.enum(['middle_school', 'high_school', 'college']),
      }),
    )
    .default([]),
});

type Route = (parts: Parts, body: unknown, query: URLSearchParams) => unknown;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /state': ({ model, faults }) => ({
    now: model.now(),
    seed: model.seed,
    speed: model.speed,
    users: model.userIds().length,
    teams: model.teamIds().length,
    settings: model.settings,
    faults: faults.list(),
  }),
  'GET /requests': ({ requests }, _body, query) => ({
    requests: requests.since(Number(query.get('since') ?? 0)),
  }),
  'DELETE /requests': ({ requests }) => {
    requests.clear();
    return {};
  },
  'GET /faults': ({ faults }) => ({ faults: faults.list() }),
  'POST /faults': ({ faults }, body) => {
    const wanted = z.union([z.array(faultSchema), faultSchema.transform((fault) => [fault])]).parse(body);
    return { ids: wanted.map((fault) => faults.add(fault)) };
  },
  'DELETE /faults': ({ faults }, _body, query) => {
    const id = query.get('id');
    if (id === null) {
      faults.clear();
    } else if (!faults.remove(id)) {
      throw new PlatformRefusal(404, 'No such fault');
    }
    return {};
  },
  'POST /settings': ({ model }, body) => {
    model.changeSettings(settingsChangeSchema.parse(body));
    return { settings: model.settings };
  },
  'POST /speed': ({ model }, body) => {
    model.setSpeed(z.strictObject({ speed: z.number().min(0).max(10_000) }).parse(body).speed);
    return { speed: model.speed };
  },
  'POST /approvals': ({ model }, body) => {
    const wanted = z.strictObject({ synedUserId: userId, status: z.enum(ACCOUNT_STATUSES) }).parse(body);
    model.setStatus(wanted.synedUserId, wanted.status);
    return model.platform.user(wanted.synedUserId);
  },
  /** What the platform shows of one user right now, whatever faults are on. */
  'GET /solves': ({ model }, _body, query) => {
    const id = query.get('syned_user_id') ?? '';
    return { odl: model.platform.odlScores(id), flashCtfs: model.platform.flashCtfProgress(id).flash_ctfs };
  },
  'POST /solves': ({ model }, body) => {
    const wanted = solveActionSchema.parse(body);
    switch (wanted.action) {
      case 'add':
        return model.addSolve(wanted);
      case 'revoke':
        model.revokeSolve(wanted.synedUserId, wanted.ref);
        return {};
      case 'delay':
        model.delaySolve(wanted.synedUserId, wanted.ref, wanted.until);
        return {};
      case 'reset':
        model.resetScores(wanted.synedUserId);
        return {};
      default:
        model.correctPoints(wanted.synedUserId, wanted.ref, wanted.points);
        return {};
    }
  },
  'POST /flash-ctfs': ({ model }, body) => {
    const wanted = z
      .strictObject({
        name: z.string().min(1),
        start: unix,
        end: unix,
        showsEnd: z.boolean().exactOptional(),
        eventId: z.string().exactOptional(),
      })
      .parse(body);
    const { key, start, end } = model.scheduleFlashCtf(wanted);
    return { key, start, end };
  },
  'POST /population': ({ model }, body) => {
    const { users, teams } = populationSchema.parse(body);
    return {
      teams: teams.map((team) => model.addTeam(team)),
      users: users.map((user) => model.enrol(user)),
    };
  },
  /** Faults, settings and the request log; with `population: true` users, teams and solves as well. */
  'POST /reset': ({ model, faults, requests }, body) => {
    const { population } = z.strictObject({ population: z.boolean().default(false) }).parse(body ?? {});
    faults.clear();
    requests.clear();
    if (population) {
      model.reset();
    } else {
      model.resetSettings();
    }
    return {};
  },
};

export class Control {
  constructor(private readonly parts: Parts) {}

  takes(request: IncomingMessage): boolean {
    return request.url?.startsWith('/__control/') ?? false;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.answer(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const route = ROUTES[`${request.method} ${url.pathname.slice('/__control'.length)}`];
    const text = await readBody(request);
    if (route === undefined) {
      return { status: 404, body: { detail: 'Not Found' } };
    }
    // A page in a browser cannot send this type across origins without asking first.
    if (request.method === 'POST' && !request.headers['content-type']?.startsWith('application/json')) {
      return { status: 415, body: { detail: 'Send application/json' } };
    }
    try {
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      return { status: 200, body: route(this.parts, body, url.searchParams) };
    } catch (error) {
      if (error instanceof PlatformRefusal) {
        return { status: error.status, body: { detail: error.detail } };
      }
      if (error instanceof z.ZodError || error instanceof SyntaxError) {
        return { status: 422, body: { detail: error.message } };
      }
      throw error;
    }
  }
}
