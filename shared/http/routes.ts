/**
 * Every route of the HTTP API. Constants only: the CDK app builds routes, authorizers and scopes from this
 * list, the functions register their handlers from it, and the OpenAPI document is generated along it.
 */

/** The functions that serve HTTP, by the name of their folder under `functions/`. */
export const API_FUNCTIONS = [
  'public-api',
  'competitors-api',
  'onboarding-api',
  'teams-api',
  'dashboard-api',
  'jobs-api',
  'admin-api',
  'queues-api',
] as const;
export type ApiFunctionName = (typeof API_FUNCTIONS)[number];

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** `public`: no token; `any`: signed in; `coach`: coach or admin; `admin`: admin only. */
export type Access = 'public' | 'any' | 'coach' | 'admin';

export interface Route {
  readonly method: HttpMethod;
  /** API Gateway form: path variables are `{name}`, always a whole segment. */
  readonly path: string;
  readonly served: ApiFunctionName;
  readonly access: Access;
}

export const ROUTES = [
  { method: 'GET', path: '/api/health', served: 'public-api', access: 'public' },
  { method: 'GET', path: '/api/config', served: 'public-api', access: 'public' },
  { method: 'GET', path: '/api/openapi.json', served: 'public-api', access: 'public' },
  { method: 'GET', path: '/api/me', served: 'competitors-api', access: 'any' },
  { method: 'GET', path: '/api/competitors', served: 'competitors-api', access: 'coach' },
  { method: 'POST', path: '/api/competitors', served: 'competitors-api', access: 'coach' },
  { method: 'GET', path: '/api/competitors/{id}', served: 'competitors-api', access: 'coach' },
  { method: 'PATCH', path: '/api/competitors/{id}', served: 'competitors-api', access: 'coach' },
  { method: 'POST', path: '/api/competitors/search', served: 'competitors-api', access: 'coach' },
  { method: 'GET', path: '/api/competitors/{id}/export', served: 'competitors-api', access: 'coach' },
  {
    method: 'GET',
    path: '/api/competitors/import/template.csv',
    served: 'competitors-api',
    access: 'coach',
  },
  { method: 'POST', path: '/api/competitors/import', served: 'competitors-api', access: 'coach' },
  {
    method: 'POST',
    path: '/api/competitors/import/{jobId}/apply',
    served: 'competitors-api',
    access: 'coach',
  },
  { method: 'DELETE', path: '/api/competitors/{id}', served: 'competitors-api', access: 'coach' },
  {
    method: 'GET',
    path: '/api/game-platform/exports/roster.csv',
    served: 'competitors-api',
    access: 'coach',
  },
  { method: 'POST', path: '/api/game-platform/competitors/{id}', served: 'onboarding-api', access: 'coach' },
  {
    method: 'POST',
    path: '/api/game-platform/competitors/{id}/sync',
    served: 'onboarding-api',
    access: 'coach',
  },
  {
    method: 'POST',
    path: '/api/game-platform/competitors/{id}/password-reset',
    served: 'onboarding-api',
    access: 'coach',
  },
  {
    method: 'POST',
    path: '/api/game-platform/competitors/{id}/link',
    served: 'onboarding-api',
    access: 'coach',
  },
  {
    method: 'POST',
    path: '/api/game-platform/competitors/onboard',
    served: 'onboarding-api',
    access: 'coach',
  },
  { method: 'GET', path: '/api/teams', served: 'teams-api', access: 'coach' },
  { method: 'POST', path: '/api/teams', served: 'teams-api', access: 'coach' },
  { method: 'GET', path: '/api/teams/{id}', served: 'teams-api', access: 'coach' },
  { method: 'PATCH', path: '/api/teams/{id}', served: 'teams-api', access: 'coach' },
  { method: 'DELETE', path: '/api/teams/{id}', served: 'teams-api', access: 'coach' },
  { method: 'PUT', path: '/api/teams/{id}/members/{competitorId}', served: 'teams-api', access: 'coach' },
  { method: 'DELETE', path: '/api/teams/{id}/members/{competitorId}', served: 'teams-api', access: 'coach' },
  { method: 'POST', path: '/api/game-platform/teams/{id}/sync', served: 'teams-api', access: 'coach' },
  { method: 'POST', path: '/api/game-platform/teams/{id}/recreate', served: 'teams-api', access: 'coach' },
  { method: 'GET', path: '/api/admin/roster-plan', served: 'teams-api', access: 'admin' },
  {
    method: 'POST',
    path: '/api/admin/roster-plan/{planId}/confirm',
    served: 'teams-api',
    access: 'admin',
  },
  { method: 'GET', path: '/api/game-platform/edit-times', served: 'teams-api', access: 'coach' },
  { method: 'GET', path: '/api/game-platform/dashboard', served: 'dashboard-api', access: 'coach' },
  { method: 'GET', path: '/api/jobs/{jobId}', served: 'jobs-api', access: 'coach' },
  { method: 'GET', path: '/api/jobs/{jobId}/rows', served: 'jobs-api', access: 'coach' },
  { method: 'GET', path: '/api/admin/jobs', served: 'jobs-api', access: 'admin' },
  { method: 'POST', path: '/api/admin/jobs', served: 'jobs-api', access: 'admin' },
  { method: 'GET', path: '/api/admin/jobs/{id}', served: 'jobs-api', access: 'admin' },
  { method: 'POST', path: '/api/admin/jobs/{id}/retry', served: 'jobs-api', access: 'admin' },
  { method: 'POST', path: '/api/admin/jobs/{id}/cancel', served: 'jobs-api', access: 'admin' },
  { method: 'GET', path: '/api/admin/sync-health', served: 'jobs-api', access: 'admin' },
  { method: 'GET', path: '/api/admin/sync-runs', served: 'jobs-api', access: 'admin' },
  { method: 'GET', path: '/api/admin/queues', served: 'queues-api', access: 'admin' },
  {
    method: 'GET',
    path: '/api/admin/queues/{name}/dead-letters',
    served: 'queues-api',
    access: 'admin',
  },
  { method: 'POST', path: '/api/admin/queues/{name}/redrive', served: 'queues-api', access: 'admin' },
  { method: 'POST', path: '/api/admin/queues/{name}/discard', served: 'queues-api', access: 'admin' },
  { method: 'GET', path: '/api/admin/quarantine', served: 'queues-api', access: 'admin' },
  { method: 'GET', path: '/api/admin/coaches', served: 'admin-api', access: 'admin' },
  { method: 'POST', path: '/api/admin/coaches', served: 'admin-api', access: 'admin' },
  { method: 'PATCH', path: '/api/admin/coaches/{id}', served: 'admin-api', access: 'admin' },
  // It calls the vendor, which the other functions of administration may not.
  { method: 'POST', path: '/api/admin/coaches/{id}/onboard', served: 'onboarding-api', access: 'admin' },
  { method: 'GET', path: '/api/admin/settings', served: 'admin-api', access: 'admin' },
  { method: 'PATCH', path: '/api/admin/settings', served: 'admin-api', access: 'admin' },
] as const satisfies readonly Route[];

/** The OAuth scope that every protected route asks of the access token (ID tokens carry no scope). */
export const API_SCOPE = 'openid';

/** The header that CloudFront adds to every request, so that nobody can go round it and its WAF. */
export const ORIGIN_VERIFY_HEADER = 'x-origin-verify';

/** The header with which an admin acts with exactly one coach's rights. */
export const ACT_AS_HEADER = 'x-act-as';
