import type { RouteKeyOf } from '#shared/http/routes.ts';
import type { ApiFunctionName } from '#shared/kernel/contract.ts';
import type { ApiCall } from '#test/support/stack.ts';

/** Records of the first demo coach that the calls of the table are about. */
export interface Subjects {
  /** On the platform and on `team`. */
  readonly competitor: string;
  /** Cannot be put on the platform yet. */
  readonly unready: string;
  readonly team: string;
  readonly coach: string;
  /** A job that this coach started. */
  readonly job: string;
  /** A job that prepares a file for them. */
  readonly file: string;
  /** A finished dry run of theirs. */
  readonly dryRun: string;
  /** A new competitor of the coach, for a call that takes them away. */
  readonly newCompetitor: () => Promise<string>;
}

export const CALLERS = ['nobody', 'owner', 'other', 'admin', 'acting'] as const;
export type CallerName = (typeof CALLERS)[number];

/** Statuses for the coach whose records they are, another coach, an admin, and an admin who acts as the first one. */
type Statuses = readonly [owner: number, other: number, admin: number, acting: number];

export interface Line {
  readonly statuses: Statuses;
  /** Without a token; 401 unless said otherwise. */
  readonly nobody?: number;
  /** Values of the path's variables. */
  readonly params?: (
    subjects: Subjects,
  ) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  readonly call?: (subjects: Subjects) => ApiCall;
}

const ANYONE: Line = { nobody: 200, statuses: [200, 200, 200, 200] };
const EVERYBODY: Line = { statuses: [200, 200, 200, 200] };
/** Passes the access check of all and is refused for what it says. */
const EMPTY_BODY: Line = { statuses: [422, 422, 422, 422], call: () => ({ body: {} }) };
const ADMINS: Line = { statuses: [403, 403, 200, 403] };

/** An item of the coach: the others' status is that of something that is not there. */
const ofCoach = (
  status: number,
  params: NonNullable<Line['params']>,
  call: NonNullable<Line['call']> = () => ({}),
): Line => ({ statuses: [status, 404, status, status], params, call });

const competitor = ({ competitor: id }: Subjects) => ({ id });
const unready = ({ unready: id }: Subjects) => ({ id });
const team = ({ team: id }: Subjects) => ({ id });
const coach = ({ coach: id }: Subjects) => ({ id });
const member = ({ team: id, competitor: competitorId }: Subjects) => ({ id, competitorId });
/** No item has this version, so that nothing is changed. */
const STALE = { 'if-match': '"0"' };
const stale = (body?: unknown) => (): ApiCall => ({
  headers: STALE,
  ...(body === undefined ? {} : { body }),
});

/**
 * Who may call what. One line per route: a missing or surplus one does not compile. Calls that would change anything
 * are about a record of their own, or refused after the access check, so that the order of the lines does not matter.
 */
