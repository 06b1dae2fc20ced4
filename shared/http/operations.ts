import * as z from 'zod';
import { competitorCreateSchema, competitorPatchSchema } from '#shared/competitors/competitor-input.ts';
import {
  competitorListSchema,
  competitorStatusSchema,
  competitorViewSchema,
  divisionSchema,
} from '#shared/competitors/competitor-view.ts';
import { competitorExportSchema } from '#shared/competitors/privacy/export-competitor.ts';
import { competitorSearchSchema } from '#shared/competitors/search-competitors.ts';
import { dashboardViewSchema } from '#shared/dashboard/dashboard-view.ts';
import {
  coachCreateSchema,
  coachListSchema,
  coachPatchSchema,
  coachViewSchema,
  configViewSchema,
  meViewSchema,
} from '#shared/identity/identity-view.ts';
import {
  JOB_STATES,
  jobDetailSchema,
  jobListSchema,
  jobRowListSchema,
  jobViewSchema,
} from '#shared/jobs/job-view.ts';
import { startJobRequestSchema, taskTypeSchema } from '#shared/jobs/task-definition.ts';
import {
  syncHealthQuerySchema,
  syncHealthSchema,
  syncRunListSchema,
} from '#shared/score-sync/health/sync-health-view.ts';
import { SYNC_TASKS } from '#shared/score-sync/health/sync-runs.ts';
import { linkAccountSchema } from '#shared/onboarding/link-account-input.ts';
import { onboardManySchema } from '#shared/onboarding/onboard-many-input.ts';
import { editTimesViewSchema } from '#shared/teams/rosters/edit-times-view.ts';
import { confirmRosterPlanSchema, rosterPlanViewSchema } from '#shared/teams/rosters/roster-plan-view.ts';
import {
  deadLettersSchema,
  discardedSchema,
  discardSchema,
  queueListSchema,
  redriveSchema,
} from '#shared/dead-letters/queues-view.ts';
import { quarantineQuerySchema } from '#shared/score-sync/quarantine-query.ts';
import { quarantineListSchema } from '#shared/score-sync/quarantine-view.ts';
import { teamCreateSchema, teamPatchSchema } from '#shared/teams/team-input.ts';
import { teamListSchema, teamViewSchema } from '#shared/teams/team-view.ts';
import { erasureStartedSchema } from '#shared/competitors/privacy/delete-competitor.ts';
import { settingsPatchSchema, settingsViewSchema } from '#shared/settings/change-settings.ts';
import type { RouteKeyOf } from './api-handler.ts';
import { pageQuerySchema } from '#shared/kernel/paging.ts';
import type { ApiFunctionName } from './routes.ts';

/** What the API document says of a route beside its path and who may call it. */
export interface Operation {
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What a CSV file as the body may be, in words. */
  readonly file?: string;
  readonly success: {
    readonly status: number;
    readonly description: string;
    readonly schema?: z.ZodType;
    /** Of an answer that is not JSON. */
    readonly contentType?: string;
  };
  /** Stable codes a client may want to tell apart, beside those of every route. */
  readonly problems?: Readonly<Record<number, readonly string[]>>;
  /** Needs `If-Match` with the item's version. */
  readonly ifMatch?: true;
  /** An admin may act with one coach's rights. */
  readonly actAs?: true;
}

export const healthViewSchema = z.object({ status: z.literal('ok'), version: z.string(), stage: z.string() });
const jobStartedSchema = z.object({ jobId: z.string() });
const coachFilter = z.object({ coachId: z.string().optional() });
const day = z.iso.date().optional();

