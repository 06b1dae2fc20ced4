import type { Clock } from '#shared/kernel/clock.ts';
import { dayOf } from '#shared/kernel/days.ts';
import type { Log } from '#shared/kernel/log.ts';
import { figuresOf, sumOf, type VariantFigures, type CountedRead } from './variant-figures.ts';
import type { PolicyRepository } from './policy-repository.ts';
import { firstProgramHabit, observeRead, type ProgramHabit } from './policy/reading-habit.ts';
import { weekHourIn } from './policy/weekly-rhythm.ts';
import { seenSolve, type Observation } from './observation.ts';
import { isOfRounds } from './read-reason.ts';

export interface PartObservationsDeps {
  readonly policy: Pick<PolicyRepository, 'observed' | 'replaceObserved' | 'addToVariants'>;
  /** As the settings are now: which variant reads a competitor, and how long anyone waits. */
  readonly variants: () => Promise<{
    readonly variantOf: (competitorId: string) => string;
    readonly slaSeconds: number;
  }>;
  readonly timeZone: string;
  readonly now: Clock;
}

/** What the reads of one part observed beyond the competitor read. */
export interface PartObservations {
  record(observation: Observation): void;
  /** Counts a read for its variant, if the rounds chose it. */
  counted(competitorId: string, reason: string, read: CountedRead): void;
  /**
   * Writes both, once. Never fails: these are statistics, and reads are done. For the same reason nothing makes up for a
   * worker that dies before this, or for a part whose message comes again: what the competitors' own states have
   * recorded by then is not recorded again, so that the program's record lacks a part's reads and never has them twice.
   */
  keep(log: Log): Promise<void>;
}

/** Each further one means that another part ended at the same moment. */
const ATTEMPTS = 5;
/** No decimals that no one needs: 168 hours of them would double the row. */
const short = (value: number): number => Math.round(value * 1e4) / 1e4;

const shortened = ({ rhythm, sessions, solves, weeks, accesses }: ProgramHabit): ProgramHabit => ({
  rhythm: { asOf: rhythm.asOf, hours: rhythm.hours.map(short) },
  sessions: short(sessions),
  solves: short(solves),
  weeks: Math.round(weeks * 1e9) / 1e9,
  accesses: {
    promised: short(accesses.promised),
    followed: short(accesses.followed),
    begun: short(accesses.begun),
    shown: short(accesses.shown),
  },
});

export function createPartObservations(deps: PartObservationsDeps): () => PartObservations {
  const { policy, timeZone, now } = deps;
  const weekHour = weekHourIn(timeZone);

  async function recordInProgram(observations: readonly Observation[]): Promise<boolean> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const before = await policy.observed();
      const start = before?.program ?? firstProgramHabit(now().getTime() / 1000);
      const after = observations.reduce(
        (program, { habit, readAt, news, accessAt }) =>
          observeRead(habit, program, readAt, news.map(seenSolve), weekHour, accessAt).program,
        start,
      );
      if (await policy.replaceObserved(shortened(after), before)) return true;
    }
    return false;
  }

  return () => {
    const observations: Observation[] = [];
    const reads: { readonly competitorId: string; readonly read: CountedRead }[] = [];

    async function countVariants(): Promise<void> {
      if (reads.length === 0) return;
      const { variantOf, slaSeconds } = await deps.variants();
      const byVariant = Map.groupBy(reads, ({ competitorId }) => variantOf(competitorId));
      const figures = new Map<string, VariantFigures>(
        [...byVariant].map(([variant, some]) => [
          variant,
          sumOf(some.map(({ read }) => figuresOf(read, slaSeconds))),
        ]),
      );
      await policy.addToVariants(dayOf(now().toISOString(), timeZone), figures);
    }

    return {
      record(observation) {
        // Flash CTFs say nothing of an ordinary week.
        if (observation.ofWeek) observations.push(observation);
      },

      counted(competitorId, reason, read) {
        // Rounds of Flash CTFs alone ask everyone, whatever the variant.
        if (isOfRounds(reason) && read.read !== 'flash') reads.push({ competitorId, read });
      },

      async keep(log) {
        try {
          const [kept] = await Promise.all([
            observations.length === 0 || recordInProgram(observations),
            countVariants(),
          ]);
          if (!kept)
            log.warn('observations not kept: the record was never at rest', { reads: observations.length });
        } catch (error) {
          log.warn('observations not kept', { reads: observations.length }, error);
        }
      },
    };
  };
}

/** Keeps the observations when the reads end, however they do: each read has observed something. */
export async function keptAfter<T>(observations: PartObservations, log: Log, reads: Promise<T>): Promise<T> {
  try {
    return await reads;
  } finally {
    await observations.keep(log);
  }
}
