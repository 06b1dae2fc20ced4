import * as z from 'zod';
import type { Job } from '#shared/jobs/job.ts';
import type { PlanPage } from '#shared/jobs/plan-page.ts';
import type { Competitor } from './competitor.ts';

/** A coach's competitors by id, at most `limit` after this one. */
export type CompetitorsOfCoach = (
  coachId: string,
  page: { readonly limit: number; readonly afterId: string | null },
) => Promise<readonly Competitor[]>;

const cursorSchema = z.object({ afterId: z.string() });

/** The wanted ones among a coach's next competitors. */
export async function pageOfCoach(
  ofCoach: CompetitorsOfCoach,
  coachId: string,
  cursor: Job['planCursor'],
  size: number,
  wanted: (competitor: Competitor) => boolean,
): Promise<PlanPage> {
  const afterId = cursor === null ? null : cursorSchema.parse(cursor).afterId;
  const competitors = await ofCoach(coachId, { limit: size, afterId });
  const last = competitors.length < size ? undefined : competitors.at(-1);
  return {
    subjects: competitors.filter(wanted).map((competitor) => competitor.id),
    next: last === undefined ? null : { afterId: last.id },
  };
}
