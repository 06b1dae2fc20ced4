import type { QueueName } from '#shared/jobs/task-definition.ts';
import { TASK_TYPES, type TaskType } from '#shared/composition/tasks.ts';
import { pick, randomFrom, type Random } from '#test/game-platform-simulator/random.ts';
import type { FaultInput } from '#test/game-platform-simulator/faults.ts';
import { SEND_TROUBLES, type SendTrouble } from './queues.ts';
import { TABLE_TROUBLES, type TableTrouble } from './table-troubles.ts';
import type { Kill } from './turns.ts';

/** What may happen to a program, drawn from a seed. People, teams and solves are told by number, modulo how many there are. */

export type Edit =
  | { readonly act: 'put'; readonly person: number; readonly team: number }
  | { readonly act: 'take'; readonly person: number }
  | { readonly act: 'newTeam' }
  | { readonly act: 'deleteTeam' | 'rename' | 'recreate'; readonly team: number }
  | { readonly act: 'toggle' | 'erase'; readonly person: number }
  | { readonly act: 'onboard'; readonly person: number; readonly by: 'request' | 'job' }
  | { readonly act: 'processing'; readonly on: boolean }
  | { readonly act: 'settings'; readonly sync: Readonly<Record<string, unknown>> }
  | { readonly act: 'job'; readonly taskType: TaskType; readonly payload: Readonly<Record<string, unknown>> };

export type Act =
  | {
      readonly act: 'solve';
      readonly person: number;
      readonly count: number;
      readonly minutesAgo: number;
      /** Minutes that the platform hides it for. */
      readonly late: number;
      readonly inEvent: boolean;
    }
  | {
      readonly act: 'correct' | 'revoke' | 'delay';
      readonly person: number;
      readonly solve: number;
      readonly inEvent: boolean;
    }
  | { readonly act: 'reset' | 'approve'; readonly person: number }
  | {
      readonly act: 'event';
      readonly inMinutes: number;
      readonly minutes: number;
      readonly showsEnd: boolean;
    }
  | { readonly act: 'vendor'; readonly fault: FaultInput }
  | {
      readonly act: 'table';
      readonly kinds: readonly TableTrouble[];
      readonly calls: number;
      readonly chance: number;
    }
  | { readonly act: 'send'; readonly trouble: SendTrouble }
  | { readonly act: 'lose' | 'double'; readonly queue: QueueName }
  | { readonly act: 'redrive' }
  | {
      readonly act: 'deliver';
      readonly queues: readonly QueueName[];
      readonly kill: Kill | undefined;
      readonly edit: Edit | undefined;
    }
  | {
      readonly act: 'fire';
      readonly schedule: string;
      readonly twice: boolean;
      readonly kill: Kill | undefined;
      /** Messages that are worked on next, side by side. */
      readonly next: readonly { readonly queue: QueueName; readonly kill: Kill | undefined }[];
    }
  | { readonly act: 'edit'; readonly edit: Edit; readonly kill: Kill | undefined }
  | { readonly act: 'wait'; readonly minutes: number };

export interface History {
  readonly seed: number;
  readonly people: number;
  /** People, of those, without an account at first. */
  readonly newcomers: number;
  readonly teams: number;
  /** Things older than the overlap of a read change, too, so that somebody has everybody read in full in the end. */
  readonly old: boolean;
  readonly acts: readonly Act[];
}

type Weighted<T> = readonly (readonly [weight: number, make: () => T])[];

function drawFrom<T>(random: Random, choices: Weighted<T>): T {
  let left = random() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, make] of choices) {
    left -= weight;
    if (left < 0) return make();
  }
  throw new Error('Nothing to choose from.');
}

const ENDPOINTS = [
  null,
  'GET /scores/get_odl_scores',
  'GET /scores/get_flash_ctf_progress',
  'GET /users/get_team_assignments',
  'POST /users/assign_team',
  'POST /users/delete_assignment',
  'POST /teams',
  'POST /users',
  'GET /users',
] as const;

