import * as z from 'zod';
import { ROSTER_GUARDS, rosterPlanRowSchema, rosterPlanSchema } from '../contract.ts';

/** A reconciliation plan as the table keeps it: ids and figures only, names are joined when it is shown. */

const { action, why } = rosterPlanRowSchema.shape;
const { counts, unknown, confirmable } = rosterPlanSchema.shape;

/** What an entry said when the plan was drawn up; the row is carried out only while it still says so. */
const seenSchema = z.object({
  wantedAt: z.iso.datetime(),
  wantedTeamId: z.string().nullable(),
  confirmedTeamId: z.string().nullable(),
  doubtTeamId: z.string().nullable(),
});

export const planRowSchema = z.object({
  competitorId: z.string(),
  coachId: z.string(),
  platformId: z.string(),
  action,
  why,
  /** Where the platform has them; null: on no team. */
  fromTeamId: z.string().nullable(),
  /** Where they are wanted; null: on no team. */
  toTeamId: z.string().nullable(),
  emptiesTeam: z.boolean(),
  heldBy: z.enum(ROSTER_GUARDS).nullable(),
  /** Null: there was no entry. */
  seen: seenSchema.nullable(),
});
export type PlanRow = z.infer<typeof planRowSchema>;

/** What the guards found. */
export const planFactsSchema = z.object({
  answer: z.object({
    trusted: z.boolean(),
    /** Assignments that the platform had confirmed here, and how many of them the answer lacks. */
    confirmedHere: z.int(),
    missing: z.int(),
    /** Of the last answer that was trusted. */
    lastThere: z.int().nullable(),
    /** Records that could not be read. Plans made before they were counted do not say. */
    setAside: z.int().default(0),
  }),
  massRemoval: z.object({ removals: z.int(), limit: z.int() }),
  /** Teams that would lose too many at once; at most twenty. */
  tinyTeams: z.array(z.object({ teamId: z.string(), leaving: z.int(), members: z.int() })),
  /** The Flash CTF that was on, and how many rows wait for its end. */
  event: z.object({ name: z.string(), waiting: z.int() }).nullable(),
});
export type PlanFacts = z.infer<typeof planFactsSchema>;

export const rosterPlanRecordSchema = z.object({
  id: z.string(),
  jobId: z.string(),
  drawnAt: z.iso.datetime(),
  dryRun: z.boolean(),
  assignmentsThere: z.int(),
  assignmentsHere: z.int(),
  counts,
  facts: planFactsSchema,
  unknown,
  /** How many rows an admin may release with each answer, and how many of all of them take somebody off a team. */
  confirmable,
  removals: z.int(),
  /** How many pieces the rows lie in, and in how many of them those to be shown. */
  pieces: z.int(),
  shownPieces: z.int(),
  confirmed: z
    .object({
      at: z.iso.datetime(),
      /** `sub` of the admin. */
      by: z.string(),
      reason: z.string(),
      scope: z.enum(['safe', 'all']),
      /** When the job that follows from it was through; null before. */
      carriedOutAt: z.iso.datetime().nullable(),
    })
    .nullable(),
});
export type RosterPlanRecord = z.infer<typeof rosterPlanRecordSchema>;

/** Rows of each action that are shown. */
export const SHOWN_OF_EACH = 500;

/** Whether an admin's answer covers the row. */
export const inScope = (row: Pick<PlanRow, 'heldBy'>, scope: 'safe' | 'all'): boolean =>
  scope === 'all' || row.heldBy === null;

/** Whether the run that drew the plan carries the row out by itself. */
export const goesOnByItself = (
  plan: Pick<RosterPlanRecord, 'dryRun'>,
  row: Pick<PlanRow, 'heldBy'>,
): boolean => !plan.dryRun && row.heldBy === null;

/** One plan for one job, however often its part is processed. */
export const planIdOf = (jobId: string): string => `plan_${jobId.replace(/^job_/, '')}`;
