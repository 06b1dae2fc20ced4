import { onTestFinished } from 'vitest';
import { type Simulator, type SimulatorOptions, startSimulator } from './index.ts';
import type { Enrolment, GamePlatformModel } from './model.ts';

/** Shorthands of the simulator's own tests. */

export const TOKEN = 'token-of-a-test';
/** 2026-11-20T00:00:00Z, a Thursday afternoon in California. */
export const NOW = 1_795_132_800;
export const DAY = 86_400;

/** A simulator that stops with the test. */
export async function simulator(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const started = await startSimulator({ token: TOKEN, seed: 11, now: () => NOW, ...options });
  onTestFinished(() => started.stop());
  return started;
}

interface Sent {
  readonly body?: unknown;
  /** Null sends no token. */
  readonly token?: string | null;
  readonly signal?: AbortSignal;
}

/** Sends `GET /users?syned_user_id=…` and the like to the integration API. */
export function send({ url }: Simulator, call: string, { body, token = TOKEN, signal }: Sent = {}) {
  const [method = 'GET', path = '/'] = call.split(' ');
  return fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  });
}

export const USER = {
  first_name: 'Amara',
  last_name: 'Nwosu',
  email: 'amara@example.org',
  role: 'user',
  syned_user_id: 'student-1',
};

/** An approved coach, one team, and `count` students since `days` ago, on it or spread over `teams` that only they know. */
export function populate(
  model: GamePlatformModel,
  count: number,
  about: Partial<Enrolment> & { days?: number; teams?: number } = {},
) {
  const { days = 60, teams = 1, ...rest } = about;
  const enrolledAt = model.now() - days * DAY;
  const status = 'approved' as const;
  model.enrol({
    synedUserId: 'coach-1',
    firstName: 'Rosa',
    lastName: 'Fujita',
    email: 'rosa@example.org',
    role: 'coach',
    enrolledAt,
    status,
  });
  model.addTeam({
    synedTeamId: 'team-1',
    coachId: 'coach-1',
    name: 'Packet Foxes',
    affiliation: 'Cedar Ridge High School',
    division: 'high_school',
  });
  return Array.from({ length: count }, (_, index) => {
    const synedUserId = `student-${index + 1}`;
    model.enrol({
      synedUserId,
      firstName: 'Kofi',
      lastName: 'Mensah',
      email: `${synedUserId}@example.org`,
      coachId: 'coach-1',
      teamId: `team-${1 + (index % teams)}`,
      enrolledAt,
      status,
      ...rest,
    });
    return synedUserId;
  });
}

export interface HandClock {
  readonly now: () => number;
  readonly advance: (seconds: number) => void;
}

/** A clock that only moves when told. */
export function handClock(start = NOW): HandClock {
  let at = start;
  return {
    now: () => at,
    advance: (seconds: number) => {
      at += seconds;
    },
  };
}

/** Everything that the platform shows of everyone. */
export function everything(model: GamePlatformModel) {
  return model
    .userIds()
    .filter((id) => model.platform.user(id).metactf_user_status === 'approved')
    .map((id) => ({
      user: model.platform.user(id),
      odl: model.platform.odlScores(id),
      flash: model.platform.flashCtfProgress(id),
    }));
}
