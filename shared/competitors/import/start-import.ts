import { gunzipSync } from 'node:zlib';
import type { Actor } from '#shared/audit/actor.ts';
import type { JobAbout } from '#shared/jobs/job-audit.ts';
import type { Job } from '#shared/jobs/job.ts';
import type { Refusal } from '#shared/jobs/reopen-job.ts';
import type { StartOf } from '#shared/jobs/start-job.ts';
import type { PayloadOf } from '#shared/jobs/task-definition.ts';
import type { JobOf } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { notFound, DomainError } from '#shared/kernel/errors.ts';
import type { NewId } from '#shared/kernel/ids.ts';
import { COMPETITOR_TASKS } from '../tasks.ts';
import { fileTooLarge, MAX_FILE_BYTES, readImportFile, type Reading } from './import-file.ts';
import type { ImportUpload } from './import-repository.ts';
import type { TeamAnswers } from './import-teams.ts';
import { planImport, type PlanImportDeps } from './plan-import.ts';

export interface ImportDeps extends PlanImportDeps {
  readonly save: (upload: Omit<ImportUpload, 'expiresAt' | 'digest'>, text: string) => Promise<void>;
  readonly jobById: (jobId: string) => Promise<Job | undefined>;
  /** Puts a job into the table with its audit entry and asks for it to be planned. */
  readonly start: (input: StartOf<typeof COMPETITOR_TASKS>, actor: Actor, about: JobAbout) => Promise<Job>;
  readonly now: Clock;
  readonly newId: NewId;
}

/** A file may come packed as gzip: the way to the function holds less than some files of the size that is allowed. */
function unpacked(file: Uint8Array): Uint8Array {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file;
  try {
    return gunzipSync(file, { maxOutputLength: MAX_FILE_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw fileTooLarge();
    throw new DomainError('invalid', 'CSV_UNREADABLE', 'The packed file is damaged. Send it again.');
  }
}

/**
 * Keeps an uploaded file and starts its dry run.
 * @throws DomainError too_large and invalid for a file that cannot be read
 */
export function createStartImport(
  deps: ImportDeps,
): (
  file: Uint8Array,
  coachId: string,
  by: Actor,
  told: Reading & { readonly teams?: TeamAnswers | undefined },
  idempotencyId: string | undefined,
) => Promise<Job> {
  return async (file, coachId, by, told, idempotencyId) => {
    const { text, encoding, separator, headerLine, rows } = readImportFile(unpacked(file), told);
    const id = idempotencyId === undefined ? deps.newId('imp') : `imp_${idempotencyId}`;
    const createdAt = deps.now().toISOString();
    const { columns = null, teams = {} } = told;
    await deps.save(
      { id, coachId, encoding, separator, headerLine, columns, teams, rows: rows.length, createdAt },
      text,
    );
    return deps.start(
      {
        taskType: 'competitor_import',
        payload: { importId: id, coachId, rows: rows.length, dryRunJobId: null, actingAs: by.actingAs },
        startedBy: `user:${by.sub}`,
        ...(idempotencyId === undefined ? {} : { idempotencyId }),
      },
      by,
      { action: 'import.upload', coachId },
    );
  };
}

/** Whether somebody may see and apply a dry run that `startedBy` made for this coach. */
export type MayReadImport = (job: { readonly startedBy: string; readonly coachId: string }) => boolean;

const refused = (code: string, detail: string): DomainError => new DomainError('conflict', code, detail);

/**
 * Starts what a finished dry run said, once: asked again, it answers the same job.
 *
 * @param mayApply whether the caller may apply a dry run that `startedBy` made for this coach
 * @throws DomainError not_found; conflict `DRY_RUN_NOT_FINISHED`, `IMPORT_EXPIRED` and `CHANGED_SINCE_DRY_RUN`
 */
export function createApplyImport(
  deps: ImportDeps,
): (jobId: string, by: Actor, mayApply: MayReadImport) => Promise<Job> {
  return async (jobId, by, mayApply) => {
    const dryRun = await deps.jobById(jobId);
    if (dryRun?.taskType !== 'competitor_import') throw notFound();
    const payload = COMPETITOR_TASKS.competitor_import.payload.parse(dryRun.payload);
    const { coachId, importId } = payload;
    if (payload.dryRunJobId !== null || !mayApply({ startedBy: dryRun.startedBy, coachId })) throw notFound();
    if (dryRun.status !== 'succeeded')
      throw refused(
        'DRY_RUN_NOT_FINISHED',
        'The dry run has not ended well. Wait for it, or start it again.',
      );
    const idempotencyId = `apply_${dryRun.id}`;
    const known = await deps.jobById(`job_${idempotencyId}`);
    if (known !== undefined) return known;
    const plan = await planImport(deps, importId);
    if (plan === undefined)
      throw refused('IMPORT_EXPIRED', 'The file was only kept for a day and is gone. Send it again.');
    if (plan.digest !== plan.upload.digest) {
      throw refused(
        'CHANGED_SINCE_DRY_RUN',
        'Competitors were changed since the dry run, so that the import would do something else now. Start it again.',
      );
    }
    return deps.start(
      {
        taskType: 'competitor_import',
        payload: { ...payload, dryRunJobId: dryRun.id, actingAs: by.actingAs },
        startedBy: `user:${by.sub}`,
        idempotencyId,
      },
      by,
      { action: 'import.apply', coachId },
    );
  };
}

const FILE_GONE: Refusal = {
  code: 'IMPORT_EXPIRED',
  detail: 'The file of this import is kept for a day and is gone. Send it again.',
};

/**
 * Why an import cannot be tried again.
 *
 * @param uploadKept whether an uploaded file is still kept
 */
export const importSuperseded =
  (uploadKept: (importId: string) => Promise<boolean>) =>
  async ({
    payload: { importId },
  }: JobOf<PayloadOf<typeof COMPETITOR_TASKS.competitor_import>>): Promise<Refusal | null> =>
    (await uploadKept(importId)) ? null : FILE_GONE;
