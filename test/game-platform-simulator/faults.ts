import * as z from 'zod';
import { type Random, randomFrom } from './random.ts';

/** What can go wrong with one call. Several can be on at once; each hits by endpoint, user, chance and count. */

const where = {
  /** `GET /scores/get_odl_scores`; every endpoint when not given. */
  endpoint: z.string().optional(),
  synedUserId: z.string().optional(),
  /** Chance of each matching call. */
  probability: z.number().min(0).max(1).default(1),
  /** How many calls it hits at most; for ever when not given. */
  times: z.int().positive().optional(),
  /** Matching calls that it lets pass first. */
  skip: z.int().nonnegative().default(0),
};

export const faultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('latency'),
    ...where,
    ms: z.number().nonnegative(),
    jitterMs: z.number().nonnegative().default(0),
  }),
  z.strictObject({
    kind: z.literal('serverError'),
    ...where,
    status: z.int().min(500).max(599).default(503),
    body: z.enum(['json', 'html', 'empty']).default('json'),
  }),
  z.strictObject({
    kind: z.literal('rateLimited'),
    ...where,
    retryAfter: z.enum(['seconds', 'date', 'none']).default('seconds'),
    seconds: z.int().nonnegative().default(1),
  }),
  /** The connection breaks before anything is done. */
  z.strictObject({ kind: z.literal('dropConnection'), ...where }),
  /** Nothing is done and no answer comes, until the caller gives up. */
  z.strictObject({ kind: z.literal('hang'), ...where }),
  /** The work is done; the answer comes `ms` later, or never when not given. */
  z.strictObject({
    kind: z.literal('timeoutAfterSuccess'),
    ...where,
    ms: z.number().nonnegative().optional(),
  }),
  /** The work is done; the connection breaks instead of the answer. */
  z.strictObject({ kind: z.literal('lostAnswer'), ...where }),
  z.strictObject({ kind: z.literal('wrongToken'), ...where }),
  /** A success whose body breaks off in the middle. */
  z.strictObject({ kind: z.literal('malformedJson'), ...where }),
  /** A success without any body. */
  z.strictObject({ kind: z.literal('emptyBody'), ...where }),
  /** A success whose lists are empty, totals and counts included. */
  z.strictObject({ kind: z.literal('emptyLists'), ...where }),
  /** Fewer assignments than `total_count` says. */
  z.strictObject({
    kind: z.literal('shortAssignments'),
    ...where,
    share: z.number().min(0).max(1).default(0.5),
  }),
  /** The first `count` solves of the answer (all events together) are odd in this way. */
  z.strictObject({
    kind: z.literal('malformedRecords'),
    ...where,
    how: z
      .enum(['negative_points', 'missing_time', 'markup_title', 'text_points', 'null_record'])
      .default('negative_points'),
    count: z.int().positive().default(1),
  }),
  /** Every solve and assignment of the answer stands in it twice; totals and counts stay. */
  z.strictObject({ kind: z.literal('duplicateRecords'), ...where }),
  /** Lists in no order of time: the second half before the first, each backwards. */
  z.strictObject({ kind: z.literal('reordered'), ...where }),
  /** Fields nobody knows, at every level. */
  z.strictObject({ kind: z.literal('unknownFields'), ...where }),
  /** Values nobody knows where a fixed set is told. */
  z.strictObject({ kind: z.literal('unknownValues'), ...where }),
]);
export type Fault = z.infer<typeof faultSchema>;
/** As callers write it: what has a default may be left out. */
export type FaultInput = z.input<typeof faultSchema>;

export interface FaultState {
  readonly id: string;
  readonly fault: Fault;
  readonly hits: number;
}

export interface CallToHit {
  readonly endpoint: string;
  readonly synedUserId: string | undefined;
}

/** The faults that are switched on. */
export class Faults {
  private readonly on = new Map<string, { readonly fault: Fault; seen: number; hits: number }>();
  private readonly random: Random;
  private count = 0;

  constructor(seed: number) {
    this.random = randomFrom(seed);
  }

  add(input: FaultInput): string {
    this.count += 1;
    const id = `fault-${this.count}`;
    this.on.set(id, { fault: faultSchema.parse(input), seen: 0, hits: 0 });
    return id;
  }

  remove(id: string): boolean {
    return this.on.delete(id);
  }

  clear(): void {
    this.on.clear();
  }

  list(): FaultState[] {
    return [...this.on].map(([id, { fault, hits }]) => ({ id, fault, hits }));
  }

  /** The faults that hit this call, each counted. */
  hitting(call: CallToHit): Fault[] {
    const hits: Fault[] = [];
    for (const state of this.on.values()) {
      const { endpoint, synedUserId, probability, times, skip } = state.fault;
      const matches =
        (endpoint ?? call.endpoint) === call.endpoint &&
        (synedUserId ?? call.synedUserId) === call.synedUserId &&
        state.hits < (times ?? Number.POSITIVE_INFINITY);
      if (!matches) {
        continue;
      }
      state.seen += 1;
      if (state.seen > skip && (probability === 1 || this.random() < probability)) {
        state.hits += 1;
        hits.push(state.fault);
      }
    }
    return hits;
  }

  jitter(ms: number): number {
    return this.random() * ms;
  }
}
