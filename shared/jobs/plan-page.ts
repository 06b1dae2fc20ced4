import type { Job } from './job.ts';
import type { TaskType } from './task-types.ts';

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

export type Planner = (job: Job, cursor: Job['planCursor']) => Promise<PlanPage>;
export type Planners = Readonly<Record<TaskType, Planner>>;
