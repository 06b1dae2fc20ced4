import * as z from 'zod';
import { divisionSchema } from '#shared/competitors/division.ts';
import { ACTIVITY_KINDS } from '#shared/audit/activity.ts';
import { FILE_AS_JOB } from '#shared/jobs/file-as-job.ts';
import { route } from '#shared/kernel/contract.ts';
import { pageQuerySchema } from '#shared/kernel/paging.ts';
import { dayInput, idInput } from '#shared/kernel/text.ts';
import { syncBadgeSchema } from '#shared/teams/sync-badge.ts';

/** What `GET /api/game-platform/dashboard` answers. Times are ISO 8601 UTC, days `YYYY-MM-DD` of the program's zone. */

const isoTime = z.iso.datetime();
const day = z.iso.date();

export const kpiSchema = z.object({
  /** `never`: nothing was ever read, so there is no figure; `partial`: some people's reads are late or missing. */
  state: z.enum(['ok', 'partial', 'never']),
  value: z.number().nullable(),
  unit: z.enum(['count', 'percent']),
  /** The numerator and denominator in words' order: "value of `of`"; null when the figure is not a share. */
  count: z.number().nullable(),
  of: z.number().nullable(),
  /** Difference to the equally long period before (percentage points for `percent`); null when unknown. */
  change: z.number().nullable(),
  /** What `change` compares with, for example "vs 1–24 Oct". */
  comparedWith: z.string(),
  /** The figure itself, in its unit, day by day, oldest first; solves and people active: those of the day alone. */
  spark: z.array(z.number()),
  footnote: z.string(),
  asOf: isoTime.nullable(),
});
export type Kpi = z.infer<typeof kpiSchema>;

export const leaderboardRowSchema = z.object({
  rank: z.int(),
  /** Rank in the previous period; null when the competitor had no solve then. */
  previousRank: z.int().nullable(),
  competitorId: z.string(),
  name: z.string(),
  teamName: z.string().nullable(),
  grade: z.int().nullable(),
  division: z.string(),
  odl: z.int(),
  ctf: z.int(),
  done: z.int(),
  points: z.int(),
  lastSolveAt: isoTime.nullable(),
  lastReadAt: isoTime.nullable(),
  /** True when the last successful read is older than the freshness promise, so more may have been solved. */
  late: z.boolean(),
});
export type LeaderboardRow = z.infer<typeof leaderboardRowSchema>;

export const answerSchema = z.object({
  tone: z.enum(['calm', 'attention', 'stale']),
  headline: z.string(),
  detail: z.string(),
  chips: z.array(
    z.object({
      tone: z.enum(['ok', 'pending', 'warning', 'error', 'neutral', 'up', 'down']),
      text: z.string(),
    }),
  ),
});
export type Answer = z.infer<typeof answerSchema>;

const month = z.string().describe('`YYYY-MM`');

/** *Pace*: running totals of CTF solves by day of month. *Absolute*: points per Flash CTF. */
const ctfChartSchema = z.object({
  pace: z.object({
    /** The month of the range's last day, and the one before. */
    month,
    previousMonth: month,
    monthDays: z.int(),
    /** The first is that of the month's first day; as many as there were days so far. */
    totals: z.array(z.int()),
    previousTotals: z.array(z.int()),
    solved: z.int(),
    /** The month before, up to the same day of month, and all of it. */
    previousSameDay: z.int(),
    previousSolved: z.int(),
    /** Solves at the month's end at this pace; null in a month that is over, or hardly begun. */
    forecast: z.int().nullable(),
  }),
  /** First and last day on which the events began. */
  from: day,
  to: day,
  events: z.array(
    z.object({
      eventId: z.string(),
      name: z.string(),
      day,
      /** Competitors with a solve. */
      players: z.int(),
      solved: z.int(),
      points: z.int(),
    }),
  ),
});
export type CtfChart = z.infer<typeof ctfChartSchema>;

export const teamTileSchema = z.object({
  teamId: z.string(),
  name: z.string(),
  division: divisionSchema,
  /** Points in range of today's members, divided by their number; null without members. */
  averageScore: z.int().nullable(),
  points: z.int(),
  solved: z.int(),
  members: z.int(),
  /** Members with a solve in range. */
  active: z.int(),
  /** Members whose scores are late or were never read. */
  late: z.int(),
  /** The oldest read among the members; null when one was never read. */
  asOf: isoTime.nullable(),
  badge: syncBadgeSchema,
  /** Solves in range, in at most 31 equally long runs of days, oldest first. */
  bars: z.array(z.int()),
});
export type TeamTile = z.infer<typeof teamTileSchema>;

const timelineSchema = z.object({
  /** Every day of the range so far. */
  days: z.array(z.object({ day, registrations: z.int(), teamEdits: z.int(), solves: z.int() })),
  /** Three or more days in a row with a solve; at most 20, the longest first. */
  streaks: z.array(
    z.object({ competitorId: z.string(), name: z.string(), from: day, to: day, days: z.int() }),
  ),
  streakCount: z.int(),
  flashCtfs: z.array(z.object({ eventId: z.string(), name: z.string(), day, players: z.int() })),
  /** Edits of teams before this day were too many to be read; null: all are counted. */
  teamEditsSince: day.nullable(),
});
export type Timeline = z.infer<typeof timelineSchema>;

