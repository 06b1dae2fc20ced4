import { setTimeout } from 'node:timers/promises';
import type { Presence, ReadingRepository } from '#shared/game-platform/reading-repository.ts';
import { AFTER_TIMEOUT_MS } from '#shared/game-platform/retry-policy.ts';
import { StopPartError } from '#shared/jobs/each-subject.ts';
import type { JobPart } from '#shared/jobs/job.ts';
import type { TaskPayload } from '#shared/jobs/task-definition.ts';
import type { PartWorker } from '#shared/jobs/work-part.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Turns } from '#shared/teams/rosters/drive-competitor.ts';

/** A worker may end a little later than it thinks. */
const MARGIN_MS = 2_000;
/** A part that takes longer looks again whether a competitor's team is to be changed, between two of its people. */
const LOOK_MS = 2_000;
/** How long a change that goes first waits for a reading that is under way: longer than a part takes to look again. */
const LONGEST_WAIT_MS = 3_000;
const POLL_MS = 250;

/** Reasons go with their people. */
function busyLast(
  { subjects, reasons }: Pick<JobPart, 'subjects' | 'reasons'>,
  busy: ReadonlyMap<string, Presence>,
): Pick<JobPart, 'subjects' | 'reasons'> {
  const pairs = subjects
    .map((subject, index) => ({ subject, reason: reasons?.[index] ?? '' }))
    .toSorted((a, b) => Number(busy.has(a.subject)) - Number(busy.has(b.subject)));
  return {
    subjects: pairs.map(({ subject }) => subject),
    reasons: reasons === undefined ? undefined : pairs.map(({ reason }) => reason),
  };
}

interface ReadAloneDeps {
  readonly readings: ReadingRepository;
  readonly now: Clock;
}

/** Whom a part has said that it reads, and whom it is reading. */
class ReadingRow {
  readonly #deps: ReadAloneDeps;
  readonly #name: string;
  readonly #until: Date;
  readonly #said: Set<string>;
  readonly #going = new Set<string>();
  #lookedAt = 0;
  #look: Promise<unknown> = Promise.resolve();
  /** One write after the other, so that the last one counts. */
  #written: Promise<void> = Promise.resolve();

  constructor(deps: ReadAloneDeps, name: string, people: readonly string[], until: Date) {
    this.#deps = deps;
    this.#name = name;
    this.#until = until;
    this.#said = new Set(people);
  }

  say(): Promise<void> {
    this.#written = this.#written.then(() =>
      this.#deps.readings.enter(this.#name, [...this.#said], this.#until),
    );
    return this.#written;
  }

  others(people: readonly string[]): Promise<ReadonlyMap<string, Presence>> {
    return this.#deps.readings.others(this.#name, people, this.#deps.now());
  }

  /** Looks who else there is, and leaves those whose team is to be changed to the worker that changes it. */
  async look(): Promise<ReadonlyMap<string, Presence>> {
    this.#lookedAt = this.#deps.now().getTime();
    const others = await this.others([...this.#said]);
    const left = [...others].filter(([id, presence]) => presence === 'goesFirst' && !this.#going.has(id));
    for (const [id] of left) this.#said.delete(id);
    if (left.length > 0) await this.say();
    return others;
  }

  /** Whether the person may be read now; then they count as being read until `end`. */
  async begin(id: string, wasBusy: boolean): Promise<boolean> {
    if (this.#deps.now().getTime() - this.#lookedAt >= LOOK_MS) this.#look = this.look();
    await this.#look;
    if (wasBusy || !this.#said.has(id)) {
      if (!this.#said.has(id)) {
        this.#said.add(id);
        await this.say();
      }
      if ((await this.others([id])).has(id) || !this.#said.has(id)) return false;
    }
    this.#going.add(id);
    return true;
  }

  end(id: string): void {
    this.#going.delete(id);
  }
}

/**
 * Keeps two jobs, or a job and a change of a competitor's team, from asking the platform about the same person at once: each
 * part says whom it is about to read and then looks who else is. The one that looks second sees the first; two parts that see
 * each other both wait. People who are being read come last, and when they still are, the part is given back and taken
 * up again a minute later. A change of the team goes first: whom it is about, the part takes out of its row unless it is
 * reading them right now, and a part that takes longer than a moment looks again for that.
 */
export const readAlone =
  <Payload extends TaskPayload>(
    deps: ReadAloneDeps & {
      /** Loads what is needed of these people while it is asked who else is at them. */
      readonly preload?: (competitorIds: readonly string[]) => void;
    },
    worker: PartWorker<Payload>,
  ): PartWorker<Payload> =>
  async (job, part, context) => {
    const name = `${job.id}#${part.part}`;
    const until = new Date(deps.now().getTime() + context.remainingMs() + MARGIN_MS);
    const row = new ReadingRow(deps, name, part.subjects, until);
    deps.preload?.(part.subjects);
    await row.say();
    try {
      const busy = await row.look();
      const { subjects, reasons } = busy.size === 0 ? part : busyLast(part, busy);
      const beforeSubject = async (id: string): Promise<void> => {
        if (!(await row.begin(id, busy.has(id)))) throw new StopPartError('busy');
      };
      const afterSubject = (id: string): void => row.end(id);
      return await worker(job, { ...part, subjects, reasons }, { ...context, beforeSubject, afterSubject });
    } finally {
      await deps.readings.leave(name);
    }
  };

/**
 * The other side of `readAlone`: says who is worked on where readings say whom they read, then waits for the reading
 * that is under way, if there is one. It gives up after some seconds, since a function's time is short and its caller
 * comes back.
 */
export function goFirst(
  deps: ReadAloneDeps & { readonly sleep?: ((ms: number) => Promise<void>) | undefined },
): Turns {
  const { readings, now, sleep = setTimeout } = deps;
  return {
    take: async (name, competitorId, until, remainingMs) => {
      await readings.enter(name, [competitorId], until, { first: true });
      const giveUpAt = now().getTime() + Math.min(LONGEST_WAIT_MS, remainingMs() / 2);
      const busy = async () => (await readings.others(name, [competitorId], now())).has(competitorId);
      if (!(await busy())) return true;
      do {
        if (now().getTime() >= giveUpAt) return false;
        await sleep(POLL_MS);
      } while (await busy());
      // Its last call may have been given up and still be going on over there.
      await sleep(AFTER_TIMEOUT_MS);
      return true;
    },
    end: (name, competitorId, cooldownUntil) =>
      cooldownUntil === null
        ? readings.leave(name)
        : readings.enter(name, [competitorId], cooldownUntil, { first: true }),
  };
}
