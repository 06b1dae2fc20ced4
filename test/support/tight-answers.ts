import type { EditTemplate } from '#infra/local/emulator/assembly/cloud-assembly.ts';

/** The stack with answers that hold so little that every file becomes a job: the demo has no 5 MB of anything. */
export const tightAnswers =
  (bytes: number): EditTemplate =>
  (_, { Resources: resources }) => {
    for (const { Properties: properties } of Object.values(resources)) {
      const variables = Object(Object(properties?.['Environment'])['Variables']);
      if ('EXPORT_ANSWER_BYTES' in variables) variables['EXPORT_ANSWER_BYTES'] = String(bytes);
    }
  };
