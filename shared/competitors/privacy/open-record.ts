import type { Actor } from '#shared/audit/actor.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import {
  competitorToRow,
  NO_RELATED_RECORDS,
  type CompetitorRelatedRecords,
  type RowContext,
} from '../competitor-to-view.ts';
import type { Competitor } from '../competitor.ts';
import type { CompetitorView } from '../contract.ts';
import type { createReadLog } from './read-log.ts';

export interface RowDeps {
  readonly relatedRecordsOf: (competitors: readonly Competitor[]) => Promise<CompetitorRelatedRecords[]>;
  /** Hours within which everyone's scores are read, as the settings say. */
  readonly slaHours: () => Promise<number>;
  /** Days after which one who neither signs in nor solves counts as inactive, as the settings say. */
  readonly inactiveDays: () => Promise<number>;
  readonly now: Clock;
}

export interface OpenRecordDeps extends RowDeps {
  readonly logRead: ReturnType<typeof createReadLog>;
}

async function rowContext(deps: RowDeps): Promise<RowContext> {
  const [slaHours, inactiveDays] = await Promise.all([deps.slaHours(), deps.inactiveDays()]);
  return { now: deps.now(), slaHours, inactiveDays };
}

/** What lists tell of competitors, in the order given. */
export const createRowsOf =
  (deps: RowDeps) =>
  async (competitors: readonly Competitor[]): Promise<ReturnType<typeof competitorToRow>[]> => {
    const [relatedRecords, context] = await Promise.all([
      deps.relatedRecordsOf(competitors),
      rowContext(deps),
    ]);
    return competitors.map((competitor, index) =>
      competitorToRow(competitor, relatedRecords[index] ?? NO_RELATED_RECORDS, context),
    );
  };

/**
 * The whole record of a competitor for whoever asks, once it is in the read log that they saw it. The only place that
 * makes it, so that no route answers a record that nobody noted.
 */
export function createOpenRecord(
  deps: OpenRecordDeps,
): (competitor: Competitor, actor: Actor) => Promise<CompetitorView> {
  return async (competitor, actor) => {
    const [[related], context] = await Promise.all([deps.relatedRecordsOf([competitor]), rowContext(deps)]);
    await deps.logRead('competitor.read', competitor, actor);
    return {
      ...competitorToRow(competitor, related ?? NO_RELATED_RECORDS, context),
      email: competitor.email,
      adult: competitor.adult,
      schoolEmail: competitor.schoolEmail,
      guardianName: competitor.guardianName,
      guardianEmail: competitor.guardianEmail,
      participationAgreementDate: competitor.participationAgreementDate,
      mediaReleaseDate: competitor.mediaReleaseDate,
      consentWithdrawnDate: competitor.consentWithdrawnDate,
    };
  };
}