/** Every way in which the platform goes wrong, with what each needs to say. */
const FAULTS = {
  latency: (random: Random) => ({ ms: random() < 0.5 ? 1_500 : 6_000, jitterMs: 500 }),
  serverError: (random: Random) => ({ status: pick([500, 502, 503], random()) }),
  rateLimited: (random: Random) => ({
    retryAfter: pick(['seconds', 'date', 'none'] as const, random()),
    seconds: pick([1, 3, 20, 90], random()),
  }),
  dropConnection: () => ({}),
  hang: () => ({}),
  timeoutAfterSuccess: () => ({}),
  lostAnswer: () => ({}),
  wrongToken: () => ({}),
  malformedJson: () => ({}),
  emptyBody: () => ({}),
  emptyLists: () => ({}),
  shortAssignments: () => ({}),
  malformedRecords: (random: Random) => ({
    how: pick(
      ['negative_points', 'missing_time', 'markup_title', 'text_points', 'null_record'] as const,
      random(),
    ),
    count: 1 + Math.floor(random() * 2),
  }),
  duplicateRecords: () => ({}),
  reordered: () => ({}),
  unknownFields: () => ({}),
  unknownValues: () => ({}),
} as const;
export const FAULT_KINDS = Object.keys(FAULTS);

/** Where a fault of content can be seen at all. */
const AT: Readonly<Record<string, string>> = {
  shortAssignments: 'GET /users/get_team_assignments',
  malformedRecords: 'GET /scores/get_odl_scores',
  unknownValues: 'GET /users',
};

export const SCHEDULES = {
  'job-dispatcher': 5,
  'score-sync': 6,
  'totals-sweep': 3,
  'flash-ctf-sync': 3,
  'profile-refresh': 2,
  'roster-reconcile': 1.5,
} as const;

export interface Size {
  readonly people: number;
  readonly acts: number;
}

