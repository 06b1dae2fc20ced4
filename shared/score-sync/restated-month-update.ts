import { indexKeys, keys } from '#shared/table/keys.ts';
import type { Table, TransactItem } from '#shared/table/table.ts';
import type { MonthChange } from './restated-months.ts';
import type { Subject } from './solve-mapping.ts';

/** Adds a change to the mark of a month, or makes the mark. */
export function monthUpdate(
  table: Table,
  { competitorId, coachId }: Subject,
  month: string,
  change: MonthChange,
  at: string,
): TransactItem {
  const index = indexKeys.restatedOfCoach(coachId, month, competitorId);
  return {
    Update: {
      TableName: table.name,
      Key: keys.restatedMonth(competitorId, month),
      UpdateExpression:
        'SET #type = :type, competitorId = :competitorId, coachId = :coachId, #month = :month, ' +
        'gsi1pk = :gsi1pk, gsi1sk = :gsi1sk, firstAt = if_not_exists(firstAt, :at), lastAt = :at ' +
        'ADD odl :odl, ctf :ctf, odlPoints :odlPoints, ctfPoints :ctfPoints',
      ExpressionAttributeNames: { '#type': 'type', '#month': 'month' },
      ExpressionAttributeValues: {
        ':type': 'restated_month',
        ':competitorId': competitorId,
        ':coachId': coachId,
        ':month': month,
        ':gsi1pk': index.gsi1pk,
        ':gsi1sk': index.gsi1sk,
        ':at': at,
        ':odl': change.odl,
        ':ctf': change.ctf,
        ':odlPoints': change.odlPoints,
        ':ctfPoints': change.ctfPoints,
      },
    },
  };
}
