import type { DemoProgress, SeedContext, SeedDemo } from './seed-demo.ts';

/** Where a stack keeps how far it came. */
interface KeptState {
  read(): { readonly demo?: DemoBegun | undefined };
  change(change: { readonly seeded?: boolean; readonly demo?: DemoBegun | undefined }): unknown;
}

interface DemoBegun {
  /** ISO 8601. */
  readonly startedAt: string;
  /** Complete ones. */
  readonly coaches: number;
}

export interface DemoFilling {
  /** How much is there; undefined while nothing is. */
  readonly progress: () => DemoProgress | undefined;
  /** Goes on until who can sign in finds everything of theirs; the rest waits for {@link fillUp}. */
  untilUsable(): Promise<void>;
  /** Goes on until everything is there; false when it was. Rejects when a write fails; the next start then goes on. */
  fillUp(): Promise<boolean>;
}

/**
 * Fills table and simulator with the demo, coach by coach, and keeps in the state how far it came: a start after an
 * interruption goes on there, as of the same moment.
 */
export function createDemoFilling(
  seedDemo: SeedDemo,
  context: Omit<SeedContext, 'startedAt' | 'done'>,
  state: KeptState,
  { now, onProgress }: { readonly now: () => Date; readonly onProgress: (progress: DemoProgress) => void },
): DemoFilling {
  const begun = state.read().demo ?? { startedAt: now().toISOString(), coaches: 0 };
  state.change({ demo: begun });
  const coaches = seedDemo({ ...context, startedAt: new Date(begun.startedAt), done: begun.coaches });
  let progress: DemoProgress | undefined;

  async function fill(isEnough: (progress: DemoProgress) => boolean): Promise<boolean> {
    let isMore = false;
    for (;;) {
      const { value, done } = await coaches.next();
      if (done === true) break;
      progress = value;
      isMore = true;
      if (value.coaches > begun.coaches) {
        state.change({ demo: { ...begun, coaches: value.coaches } });
        onProgress(value);
      }
      if (isEnough(value)) return true;
    }
    state.change({ seeded: true, demo: undefined });
    return isMore;
  }
  return {
    progress: () => progress,
    async untilUsable() {
      await fill(({ usable, coaches: there, of }) => usable && there < of);
    },
    fillUp: () => fill(() => false),
  };
}

/** For the console. */
export const progressLine = ({ coaches, of, teams, competitors, solves }: DemoProgress): string =>
  coaches < of
    ? `Coach ${coaches} of ${of} is there; ${competitors} competitors so far.`
    : `${coaches} coaches, ${teams} teams, ${competitors} competitors, ${solves} solves of three months.`;
