import { competitorChain } from './competitor-chain.ts';
import { competitorStatus, missingFor } from './competitor-status.ts';
import type { Competitor } from './competitor.ts';
import { onHold } from './consent.ts';
import type { CompetitorRow } from './contract.ts';

/** What the view says beyond the competitor's own record; undefined where nothing is stored. */
export interface CompetitorRelatedRecords {
  readonly team: { readonly id: string; readonly name: string } | undefined;
  readonly stats:
    | {
        readonly storedOdl: number;
        readonly storedCtf: number;
        readonly lastSolveAt: string | null;
      }
    | undefined;
  /** How far the scores were read, and why they were read last. */
  readonly reading:
    | {
        readonly lastReadAt: string | null;
        readonly lastFailure: { readonly code: string } | null;
        readonly lastRead: CompetitorRow['lastRead'];
      }
    | undefined;
}

/** Of a competitor about whom nothing else is stored. */
export const NO_RELATED_RECORDS: CompetitorRelatedRecords = {
  team: undefined,
  stats: undefined,
  reading: undefined,
};

/** What a row depends on beside the records. */
export interface RowContext {
  readonly now: Date;
  readonly slaHours: number;
  readonly inactiveDays: number;
}

export function competitorToRow(
  competitor: Competitor,
  { team, stats, reading }: CompetitorRelatedRecords,
  { now, slaHours, inactiveDays }: RowContext,
): CompetitorRow {
  const lastSolveAt = stats?.lastSolveAt ?? null;
  const { platform } = competitor;
  return {
    id: competitor.id,
    version: competitor.version,
    coachId: competitor.coachId,
    firstName: competitor.firstName,
    lastName: competitor.lastName,
    grade: competitor.grade,
    division: competitor.division,
    active: competitor.active,
    status: competitorStatus(competitor),
    missing: missingFor(competitor),
    onHold: onHold(competitor),
    team: team === undefined ? null : { id: team.id, name: team.name },
    gamePlatform: {
      id: competitor.gamePlatformId,
      username: platform.username,
      accountStatus: platform.accountStatus,
      lastLoginAt: platform.lastLoginAt,
      onboardedAt: platform.onboardedAt,
      refusal: platform.refusal,
    },
    challengesSolved: (stats?.storedOdl ?? 0) + (stats?.storedCtf ?? 0),
    lastSolveAt,
    lastReadAt: reading?.lastReadAt ?? null,
    lastRead: reading?.lastRead ?? null,
    chain: competitorChain({
      competitor,
      teamName: team?.name ?? null,
      lastSolveAt,
      reading: reading ?? null,
      now,
      slaHours,
      inactiveDays,
    }),
    createdAt: competitor.createdAt,
    updatedAt: competitor.updatedAt,
  };
}
