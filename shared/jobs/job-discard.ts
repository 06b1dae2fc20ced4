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
    ConditionExpression:
      '#status = :failed and (attribute_not_exists(discarded) or discarded.#at < finishedAt)',
    UpdateExpression: 'SET discarded = :mark',
    ExpressionAttributeNames: { '#status': 'status', '#at': 'at' },
    ExpressionAttributeValues: { ':failed': 'failed', ':mark': mark },
  });
  return item !== undefined;
}
