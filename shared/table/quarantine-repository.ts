import { createHash } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Rejected, Subject } from '../score-sync/solve-mapping.ts';
import { indexKeys, keys } from './keys.ts';
import type { Table } from './table.ts';

/** Long enough to ask the platform about it, short enough for minors' data, redacted as it is. */
const KEPT_SECONDS = 90 * 24 * 60 * 60;
/** DynamoDB items end at 400 KB; a record that does not parse may be anything. */
const MAX_REDACTED = 10_000;

export interface QuarantineRepository {
  /** Keeps a record that did not parse. The same record on the same day is one row, however often it is read. */
  put(subject: Subject, rejected: Rejected, at: Date): Promise<void>;
}

export function createQuarantineRepository(table: Table): QuarantineRepository {
  return {
    async put({ competitorId, coachId }, { source, eventId, unparsed }, at) {
      const redacted = JSON.stringify(unparsed.redacted ?? null);
      const id = createHash('sha256')
        .update(JSON.stringify([competitorId, source, eventId, unparsed.issues, redacted]))
        .digest('hex')
        .slice(0, 24);
      await table.client.send(
        new PutCommand({
          TableName: table.name,
          Item: {
            ...keys.quarantine(at.toISOString().slice(0, 10), id),
            ...indexKeys.quarantineAbout(competitorId, id),
            type: 'quarantine',
            competitorId,
            coachId,
            source,
            eventId,
            issues: unparsed.issues,
            redacted: redacted.slice(0, MAX_REDACTED),
            readAt: at.toISOString(),
            expiresAt: Math.floor(at.getTime() / 1000) + KEPT_SECONDS,
          },
        }),
      );
    },
  };
}