export const ACCESS: { readonly [K in RouteKeyOf<ApiFunctionName>]: Line } = {
  'GET /api/health': ANYONE,
  'GET /api/config': ANYONE,
  'GET /api/openapi.json': ANYONE,
  'GET /api/me': EVERYBODY,

  'GET /api/competitors': EVERYBODY,
  'POST /api/competitors': EMPTY_BODY,
  'GET /api/competitors/{id}': ofCoach(200, competitor),
  'PATCH /api/competitors/{id}': ofCoach(412, competitor, stale({ grade: 9 })),
  'POST /api/competitors/search': EMPTY_BODY,
  'GET /api/competitors/{id}/export': ofCoach(200, competitor),
  'GET /api/competitors/import/template.csv': EVERYBODY,
  'POST /api/competitors/import': EMPTY_BODY,
  // As with jobs: whoever made the dry run, and admins; not an admin who acts as the one who made it.
  'GET /api/competitors/import/{jobId}/preview': {
    statuses: [200, 404, 200, 404],
    params: ({ dryRun }) => ({ jobId: dryRun }),
  },
  'POST /api/competitors/import/{jobId}/apply': {
    statuses: [202, 404, 202, 404],
    params: ({ dryRun }) => ({ jobId: dryRun }),
  },
  'POST /api/admin/competitors/move': { statuses: [403, 403, 422, 403], call: () => ({ body: {} }) },
  'GET /api/admin/competitors/move/{jobId}': {
    statuses: [403, 403, 404, 403],
    params: ({ job: jobId }) => ({ jobId }),
  },
  'POST /api/admin/competitors/move/{jobId}/apply': {
    statuses: [403, 403, 404, 403],
    params: ({ job: jobId }) => ({ jobId }),
  },
  'POST /api/admin/season/roll-over': { statuses: [403, 403, 422, 403], call: () => ({ body: {} }) },
  'GET /api/admin/season/roll-over/{jobId}': {
    statuses: [403, 403, 404, 403],
    params: ({ job: jobId }) => ({ jobId }),
  },
  'POST /api/admin/season/roll-over/{jobId}/apply': {
    statuses: [403, 403, 404, 403],
    params: ({ job: jobId }) => ({ jobId }),
  },
  'DELETE /api/competitors/{id}': ofCoach(202, async ({ newCompetitor }) => ({ id: await newCompetitor() })),
  'GET /api/game-platform/exports/roster.csv': EVERYBODY,

  'POST /api/game-platform/competitors/{id}': ofCoach(409, unready),
  'POST /api/game-platform/competitors/{id}/sync': ofCoach(409, unready),
  'POST /api/game-platform/competitors/{id}/password-reset': ofCoach(409, unready),
  'POST /api/game-platform/competitors/{id}/link': ofCoach(422, unready, () => ({ body: {} })),
  'POST /api/game-platform/competitors/onboard': ofCoach(
    202,
    () => ({}),
    ({ unready: id }) => ({ body: { competitorIds: [id] } }),
  ),

  'GET /api/teams': EVERYBODY,
  'POST /api/teams': EMPTY_BODY,
  'GET /api/teams/{id}': ofCoach(200, team),
  'PATCH /api/teams/{id}': ofCoach(412, team, stale({ name: 'Renamed' })),
  'DELETE /api/teams/{id}': ofCoach(409, team),
  'PUT /api/teams/{id}/members/{competitorId}': ofCoach(412, member, stale()),
  'DELETE /api/teams/{id}/members/{competitorId}': ofCoach(412, member, stale()),
  'POST /api/game-platform/teams/{id}/sync': ofCoach(202, team),
  'POST /api/game-platform/teams/{id}/recreate': ofCoach(409, team),
  'GET /api/game-platform/edit-times': EVERYBODY,
  // A coach that is not there.
  'POST /api/game-platform/scores/sync': {
    statuses: [403, 403, 404, 403],
    call: () => ({ body: { coachId: 'coach_none' } }),
  },

  // Admins have no weekly email of their own.
  'GET /api/me/notices': { statuses: [200, 200, 404, 200] },
  'PUT /api/me/notices': EMPTY_BODY,
  'POST /api/mail/choice': { nobody: 422, statuses: [422, 422, 422, 422] },

  'GET /api/game-platform/dashboard': EVERYBODY,
  'GET /api/game-platform/freshness': EVERYBODY,
  'GET /api/game-platform/competitors/{id}/report-card': ofCoach(200, competitor),
  'GET /api/game-platform/activity': EVERYBODY,
  'GET /api/game-platform/exports/leaderboard.csv': EVERYBODY,
  'GET /api/game-platform/exports/solves.csv': EVERYBODY,
  'GET /api/game-platform/exports/flash-ctf.csv': EVERYBODY,
  'GET /api/game-platform/alerts': EVERYBODY,
  // Ownership is in the id; a time in the past is refused before anything is read.
  'POST /api/game-platform/alerts/{alertId}/snooze': {
    statuses: [422, 404, 422, 422],
    params: ({ coach: id }) => ({ alertId: `${id}.release_missing` }),
    call: () => ({ body: { until: '2020-01-01T00:00:00.000Z' } }),
  },
  'POST /api/game-platform/alerts/{alertId}/wake': ofCoach(200, ({ coach: id }) => ({
    alertId: `${id}.release_missing`,
  })),

  // Whoever started it, and admins; not an admin who acts as the one who started it.
  'GET /api/jobs/{jobId}': { statuses: [200, 404, 200, 404], params: ({ job }) => ({ jobId: job }) },
  'GET /api/jobs/{jobId}/download': {
    statuses: [200, 404, 200, 404],
    params: ({ file }) => ({ jobId: file }),
  },
  'GET /api/jobs/{jobId}/rows': { statuses: [200, 404, 200, 404], params: ({ job }) => ({ jobId: job }) },

  'GET /api/admin/jobs': ADMINS,
  'POST /api/admin/jobs': { statuses: [403, 403, 422, 403], call: () => ({ body: {} }) },
  'GET /api/admin/jobs/bulk': { statuses: [403, 403, 422, 403] },
  'POST /api/admin/jobs/bulk': { statuses: [403, 403, 422, 403], call: () => ({ body: {} }) },
  'POST /api/admin/jobs/estimate': { statuses: [403, 403, 422, 403], call: () => ({ body: {} }) },
  'GET /api/admin/jobs/{id}': { ...ADMINS, params: ({ job: id }) => ({ id }) },
  'POST /api/admin/jobs/{id}/retry': { statuses: [403, 403, 404, 403], params: () => ({ id: 'job_none' }) },
  'POST /api/admin/jobs/{id}/cancel': { statuses: [403, 403, 404, 403], params: () => ({ id: 'job_none' }) },
  'GET /api/admin/queues': ADMINS,
  'GET /api/admin/queues/history': ADMINS,
  'GET /api/admin/queues/{name}/dead-letters': { ...ADMINS, params: () => ({ name: 'sync' }) },
  'POST /api/admin/queues/{name}/redrive': {
    statuses: [403, 403, 422, 403],
    params: () => ({ name: 'sync' }),
    call: () => ({ body: {} }),
  },
  'POST /api/admin/queues/{name}/discard': {
    statuses: [403, 403, 422, 403],
    params: () => ({ name: 'sync' }),
    call: () => ({ body: {} }),
  },
  'GET /api/admin/schedules': ADMINS,
  'POST /api/admin/schedules': { statuses: [403, 403, 422, 403], call: () => ({ body: {} }) },
  'POST /api/admin/schedules/preview': {
    ...ADMINS,
    call: () => ({ body: { expression: 'rate(5 minutes)' } }),
  },
  'PATCH /api/admin/schedules/{name}': {
    statuses: [403, 403, 412, 403],
    params: () => ({ name: 'score-sync' }),
    call: stale({ enabled: false }),
  },
  'DELETE /api/admin/schedules/{name}': {
    statuses: [403, 403, 409, 403],
    params: () => ({ name: 'score-sync' }),
  },
  'POST /api/admin/schedules/{name}/run': {
    statuses: [403, 403, 409, 403],
    params: () => ({ name: 'job-dispatcher' }),
  },
  'GET /api/admin/quarantine': ADMINS,
  'GET /api/admin/coaches': ADMINS,
  'POST /api/admin/coaches': { statuses: [403, 403, 422, 403], call: () => ({ body: {} }) },
  'PATCH /api/admin/coaches/{id}': {
    statuses: [403, 403, 422, 403],
    params: coach,
    call: () => ({ body: {} }),
  },
  'POST /api/admin/coaches/{id}/act': {
    statuses: [403, 403, 422, 403],
    params: coach,
    call: () => ({ body: {} }),
  },
  'POST /api/admin/coaches/{id}/act/{actingId}/end': {
    statuses: [403, 403, 404, 403],
    params: (ids) => ({ ...coach(ids), actingId: 'act_none' }),
    call: () => ({ body: { how: 'stopped' } }),
  },
  // Has an account already, so that nothing is made.
  'POST /api/admin/coaches/{id}/onboard': { ...ADMINS, params: coach },
  'GET /api/admin/sync-health': ADMINS,
  'GET /api/admin/sync-runs': ADMINS,
  // No advice has this code, so that nothing is dismissed.
  'POST /api/admin/sync-health/advice/{code}/dismiss': {
    statuses: [403, 403, 409, 403],
    params: () => ({ code: 'none' }),
    call: () => ({}),
  },
  'POST /api/admin/sync-health/advice/{code}/restore': {
    statuses: [403, 403, 409, 403],
    params: () => ({ code: 'none' }),
    call: () => ({}),
  },
  'GET /api/admin/settings': ADMINS,
  // Refused after the access check: there is no If-Match.
  'PATCH /api/admin/settings': { statuses: [403, 403, 428, 403], call: () => ({ body: {} }) },
  'POST /api/admin/settings/preview': { ...ADMINS, call: () => ({ body: {} }) },
  'GET /api/admin/audit': ADMINS,
  'GET /api/admin/audit.csv': ADMINS,
  'GET /api/admin/roster-plan': ADMINS,
  'POST /api/admin/roster-plan/{planId}/confirm': {
    statuses: [403, 403, 422, 403],
    params: () => ({ planId: 'plan_none' }),
    call: () => ({ body: {} }),
  },
};