/** The history of a seed: some hours of a small program. */
export function drawHistory(seed: number, size: Size): History {
  const random = randomFrom(seed * 2 + 1);
  const below = (limit: number) => Math.floor(random() * limit);
  const maybe = <T>(chance: number, make: () => T): T | undefined => (random() < chance ? make() : undefined);
  const people = Math.max(3, size.people - 2 + below(5));
  const newcomers = 1 + below(2);
  const teams = 2 + below(2);
  const old = random() < 0.4;
  const person = () => below(1_000);

  const kill = (chance: number): Kill | undefined =>
    maybe(chance, () => ({
      at: Math.floor(80 * random() ** 2),
      side: random() < 0.5 ? 'before' : 'after',
    }));
  const queue = () => pick(['sync', 'roster', 'work'] as const, random());
  const ids = () => ({ competitorIds: ['person'], full: random() < 0.5 });

  /** How whom to read is chosen. */
  const policy = () =>
    pick(
      [
        { batching: false },
        { batchSize: 1 + below(5), adaptive: { on: false }, prioritisation: { on: false } },
        { adaptive: { on: false } },
        { adaptive: { share: 0.5 }, prioritisation: { share: 0.5 } },
        { adaptive: { dailyReads: 60 } },
      ],
      random(),
    );

  const edit = (): Edit =>
    drawFrom<Edit>(random, [
      [8, () => ({ act: 'put', person: person(), team: person() })],
      [3, () => ({ act: 'take', person: person() })],
      [1, () => ({ act: 'newTeam' })],
      [2, () => ({ act: 'deleteTeam', team: person() })],
      [1, () => ({ act: 'rename', team: person() })],
      [1, () => ({ act: 'recreate', team: person() })],
      [2, () => ({ act: 'toggle', person: person() })],
      [0.8, () => ({ act: 'erase', person: person() })],
      [3, () => ({ act: 'onboard', person: person(), by: random() < 0.5 ? 'request' : 'job' })],
      [1.5, () => ({ act: 'processing', on: random() < 0.5 })],
      [
        1.5,
        () => ({
          act: 'settings',
          sync: pick(
            [
              { concurrency: 1 + below(6) },
              { callsPerSecond: 3 + below(20) },
              { dailyCallBudget: 5_000 },
              policy(),
            ],
            random(),
          ),
        }),
      ],
      [
        2,
        () => {
          const taskType = pick(
            TASK_TYPES.filter(
              (type) =>
                !['competitor_import', 'privacy_erasure', 'team_sync', 'team_recreate'].includes(type) &&
                !type.startsWith('onboard_competitors'),
            ),
            random(),
          );
          return { act: 'job', taskType, payload: taskType === 'game_platform_sync' ? ids() : {} };
        },
      ],
    ]);

  const vendor = (): Act => {
    const kind = pick(FAULT_KINDS, random()) as keyof typeof FAULTS;
    const endpoint = AT[kind] ?? pick(ENDPOINTS, random());
    const times = 1 + below(kind === 'wrongToken' ? 2 : 5);
    const fault = {
      kind,
      ...FAULTS[kind](random),
      times,
      probability: random() < 0.5 ? 1 : 0.4,
      ...(endpoint === null ? {} : { endpoint }),
    } as FaultInput;
    return { act: 'vendor', fault };
  };

  const act = (): Act =>
    drawFrom<Act>(random, [
      [
        9,
        () => ({
          act: 'solve',
          person: person(),
          count: 1 + below(4),
          minutesAgo: old && random() < 0.3 ? 3_000 + below(4_500) : below(random() < 0.7 ? 60 : 1_200),
          late: random() < 0.3 ? 5 + below(300) : 0,
          inEvent: random() < 0.35,
        }),
      ],
      [
        4,
        () => ({
          act: pick(['correct', 'revoke', 'delay'] as const, random()),
          person: person(),
          solve: below(50),
          inEvent: random() < 0.3,
        }),
      ],
      [old ? 0.7 : 0, () => ({ act: 'reset', person: person() })],
      [1.5, () => ({ act: 'approve', person: person() })],
      [8, vendor],
      [
        3,
        () => ({
          act: 'table',
          kinds: random() < 0.3 ? TABLE_TROUBLES : [pick(TABLE_TROUBLES, random())],
          calls: 10 + below(120),
          chance: pick([0.03, 0.1, 0.4], random()),
        }),
      ],
      [2, () => ({ act: 'send', trouble: pick(SEND_TROUBLES, random()) })],
      [1.5, () => ({ act: 'lose', queue: queue() })],
      [2, () => ({ act: 'double', queue: queue() })],
      [1, () => ({ act: 'redrive' })],
      [
        12,
        () => ({
          act: 'deliver',
          queues: Array.from({ length: 1 + below(3) }, queue),
          kill: kill(0.45),
          edit: maybe(0.25, edit),
        }),
      ],
      [
        16,
        () => ({
          act: 'fire',
          schedule: drawFrom(
            random,
            Object.entries(SCHEDULES).map(([name, weight]) => [weight, () => name] as const),
          ),
          twice: random() < 0.1,
          kill: kill(0.25),
          next: Array.from({ length: 1 + below(3) }, () => ({
            queue: pick(['sync', 'sync', 'roster'] as const, random()),
            kill: kill(0.35),
          })),
        }),
      ],
      [10, () => ({ act: 'edit', edit: edit(), kill: kill(0.12) })],
      [6, () => ({ act: 'wait', minutes: pick([1, 1, 7, 20, 45], random()) })],
    ]);

  const acts: Act[] = Array.from({ length: Math.ceil(size.acts * (0.6 + 0.8 * random())) }, act);
  if (random() < 0.4)
    acts.unshift({ act: 'edit', edit: { act: 'settings', sync: policy() }, kill: undefined });
  if (random() < 0.5) {
    const event: Act = {
      act: 'event',
      inMinutes: below(20),
      minutes: 60 + below(120),
      showsEnd: random() < 0.6,
    };
    acts.splice(below(4), 0, event);
  }
  return { seed, people, newcomers, teams, old, acts };
}
