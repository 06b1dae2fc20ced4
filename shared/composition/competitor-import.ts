import { createActivityRepository } from '#shared/audit/activity-repository.ts';
import { createAuditRepository } from '#shared/audit/audit-repository.ts';
import type { AuditEvents } from '#shared/competitors/competitor-changes.ts';
import {
  CompetitorChangedError,
  createCompetitorRepository,
} from '#shared/competitors/competitor-repository.ts';
import { createCreateCompetitor } from '#shared/competitors/create-competitor.ts';
import { createImportRepository } from '#shared/competitors/import/import-repository.ts';
import type { ImportWorkerDeps } from '#shared/competitors/import/import-worker.ts';
import { createUpdateCompetitor } from '#shared/competitors/update-competitor.ts';
import { createCachedSeasonStart } from '#shared/settings/cached-settings.ts';
import { createSettingsRepository } from '#shared/settings/settings-repository.ts';
import { createJobRepository } from '#shared/jobs/job-repository.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { TransactionRefusedError, type Table } from '#shared/table/table.ts';
import { createDynamoCompetitorChange } from './competitor-change.ts';

/** Another writer was first: read again and repeat, a few times. */
const CHANGE_ATTEMPTS = 4;

/** What the import's worker needs, on the table. Each row's record and audit events are one transaction. */
export function createDynamoImport(options: {
  readonly table: Table;
  readonly today: () => string;
  readonly now: Clock;
  readonly newId: NewId;
}): ImportWorkerDeps {
  const { table, today, now, newId } = options;
  const competitors = createCompetitorRepository(table);
  const activity = createActivityRepository(table);
  const audit = createAuditRepository(table);
  const imports = createImportRepository(table);
  const jobs = createJobRepository(table);
  const byId = (id: string) => competitors.byId(id, { consistent: true });
  const traceItems = (auditEvents: AuditEvents) => [
    activity.appendTransaction(auditEvents.activity),
    audit.appendTransaction(auditEvents.audit),
  ];
  const seasonStart = createCachedSeasonStart({ settings: createSettingsRepository(table), now });
  const update = createUpdateCompetitor({
    byId,
    update: createDynamoCompetitorChange(table),
    today,
    seasonStart,
    now,
    newId,
  });
  return {
    upload: (importId) => imports.byId(importId, now()),
    confirmDigest: imports.confirmDigest,
    ofCoach: competitors.ofCoach,
    rowsOf: (jobId, subjects) => jobs.rowsOf(jobId, subjects),
    saveRow: (jobId, subject, row) => jobs.saveRow(jobId, subject, row),
    async create(id, coachId, input, actor) {
      const create = createCreateCompetitor({
        create: (competitor, auditEvents) => competitors.create(competitor, traceItems(auditEvents)),
        today,
        seasonStart,
        now,
        newId: (prefix) => (prefix === 'cmp' ? id : newId(prefix)),
      });
      try {
        await create(coachId, input, actor);
        return true;
      } catch (error) {
        // The id is taken: an earlier try of ours, whose end nobody saw.
        if (error instanceof CompetitorChangedError) return true;
        if (error instanceof TransactionRefusedError && error.reasons.at(-1) === 'ConditionalCheckFailed')
          return false;
        throw error;
      }
    },
    async change(id, coachId, patch, actor) {
      for (let attempt = 1; ; attempt += 1) {
        const current = await byId(id);
        if (current === undefined) throw notFound();
        try {
          await update(id, current.version, patch, actor, (owner) => owner === coachId);
          return;
        } catch (error) {
          const again = error instanceof DomainError && error.kind === 'stale' && attempt < CHANGE_ATTEMPTS;
          if (!again) throw error;
        }
      }
    },
    today,
    seasonStart,
    now,
  };
}
