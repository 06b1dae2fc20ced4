import type { Competitor } from '#shared/competitors/competitor.ts';
import type { GamePlatformModel } from '../../../../test/game-platform-simulator/model.ts';
import type { DemoProgram } from './demo-program.ts';

const unix = (date: Date): number => Math.floor(date.getTime() / 1_000);

/** Puts the program's people and teams on the simulated platform; who is there already stays as they are. */
export function enrol(program: DemoProgram, model: GamePlatformModel): void {
  const people = new Map(program.competitors.map((competitor) => [competitor.id, competitor]));
  const personOf = (id: string): Competitor => {
    const person = people.get(id);
    if (person === undefined) throw new Error(`The demo has no competitor ${id}.`);
    return person;
  };
  for (const coach of program.coaches) {
    const [firstName = '', ...rest] = coach.name.split(' ');
    model.enrol({
      synedUserId: coach.id,
      firstName,
      lastName: rest.join(' '),
      email: coach.email,
      role: 'coach',
      enrolledAt: unix(new Date(coach.createdAt)),
      status: 'approved',
    });
  }
  for (const team of program.teams) {
    const { id, coachId, name, affiliation, division } = team;
    model.addTeam({ synedTeamId: id, coachId, name, affiliation, division });
  }
  for (const { competitorId, enrolledAt, status } of program.enrolments) {
    const { firstName, lastName, email, coachId, teamId } = personOf(competitorId);
    model.enrol({
      synedUserId: competitorId,
      firstName,
      lastName,
      email: email ?? '',
      coachId,
      ...(teamId === null ? {} : { teamId }),
      enrolledAt: unix(enrolledAt),
      status,
    });
  }
  for (const { id, competitorId } of program.foreignAccounts) {
    const { firstName, lastName, email } = personOf(competitorId);
    const enrolledAt = unix(new Date(personOf(competitorId).createdAt));
    model.enrol({ synedUserId: id, firstName, lastName, email: email ?? '', enrolledAt, status: 'approved' });
  }
}
