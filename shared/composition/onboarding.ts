import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import {
  CompetitorChangedError,
  createCompetitorRepository,
} from '#shared/competitors/competitor-repository.ts';
import { isRead } from '#shared/competitors/consent.ts';
import { erasedMeanwhile, isErased, notErased } from '#shared/competitors/privacy/erasure-repository.ts';
import type { GamePlatform } from '#shared/game-platform/game-platform.ts';
import { createIdentityRepository } from '#shared/identity/identity-repository.ts';
import { sleepFor, systemClock, type Clock } from '#shared/kernel/clock.ts';
import { newId as freshId, type NewId } from '#shared/kernel/ids.ts';
import type { Log } from '#shared/kernel/log.ts';
import type { LinkAccountDeps } from '#shared/onboarding/link-account.ts';
import type { OnboardingAuditEvents } from '#shared/onboarding/onboard-competitor.ts';
import { firstSyncState } from '#shared/score-sync/score-records.ts';
import { syncStateItem, totalsDueItem } from '#shared/score-sync/score-items.ts';
import { createLeaseRepository } from '#shared/table/lease-repository.ts';
import type { Table } from '#shared/table/table.ts';
import { createRosterRepository } from '#shared/teams/rosters/roster-repository.ts';

export interface OnboardingOptions {
  readonly table: Table;
  readonly platform: Pick<GamePlatform, 'getUser' | 'createUser'>;
  readonly log: Log;
  readonly now?: Clock;
  readonly newId?: NewId;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** False instead of the error that says that somebody else saved first. */
const unlessChanged = async (write: Promise<void>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof CompetitorChangedError || erasedMeanwhile(error)) return false;
    throw error;
  }
};

/** What onboarding needs, on the table. */
export function createDynamoOnboarding(options: OnboardingOptions): LinkAccountDeps {
  const { table, platform, log, now = systemClock, newId = freshId, sleep = sleepFor } = options;
  const competitors = createCompetitorRepository(table);
  const { coaches } = createIdentityRepository(table);
  const activity = createActivityRepository(table);
  const audit = createAuditRepository(table);
  const leases = createLeaseRepository(table);
  const rosters = createRosterRepository(table);

  const traceItems = async (auditEvents: OnboardingAuditEvents) => [
    await activity.appendTransaction(auditEvents.activity),
    ...(auditEvents.audit === null ? [] : [await audit.appendTransaction(auditEvents.audit)]),
  ];

  return {
    competitorById: (id) => competitors.byId(id, { consistent: true }),
    competitorByPlatformId: competitors.byPlatformId,
    coachById: coaches.byId,
    confirmCoachAccount: coaches.confirmPlatformAccount,
    saveAccount: async (competitor, { scoreStart: { mark, ...subject }, ...auditEvents }) =>
      unlessChanged(
        competitors.update(competitor, [
          // Who was deactivated or put on hold in between is not read; the end of that begins it.
          ...(isRead(competitor)
            ? [
                { Put: { TableName: table.name, Item: syncStateItem(firstSyncState(subject)) } },
                {
                  Put: {
                    TableName: table.name,
                    Item: totalsDueItem({
                      competitorId: subject.competitorId,
                      coachId: subject.coachId,
                      mark,
                    }),
                  },
                },
              ]
            : []),
          // A team that was chosen before the account: from now on it can be followed.
          ...(competitor.teamId === null
            ? []
            : [rosters.accountTransaction(competitor, competitor.updatedAt)]),
          ...(await traceItems(auditEvents)),
          // The account of an erased person is nobody's any more.
          ...(competitor.gamePlatformId === null || competitor.gamePlatformId === competitor.id
            ? []
            : [notErased(table, competitor.gamePlatformId)]),
        ]),
      ),
    isErased: (id) => isErased(table, id),
    saveRefusal: async (competitor, auditEvents) =>
      unlessChanged(competitors.update(competitor, await traceItems(auditEvents))),
    takeLease: (name, owner, until) => leases.take(name, owner, until, now()),
    endLease: leases.end,
    platform,
    now,
    newId,
    sleep,
    log,
  };
}
