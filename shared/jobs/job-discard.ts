import { and, attribute, equals, lessThan, notExists, or, set, update } from '#shared/table/expressions.ts';
import { keys } from '#shared/table/keys.ts';
import { updateIf, type Table } from '#shared/table/table.ts';

/**
 * Puts down on a job that failed that its dead letters were taken away, by whom and why. False when it did not fail, or
 * was discarded since it did.
 */
export async function markDiscarded(
  table: Table,
  jobId: string,
  mark: { readonly by: string; readonly reason: string; readonly at: string },
): Promise<boolean> {
  const item = await updateIf(table, {
    Key: keys.job(jobId),
    ...update([set('discarded', mark)], {
      when: and(
        equals('status', 'failed'),
        or(notExists('discarded'), lessThan(['discarded', 'at'], attribute('finishedAt'))),
      ),
    }),
  });
  return item !== undefined;
}
