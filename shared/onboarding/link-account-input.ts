import * as z from 'zod';

/** `POST /api/game-platform/competitors/{id}/link`: the id that the platform knows the competitor's other account by. */
export const linkAccountSchema = z.strictObject({
  platformUserId: z
    .string()
    .trim()
    .regex(/^[\w.:-]{1,100}$/, {
      error:
        'Enter the account’s id on the Game Platform, not an e-mail address: letters, digits, “.”, “:”, “-” and “_”.',
    }),
});