/** One per route: a missing or surplus one does not compile. */
export const OPERATIONS: { readonly [K in RouteKeyOf<ApiFunctionName>]: Operation } = {
  'GET /api/health': {
    summary: 'Whether the API answers, and which version',
    success: { status: 200, description: 'It does.', schema: healthViewSchema },
  },
  'GET /api/config': {
    summary: 'What the site needs to sign somebody in',
    success: { status: 200, description: 'Public settings.', schema: configViewSchema },
  },
  'GET /api/openapi.json': {
    summary: 'This document',
    success: { status: 200, description: 'OpenAPI 3.1.' },
  },
  'GET /api/me': {
    summary: 'Who is signed in',
    success: { status: 200, description: 'Identity, role and coach profile.', schema: meViewSchema },
    actAs: true,
  },
  'GET /api/competitors': {
    summary: 'Competitors of a coach; for an admin of all',
    query: pageQuerySchema.extend({
      ...coachFilter.shape,
      status: competitorStatusSchema.optional(),
      teamId: z.string().optional(),
    }),
    success: { status: 200, description: 'A page.', schema: competitorListSchema },
    actAs: true,
  },
  'POST /api/competitors': {
    summary: 'Add a competitor',
    query: coachFilter,
    body: competitorCreateSchema,
    success: { status: 201, description: 'Added.', schema: competitorViewSchema },
    problems: { 422: ['COACH_REQUIRED'] },
    actAs: true,
  },
  'GET /api/competitors/{id}': {
    summary: 'One competitor',
    success: {
      status: 200,
      description: 'The competitor, its version as ETag.',
      schema: competitorViewSchema,
    },
    actAs: true,
  },
  'PATCH /api/competitors/{id}': {
    summary: 'Change a competitor',
    body: competitorPatchSchema,
    success: { status: 200, description: 'Changed.', schema: competitorViewSchema },
    ifMatch: true,
    actAs: true,
  },
  'POST /api/competitors/search': {
    summary: 'Competitors by name; for an admin without a coach by the beginning of the name, over all',
    body: competitorSearchSchema,
    success: { status: 200, description: 'A page.', schema: competitorListSchema },
    actAs: true,
  },
  'GET /api/competitors/{id}/export': {
    summary: 'Everything held about one competitor',
    success: { status: 200, description: 'All records, as JSON.', schema: competitorExportSchema },
    actAs: true,
  },
  'GET /api/competitors/import/template.csv': {
    summary: 'The columns that an import takes, as a file',
    success: {
      status: 200,
      description: 'CSV with a header and one invented person.',
      contentType: 'text/csv',
    },
  },
  'POST /api/competitors/import': {
    summary: 'Check a file of competitors; nothing is written before it is applied',
    query: coachFilter.extend({ dryRun: z.literal('true') }),
    file:
      'At most 5 MB and 10,000 rows with the columns of the template; UTF-8, UTF-16 or Windows-1252 (the last two as ' +
      'application/octet-stream); comma, semicolon or tab.',
    success: { status: 202, description: 'Accepted; its rows are under the job.', schema: jobStartedSchema },
    problems: {
      413: ['TOO_LARGE'],
      422: [
        'COLUMNS_NOT_KNOWN',
        'CSV_UNREADABLE',
        'FILE_EMPTY',
        'TOO_MANY_ROWS',
        'ENCODING_LOST',
        'COACH_REQUIRED',
      ],
    },
    actAs: true,
  },
  'POST /api/competitors/import/{jobId}/apply': {
    summary: 'Do what a dry run said',
    success: {
      status: 202,
      description: 'Accepted; its rows are under the new job.',
      schema: jobStartedSchema,
    },
    problems: { 409: ['CHANGED_SINCE_DRY_RUN', 'DRY_RUN_NOT_FINISHED', 'IMPORT_EXPIRED'] },
    actAs: true,
  },
  'DELETE /api/competitors/{id}': {
    summary: 'Erase a competitor everywhere',
    success: {
      status: 202,
      description: 'Gone for everybody; the job erases the rest.',
      schema: erasureStartedSchema,
    },
    actAs: true,
  },
  'GET /api/game-platform/exports/roster.csv': {
    summary: 'Competitors as a file for spreadsheets',
    query: coachFilter.extend({
      status: competitorStatusSchema.optional(),
      teamId: z.string().optional(),
      division: divisionSchema.optional(),
    }),
    success: {
      status: 200,
      description: 'CSV in UTF-8 with a byte order mark; cells that a spreadsheet would run are guarded.',
      contentType: 'text/csv',
    },
    problems: { 413: ['EXPORT_TOO_LARGE'] },
    actAs: true,
  },
  'POST /api/game-platform/competitors/{id}': {
    summary: 'Put a competitor on the Game Platform',
    success: { status: 200, description: 'The competitor, with its account.', schema: competitorViewSchema },
    problems: {
      409: ['NOT_ENABLED', 'NOT_COMPLIANT', 'ONBOARDING_IN_PROGRESS'],
      502: ['GAME_PLATFORM_REFUSED'],
      503: ['GAME_PLATFORM_UNAVAILABLE', 'GAME_PLATFORM_PAUSED'],
    },
    actAs: true,
  },
  'POST /api/game-platform/competitors/{id}/sync': {
    summary: 'Read one competitor’s scores now',
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    problems: { 409: ['NOT_ON_PLATFORM'], 429: ['TOO_OFTEN'] },
    actAs: true,
  },
  'POST /api/game-platform/competitors/{id}/password-reset': {
    summary: 'Have the Game Platform send a password reset',
    success: {
      status: 200,
      description: 'The platform sends it.',
      schema: z.object({ sent: z.literal(true) }),
    },
    problems: {
      409: ['NOT_ON_PLATFORM'],
      429: ['TOO_OFTEN'],
      501: ['NOT_OFFERED'],
      502: ['GAME_PLATFORM_REFUSED'],
      503: ['GAME_PLATFORM_UNAVAILABLE', 'GAME_PLATFORM_PAUSED'],
    },
    actAs: true,
  },
  'POST /api/game-platform/competitors/{id}/link': {
    summary: 'Link the account that the Game Platform knows a competitor’s e-mail by',
    body: linkAccountSchema,
    success: { status: 200, description: 'The competitor, with its account.', schema: competitorViewSchema },
    problems: {
      409: ['NOT_ENABLED', 'LINK_NOT_WANTED', 'PLATFORM_USER_TAKEN', 'ONBOARDING_IN_PROGRESS'],
      422: ['PLATFORM_USER_UNKNOWN'],
      502: ['GAME_PLATFORM_REFUSED'],
      503: ['GAME_PLATFORM_UNAVAILABLE', 'GAME_PLATFORM_PAUSED'],
    },
    actAs: true,
  },
  'POST /api/game-platform/competitors/onboard': {
    summary: 'Put chosen competitors, or all of a coach who may be added, on the Game Platform',
    body: onboardManySchema,
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    problems: { 409: ['NOT_ENABLED'], 422: ['COACH_REQUIRED'] },
    actAs: true,
  },
  'GET /api/teams': {
    summary: 'Teams of a coach; for an admin of all',
    query: pageQuerySchema.extend(coachFilter.shape),
    success: { status: 200, description: 'A page.', schema: teamListSchema },
    actAs: true,
  },
  'POST /api/teams': {
    summary: 'Make a team',
    query: coachFilter,
    body: teamCreateSchema,
    success: { status: 201, description: 'Made; the platform follows by itself.', schema: teamViewSchema },
    problems: { 422: ['COACH_REQUIRED'] },
    actAs: true,
  },
  'GET /api/teams/{id}': {
    summary: 'One team with its members',
    success: { status: 200, description: 'The team, its version as ETag.', schema: teamViewSchema },
    actAs: true,
  },
  'PATCH /api/teams/{id}': {
    summary: 'Change a team’s name, division or affiliation',
    body: teamPatchSchema,
    success: { status: 200, description: 'Changed.', schema: teamViewSchema },
    ifMatch: true,
    actAs: true,
  },
  'DELETE /api/teams/{id}': {
    summary: 'Delete a team without members',
    success: { status: 204, description: 'Gone here; the platform’s deletion is tried until it works.' },
    problems: { 409: ['TEAM_HAS_MEMBERS'] },
    actAs: true,
  },
  'PUT /api/teams/{id}/members/{competitorId}': {
    summary: 'Put a competitor on a team, from another one if need be',
    success: { status: 200, description: 'The team with its members.', schema: teamViewSchema },
    problems: { 409: ['COMPETITOR_INACTIVE'], 503: ['TOO_MANY_EDITS'] },
    actAs: true,
  },
  'DELETE /api/teams/{id}/members/{competitorId}': {
    summary: 'Take a competitor off a team',
    success: { status: 200, description: 'The team with its members.', schema: teamViewSchema },
    problems: { 503: ['TOO_MANY_EDITS'] },
    actAs: true,
  },
  'POST /api/game-platform/teams/{id}/sync': {
    summary: 'Push a team and its members to the platform now',
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    actAs: true,
  },
  'POST /api/game-platform/teams/{id}/recreate': {
    summary: 'Take a team off the platform and put it there anew, as it is called today',
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    problems: { 409: ['NO_DRIFT', 'EVENT_RUNNING'] },
    actAs: true,
  },
  'GET /api/admin/roster-plan': {
    summary: 'The last comparison of all teams with the platform’s',
    success: {
      status: 200,
      description: 'The plan, or null before the first.',
      schema: rosterPlanViewSchema,
    },
  },
  'POST /api/admin/roster-plan/{planId}/confirm': {
    summary: 'Have a plan carried out as far as it says',
    body: confirmRosterPlanSchema,
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    problems: { 409: ['PLAN_OUTDATED', 'WORLD_CHANGED', 'NOTHING_TO_CONFIRM'], 422: ['REMOVALS_DIFFER'] },
  },
  'GET /api/game-platform/edit-times': {
    summary: 'How long roster edits took to reach the platform, by month, over all coaches',
    success: { status: 200, description: 'At most twelve months.', schema: editTimesViewSchema },
  },
  'GET /api/game-platform/dashboard': {
    summary: 'The dashboard of a coach; for an admin of all',
    query: coachFilter.extend({ division: divisionSchema.optional(), from: day, to: day }),
    success: { status: 200, description: 'Figures of the period.', schema: dashboardViewSchema },
    actAs: true,
  },
  'GET /api/jobs/{jobId}': {
    summary: 'How a job stands',
    success: { status: 200, description: 'Status, progress and result.', schema: jobViewSchema },
    actAs: true,
  },
  'GET /api/jobs/{jobId}/rows': {
    summary: 'What became of each subject of a job',
    query: pageQuerySchema.extend({ outcome: z.string().optional() }),
    success: { status: 200, description: 'A page.', schema: jobRowListSchema },
    actAs: true,
  },
  'GET /api/admin/jobs': {
    summary: 'Jobs, newest first',
    query: pageQuerySchema.extend({
      status: z.enum(JOB_STATES).optional(),
      type: taskTypeSchema.optional(),
    }),
    success: { status: 200, description: 'A page.', schema: jobListSchema },
  },
  'POST /api/admin/jobs': {
    summary: 'Start a job',
    body: startJobRequestSchema,
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
  },
  'GET /api/admin/jobs/{id}': {
    summary: 'One job with its payload, a page of its parts, and why parts failed',
    query: pageQuerySchema,
    success: { status: 200, description: 'All that is known of it.', schema: jobDetailSchema },
  },
  'POST /api/admin/jobs/{id}/retry': {
    summary: 'Try what failed or was left of a job again, in the same record',
    success: { status: 202, description: 'Accepted; follow it under its id.', schema: jobStartedSchema },
    problems: {
      409: ['JOB_UNDER_WAY', 'JOB_SUCCEEDED', 'JOB_ARCHIVED', 'IMPORT_EXPIRED', 'PLAN_OUTDATED'],
    },
  },
  'POST /api/admin/jobs/{id}/cancel': {
    summary: 'End a pending or running job where it stands; what was done stays',
    success: { status: 200, description: 'Cancelled.', schema: jobViewSchema },
    problems: { 409: ['JOB_OVER', 'JOB_NOT_CANCELLABLE'] },
  },
  'GET /api/admin/sync-health': {
    summary: 'How fresh scores are and what that takes: arms, calls, gaps between reads, advice',
    query: syncHealthQuerySchema,
    success: { status: 200, description: 'Figures by day and arm.', schema: syncHealthSchema },
  },
  'GET /api/admin/sync-runs': {
    summary: 'Jobs that read scores, newest first',
    query: pageQuerySchema.extend({ type: z.enum(SYNC_TASKS).optional() }),
    success: { status: 200, description: 'A page.', schema: syncRunListSchema },
  },
  'GET /api/admin/queues': {
    summary: 'What waits in each queue, since when, and how much is dead',
    success: { status: 200, description: 'One line per queue.', schema: queueListSchema },
  },
  'GET /api/admin/queues/{name}/dead-letters': {
    summary:
      'Dead letters of a queue by cause, judged by what the table says now; those of the scheduler with `work`',
    success: {
      status: 200,
      description: 'Groups, those with most letters first; at most 200 letters are looked at.',
      schema: deadLettersSchema,
    },
  },
  'POST /api/admin/queues/{name}/redrive': {
    summary: 'Redrive chosen dead letters from what the table says now; what is done already closes itself',
    body: redriveSchema,
    success: {
      status: 202,
      description: 'Accepted; the job counts what was redriven and superseded, with a row per letter.',
      schema: jobStartedSchema,
    },
  },
  'POST /api/admin/queues/{name}/discard': {
    summary: 'Take chosen dead letters away for good, with the reason',
    body: discardSchema,
    success: {
      status: 200,
      description: 'Gone; `complete: false` when time ran out before the end.',
      schema: discardedSchema,
    },
  },
  'GET /api/admin/quarantine': {
    summary: 'Records of the platform that could not be read, newest first, redacted',
    query: quarantineQuerySchema,
    success: { status: 200, description: 'A page.', schema: quarantineListSchema },
  },
  'GET /api/admin/coaches': {
    summary: 'The coaches of the programme',
    query: pageQuerySchema,
    success: { status: 200, description: 'A page.', schema: coachListSchema },
  },
  'POST /api/admin/coaches': {
    summary: 'Add a coach: their sign-in, its group and the invitation by e-mail',
    body: coachCreateSchema,
    success: { status: 201, description: 'Added and invited.', schema: coachViewSchema },
    problems: { 409: ['EMAIL_TAKEN'] },
  },
  'PATCH /api/admin/coaches/{id}': {
    summary: 'Change a coach; switched off, they are signed out everywhere',
    body: coachPatchSchema,
    success: { status: 200, description: 'Changed.', schema: coachViewSchema },
  },
  'POST /api/admin/coaches/{id}/onboard': {
    summary: 'Make a coach’s own account on the Game Platform',
    success: { status: 200, description: 'The coach, with their account.', schema: coachViewSchema },
    problems: {
      409: ['ONBOARDING_IN_PROGRESS'],
      502: ['GAME_PLATFORM_REFUSED'],
      503: ['GAME_PLATFORM_UNAVAILABLE', 'GAME_PLATFORM_PAUSED'],
    },
  },
  'GET /api/admin/settings': {
    summary: 'What can be changed without a deploy: processing, switches, budgets',
    success: { status: 200, description: 'The settings.', schema: settingsViewSchema },
  },
  'PATCH /api/admin/settings': {
    summary: 'Change settings; workers follow within ten seconds',
    ifMatch: true,
    body: settingsPatchSchema,
    success: { status: 200, description: 'The settings as they are now.', schema: settingsViewSchema },
  },
};
