import { FIRST_ROTATION } from '#shared/score-sync/policy/batch-rotation.ts';
import { FIRST_LEDGER } from '#shared/score-sync/policy/call-price.ts';
import { FIRST_HABIT, firstProgramHabit } from '#shared/score-sync/policy/reading-habit.ts';
import { FIRST_TEAM_SHARE } from '#shared/score-sync/policy/team-share.ts';
import { weekHourIn } from '#shared/score-sync/policy/weekly-rhythm.ts';
import type { ReadCandidate } from '#shared/score-sync/policy/read-policy.ts';
import type { RoundInput } from '#shared/score-sync/rounds/sync-round.ts';
import { syncSettingsSchema } from '#shared/settings/sync-settings.ts';

/** A Monday noon, on a round. */
export const START = Date.parse('2026-11-02T20:00:00.000Z') / 1000;

export const off = { on: false };

export const person = (id: string, change: Partial<ReadCandidate> = {}): ReadCandidate => ({
  id,
  lastReadAt: null,
  failedAt: null,
  refused: false,
  calls: 1,
  teamId: null,
  activity: { lastActivityAt: null, solvesIn30Days: 0, joinedFlashCtf: false },
  habit: FIRST_HABIT,
  ...change,
});

export const readAt = (candidate: ReadCandidate, at: number): ReadCandidate => ({
  ...candidate,
  lastReadAt: at,
  habit: { ...candidate.habit, readAt: at },
});

export const settingsWith = (change: object) => syncSettingsSchema.parse(change);

export const input = (
  candidates: readonly ReadCandidate[],
  change: Partial<RoundInput> = {},
): RoundInput => ({
  now: START,
  candidates,
  settings: settingsWith({}),
  program: firstProgramHabit(START),
  event: null,
  weekHour: weekHourIn('America/Los_Angeles'),
  ledger: FIRST_LEDGER,
  teamShare: FIRST_TEAM_SHARE,
  rotation: FIRST_ROTATION,
  taken: new Set(),
  ...change,
});

/** Rounds every five minutes; each competitor in one has been read some seconds later. */
export function simulate(
  people: readonly ReadCandidate[],
  rounds: number,
  change: (candidates: readonly ReadCandidate[], now: number) => Partial<RoundInput>,
  plan: (round: RoundInput) => {
    readonly reads: readonly { readonly id: string; readonly reason: string }[];
    readonly ledger: RoundInput['ledger'];
    readonly rotation: RoundInput['rotation'];
  },
): { id: string; at: number; reason: string }[] {
  const current = new Map(people.map((one) => [one.id, one]));
  let { ledger, rotation } = input([]);
  const reads: { id: string; at: number; reason: string }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const now = START + 300 * round;
    const candidates = [...current.values()];
    const planned = plan(input(candidates, { ...change(candidates, now), now, ledger, rotation }));
    ({ ledger, rotation } = planned);
    for (const { id, reason } of planned.reads) {
      reads.push({ id, at: now, reason });
      current.set(id, readAt(current.get(id)!, now + 7));
    }
  }
  return reads;
}
