import * as z from 'zod';
import { divisionSchema } from '#shared/competitors/contract.ts';
import { route } from '#shared/kernel/contract.ts';
import { dayInput, idInput } from '#shared/kernel/text.ts';

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
  /** Twelve points or one per day, oldest first. */
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
  freshness: z.object({
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
  }),
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
    /** How many competitors there are in all; `rows` holds at most 500 of them. */
    total: z.int(),
    totals: z.object({ odl: z.int(), ctf: z.int(), done: z.int(), points: z.int() }),
  }),
});
export type DashboardView = z.infer<typeof dashboardViewSchema>;

const coachFilter = z.object({ coachId: idInput.optional() });
const dayParameter = dayInput.optional();

export const dashboardRoutes = {
  getDashboard: route('GET', '/api/game-platform/dashboard', {
    served: 'dashboard-api',
    access: 'coach',
    rate: 'read',
    summary: 'The dashboard of a coach; for an admin of all',
    query: coachFilter.extend({ division: divisionSchema.optional(), from: dayParameter, to: dayParameter }),
    success: { status: 200, description: 'Figures of the period.', schema: dashboardViewSchema },
    actAs: true,
  }),
} as const;
