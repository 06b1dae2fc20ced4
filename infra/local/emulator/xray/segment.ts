import * as z from 'zod';

/** Values by which X-Ray finds traces. */
export type Annotations = Readonly<Record<string, string | number | boolean>>;

const spanShape = {
  id: z.string().regex(/^[0-9a-f]{16}$/),
  name: z.string().min(1).max(200),
  start_time: z.number().positive(),
  end_time: z.number().positive().optional(),
  in_progress: z.boolean().optional(),
  error: z.boolean().optional(),
  fault: z.boolean().optional(),
  throttle: z.boolean().optional(),
  annotations: z.record(z.string().regex(/^\w+$/), z.union([z.string(), z.number(), z.boolean()])).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  aws: z.unknown().optional(),
  http: z.unknown().optional(),
  cause: z.unknown().optional(),
};

export type Subsegment = z.infer<z.ZodObject<typeof spanShape>> & {
  readonly subsegments?: readonly Subsegment[] | undefined;
};

const subsegmentSchema: z.ZodType<Subsegment> = z.object({
  ...spanShape,
  subsegments: z.lazy(() => z.array(subsegmentSchema)).optional(),
});

/** A document that stands alone: a segment, or a subsegment that says where it belongs. */
const documentSchema = z
  .object({
    ...spanShape,
    trace_id: z.string().regex(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    parent_id: spanShape.id.optional(),
    type: z.literal('subsegment').optional(),
    subsegments: z.array(subsegmentSchema).optional(),
  })
  .refine(({ type, parent_id }) => type === undefined || parent_id !== undefined, {
    message: 'A subsegment needs a parent_id.',
  })
  .refine(({ end_time, in_progress }) => end_time !== undefined || in_progress === true, {
    message: 'A document ends or is in progress.',
  });

const headerSchema = z.object({ format: z.literal('json'), version: z.literal(1) });

export type SegmentDocument = z.infer<typeof documentSchema>;

/**
 * What the X-Ray SDKs send to the daemon: a header line and one document.
 *
 * @throws {Error} for anything else
 */
export function parsePacket(packet: string): SegmentDocument {
  const end = packet.indexOf('\n');
  if (end < 0) throw new Error('The packet has no header line.');
  headerSchema.parse(JSON.parse(packet.slice(0, end)));
  return documentSchema.parse(JSON.parse(packet.slice(end + 1)));
}
