import * as z from 'zod';

const idSchema = z.string().min(1).max(100);

/** `POST /api/game-platform/competitors/onboard`: chosen competitors, or all of a coach's who may be added. */
export const onboardManySchema = z.strictObject({
  competitorIds: z
    .array(idSchema)
    .min(1, { error: 'Choose at least one competitor.' })
    .max(500, { error: 'Choose 500 competitors at most, or leave this out for all.' })
    .optional(),
  coachId: idSchema.optional(),
});
