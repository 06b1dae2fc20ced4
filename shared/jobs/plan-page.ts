import * as z from 'zod';
import type { Job } from './job.ts';
import { OwnError } from '#shared/kernel/errors.ts';

/** The next part's subjects, and where planning goes on; null: nothing more. A page may hold nobody. */
export interface PlanPage {
  readonly subjects: readonly string[];
  /** Why each of them is read, in their order; left out: there is nothing to say. */
  readonly reasons?: readonly string[];
  /**
   * The page is cut into parts of this many. The planner may then be asked for the same page again when some of its
   * parts are written, and leaves out whoever is in them. @default one part holds the page
   */
  readonly partSize?: number;
  /** Counts of a job that ends with this page and has nobody. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly next: Job['planCursor'];
}

const idsCursor = z.object({ offset: z.int() });

/** The next of these, each once. */
export function pageOfIds(ids: readonly string[], cursor: Job['planCursor'], size: number): PlanPage {
  const unique = [...new Set(ids)];
  const { offset } = idsCursor.parse(cursor ?? { offset: 0 });
  const end = offset + size;
  return { subjects: unique.slice(offset, end), next: end < unique.length ? { offset: end } : null };
}

/** Thrown by a planner: the job is not begun, and its error says why. */
export class PlanRefusedError extends OwnError {
  override readonly name = 'PlanRefusedError';
  /** For a person; without anybody's data. */
  readonly sentence: string;
  constructor(sentence: string) {
    super(sentence);
    this.sentence = sentence;
  }
}
