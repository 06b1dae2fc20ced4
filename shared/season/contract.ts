import * as z from 'zod';
import { divisionSchema } from '#shared/competitors/contract.ts';
import { route } from '#shared/kernel/contract.ts';
import { pageQuerySchema } from '#shared/kernel/paging.ts';
import { idInput } from '#shared/kernel/text.ts';

export const TEAM_CHOICES = ['keep', 'empty'] as const;

/** `POST /api/admin/season/roll-over`. */
export const rollOverRequestSchema = z.strictObject({
  /** Left out: the whole program. */
  coachId: idInput.optional(),
  /** The first day of the new season. */
  seasonStart: z.iso.date({ error: 'Enter the day as YYYY-MM-DD.' }),
  /** `keep`: whoever stays in school and division stays on the team; `empty`: everyone leaves. */
  teams: z.enum(TEAM_CHOICES, { error: 'Choose “keep” or “empty”.' }).default('keep'),
  dryRun: z
    .literal(true, {
      error: 'A roll-over begins with a plan: send “dryRun” as true, then apply its job.',
    })
    .default(true),
});
export type RollOverRequest = z.output<typeof rollOverRequestSchema>;

/** `up`: a grade higher; `archived`: finished school; `left`: stays as they are; `skipped`: changed since the plan. */
export const ROLL_OVER_OUTCOMES = ['up', 'archived', 'left', 'skipped', 'team', 'season'] as const;
export const rollOverOutcomeSchema = z.enum(ROLL_OVER_OUTCOMES);

/** Why somebody is left as they are. */
export const LEFT_REASONS = ['NO_GRADE', 'INACTIVE', 'DONE', 'GONE'] as const;
export const leftReasonSchema = z.enum(LEFT_REASONS);

const named = z.object({ id: z.string(), name: z.string() });

/** A person, a team, or the season. */
export const rollOverRowSchema = z.object({
  subject: z.string(),
  outcome: rollOverOutcomeSchema,
  coach: named.extend({ school: z.string() }).nullable(),
  /** Of a person; null: erased. */
  name: z.string().nullable(),
  reason: leftReasonSchema.nullable(),
  gradeFrom: z.int().nullable(),
  gradeTo: z.int().nullable(),
  divisionFrom: divisionSchema.nullable(),
  divisionTo: divisionSchema.nullable(),
  team: named.nullable(),
  leavesTeam: z.boolean(),
  /** A release on record is due again. */
  releaseDue: z.boolean(),
  /** Of a team: members before and after. */
  members: z.object({ before: z.int(), after: z.int() }).nullable(),
});
export type RollOverRow = z.infer<typeof rollOverRowSchema>;

/** `GET /api/admin/season/roll-over/{jobId}`: a page of a plan, or of what became of it. */
export const rollOverViewSchema = z.object({
  coach: named.nullable(),
  seasonStart: z.iso.date(),
  /** The season’s first day as it is set now. */
  seasonNow: z.iso.date().nullable(),
  teams: z.enum(TEAM_CHOICES),
  /** The plan that this applied; null: it is a plan. */
  planId: z.string().nullable(),
  /** The job that applied this plan; null: nobody has. */
  appliedBy: z.string().nullable(),
  items: z.array(rollOverRowSchema),
  nextCursor: z.string().nullable(),
});
export type RollOverView = z.infer<typeof rollOverViewSchema>;

const jobStartedSchema = z.object({ jobId: z.string() });

export const seasonRoutes = {
  planRollOver: route('POST', '/api/admin/season/roll-over', {
    served: 'competitors-api',
    access: 'admin',
    rate: 'bulk',
    summary: 'Plan the roll-over to a new season; nothing is changed before it is applied',
    body: rollOverRequestSchema,
    success: {
      status: 202,
      description: 'Accepted; every change is a row of the job.',
      schema: jobStartedSchema,
    },
  }),
  applyRollOver: route('POST', '/api/admin/season/roll-over/{jobId}/apply', {
    served: 'competitors-api',
    access: 'admin',
    rate: 'bulk',
    summary: 'Roll over as a plan said; who changed since stays as they are and is told',
    success: {
      status: 202,
      description: 'Accepted; its rows are under the new job.',
      schema: jobStartedSchema,
    },
    problems: { 409: ['CHANGED_SINCE_DRY_RUN', 'DRY_RUN_NOT_FINISHED'] },
  }),
  getRollOver: route('GET', '/api/admin/season/roll-over/{jobId}', {
    served: 'competitors-api',
    access: 'admin',
    rate: 'read',
    summary: 'A plan of a roll-over, or what became of it, with names',
    query: pageQuerySchema.extend({ outcome: rollOverOutcomeSchema.optional() }),
    success: { status: 200, description: 'A page.', schema: rollOverViewSchema },
  }),
} as const;
