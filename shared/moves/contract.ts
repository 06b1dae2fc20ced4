import * as z from 'zod';
import { MAX_IDS } from '#shared/jobs/task-definition.ts';
import { route } from '#shared/kernel/contract.ts';
import { pageQuerySchema } from '#shared/kernel/paging.ts';
import { idInput } from '#shared/kernel/text.ts';

const PLAN_FIRST = 'A move begins with a plan: send “dryRun” as true, then apply its job.';

/** `POST /api/admin/competitors/move`: some competitors, or the whole list of a coach. */
export const moveRequestSchema = z
  .strictObject({
    competitorIds: z
      .array(idInput)
      .min(1, { error: 'Name at least one competitor.' })
      .max(MAX_IDS, { error: `Move at most ${MAX_IDS} at a time, or a coach’s whole list.` })
      .optional(),
    fromCoachId: idInput.optional(),
    toCoachId: idInput,
    dryRun: z.literal(true, { error: PLAN_FIRST }).default(true),
  })
  .refine(({ competitorIds, fromCoachId }) => (competitorIds === undefined) !== (fromCoachId === undefined), {
    error: 'Say who: either “competitorIds”, or “fromCoachId” for the whole list of a coach.',
    path: ['competitorIds'],
  });
export type MoveRequest = z.output<typeof moveRequestSchema>;

/** `move`, `moved`: they come to the other coach; `unchanged`: they are on that coach’s list already. */
export const MOVE_OUTCOMES = ['move', 'moved', 'unchanged', 'refused'] as const;

/** Why somebody is not moved. */
export const MOVE_REFUSALS = ['UNKNOWN', 'NOT_THEIRS', 'CHANGED'] as const;

/** What becomes of their team: they have none, they leave it, or all of it comes along. */
export const TEAM_EFFECTS = ['none', 'leaves', 'comes_along'] as const;
export const teamEffectSchema = z.enum(TEAM_EFFECTS);

const named = z.object({ id: z.string(), name: z.string() });

export const moveRowSchema = z.object({
  competitorId: z.string(),
  /** Null: erased, or never there. */
  name: z.string().nullable(),
  grade: z.int().nullable(),
  outcome: z.enum(MOVE_OUTCOMES),
  refusal: z.enum(MOVE_REFUSALS).nullable(),
  from: named.extend({ school: z.string() }).nullable(),
  team: named.nullable(),
  teamEffect: teamEffectSchema,
  /** Has an account on the Game Platform. */
  onPlatform: z.boolean(),
  challenges: z.int(),
});
export type MoveRow = z.infer<typeof moveRowSchema>;

/** `GET /api/admin/competitors/move/{jobId}`: a page of a plan, or of what became of it. */
export const moveViewSchema = z.object({
  to: named.extend({ school: z.string() }),
  /** The plan that this applied; null: it is a plan. */
  planId: z.string().nullable(),
  /** The job that applied this plan; null: nobody has. */
  appliedBy: z.string().nullable(),
  items: z.array(moveRowSchema),
  nextCursor: z.string().nullable(),
});
export type MoveView = z.infer<typeof moveViewSchema>;

const jobStartedSchema = z.object({ jobId: z.string() });

export const moveRoutes = {
  planMove: route('POST', '/api/admin/competitors/move', {
    served: 'competitors-api',
    access: 'admin',
    rate: 'bulk',
    summary: 'Plan a move of competitors to another coach; nothing is changed before it is applied',
    body: moveRequestSchema,
    largeBody: true,
    success: {
      status: 202,
      description: 'Accepted; every change is a row of the job.',
      schema: jobStartedSchema,
    },
    problems: { 422: ['SAME_COACH', 'COACH_SWITCHED_OFF'] },
  }),
  applyMove: route('POST', '/api/admin/competitors/move/{jobId}/apply', {
    served: 'competitors-api',
    access: 'admin',
    rate: 'bulk',
    summary: 'Move the competitors as a plan said',
    success: {
      status: 202,
      description: 'Accepted; its rows are under the new job.',
      schema: jobStartedSchema,
    },
    problems: { 409: ['CHANGED_SINCE_DRY_RUN', 'DRY_RUN_NOT_FINISHED'] },
  }),
  getMove: route('GET', '/api/admin/competitors/move/{jobId}', {
    served: 'competitors-api',
    access: 'admin',
    rate: 'read',
    summary: 'A plan of a move, or what became of it, with names',
    query: pageQuerySchema.extend({ outcome: z.enum(MOVE_OUTCOMES).optional() }),
    success: { status: 200, description: 'A page.', schema: moveViewSchema },
  }),
} as const;