export const freshnessSchema = z.object({
  state: z.enum(['live', 'stale', 'paused', 'never']),
  /** The oldest successful read among the people the figures include. */
  asOf: isoTime.nullable(),
  /** The last time any score read finished. */
  lastReadAt: isoTime.nullable(),
  nextReadAt: isoTime.nullable(),
  /** People whose scores are older than the promise or were never read, of all that should be read. */
  late: z.int(),
  expected: z.int(),
  promiseSeconds: z.int(),
  /** One tick per planned read of the last 24 h, oldest first. */
  ticks: z.array(z.object({ at: isoTime, state: z.enum(['ok', 'late', 'missed']), newSolves: z.int() })),
});
export type FreshnessView = z.infer<typeof freshnessSchema>;

export const dashboardViewSchema = z.object({
  period: z.object({
    from: day,
    to: day,
    previousFrom: day,
    previousTo: day,
    timeZone: z.string(),
    label: z.string(),
  }),
  scope: z.object({
    coachId: z.string().nullable(),
    title: z.string(),
    division: z.string().nullable(),
    competitors: z.int(),
    teams: z.int(),
  }),
  /**
   * Of all coaches: figures are sums that were made at this time; `ranked`: false while leaderboard, teams and streaks
   * of these days are not made yet. Null: of one coach, or made just now.
   */
  rollup: z.object({ asOf: isoTime, ranked: z.boolean() }).nullable(),
  freshness: freshnessSchema,
  brief: z.object({ wrong: answerSchema, needs: answerSchema, progress: answerSchema }),
  kpis: z.object({
    active: kpiSchema,
    registered: kpiSchema,
    enrollment: kpiSchema,
    solved: kpiSchema.extend({ odl: z.int(), ctf: z.int() }),
    ctfParticipation: kpiSchema,
  }),
  leaderboard: z.object({
    rows: z.array(leaderboardRowSchema),
    /** How many competitors there are in all; `rows` holds at most 500 of them, over all coaches 100. */
    total: z.int(),
    totals: z.object({ odl: z.int(), ctf: z.int(), done: z.int(), points: z.int() }),
  }),
  ctfChart: ctfChartSchema,
  /** At most 200, over all coaches 100, the best average first. */
  teams: z.object({ rows: z.array(teamTileSchema), total: z.int() }),
  timeline: timelineSchema,
});
export type DashboardView = z.infer<typeof dashboardViewSchema>;

/** One line of the activity log. What names people or teams is looked up when it is asked for. */
const activityLineSchema = z.object({
  id: z.string(),
  at: isoTime,
  kind: z.enum(ACTIVITY_KINDS),
  by: z.enum(['you', 'someone', 'automatic']),
  /** Null: about no one in particular. `name` null: erased, or another coach's by now. */
  competitor: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  team: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  fromTeam: z.object({ id: z.string(), name: z.string().nullable() }).nullable(),
  /** Of solves. */
  odl: z.int().nullable(),
  ctf: z.int().nullable(),
  /** Fields that were changed. */
  fields: z.array(z.string()),
});
export type ActivityLine = z.infer<typeof activityLineSchema>;

/** A page may be short or empty and still have a cursor where a division hides lines. */
export const activityListSchema = z.object({
  items: z.array(activityLineSchema),
  nextCursor: z.string().nullable(),
});

const coachFilter = z.object({ coachId: idInput.optional() });
const dayParameter = dayInput.optional();
const filters = coachFilter.extend({
  division: divisionSchema.optional(),
  from: dayParameter,
  to: dayParameter,
});

/** The lists of the dashboard that there are as files. */
export const EXPORTS = ['leaderboard', 'solves', 'flash-ctf'] as const;
export type ExportName = (typeof EXPORTS)[number];

const csv = {
  served: 'dashboard-api',
  access: 'coach',
  rate: 'bulk',
  query: filters,
  success: {
    status: 200,
    description:
      'CSV in UTF-8 with a byte order mark, at most 5 MB: a line that says as of when and for which days, the header, ' +
      'the rows. Times are those of the program’s time zone; cells that a spreadsheet would run are guarded.',
    contentType: 'text/csv',
  },
  deferred: FILE_AS_JOB,
  actAs: true,
} as const;

export const dashboardRoutes = {
  getDashboard: route('GET', '/api/game-platform/dashboard', {
    served: 'dashboard-api',
    access: 'coach',
    rate: 'read',
    summary: 'The dashboard of a coach; for an admin of all',
    query: filters,
    success: { status: 200, description: 'Figures of the period.', schema: dashboardViewSchema },
    actAs: true,
    revalidated: true,
  }),
  getFreshness: route('GET', '/api/game-platform/freshness', {
    served: 'dashboard-api',
    access: 'any',
    rate: 'read',
    summary: 'How old the scores of a coach’s people are; for an admin of all',
    query: coachFilter,
    success: { status: 200, description: 'Times and counts, nobody’s name.', schema: freshnessSchema },
    actAs: true,
    revalidated: true,
  }),
  listActivity: route('GET', '/api/game-platform/activity', {
    served: 'dashboard-api',
    access: 'coach',
    rate: 'read',
    summary: 'What happened to a coach’s people and teams, newest first; for an admin to all',
    query: pageQuerySchema.extend(filters.shape),
    success: { status: 200, description: 'A page.', schema: activityListSchema },
    actAs: true,
  }),
  exportLeaderboard: route('GET', '/api/game-platform/exports/leaderboard.csv', {
    ...csv,
    summary: 'The leaderboard as a file for spreadsheets',
  }),
  exportSolves: route('GET', '/api/game-platform/exports/solves.csv', {
    ...csv,
    summary: 'Every solve of the range as a file for spreadsheets',
  }),
  exportFlashCtfs: route('GET', '/api/game-platform/exports/flash-ctf.csv', {
    ...csv,
    summary: 'Results in the Flash CTFs of the range as a file for spreadsheets',
  }),
} as const;
