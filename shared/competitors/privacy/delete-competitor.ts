import type { Actor } from '#shared/audit/actor.ts';
import type { AuditEntry } from '#shared/audit/audit-entry.ts';
import type { Job } from '#shared/jobs/job.ts';
import { newJob } from '#shared/jobs/start-job.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound, OwnError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import type { Competitor } from '../competitor.ts';
import type { ErasureStarted } from '../contract.ts';
import type { Tombstone } from './erasure-repository.ts';

const ERASED = [
  'Profile and names, at once',
  'Solves, days, totals and Flash CTF results',
  'How far scores were read, and flags',
  'Team membership, here at once, on the Game Platform as soon as it takes the change',
  'Activity lines, and the details of audit lines',
  'Quarantined records, and uploads of the coach',
];
const NOT_REACHABLE = [
  { what: 'Backups', why: 'They keep the data for up to 35 more days and then expire.' },
  {
    what: 'Large files that were prepared before',
    why: 'They are no longer offered, and deleted within two days. What was downloaded stays where it was saved.',
  },
  {
    what: 'The account on the Game Platform',
    why: 'The platform offers no deletion. Ask its staff to delete the account.',
  },
  { what: 'Who did what and when', why: 'Audit lines stay, with an id that no longer belongs to anyone.' },
];

export interface DeleteCompetitorDeps {
  readonly byId: (competitorId: string) => Promise<Competitor | undefined>;
  /**
   * Takes the profile away, leaves the tombstone, takes the person off their team, and puts the job there, all or
   * nothing; false when the competitor was changed in the meantime.
   */
  readonly erase: (
    competitor: Competitor,
    records: { readonly tombstone: Tombstone; readonly job: Job; readonly audit: AuditEntry },
  ) => Promise<boolean>;
  readonly planSoon: (jobId: string) => Promise<void>;
  readonly now: Clock;
  readonly newId: NewId;
}

const ATTEMPTS = 4;

/**
 * Deletes a competitor at once and starts the job that erases everything else kept about them.
 * @throws DomainError not_found when unknown, not the caller's, or deleted already
 */
export function createDeleteCompetitor(
  deps: DeleteCompetitorDeps,
): (competitorId: string, actor: Actor, mayTouch: (coachId: string) => boolean) => Promise<ErasureStarted> {
  return async (competitorId, actor, mayTouch) => {
    for (let attempt = 1; ; attempt += 1) {
      const competitor = await deps.byId(competitorId);
      if (competitor === undefined || !mayTouch(competitor.coachId)) throw notFound();
      const { coachId } = competitor;
      const now = deps.now();
      const at = now.toISOString();
      const jobId = `job_erase_${competitorId}`;
      const job = newJob(
        jobId,
        {
          taskType: 'privacy_erasure',
          payload: { competitorId, coachId },
          startedBy: `user:${actor.sub}`,
          actingAs: actor.actingAs,
        },
        now,
      );
      const audit: AuditEntry = {
        id: deps.newId('aud'),
        at,
        actor: actor.sub,
        actingAs: actor.actingAs,
        action: 'competitor.erase',
        subject: competitorId,
        coachId,
        requestId: actor.requestId,
        details: {},
      };
      const { gamePlatformId } = competitor;
      const tombstone = { competitorId, coachId, gamePlatformId, erasedAt: at, jobId };
      if (await deps.erase(competitor, { tombstone, job, audit })) {
        await deps.planSoon(jobId);
        return { jobId, erased: ERASED, notReachable: NOT_REACHABLE };
      }
      if (attempt >= ATTEMPTS)
        throw new OwnError('The competitor was changed again and again while it was deleted.');
    }
  };
}
