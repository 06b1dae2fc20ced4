import * as z from 'zod';
import { divisionSchema } from '#shared/competitors/contract.ts';
import { route } from '#shared/kernel/contract.ts';
import { dayInput } from '#shared/kernel/text.ts';

/** What a report card says of one competitor. Times are ISO 8601 UTC, days `YYYY-MM-DD` of the program's zone. */

const isoTime = z.iso.datetime();
const day = z.iso.date();
const count = z.int().nonnegative();

/** Averages over fewer people would tell what single ones did. */
export const SMALLEST_GROUP = 5;
/** Stored solves read for one card; beyond this, categories, roles and the list leave some out and say so. */
export const MOST_SOLVES = 4_000;
export const HEAT_DAYS = 90;
/** The newest ones. */
export const MOST_EVENTS = 12;

/**
 * How it stands with the scores. `no_account`: not on the platform; `on_hold`: the release was taken back or is
 * missing; `never_read`: nothing was read yet; `not_approved`, `deactivated`: not read at present; `stale`: the last
 * read is older than promised.
 */
export const CARD_STATES = [
  'ok',
  'stale',
  'not_approved',
  'deactivated',
  'never_read',
  'no_account',
  'on_hold',
] as const;

const averagesSchema = z.object({
  points: z.number(),
  challenges: z.number(),
  ctf: z.number(),
  activeDays: z.number(),
});

const groupSchema = z.object({
  kind: z.enum(['team', 'division']),
  /** The team's name, or the division's id. */
  name: z.string(),
  /** Registered people of the coach in it, this one included. */
  people: count,
  /** Null: fewer than five people, so that no averages are told. */
  averages: averagesSchema.nullable(),
  /** Running average of points, one for each day of the period; null as above. */
  cumulative: z.array(z.number()).nullable(),
  /** The oldest read among them, and how many were read too long ago or never. */
  asOf: isoTime.nullable(),
  late: count,
});
export type ComparisonGroup = z.infer<typeof groupSchema>;

const cardSolveSchema = z.object({
  id: z.string(),
  source: z.enum(['odl', 'ctf']),
  /** Null for ODL. */
  eventName: z.string().nullable(),
  title: z.string(),
  category: z.string(),
  points: count,
  solvedAt: isoTime,
  day,
  /** `withdrawn`: the platform took it back, so that it counts nowhere; `corrected`: the platform changed it. */
  mark: z.enum(['corrected', 'withdrawn']).nullable(),
  markedAt: isoTime.nullable(),
  /** What it was worth before a correction, where that is known. */
  pointsBefore: count.nullable(),
});
export type CardSolve = z.infer<typeof cardSolveSchema>;

const flashSchema = z.object({
  eventId: z.string(),
  name: z.string(),
  startsAt: isoTime,
  day,
  solved: count,
  points: count,
  maxPoints: count.nullable(),
  rank: z.int().nullable(),
});
export type CardFlash = z.infer<typeof flashSchema>;

const workRoleSchema = z.object({
  /** Null: the platform’s word is no role that we know; it is the name. */
  id: z.string().nullable(),
  name: z.string(),
  area: z.string().nullable(),
  meaning: z.string().nullable(),
  /** Different challenges: those that name the role, and those that count by their category because they name none. */
  named: count,
  byCategory: count,
  points: count,
});
export type CardWorkRole = z.infer<typeof workRoleSchema>;

/** A finding with the figures it rests on; the site has a sentence for each code. */
const insightSchema = z.discriminatedUnion('code', [
  z.object({ code: z.literal('quiet'), days: count, lastSolveAt: isoTime }),
  z.object({ code: z.literal('progress'), challenges: count, previous: count, days: count }),
  z.object({ code: z.literal('strongest'), category: z.string(), points: count, of: count }),
  z.object({ code: z.literal('untouched'), categories: z.array(z.string()), known: count }),
  z.object({ code: z.literal('streak'), days: count, from: day, to: day }),
  z.object({ code: z.literal('rank'), from: z.int(), to: z.int(), events: count }),
  z.object({ code: z.literal('team'), points: count, average: z.number(), people: count }),
]);
export type Insight = z.infer<typeof insightSchema>;

const figuresSchema = z.object({
  totals: z.object({
    challenges: count,
    odl: count,
    ctf: count,
    points: count,
    /** Of the equally long range before; null: there was no account yet. */
    previous: z.object({ challenges: count, points: count }).nullable(),
    activeDays: count,
    days: count,
    /** The longest run of days with a solve; three or more are a streak. */
    longestStreak: count,
    bestRank: z.object({ rank: z.int(), eventName: z.string(), day }).nullable(),
  }),
  /** Everything stored, whatever the period, and how the platform's own ODL totals compare. */
  allTime: z.object({
    challenges: count,
    points: count,
    lastSolveAt: isoTime.nullable(),
    checkedAt: isoTime.nullable(),
    /** A difference from the platform's totals that nothing explains. */
    differs: z.boolean(),
  }),
  /** Every category that anyone of the coach solved something in, most points first. */
  categories: z.array(z.object({ category: z.string(), challenges: count, points: count })),
  cumulative: z.array(z.object({ day, points: count })),
  heat: z.array(
    z.object({
      day,
      odl: count,
      ctf: count,
      flashCtf: z.boolean(),
      /** Before there was an account, so that nothing could be solved. */
      beforeAccount: z.boolean(),
    }),
  ),
  /** Of the period, newest first; withdrawn ones are kept as history. */
  solves: z.array(cardSolveSchema),
  /** False: there are more than are read for one card. */
  solvesComplete: z.boolean(),
  /** The newest events, oldest first, whatever the period. */
  flash: z.array(flashSchema),
  workRoles: z.array(workRoleSchema),
  /** How many roles there are in all. */
  knownRoles: count,
  comparison: z.array(groupSchema),
  insights: z.array(insightSchema),
});
export type CardFigures = z.infer<typeof figuresSchema>;

export const reportCardSchema = z.object({
  period: z.object({ from: day, to: day, previousFrom: day, previousTo: day, timeZone: z.string() }),
  competitor: z.object({
    id: z.string(),
    coachId: z.string(),
    firstName: z.string(),
    lastName: z.string(),
    grade: z.int().nullable(),
    division: divisionSchema.nullable(),
    team: z.object({ id: z.string(), name: z.string() }).nullable(),
    username: z.string().nullable(),
    onboardedAt: isoTime.nullable(),
  }),
  state: z.enum(CARD_STATES),
  /** The last successful reads; null before the first. */
  asOf: isoTime.nullable(),
  flashAsOf: isoTime.nullable(),
  promiseSeconds: z.int(),
  /** True when somebody's reads behind these figures are late or missing. */
  partial: z.boolean(),
  /** Null: there is nothing to show yet, or nothing may be shown; `state` says why. */
  figures: figuresSchema.nullable(),
});
export type ReportCard = z.infer<typeof reportCardSchema>;

export const reportCardRoutes = {
  getReportCard: route('GET', '/api/game-platform/competitors/{id}/report-card', {
    served: 'dashboard-api',
    access: 'coach',
    rate: 'read',
    summary: 'The report card of one competitor; who reads it is noted',
    query: z.object({ from: dayInput.optional(), to: dayInput.optional() }),
    success: { status: 200, description: 'The card.', schema: reportCardSchema },
    actAs: true,
  }),
} as const;
