import { createHash } from 'node:crypto';
import { UploadGoneError, type ExportStorage } from '#shared/exports/export-worker.ts';
import type { JobPart } from '#shared/jobs/job.ts';
import type { ExportProgress, ExportRepository } from '#shared/exports/export-repository.ts';
import { aJobPart } from '#test/support/records.ts';

/** The one part of a job that writes a file. */
export const aPart = (jobId: string): JobPart =>
  aJobPart({ jobId, taskType: 'table_export', subjects: ['solves'], attempts: 1 });

const etagOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A bucket and the row of the progress, in memory; S3's own least size of a part aside. */
export function createFakeBucket() {
  const uploads = new Map<string, { readonly jobId: string; readonly parts: Map<number, string> }>();
  const files = new Map<string, string>();
  const scratch = new Map<string, string>();
  const rows = new Map<string, ExportProgress>();
  let made = 0;
  const uploadOf = (uploadId: string) => {
    const upload = uploads.get(uploadId);
    if (upload === undefined) throw new UploadGoneError('NoSuchUpload');
    return upload;
  };
  const storage: ExportStorage = {
    begin: async (jobId) => {
      const uploadId = `upload-${(made += 1)}`;
      uploads.set(uploadId, { jobId, parts: new Map() });
      return uploadId;
    },
    putPart: async (_, uploadId, number, text) => {
      uploadOf(uploadId).parts.set(number, text);
      return { etag: etagOf(text), checksum: '' };
    },
    complete: async (jobId, uploadId, parts) => {
      const upload = uploadOf(uploadId);
      const texts = parts.map(({ etag }, index) => {
        const text = upload.parts.get(index + 1) ?? '';
        if (etagOf(text) !== etag) throw new UploadGoneError('InvalidPart');
        return text;
      });
      files.set(jobId, texts.join(''));
      uploads.delete(uploadId);
    },
    scratchOf: (jobId) => ({
      keep: async (value) => {
        const name = `scratch-${(made += 1)}`;
        scratch.set(`${jobId}/${name}`, JSON.stringify(value));
        return name;
      },
      read: async (name) => JSON.parse(scratch.get(`${jobId}/${name}`) ?? 'null'),
    }),
  };
  const progress: ExportRepository = {
    byJob: async (jobId) => rows.get(jobId),
    save: async (next, since) => {
      if ((rows.get(next.jobId)?.version ?? null) !== since) return false;
      rows.set(next.jobId, structuredClone(next));
      return true;
    },
  };
  return { storage, progress, uploads, files, scratch, rows };
}
