import * as fc from 'fast-check';
import { NO_ACCOUNT } from '#test/support/competitors.ts';
import type { Crash, RosterWorld } from './roster-world.ts';
import type { PlatformFault } from './team-platform.ts';

/** What may happen to rosters, in any order: to be drawn by the property tests, and carried out in a world. */

/** With an account from the start. */
export const MEMBERS = ['cmp_a', 'cmp_b', 'cmp_c'] as const;
/** Without one until they are onboarded. */
export const LATE = ['cmp_n', 'cmp_o'] as const;
export const PEOPLE = [...MEMBERS, ...LATE];
export const TEAM_NAMES = ['Packet Foxes', 'Byte Owls', 'Null Larks'] as const;

type Edit =
  | { readonly act: 'put'; readonly person: number; readonly team: number }
  | { readonly act: 'take'; readonly person: number }
  | { readonly act: 'delete'; readonly team: number }
  /** Deactivates the person, or activates them again. */
  | { readonly act: 'toggle'; readonly person: number };

export type Act =
  | Edit
  | { readonly act: 'deliver'; readonly last: boolean; readonly crash: Crash | undefined }
  | { readonly act: 'deliver_together'; readonly crash: Crash | undefined }
  /** An edit while a worker is at a message. */
  | { readonly act: 'meanwhile'; readonly edit: Edit; readonly crash: Crash | undefined }
  | {
      readonly act: 'onboard';
      readonly person: number;
      readonly twice: boolean;
      readonly crash: Crash | undefined;
    }
  | { readonly act: 'lose' | 'double' | 'dispatch' | 'deliver_all' }
  | { readonly act: 'wait'; readonly seconds: number };

const crash = fc.option(
  fc.record<Crash>({ at: fc.noBias(fc.nat(22)), side: fc.constantFrom('before' as const, 'after' as const) }),
  { nil: undefined, freq: 2 },
);
const person = fc.nat(PEOPLE.length - 1);
const team = fc.nat(TEAM_NAMES.length - 1);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant('put' as const), person, team }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('take' as const), person }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('delete' as const), team }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('toggle' as const), person }) },
);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: edit },
  { weight: 2, arbitrary: fc.constant({ act: 'deliver_all' as const }) },
  {
    weight: 6,
    arbitrary: fc.record({ act: fc.constant('deliver' as const), last: fc.boolean(), crash }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('deliver_together' as const), crash }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('meanwhile' as const), edit, crash }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('onboard' as const),
      person: fc.nat(LATE.length - 1),
      twice: fc.boolean(),
      crash,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constantFrom('lose' as const, 'double' as const, 'dispatch' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('wait' as const), seconds: fc.constantFrom(2, 20, 70, 700) }),
  },
);
export const acts = fc.array(act, { minLength: 4, maxLength: 24, size: '+1' });

const fault: fc.Arbitrary<PlatformFault> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record<PlatformFault>({
      code: fc.constantFrom('TIMED_OUT', 'UNAVAILABLE', 'BAD_ANSWER'),
      side: fc.constantFrom('before', 'after'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record<PlatformFault>({
        code: fc.constant('THROTTLED'),
        side: fc.constant('before'),
        retryAfterMs: fc.constantFrom(1_000, 30_000),
      }),
      fc.record<PlatformFault>({
        code: fc.constantFrom('THROTTLED', 'REFUSED', 'NOT_APPROVED'),
        side: fc.constant('before'),
      }),
    ),
  },
);
/** Each call works as often as not. */
const perhaps = fc.option(fault, { freq: 2 });
const someFaults = fc.array(perhaps, { minLength: 1, maxLength: 4 });

/** Faults of the next calls, whatever they are, and of the next ones of each endpoint. */
export interface Troubles {
  readonly next: readonly (PlatformFault | null)[];
  readonly at: RosterWorld['platform']['faultsAt'];
}
export const troubles: fc.Arbitrary<Troubles> = fc.record({
  next: fc.array(perhaps, { maxLength: 8 }),
  at: fc.record(
    {
      createUser: someFaults,
      createTeam: someFaults,
      deleteTeam: someFaults,
      assignTeam: someFaults,
      deleteAssignment: someFaults,
      getTeamAssignments: someFaults,
    },
    { requiredKeys: [] },
  ),
});

