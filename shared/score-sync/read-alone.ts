import { StopPartError } from '#shared/jobs/each-subject.ts';
import type { JobPart } from '#shared/jobs/job.ts';
import type { TaskPayload } from '#shared/jobs/task-definition.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { ReadingRepository } from '#shared/game-platform/reading-repository.ts';

/** A worker may end a little later than it thinks. */
const MARGIN_MS = 2_000;

/** Reasons go with their people. */
function busyLast(
  { subjects, reasons }: Pick<JobPart, 'subjects' | 'reasons'>,
  busy: ReadonlySet<string>,
): Pick<JobPart, 'subjects' | 'reasons'> {
  const pairs = subjects
    .map((subject, index) => ({ subject, reason: reasons?.[index] ?? '' }))
    .toSorted((a, b) => Number(busy.has(a.subject)) - Number(busy.has(b.subject)));
  return {
    subjects: pairs.map(({ subject }) => subject),
    reasons: reasons === undefined ? undefined : pairs.map(({ reason }) => reason),
  };
}

/**
 * Keeps two jobs from asking the platform about the same person at once: each part says whom it is about to read and
 * then looks who else is. Whoever looks second sees the first; two that see each other both wait. People who are being
 * read come last, and when they still are, the part is given back and taken up again a minute later.
 */
export const readAlone =
  <Payload extends TaskPayload>(
    deps: { readonly readings: ReadingRepository; readonly now: Clock },
    worker: PartWorker<Payload>,
  ): PartWorker<Payload> =>
  async (job, part, context) => {
    const { readings, now } = deps;
    const name = `${job.id}#${part.part}`;
    await readings.enter(name, part.subjects, new Date(now().getTime() + context.remainingMs() + MARGIN_MS));
    try {
      const busy = await readings.others(name, part.subjects, now());
      if (busy.size === 0) return await worker(job, part, context);
      const { subjects, reasons } = busyLast(part, busy);
      const beforeSubject = async (id: string): Promise<void> => {
        if (busy.has(id) && (await readings.others(name, [id], now())).has(id))
          throw new StopPartError('busy');
      };
      return await worker(job, { ...part, subjects, reasons }, { ...context, beforeSubject });
    } finally {
      await readings.leave(name);
    }
  };
