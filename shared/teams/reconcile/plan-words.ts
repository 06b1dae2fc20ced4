import { count, counted } from '#shared/kernel/format.ts';
import type * as z from 'zod';
import type { guardLineSchema } from '../contract.ts';
import type { RosterPlanRecord } from './roster-plan.ts';

type GuardLine = z.infer<typeof guardLineSchema>;

const people = (value: number): string => counted(value, 'person', 'people');

function ofAnswer({ facts, assignmentsThere, dryRun }: RosterPlanRecord): GuardLine {
  const { trusted, confirmedHere, missing, lastThere, setAside } = facts.answer;
  const guard = 'answer_trusted';
  if (trusted && setAside > 0) {
    const message =
      `The platform listed ${counted(assignmentsThere, 'assignment')}, and ${setAside} more that could not be read. ` +
      'Whoever those are about is left alone; the log says which fields were odd.';
    return { guard, state: 'noted', message };
  }
  if (trusted) {
    const message = `The platform listed ${counted(assignmentsThere, 'assignment')}, the number it announced.`;
    return { guard, state: 'passed', message };
  }
  const before =
    lastThere === null || lastThere <= assignmentsThere ? '' : `; in the last answer there were ${lastThere}`;
  const nothing = dryRun ? 'The whole plan is waiting for you' : 'Nothing was done, not even additions';
  return {
    guard,
    state: 'stopped',
    message:
      `The platform listed ${counted(assignmentsThere, 'assignment')}${before}, and is missing ${missing} of the ` +
      `${confirmedHere} that it had confirmed. The answer may have been cut short. ${nothing}.`,
  };
}

function ofTinyTeams({ facts }: RosterPlanRecord, teamNames: ReadonlyMap<string, string>): GuardLine {
  const guard = 'tiny_team';
  const [first] = facts.tinyTeams;
  if (first === undefined) {
    const message = 'No team would be emptied, and no team of five or fewer loses more than half at once.';
    return { guard, state: 'passed', message };
  }
  const name = teamNames.get(first.teamId) ?? 'a team that was deleted here';
  const does = first.leaving >= first.members ? 'empty' : 'take more than half of the members from';
  const more = facts.tinyTeams.length - 1;
  const others = more === 0 ? '' : `, and ${counted(more, 'other team')}`;
  return {
    guard,
    state: 'stopped',
    message: `The plan would ${does} the team ${name} (${first.leaving} of ${counted(first.members, 'member')})${others}.`,
  };
}

function ofMassRemoval({ facts, assignmentsThere }: RosterPlanRecord): GuardLine {
  const { removals, limit } = facts.massRemoval;
  return {
    guard: 'mass_removal',
    state: removals > limit ? 'stopped' : 'passed',
    message: `${people(removals)} would leave a team for good; the limit is ${limit} (20% of ${count(assignmentsThere)}, or 10 if that is more).`,
  };
}

function ofEvent({ facts: { event } }: RosterPlanRecord): GuardLine {
  const guard = 'event_running';
  if (event === null) {
    return { guard, state: 'passed', message: 'No Flash CTF was running when the plan was made.' };
  }
  const on = `${event.name} was running when the plan was made.`;
  return event.waiting === 0
    ? { guard, state: 'passed', message: `${on} No one would be taken off a team.` }
    : {
        guard,
        state: 'waiting',
        message: `${on} ${people(event.waiting)} stay on their team until the first comparison after its end.`,
      };
}

const ofWorld = (changed: number): GuardLine => ({
  guard: 'world_unchanged',
  state: changed === 0 ? 'passed' : 'noted',
  message:
    changed === 0
      ? 'No roster in the plan was edited since it was made.'
      : `${people(changed)} in the plan changed since it was made, here or on the platform, and are left alone.`,
});

const ofUnknown = ({ counts: { unknownUsers } }: RosterPlanRecord): GuardLine => ({
  guard: 'unknown_users',
  state: unknownUsers === 0 ? 'passed' : 'noted',
  message:
    unknownUsers === 0
      ? 'Every platform user on a team, and every team there, is known here.'
      : `${counted(unknownUsers, 'assignment')} on the platform do not match a person or team here. They are listed for you and left alone.`,
});

/** A line for each guard with its figures, in the order in which they decide. */
export const guardLines = (
  plan: RosterPlanRecord,
  around: { readonly teamNames: ReadonlyMap<string, string>; readonly changed: number },
): GuardLine[] => [
  ofAnswer(plan),
  ofTinyTeams(plan, around.teamNames),
  ofMassRemoval(plan),
  ofEvent(plan),
  ofWorld(around.changed),
  ofUnknown(plan),
];