/**
 * Three members and two people without an account, and three teams: on the platform already with two members on them,
 * or all yet to come.
 */
export async function peopleAndTeams(world: RosterWorld, there: boolean): Promise<string[]> {
  await world.settle();
  for (const id of MEMBERS) await world.addPerson(id);
  for (const id of LATE) {
    await world.addPerson(id, {
      gamePlatformId: null,
      platform: NO_ACCOUNT,
      email: `${id}@late.example.org`,
    });
  }
  const teams: string[] = [];
  for (const name of TEAM_NAMES) teams.push(await world.addTeam(name));
  if (!there) return teams;
  await world.put(MEMBERS[0], teams[0] ?? '');
  await world.put(MEMBERS[1], teams[1] ?? '');
  await world.drain();
  return teams;
}

const personOf = (index: number) => PEOPLE[index % PEOPLE.length] ?? '';

/** Carries acts out, and tells `count` what really came of each. */
export function performer(world: RosterWorld, teams: readonly string[], count: (what: string) => void) {
  const teamOf = (index: number) => teams[index % teams.length] ?? '';

  /** What was done, if anything was. */
  async function change(step: Edit): Promise<string | undefined> {
    const done = (worked: boolean, what: string = step.act) => (worked ? what : undefined);
    switch (step.act) {
      case 'put':
        return done(await world.put(personOf(step.person), teamOf(step.team)));
      case 'take':
        return done(await world.take(personOf(step.person)));
      case 'delete':
        return done(await world.deleteTeam(teamOf(step.team)));
      default: {
        const id = personOf(step.person);
        const active = (await world.competitors.byId(id))?.active !== true;
        return done(await world.setActive(id, active), active ? 'activate' : 'deactivate');
      }
    }
  }

  async function deliver(message: (typeof world.queue)[number] | undefined, end?: Crash): Promise<boolean> {
    if (message === undefined) return false;
    const { died } = await world.deliver(message, end);
    count('delivered');
    if (died && end !== undefined)
      count(`killed ${end.side} ${end.at < 6 ? `call ${end.at}` : 'a later call'}`);
    return true;
  }

  return async (step: Act): Promise<void> => {
    switch (step.act) {
      case 'put':
      case 'take':
      case 'delete':
      case 'toggle': {
        const done = await change(step);
        if (done !== undefined) count(done);
        return;
      }
      case 'deliver': {
        const reordered = step.last && world.queue.length > 1;
        const message = step.last ? world.queue.at(-1) : world.queue[0];
        if ((await deliver(message, step.crash)) && reordered) count('reordered');
        return;
      }
      case 'deliver_together': {
        const [one, other] = world.queue;
        const both = await Promise.all([deliver(one, step.crash), deliver(other)]);
        if (both.every(Boolean)) count('together');
        return;
      }
      case 'meanwhile': {
        const [delivered, changed] = await Promise.all([
          deliver(world.queue[0], step.crash),
          change(step.edit),
        ]);
        if (delivered && changed !== undefined) count(`${changed} meanwhile`);
        return;
      }
      case 'onboard': {
        const id = LATE[step.person] ?? '';
        const waits = ((await world.competitors.byId(id))?.teamId ?? null) !== null;
        const ends = await Promise.all([
          world.onboard(id, step.crash),
          ...(step.twice ? [world.onboard(id)] : []),
        ]);
        for (const end of ends) count(`onboard ${end}`);
        if (waits && ends.includes('onboarded')) count('onboarded after the team was chosen');
        return;
      }
      case 'deliver_all':
        for (const message of world.queue.slice()) await deliver(message);
        return;
      case 'lose':
        if (world.queue.shift() !== undefined) count('lost');
        return;
      case 'double':
        if (world.queue[0] === undefined) return;
        world.send(world.queue[0].wakeUp);
        count('doubled');
        return;
      case 'dispatch':
        world.later(60);
        return world.dispatch();
      case 'wait':
        world.later(step.seconds);
    }
  };
}
