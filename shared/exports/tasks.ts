import * as z from 'zod';
import { competitorStatusSchema, divisionSchema } from '#shared/competitors/contract.ts';
import { EXPORTS } from '#shared/dashboard/contract.ts';
import { defineTask, idSchema } from '#shared/jobs/task-definition.ts';

/** Whose: null: everybody's. */
const coachId = idSchema.nullable();
const division = divisionSchema.nullable();

export const EXPORT_TASKS = {
  table_export: defineTask({
    queue: 'work',
    labels: { name: 'Prepare a large file' },
    startedByRequest: true,
    harmless: true,
    partSize: 1,
    payload: z.discriminatedUnion('file', [
      z.strictObject({ file: z.enum(EXPORTS), coachId, division, from: z.iso.date(), to: z.iso.date() }),
      z.strictObject({
        file: z.literal('roster'),
        coachId,
        division,
        status: competitorStatusSchema.nullable(),
        teamId: idSchema.nullable(),
        grade: z.int().nullable(),
      }),
    ]),
    subjects: ({ file }) => [file],
  }),
};
export type ExportPayload = z.infer<(typeof EXPORT_TASKS)['table_export']['payload']>;
